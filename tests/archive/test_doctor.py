"""The doctor: each line says what, how it is, and what to do."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive import index
from archive.doctor import Check, State, examine, sqlite_check, wal_reset_safe
from archive.folder import HEAD, Folder
from tests.archive.builds import NOON, article, file, filing


def checks(path: Path, *, after: timedelta = timedelta(hours=1)) -> dict[str, Check]:
    return {check.name: check for check in examine(path, NOON + after)}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with filing(tmp_path) as at:
        file(at, article("một"))
    return tmp_path


def test_a_sound_archive_has_nothing_bad(archive: Path) -> None:
    found = checks(archive)
    assert {name for name, check in found.items() if check.state is State.BAD} == set()
    assert {"sqlite", "dependencies", "zone", "contact", "rights", "locks", "schema", "journal"} <= found.keys()
    assert {"clock", "disk", "index"} <= found.keys()


def test_every_line_that_is_not_ok_says_what_to_do(archive: Path) -> None:
    assert all(check.todo for check in checks(archive).values() if check.state is not State.OK)


@pytest.mark.parametrize(("version", "safe"), [("3.6.23", True), ("3.7.0", False), ("3.44.5", False), ("3.50.8", True)])
def test_the_wal_reset_bug_is_known_by_version(version: str, safe: bool) -> None:
    assert wal_reset_safe(version) is safe
    assert sqlite_check(version).state is (State.OK if safe else State.WARN)


def test_a_clock_before_the_last_capture_is_bad(archive: Path) -> None:
    assert checks(archive, after=-timedelta(hours=1))["clock"].state is State.BAD
    assert checks(archive, after=-timedelta(minutes=1))["clock"].state is State.OK


def test_a_held_lock_is_named_with_its_holder(archive: Path) -> None:
    with Folder.open(archive) as folder, folder.lock_outlet("dantri"):
        assert checks(archive)["locks"].facts["held"] == [
            {"lock": "outlet-dantri.lock", "pid": str(os.getpid()), "alive": True}
        ]


def test_a_contact_that_is_set_is_ok(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARCHIVE_CONTACT", "an@example.org")
    assert checks(archive)["contact"].state is State.OK


def doctor(path: Path, *more: str) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "archive", "doctor", "--archive", str(path), *more]
    return subprocess.run(words, capture_output=True, text=True, check=False)


def test_the_command_speaks_json_and_needs_no_archive(tmp_path: Path) -> None:
    done = doctor(tmp_path / "none", "--json")
    said = json.loads(done.stdout)
    assert done.returncode == 0
    assert said["sqlite"]["wal_reset_safe"] in (True, False)
    assert {check["state"] for check in said["checks"]} <= {"ok", "warn", "bad"}


def test_a_broken_database_is_bad_and_exits_4(archive: Path) -> None:
    (archive / "archive.db").write_bytes(b"broken" * 999)
    done = doctor(archive)
    assert (done.returncode, "Traceback" in done.stderr) == (4, False)
    assert "bad   archive" in done.stdout


def wreck(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path / "archive.db")) as raw, raw:
        raw.execute(statement)


def drop_database(path: Path) -> None:
    for part in path.glob("archive.db*"):
        part.unlink()


def index_of_another(path: Path) -> None:
    with Folder.open(path) as folder:
        index.catch_up(folder)
    wreck(path, "DELETE FROM changes")


def break_index(path: Path) -> None:
    index_of_another(path)
    (path / "index" / "meta.json").write_text("{")


def set_aside(path: Path) -> None:
    aside = path / "warc" / "dantri" / "unfiled"
    aside.mkdir()
    (aside / "20261120-000-0.warc.gz").write_bytes(b"")


WRECKS: list[tuple[Callable[[Path], object], str, State, str]] = [
    (drop_database, "archive", State.BAD, "archive rebuild"),
    (lambda path: wreck(path, "DROP TABLE captures"), "archive", State.BAD, "archive verify"),
    (lambda path: wreck(path, "UPDATE alembic_version SET version_num = '0099'"), "archive", State.BAD, "update it"),
    (lambda path: (path / "archive.db").write_bytes(b"x" * 999), "archive", State.BAD, "restore a backup"),
    (break_index, "index", State.WARN, "rebuild --index"),
    (index_of_another, "index", State.WARN, "rebuild --index"),
    (set_aside, "unfiled", State.WARN, "crawl replay"),
    (lambda path: (path / "archive.db.new").mkdir(), "rebuild", State.WARN, "archive rebuild"),
]


@pytest.mark.parametrize(("ruin", "name", "state", "todo"), WRECKS)
def test_each_broken_thing_is_named_with_what_to_do(
    ruin: Callable[[Path], object], name: str, state: State, todo: str, archive: Path
) -> None:
    ruin(archive)
    found = checks(archive)[name]
    assert found.state is state
    assert todo in found.todo
    assert todo not in found.said


def test_settings_that_cannot_be_read_are_bad(archive: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ARCHIVE_TIMEOUT", "soon")
    found = checks(archive)
    assert found["contact"].state is State.BAD
    assert "ARCHIVE_TIMEOUT" in found["contact"].said


def test_the_formats_written_are_told_without_an_archive(tmp_path: Path) -> None:
    facts = checks(tmp_path / "none")["formats"].facts
    assert facts["schema"] == HEAD
    assert facts["tantivy"]
