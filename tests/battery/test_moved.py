"""Large archives moved between SQLite and PostgreSQL: the same canonical dump there and back, and killed at random the
old or the new database, never one between. The figures are printed.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from archive.dump import dump_digest
from archive.folder import Folder
from archive.migratedb import migrate, sums
from tests.battery.large import fill
from tests.postgres import Databases

pytestmark = pytest.mark.battery

TEXTS = int(os.environ.get("BATTERY_TEXTS", "20000"))
KILLS = int(os.environ.get("BATTERY_PG_KILLS", "20"))
SEED = 20261121


def digest_of(path: Path, url: str) -> str:
    with Folder.open(path, url=url) as folder, folder.read() as connection:
        return dump_digest(connection)


def test_twenty_thousand_texts_say_the_same_there_and_back(postgres: Databases, tmp_path: Path) -> None:
    path, seconds = fill(tmp_path / "archive", TEXTS), []
    with postgres.fresh(empty=True) as url:
        for place, ways in ((path, ("", url)), (tmp_path / "back", (url, ""))):
            began = time.monotonic()
            with Folder.open(path, url=ways[0]) as old, Folder(place, url=ways[1]) as new:
                moved = migrate(old, new)
            seconds.append(round(time.monotonic() - began, 1))
        digests = {digest_of(path, ""), digest_of(path, url), digest_of(tmp_path / "back", "")}
    size = (path / "archive.db").stat().st_size
    print("\n" + json.dumps({"texts": TEXTS, "rows": sum(moved.rows.values()), "bytes": size, "seconds": seconds}))
    assert len(digests) == 1


def test_a_killed_migration_to_a_folder_leaves_the_old_or_the_new(postgres: Databases, tmp_path: Path) -> None:
    path, chance, ended = fill(tmp_path / "archive", TEXTS // 20), random.Random(SEED), Counter[str]()
    with postgres.fresh(empty=True) as url:
        with Folder.open(path, url="") as old, Folder(path, url=url) as new:
            migrate(old, new)
        with Folder.open(path, url=url) as opened, opened.read() as connection:
            expected = sums(connection)
        longest = 0.0
        for number in range(KILLS + 1):
            into = tmp_path / "into"
            words = [sys.executable, "-m", "archive", "migrate-database", url, str(into)]
            quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            begun, began = subprocess.Popen(words, **quiet), time.monotonic()  # type: ignore[call-overload]  # as a mapping
            try:
                begun.wait(chance.uniform(0.3, longest) if number else None)
                longest = longest or time.monotonic() - began
            except subprocess.TimeoutExpired:
                begun.kill()
                begun.wait()
            there = (into / "archive.db").exists()
            ended["new" if there else "old"] += 1
            if not there:  # what a kill left is in nobody's way
                with Folder.open(path, url=url) as old, Folder(into, url="") as new:
                    migrate(old, new)
            with Folder.open(into, url="") as opened, opened.read() as connection:
                assert sums(connection) == expected
            shutil.rmtree(into)
    print("\n" + json.dumps({"kills": KILLS, "seed": SEED, "longest": round(longest, 1), **ended}))
    assert min(ended["new"], ended["old"]) >= 1
