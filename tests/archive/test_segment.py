"""An outlet's WARC files: on disk before anything is acknowledged, rotated."""

from __future__ import annotations

import errno
import os
import resource
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from warcio.archiveiterator import ArchiveIterator

from archive import segment
from archive.errors import DiskFails, DiskFull
from archive.filing import Filing
from archive.segment import Place, append, cut, read
from archive.tables import captures
from archive.warc import members
from tests.archive.builds import NOON, article, capture, file, filing, problems_of

DAY = timedelta(days=1)
FACTS = {"software": "luuchieu/test"}


def put(warc_dir: Path, *runs: bytes, days: int = 0) -> list[Place]:
    return append(warc_dir, "dantri", list(runs), now=NOON + days * DAY, facts=FACTS)


def test_runs_are_read_back_from_where_they_are_said_to_lie(tmp_path: Path) -> None:
    places = put(tmp_path, b"one", b"second") + put(tmp_path, b"third") + put(tmp_path, b"next day", days=1)
    assert [read(tmp_path, place) for place in places] == [b"one", b"second", b"third", b"next day"]
    assert [place.file for place in places] == ["dantri/20261120-000.warc.gz"] * 3 + ["dantri/20261121-000.warc.gz"]


def test_a_full_file_is_left_and_a_second_begun_that_both_verify(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment, "MAX_BYTES", 6000)
    with filing(tmp_path) as at:
        for number in range(4):
            file(at, article(f"bài {number}"), after=timedelta(minutes=number), body=os.urandom(1500))
    files = sorted((tmp_path / "warc" / "dantri").iterdir())
    assert [path.name for path in files] == ["20261120-000.warc.gz", "20261120-001.warc.gz"]
    for path in files:
        with path.open("rb") as stream:
            kinds = [record.rec_type for record in ArchiveIterator(stream)]
        assert kinds[0] == "warcinfo"
        assert kinds.count("response") == 2
    assert problems_of(tmp_path) == []


class Synced:
    """Watches `os.fsync`: which files were brought to disk, how long they were, how many captures were rows by then."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at: Filing | None = None
        self.seen: list[tuple[str, int, int | None]] = []
        self._real = os.fsync
        monkeypatch.setattr(os, "fsync", self._sync)

    def _sync(self, descriptor: int) -> None:
        self._real(descriptor)
        name = Path(f"/proc/self/fd/{descriptor}").readlink().name
        self.seen.append((name, os.fstat(descriptor).st_size, self._rows()))

    def _rows(self) -> int | None:
        if self.at is None:
            return None
        with self.at.folder.read() as connection:
            return connection.execute(select(func.count()).select_from(captures)).scalar_one()


needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="names of open files need /proc")


@needs_proc
def test_a_capture_is_on_disk_before_its_row_is_committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = Synced(monkeypatch)
    with filing(tmp_path) as at:
        synced.at = at
        for number in range(2):
            file(at, article(f"bài {number}"), after=timedelta(minutes=number))
            path = next((tmp_path / "warc" / "dantri").iterdir())
            assert (path.name, path.stat().st_size, number) in synced.seen


@needs_proc
def test_a_new_files_name_is_on_disk_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced = Synced(monkeypatch)
    put(tmp_path, b"one")
    put(tmp_path, b"two")
    names = [name for name, _, _ in synced.seen]
    assert names == [tmp_path.name, "20261120-000.warc.gz", "dantri", "20261120-000.warc.gz"]


def test_a_closed_file_is_left_for_the_next_number(tmp_path: Path) -> None:
    (first,) = put(tmp_path, b"one")
    closed = frozenset({first.file, "dantri/20261120-001.warc.gz"})
    (second,) = append(tmp_path, "dantri", [b"two"], now=NOON, facts=FACTS, closed=closed)
    assert second.file == "dantri/20261120-002.warc.gz"


def test_what_is_taken_back_leaves_the_rest(tmp_path: Path) -> None:
    first, second = put(tmp_path, b"one", b"two")
    cut(tmp_path, second)
    assert (read(tmp_path, first), read(tmp_path, second)) == (b"one", b"")


def test_a_full_disk_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    (place,) = put(tmp_path, b"one")
    path = tmp_path / place.file
    size = path.stat().st_size
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size + 10, before[1]))
    try:
        with pytest.raises(DiskFull) as told:
            put(tmp_path, members(capture(body=os.urandom(4000)), keep=True, facts={}))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert isinstance(told.value.__cause__, OSError)
    assert told.value.__cause__.errno == errno.EFBIG
    assert path.stat().st_size == size
    assert read(tmp_path, place) == b"one"


def test_a_failing_disk_is_named_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (place,) = put(tmp_path, b"one")

    def refuse(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(DiskFails, match=rf"refuses to write .*{place.file} \(Input/output error\): check the disk"):
        put(tmp_path, b"two")
