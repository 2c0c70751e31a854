"""The records of one of our WARC files, one by one, each a gzip member of its own; what is damaged is told and passed.

Each member is inflated to its end, so its CRC and length are checked. After a damaged one the reading goes on at the
next bytes that begin a record (ISO 28500:2017, annex D).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO

_CHUNK = 2**16
_HEAD = 2**16
_MAGIC = b"\x1f\x8b\x08"
#: The records whose content is kept; the others are only checked.
_TOLD = frozenset({"metadata", "conversion"})
#: No metadata or article of ours is larger.
_LARGEST = 64 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record: where its member lies, its type, address and WARC-Date, and what a metadata or conversion says."""

    offset: int
    end: int
    kind: str
    url: str
    date: str
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Bytes that are no whole record.

    `torn` when they are what a killed process leaves at a file's end: the begin of a member, or zeros.
    """

    offset: int
    end: int
    torn: bool = False


def records(file: BinaryIO, start: int = 0) -> Iterator[Record | Gap]:
    """Give the records from this offset on, and the gaps between them."""
    size, offset = file.seek(0, 2), start
    while offset < size:
        read = _record(file, offset)
        found = read if isinstance(read, Record) else _gap(file, offset, size, read)
        yield found
        offset = found.end


def _gap(file: BinaryIO, offset: int, size: int, why: Broken) -> Gap:
    end = _next(file, offset + 1, size)
    return Gap(offset=offset, end=end, torn=end == size and (why is Broken.CUT or _is_zero(file, offset)))


def head_of(head: bytes) -> dict[str, str] | None:
    """Give the named fields of a record's head, names in lower case; None when it is none.

    >>> head_of(b"WARC/1.1\\r\\nWARC-Type: metadata\\r\\nContent-Length: 2")
    {'warc-type': 'metadata', 'content-length': '2'}
    """
    version, *lines = head.decode("utf-8", "replace").split("\r\n")
    if not version.startswith("WARC/"):
        return None
    pairs = (line.partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


class Broken(Enum):
    """Why a member is no whole one that holds one record: the bytes end inside it, or it is damaged."""

    CUT = "cut"
    DAMAGED = "damaged"


def _record(file: BinaryIO, offset: int) -> Record | Broken:
    """Read the member at this offset."""
    file.seek(offset)
    member = zlib.decompressobj(31)
    plain, size, head, told, begin = bytearray(), 0, None, False, 0
    try:
        for part in _inflated(file, member):
            size += len(part)
            if head is None or told:
                plain += part
            if head is None:
                head, begin = _head(plain)
                told = head is not None and head.get("warc-type") in _TOLD
            if (head is None and len(plain) > _HEAD) or (told and len(plain) > _LARGEST):
                return Broken.DAMAGED
    except zlib.error:
        return Broken.DAMAGED
    length = head.get("content-length", "") if head is not None else ""
    due = begin + int(length) + 4 if length.isdigit() else -1
    if not member.eof:
        return Broken.CUT if head is None or size <= due else Broken.DAMAGED
    if head is None or size != due:
        return Broken.DAMAGED
    return Record(
        offset=offset,
        end=file.tell() - len(member.unused_data),
        kind=head.get("warc-type", ""),
        url=head.get("warc-target-uri", ""),
        date=head.get("warc-date", ""),
        content=bytes(plain[begin : begin + int(length)]) if told else b"",
    )


def _head(plain: bytearray) -> tuple[dict[str, str] | None, int]:
    end = plain.find(b"\r\n\r\n")
    return (head_of(bytes(plain[:end])), end + 4) if end >= 0 else (None, 0)


def _inflated(file: BinaryIO, member: zlib._Decompress) -> Iterator[bytes]:
    """Inflate to the member's end in bounded pieces; the file then stands behind what was read of it."""
    while not member.eof:
        packed = member.unconsumed_tail or file.read(_CHUNK)
        if not packed:
            return
        yield member.decompress(packed, 2**20)


def _is_zero(file: BinaryIO, offset: int) -> bool:
    """Tell whether the file holds nothing but zeros from here on: written, and not on disk when the power went."""
    file.seek(offset)
    while piece := file.read(_CHUNK):
        if piece.strip(b"\0"):
            return False
    return True


def _next(file: BinaryIO, offset: int, size: int) -> int:
    """Give the offset of the next member that begins like a record, or the file's size."""
    while offset < size:
        file.seek(offset)
        block = file.read(_CHUNK)
        at = block.find(_MAGIC)
        while at >= 0:
            if _begins(file, offset + at):
                return offset + at
            at = block.find(_MAGIC, at + 1)
        offset += max(len(block) - len(_MAGIC) + 1, 1)
    return size


def _begins(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    try:
        return zlib.decompressobj(31).decompress(file.read(1024), 5) == b"WARC/"
    except zlib.error:
        return False
