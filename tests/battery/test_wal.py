"""Bits flipped in the write-ahead log that a killed crawl left: the next crawl has all that was acknowledged."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from archive import crawls
from archive.dump import dump_digest
from archive.errors import Damaged
from archive.filing import Filing
from archive.folder import Folder
from archive.rebuild import rebuild
from archive.unfiled import unfiled
from archive.verify import open_unchanged
from tests.archive.builds import problems_of
from tests.battery.killing import OUTLETS, crawl, die, lost, noted
from tests.replica.many import many
from tests.replica.server import START, Replica

pytestmark = pytest.mark.battery

SEED = 20261121
FLIPS = 300 if os.environ.get("BATTERY") == "full" else 60
#: Of these the whole of `crawl run` is begun again, not only its filing.
CRAWLS = 3
PAGES = 400


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(stories=many(PAGES, now=START, outlets=OUTLETS)) as server:
        yield server


@pytest.fixture(scope="module")
def killed(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the archive of a killed crawl and its `acks`: the log holds many acknowledged captures."""
    folder = tmp_path_factory.mktemp("wal")
    assert die(crawl(replica, folder / "archive", folder / "acks", "after commit:90"), 120)
    assert (folder / "archive" / "archive.db-wal").stat().st_size > 100_000
    return folder


def begin(path: Path) -> None:
    """Begin a filing of each outlet, as a crawl does."""
    now = datetime.now(UTC)
    for outlet in OUTLETS:
        with Folder.open(path, create=True) as folder, folder.lock_outlet(outlet):
            with folder.write() as connection:
                crawl_id = crawls.begin(connection, outlet, batch="again", via="http://127.0.0.1", now=now)
            Filing(folder, outlet=outlet, crawl_id=crawl_id, batch="again")


def dumped(path: Path) -> str:
    with open_unchanged(path) as folder, folder.read() as connection:
        return dump_digest(connection)


def begun_again(path: Path, acks: Path) -> str:
    """Begin again, by a rebuild when told to; tell how."""
    try:
        begin(path)
        how = "filed again"
    except Damaged as error:
        assert "archive rebuild" in str(error)
        assert rebuild(path, now=datetime.now(UTC), keep_going=True).lost == []
        how = "refused, rebuilt"
    assert lost(path, acks) == []
    return how


@pytest.mark.parametrize("brought", [False, True], ids=["only in the log", "in the database, too"])
def test_a_flipped_bit_of_the_log_loses_nothing(killed: Path, tmp_path: Path, brought: bool) -> None:
    base, acks = tmp_path / "base", killed / "acks"
    shutil.copytree(killed / "archive", base)
    if brought:
        checkpointed(base)
    whole = tmp_path / "whole"
    shutil.copytree(base, whole)
    begin(whole)
    before, sound = dumped(whole), (base / "archive.db-wal").read_bytes()
    chance, came = random.Random(SEED), Counter[str]()
    for _ in range(FLIPS):
        work = tmp_path / "work"
        shutil.copytree(base, work)
        bit, broken = chance.randrange(len(sound) * 8), bytearray(sound)
        broken[bit // 8] ^= 1 << bit % 8
        (work / "archive.db-wal").write_bytes(broken)
        came[begun_again(work, acks)] += 1
        assert (dumped(work), problems_of(work), unfiled(work / "warc")) == (before, [], []), bit
        shutil.rmtree(work)
    told = {"flips": FLIPS, "seed": SEED, "log": len(sound), "acknowledged": len(noted(acks)), "lost": 0, "doubled": 0}
    print("\nlog " + json.dumps(told | {"brought": brought} | came))


def checkpointed(base: Path) -> None:
    """Bring the log into the database and leave it there, as a crawl killed right after its checkpoint does."""
    with closing(sqlite3.connect(base / "archive.db")) as raw:
        raw.execute("PRAGMA wal_checkpoint(PASSIVE)")
        kept = {path: path.read_bytes() for path in base.glob("archive.db*") if not path.name.endswith("-shm")}
    for path, data in kept.items():
        path.write_bytes(data)


def test_a_crawl_goes_on_after_a_flipped_bit_or_a_lost_log(killed: Path, replica: Replica, tmp_path: Path) -> None:
    chance = random.Random(SEED)
    for number in range(CRAWLS):
        work, acks = tmp_path / str(number), tmp_path / f"acks-{number}"
        shutil.copytree(killed / "archive", work)
        shutil.copy(killed / "acks", acks)
        log = work / "archive.db-wal"
        if number:
            broken = bytearray(log.read_bytes())
            broken[chance.randrange(len(broken))] ^= 1
            log.write_bytes(broken)
        else:
            log.unlink()
        assert crawl(replica, work, acks).wait(300) == 0
        assert (lost(work, acks), problems_of(work)) == ([], [])
