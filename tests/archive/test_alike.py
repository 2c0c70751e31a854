"""The demo archive on SQLite and on PostgreSQL: every command says the same, so does the dump."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from archive.cli import archive
from archive.dump import canonical_dump
from archive.errors import ArchiveError
from archive.folder import Folder
from archive.migratedb import migrate
from crawler.cli import crawl
from tests.postgres import Databases
from tests.replica.crawled import edited

#: What tells of the place, the moment or the database itself, and may differ.
OWN = {"archive", "database", "bytes_a_day", "free", "days_left"}
READ = """
search bão --json
search thu tuong --all-versions --sort date --json
search đàm phán --json
edits --json
clusters --json
clusters --events --json
related --all --json
stats --json
budget --json
variants --by-outlet --json
verify --quick --json
verify --data --json
prune --older-than 0d --rule all --dry-run --json
show lcaaaaaaaaaaaaaaaa
show laodong:1
status --json
ledger --json
"""
OF_ONE = ("show", "history", "diff", "related", "clusters", "lineage", "compare", "proof", "cite")
WRITE = """
prune --older-than 0d --rule superseded --yes --json
rebuild
verify --json
"""


class Place:
    """The archive in one of the two databases."""

    def __init__(self, path: Path, url: str) -> None:
        self.path, self.url = path, url

    def said(self, *words: str) -> tuple[int, Any]:
        """Give exit code and output of a command."""
        group = crawl if words[0] in ("status", "ledger") else archive
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("ARCHIVE_DATABASE_URL", self.url)
            try:
                done = CliRunner().invoke(group, [*words, "--archive", str(self.path)], catch_exceptions=False)
            except ArchiveError as error:
                return error.exit_code, str(error)
        return done.exit_code, told(done.stdout) if "--json" in words else re.sub(r" in [\d.]+ s\n", "\n", done.stdout)

    def dump(self) -> list[str]:
        with Folder.open(self.path, url=self.url) as folder, folder.read() as connection:
            return list(canonical_dump(connection))


def told(text: str) -> Any:
    """Read what a command printed: one JSON value, or one a line."""
    try:
        return plain(json.loads(text or "null"))
    except ValueError:
        return [plain(json.loads(line)) for line in text.splitlines()]


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(one) for one in value]
    return {key: plain(one) for key, one in value.items() if key not in OWN} if isinstance(value, dict) else value


@pytest.fixture
def both(demo_folder: Path, postgres: Databases, tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    for name in ("sqlite", "postgresql"):
        shutil.copytree(demo_folder, tmp_path / name)
    with postgres.fresh(empty=True) as url:
        with Folder.open(tmp_path / "postgresql", url="") as old, Folder(tmp_path / "postgresql", url=url) as new:
            migrate(old, new)
        (tmp_path / "postgresql" / "archive.db").unlink()
        yield Place(tmp_path / "sqlite", ""), Place(tmp_path / "postgresql", url)


def test_every_command_says_the_same_on_both_and_the_dump_is_the_same(
    both: tuple[Place, Place], tmp_path: Path
) -> None:
    one, other = both
    first, *_, last = edited(one.path)
    commands = [line.split() for line in READ.split("\n") if line]
    commands += [[name, first, *(["1..2"] if name == "diff" else []), "--json"] for name in OF_ONE]
    commands += [["withdraw", last, "--reason", "án lệnh", "--dry-run", "--json"]]
    for words in commands:
        assert one.said(*words) == other.said(*words), words
    written = [tmp_path / f"{number}.csv" for number in range(2)]
    for place, to in zip(both, written, strict=True):
        options = ("--include-noarchive", "--all-versions", "--format", "csv")
        assert place.said("export", "--to", str(to), *options)[0] == 0
    assert written[0].read_bytes() == written[1].read_bytes()
    for words in ([*line.split()] for line in WRITE.split("\n") if line):
        assert one.said(*words) == other.said(*words), words
    assert one.dump() == other.dump()
    with Folder.open(other.path, url=other.url) as old, Folder(tmp_path / "back", url="") as new:
        migrate(old, new)
    assert Place(tmp_path / "back", "").dump() == one.dump()
