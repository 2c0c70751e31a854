"""The write-ahead log as a file: damage in it is seen, a kill's or a rollback's leftovers are none."""

from __future__ import annotations

import logging
import random
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from archive.dump import dump_digest
from archive.errors import Damaged
from archive.folder import Folder
from archive.verify import open_unchanged
from archive.wal import is_damaged
from tests.archive.builds import article, file, filing, problems_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def left(tmp_path: Path) -> Iterator[Path]:
    """Give a database as a kill leaves it: its log holds all that was committed."""
    with closing(sqlite3.connect(tmp_path / "live.db")) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("CREATE TABLE t (x)")
        for number in range(20):
            raw.execute("INSERT INTO t VALUES (?)", (random.Random(number).randbytes(900),))
            raw.commit()
        for path in tmp_path.glob("live.db*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, tmp_path / path.name.replace("live", "left"))
    yield tmp_path / "left.db-wal"


def flipped(sound: bytes, bit: int) -> bytes:
    broken = bytearray(sound)
    broken[bit // 8] ^= 1 << bit % 8
    return bytes(broken)


def test_a_whole_log_an_empty_one_and_none_are_sound(left: Path) -> None:
    assert not is_damaged(left)
    left.write_bytes(b"")
    assert not is_damaged(left)
    left.unlink()
    assert not is_damaged(left)


def test_every_flipped_bit_is_seen(left: Path) -> None:
    chance, sound = random.Random(1), left.read_bytes()
    bits = [*range(0, 24 * 8, 7), *(chance.randrange(len(sound) * 8) for _ in range(40))]
    missed = []
    for bit in bits:
        left.write_bytes(flipped(sound, bit))
        missed += [] if is_damaged(left) else [bit]
    assert missed == []


def test_a_commit_torn_off_at_the_end_is_none(left: Path) -> None:
    """A kill in the middle of a write leaves the begin of a frame: nothing of it was acknowledged."""
    left.write_bytes(left.read_bytes()[:-17])
    assert not is_damaged(left)


def test_an_earlier_rounds_frames_behind_the_last_commit_are_none(tmp_path: Path) -> None:
    log = tmp_path / "a.db-wal"
    with closing(sqlite3.connect(tmp_path / "a.db")) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("CREATE TABLE t (x)")
        for _ in range(30):
            raw.execute("INSERT INTO t VALUES (?)", (bytes(900),))
            raw.commit()
        long = log.stat().st_size
        raw.execute("PRAGMA wal_checkpoint(RESTART)")
        raw.execute("INSERT INTO t VALUES (1)")
        raw.commit()
        assert log.stat().st_size == long
        assert not is_damaged(log)


def checkpoint(path: Path, how: str) -> None:
    with closing(sqlite3.connect(path / "archive.db")) as raw:
        raw.execute(f"PRAGMA wal_checkpoint({how})")


def killed(path: Path, *, brought: bool) -> Path:
    """Give an archive as a kill leaves it, its log brought into the database or not."""
    with filing(path / "live") as at:
        checkpoint(path / "live", "TRUNCATE")
        for number in range(12):
            known = {"document": f"dantri:{number}", "url": f"https://dantri.com.vn/{number}.htm"}
            file(at, article(f"bài {number} " * 60), after=number * MINUTE, **known)
        if brought:
            checkpoint(path / "live", "PASSIVE")
        shutil.copytree(path / "live", path / "killed", ignore=shutil.ignore_patterns("*-shm"))
    return path / "killed"


def dumped(path: Path) -> str:
    with open_unchanged(path) as folder, folder.read() as connection:
        return dump_digest(connection)


def test_what_a_damaged_log_held_is_filed_again_and_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    work = killed(tmp_path, brought=False)
    log = work / "archive.db-wal"
    log.write_bytes(flipped(log.read_bytes(), log.stat().st_size * 6))
    with filing(work) as at:
        assert at.repaired.again > 0
        assert not is_damaged(log)
    told = [record.message for record in caplog.records if record.levelno == logging.WARNING]
    assert told[0] == f"{log} was damaged: what can no longer be read of it is filed again from the WARC files"
    assert (dumped(work), problems_of(work)) == (dumped(tmp_path / "live"), [])


def test_a_database_torn_by_its_log_is_never_written_to(tmp_path: Path) -> None:
    """Where the log was in the database already, its loss mixes old pages with new: healed where that can be."""
    base, refused = killed(tmp_path, brought=True), 0
    sound, whole = (base / "archive.db-wal").read_bytes(), dumped(tmp_path / "live")
    for part in (1, 3, 5, 7):
        work = tmp_path / str(part)
        shutil.copytree(base, work)
        (work / "archive.db-wal").write_bytes(flipped(sound, len(sound) * part))
        kept = [work / "archive.db", *work.rglob("*.warc.gz")]
        before = [path.read_bytes() for path in kept]
        try:
            with filing(work):
                pass
            assert (dumped(work), problems_of(work)) == (whole, [])
        except Damaged as error:
            assert "archive rebuild" in str(error)
            assert [path.read_bytes() for path in kept] == before
            refused += 1
    assert refused > 0


def test_text_of_the_schema_that_is_no_utf_8_is_damage(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        file(at, article("một"))
    database = tmp_path / "archive.db"
    data = database.read_bytes()
    assert b"CREATE TABLE captures" in data
    database.write_bytes(data.replace(b"CREATE TABLE captures", b"CREATE TABLE captur\xff\xfe"))
    with pytest.raises(Damaged), Folder.open(tmp_path) as folder, folder.read() as connection:
        connection.exec_driver_sql("SELECT sql FROM sqlite_master").all()
