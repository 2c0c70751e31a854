"""An outlet's WARC files: appended under the outlet's lock, rotated by day and size, cut back after a crash."""

from __future__ import annotations

import errno
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import BinaryIO

from archive.errors import Damaged, DiskFull
from archive.warc import warcinfo

#: A file is closed when it holds this many bytes.
MAX_BYTES = 512 * 2**20
#: So many captures are filed together at the most: a kill leaves no more of them unacknowledged.
GROUP = 64
_PIECE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a run of members lies: file relative to the WARC folder, offset and length in bytes."""

    file: str
    offset: int
    length: int


def repair(warc_dir: Path, outlet: str, committed: dict[str, int]) -> int:
    """Cut the outlet's newest file back to its last committed byte; give the number of bytes cut.

    `committed` maps file to the end of its last acknowledged capture. The caller holds the outlet's lock. What a killed
    crawl had written whole but not acknowledged is moved aside to `unfiled/`, never dropped. Raises Damaged, nothing
    touched, when files hold less than was acknowledged or more than one kill leaves: the database is not theirs then.
    """
    paths = sorted((warc_dir / outlet).glob("*.warc.gz"))
    tails = [
        (path, end) for path in paths if (end := _tail(path, committed.get(f"{outlet}/{path.name}", 0))) is not None
    ]
    if [path for path, _ in tails] not in ([], paths[-1:]) and any(_whole(path, end)[1] for path, end in tails[:-1]):
        raise _unknown(tails[0][0])
    cut = 0
    for path, end in tails:
        cut += path.stat().st_size - end
        _set_aside(path, end)
        _truncate(path, end)
    return cut


def _tail(path: Path, end: int) -> int | None:
    """Give where the bytes begin that the database does not know, None when there are none."""
    size = path.stat().st_size
    if size < end:
        name = f"{path.parent.name}/{path.name}"
        raise Damaged(f"{name} ends at byte {size}, but {end} were acknowledged: run `archive verify`")
    return end if size > end else None


def _unknown(path: Path) -> Damaged:
    return Damaged(
        f"{path.parent.name}/{path.name} holds captures that the database does not know: it is older or another one."
        " Restore the right archive.db, or make it anew from the WARC files by `archive rebuild`"
    )


def _whole(path: Path, end: int) -> tuple[int, int]:
    with path.open("rb") as file:
        file.seek(end)
        return whole_members(file)


def _set_aside(path: Path, end: int) -> None:
    """Keep the whole members that stand after the last acknowledged byte, in a file of their own."""
    whole, captures = _whole(path, end)
    if captures > GROUP:
        raise _unknown(path)
    if not captures:
        return
    folder = path.parent / "unfiled"
    folder.mkdir(exist_ok=True)
    stem, number = f"{path.name.removesuffix('.warc.gz')}-{end}", 0
    while (aside := folder / f"{stem}-{number}.warc.gz").exists():
        number += 1
    with path.open("rb") as file, aside.open("wb") as kept:
        file.seek(end)
        for start in range(0, whole, _PIECE):
            kept.write(file.read(min(_PIECE, whole - start)))
        kept.flush()
        os.fsync(kept.fileno())
    _fsync_folder(folder)


def _truncate(path: Path, end: int) -> None:
    with path.open("rb+") as file:
        file.truncate(end)
        os.fsync(file.fileno())


def whole_members(file: BinaryIO) -> tuple[int, int]:
    """Read gzip members from here on; give the bytes of those that are whole, and how many are captures' metadata."""
    whole = captures = 0
    rest = b""
    while captures <= GROUP:
        member, head, read = zlib.decompressobj(31), b"", 0
        while not member.eof:
            piece = rest or file.read(_PIECE)
            rest = b""
            if not piece:
                return whole, captures
            try:
                head += member.decompress(piece)[: max(0, 200 - len(head))]
            except zlib.error:
                return whole, captures
            read += len(piece) - len(member.unused_data)
        rest = member.unused_data
        whole += read
        captures += b"WARC-Type: metadata" in head
    return whole, captures


def append(warc_dir: Path, outlet: str, runs: list[bytes], *, now: datetime, facts: dict[str, str]) -> list[Place]:
    """Append runs of members to the outlet's file of the day and fsync it once; give where each lies.

    Raises DiskFull with the file cut back to what it was.
    """
    folder = warc_dir / outlet
    _make_folders(folder)
    path = _current(folder, now)
    start = path.stat().st_size if path.exists() else 0
    head = warcinfo(path.name, facts, now) if start == 0 else b""
    try:
        _write_through(path, b"".join([head, *runs]))
    except OSError as error:
        _truncate(path, start)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(str(path)) from error
        raise
    if start == 0:
        _fsync_folder(folder)
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


def _make_folders(folder: Path) -> None:
    """Make the outlet's folder and its parents, each on disk before anything lies in it."""
    missing = [one for one in (folder, folder.parent) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for one in missing:
        _fsync_folder(one.parent)


def cut(warc_dir: Path, place: Place) -> None:
    """Take back what was appended there and not acknowledged."""
    _truncate(warc_dir / place.file, place.offset)


def read(warc_dir: Path, place: Place) -> bytes:
    """Give the bytes that lie there; fewer when the file is shorter. Raises FileNotFoundError."""
    with (warc_dir / place.file).open("rb") as file:
        file.seek(place.offset)
        return file.read(place.length)


def _current(folder: Path, now: datetime) -> Path:
    for path in _candidates(folder, now.astimezone(UTC)):
        if not path.exists() or path.stat().st_size < MAX_BYTES:
            return path
    raise AssertionError("unreachable: candidates never end")


def _candidates(folder: Path, now: datetime) -> Iterator[Path]:
    number = 0
    while True:
        yield folder / f"{now:%Y%m%d}-{number:03d}.warc.gz"
        number += 1


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
