"""An outlet's WARC files: appended under the outlet's lock, rotated by day and size."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from archive.errors import DiskFails, DiskFull
from archive.warc import warcinfo

#: A file is closed when it holds this many bytes.
MAX_BYTES = 512 * 2**20
#: So many captures are filed together at the most: a kill leaves no more of them unacknowledged.
GROUP = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a run of members lies: file relative to the WARC folder, offset and length in bytes."""

    file: str
    offset: int
    length: int


def append(
    warc_dir: Path,
    outlet: str,
    runs: list[bytes],
    *,
    now: datetime,
    facts: dict[str, str],
    closed: frozenset[str] = frozenset(),
) -> list[Place]:
    """Append runs of members to the outlet's file of the day, none of those `closed`, and fsync it once.

    Gives where each lies. Raises DiskFull or DiskFails, the file cut back to what it was unless the disk refuses that,
    too: then it is for the next start to repair.
    """
    folder = warc_dir / outlet
    make_folders(folder)
    path = _current(folder, now, closed)
    start = path.stat().st_size if path.exists() else 0
    head = warcinfo(path.name, facts, now) if start == 0 else b""
    try:
        _write_through(path, b"".join([head, *runs]))
        if start == 0:
            fsync_folder(folder)
    except OSError as error:
        with suppress(OSError):
            truncate(path, start)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(str(path)) from error
        raise DiskFails(str(path), error) from error
    lengths = [len(run) for run in runs]
    offsets = accumulate(lengths[:-1], initial=start + len(head))
    name = f"{outlet}/{path.name}"
    return [Place(file=name, offset=offset, length=length) for offset, length in zip(offsets, lengths, strict=True)]


def _write_through(path: Path, data: bytes) -> None:
    """Append the bytes and fsync them; unbuffered, so that nothing comes after a failure."""
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folders(folder: Path) -> None:
    """Make the outlet's folder and its parents, each on disk before anything lies in it."""
    missing = [one for one in (folder, folder.parent) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        fsync_folder(one.parent)


def cut(warc_dir: Path, place: Place) -> None:
    """Take back what was appended there and not acknowledged."""
    truncate(warc_dir / place.file, place.offset)


def truncate(path: Path, end: int) -> None:
    """Cut the file to this length, on disk when this returns."""
    with path.open("rb+") as file:
        file.truncate(end)
        os.fsync(file.fileno())


def fsync_folder(folder: Path) -> None:
    """Bring the folder's names to disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read(warc_dir: Path, place: Place) -> bytes:
    """Give the bytes that lie there; fewer when the file is shorter. Raises FileNotFoundError."""
    with (warc_dir / place.file).open("rb") as file:
        file.seek(place.offset)
        return file.read(place.length)


def _current(folder: Path, now: datetime, closed: frozenset[str]) -> Path:
    for path in _candidates(folder, now.astimezone(UTC)):
        if f"{folder.name}/{path.name}" in closed:
            continue
        if not path.exists() or path.stat().st_size < MAX_BYTES:
            return path
    raise AssertionError("unreachable: candidates never end")


def _candidates(folder: Path, now: datetime) -> Iterator[Path]:
    number = 0
    while True:
        yield folder / f"{now:%Y%m%d}-{number:03d}.warc.gz"
        number += 1
