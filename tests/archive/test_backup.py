"""Backups: made while captures are filed, alone and whole, restored by one command."""

from __future__ import annotations

import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest

from archive.backup import BackedUp, backup
from archive.documents import resolve
from archive.dump import dump_digest
from archive.errors import ArchiveError, Damaged, UsageProblem
from archive.folder import Folder
from archive.manifest import backups_in
from archive.restore import restore
from archive.withdraw import plan, withdraw
from tests.archive.builds import NAME, NOON, article, file, filing, opened, problems_of

pytestmark = pytest.mark.usefixtures("database")

HOUR = timedelta(hours=1)


def fill(path: Path, count: int = 3, *, day: int = 0) -> Path:
    with filing(path, now=NOON + day * 24 * HOUR) as at:
        for number in range(count):
            text = f"Ngày {day}, câu chuyện thứ {number} dài vừa đủ để mà nhớ."
            file(at, article(text), after=(day * 24 + number) * HOUR, body=f"<p>{day} {number}</p>".encode())
    return path


def back_up(path: Path, into: Path, after: timedelta = timedelta(0)) -> BackedUp:
    with Folder.open(path) as folder:
        return backup(folder, into, now=NOON + after)


def digest(path: Path) -> str:
    with opened(path) as folder, folder.read() as connection:
        return dump_digest(connection)


def test_a_backup_is_restored_equal_and_verifies(tmp_path: Path) -> None:
    path = fill(tmp_path / "a")
    done = back_up(path, tmp_path / "b")
    assert done.captures == 3
    restore(tmp_path / "b", tmp_path / "c")
    assert digest(tmp_path / "c") == digest(path)
    assert problems_of(tmp_path / "c") == []
    fill(tmp_path / "c", day=1)
    assert problems_of(tmp_path / "c") == []


def test_the_second_backup_copies_only_what_is_new_and_both_stand_alone(tmp_path: Path) -> None:
    path = fill(tmp_path / "a")
    back_up(path, tmp_path / "b")
    fill(path, day=1)
    done = back_up(path, tmp_path / "b", HOUR)
    old, new = backups_in(tmp_path / "b")
    names = [one.name for one in sorted((new / "warc" / "dantri").iterdir())]
    linked = {name: (new / "warc" / "dantri" / name).stat().st_nlink for name in names}
    assert linked == {"20261120-000.warc.gz": 2, "20261121-000.warc.gz": 1}
    assert (done.copied, done.files) == (2, 3)
    shutil.rmtree(old)
    restore(new, tmp_path / "c")
    assert problems_of(tmp_path / "c") == []


def test_what_is_filed_meanwhile_is_whole_or_not_in_it(tmp_path: Path) -> None:
    path, stop = fill(tmp_path / "a"), threading.Event()

    def crawl() -> None:
        with filing(path) as at:
            for number in range(10_000):
                file(at, article(f"Đang viết {number} trong khi sao lưu."), after=number * HOUR, body=b"<p>%d" % number)
                if stop.is_set():
                    return

    writer = threading.Thread(target=crawl)
    writer.start()
    try:
        made = [back_up(path, tmp_path / "b", timedelta(seconds=number)) for number in range(3)]
    finally:
        stop.set()
        writer.join()
    for number, one in enumerate(made):
        restore(one.path, tmp_path / f"c{number}")
        assert problems_of(tmp_path / f"c{number}") == []
    assert problems_of(path) == []


def test_a_withdrawal_in_a_backup_leaves_one_that_can_be_restored(tmp_path: Path) -> None:
    back_up(fill(tmp_path / "a"), tmp_path / "b")
    [made] = backups_in(tmp_path / "b")
    with opened(made) as folder:
        with folder.read() as connection:
            found = resolve(connection, NAME)
        withdraw(folder, plan(folder, [found], "án lệnh"), now=NOON + 24 * HOUR)
    restore(tmp_path / "b", tmp_path / "c")
    assert problems_of(tmp_path / "c") == []
    assert b"nh\xe1\xbb\x9b" not in (tmp_path / "c" / "archive.db").read_bytes()


@pytest.mark.sqlite_only
@pytest.mark.parametrize("spoiled", ["archive.db", "warc/dantri/20261120-000.warc.gz"])
def test_a_damaged_backup_is_never_restored(tmp_path: Path, spoiled: str) -> None:
    back_up(fill(tmp_path / "a"), tmp_path / "b")
    [made] = backups_in(tmp_path / "b")
    data = (made / spoiled).read_bytes()
    (made / spoiled).write_bytes(data[:-100] + bytes([data[-100] ^ 1]) + data[-99:])
    with pytest.raises(Damaged, match="sha256 differs"):
        restore(tmp_path / "b", tmp_path / "c")
    assert not (tmp_path / "c").exists()
    (made / spoiled).unlink()
    with pytest.raises(Damaged, match="gone from the backup"):
        restore(tmp_path / "b", tmp_path / "c")


def test_an_archive_that_is_damaged_itself_gives_no_backup(tmp_path: Path) -> None:
    path = fill(tmp_path / "a")
    warc = next(path.glob("warc/*/*.gz"))
    data = warc.read_bytes()
    warc.write_bytes(data[:-100] + bytes([data[-100] ^ 1]) + data[-99:])
    with pytest.raises(Damaged, match="archive verify"):
        back_up(path, tmp_path / "b")
    assert backups_in(tmp_path / "b") == []
    warc.write_bytes(data)
    back_up(path, tmp_path / "b", HOUR)
    assert len(list((tmp_path / "b").iterdir())) == 1


@pytest.mark.sqlite_only
def test_mistakes_are_told_before_anything_is_written(tmp_path: Path) -> None:
    path = fill(tmp_path / "a")
    for into in (path / "b", path):
        with pytest.raises(UsageProblem):
            back_up(path, into)
    for one in ("nothing", "a"):
        with pytest.raises(UsageProblem, match="no backup"):
            restore(tmp_path / one, tmp_path / "c")
    back_up(path, tmp_path / "b")
    with pytest.raises(UsageProblem, match="not empty"):
        restore(tmp_path / "b", path)
    manifest = backups_in(tmp_path / "b")[0] / "backup.json"
    manifest.write_text(manifest.read_text("utf-8").replace("archive.db", "../archive.db"), "utf-8")
    with pytest.raises(ArchiveError, match="outside"):
        restore(tmp_path / "b", tmp_path / "c")
