"""The bytes of a WARC, inflated member by member in bounded pieces: a file of any size costs the same memory.

A file that is not compressed is one member that begins and ends with the file.
"""

from __future__ import annotations

import zlib
from typing import BinaryIO

#: Bytes read, and bytes inflated, at once.
CHUNK = 2**15
_MAGIC = b"\x1f\x8b\x08"
#: Between two records of a plain file, the next one begins after a line end.
_PLAIN = b"\nWARC/"


class Damage(ValueError):
    """Bytes that cannot be what they should be; the message says why."""


class Source:
    """Reads a WARC, or the part of it from `begin` to `end`; `offset` is where what is read next lies in the file.

    `header` holds the first eleven bytes of the gzip member that was begun last: its header and the first of its data.
    With `strict`, `spare` tells at a member's end whether bits of it are set that say nothing: one was flipped there.
    """

    def __init__(self, file: BinaryIO, *, begin: int = 0, end: int | None = None, strict: bool = False) -> None:
        self._file = file
        size = file.seek(0, 2)
        self._end = size if end is None else min(end, size)
        self.is_gzip = _is_gzip(file, begin)
        self._strict = strict
        self._go(begin)

    def _go(self, begin: int) -> None:
        self._file.seek(begin)
        self._left = max(self._end - begin, 0)
        self._packed, self._plain, self._used = b"", b"", 0
        self._packer: zlib._Decompress | None = None
        self.member = begin
        self.header, self.spare, self._broken = b"", False, False

    @property
    def offset(self) -> int:
        """Where the member lies that is being read; in a plain file, the next byte."""
        if self.is_gzip:
            return self.member
        return self._end - self._left - len(self._packed) - len(self._plain) + self._used

    def begin_member(self) -> bool:
        """Go on to the next member; False at the end. The one before must have been read to its end."""
        self._packed = self._packed if len(self._packed) > 10 else self._packed + self._take()
        self.member = self._end - self._left - len(self._packed)
        if not self._packed:
            return False
        if self.is_gzip:
            self._packer, self.header, self._broken = zlib.decompressobj(31), self._packed[:11], False
            self.spare = self._strict and _padded(self.header)
        return True

    def read(self, size: int) -> bytes:
        """Give up to `size` bytes, none at the member's end. Raises Damage."""
        if self._used == len(self._plain) and not self._fill():
            return b""
        piece = self._plain[self._used : self._used + size]
        self._used += len(piece)
        return piece

    def line(self, limit: int = 2**16) -> bytes:
        """Give the bytes up to a line's end, that included; fewer at the member's end. Raises Damage."""
        found = b""
        while not found.endswith(b"\n"):
            if self._used == len(self._plain) and not self._fill():
                break
            end = self._plain.find(b"\n", self._used) + 1 or len(self._plain)
            found += self.read(end - self._used)
            if len(found) > limit:
                raise Damage(f"a line of a record's head is longer than {limit} bytes")
        return found

    def skip_member(self) -> None:
        """Read the member to its end, so that its CRC and length are checked. Raises Damage."""
        while self.read(CHUNK):
            pass

    def resync(self, after: int) -> bool:
        """Go on at the next place behind `after` where a record begins; False when there is none."""
        sought = _MAGIC if self.is_gzip else _PLAIN
        at = after
        while at < self._end:
            self._file.seek(at)
            block = self._file.read(CHUNK + len(sought))
            found = block.find(sought)
            while found >= 0:
                begin = at + found + (0 if self.is_gzip else 1)
                if begin < self._end and (not self.is_gzip or _inflates(self._file, begin)):
                    self._go(begin)
                    return True
                found = block.find(sought, found + 1)
            at += CHUNK
        self._go(self._end)
        return False

    def _take(self) -> bytes:
        piece = self._file.read(min(CHUNK, self._left))
        self._left -= len(piece)
        if not piece:
            self._left = 0
        return piece

    def _fill(self) -> bool:
        """Make more of the member readable; False at its end."""
        self._used = 0
        if self._packer is None:
            self._plain, self._packed = self._packed or self._take(), b""
            return bool(self._plain)
        self._plain = b""
        while not self._packer.eof and not self._plain:
            packed = self._packed or self._take()
            before = self._packer.copy()
            try:
                self._plain = self._packer.decompress(packed, CHUNK)
            except zlib.error as error:
                self._packed = b""
                if self._broken or not (plain := _salvaged(before, packed)):
                    raise Damage(f"the gzip member does not check ({_reason(error)})") from None
                self._plain, self._broken = plain, True
                return True
            if self._strict and self._packer.eof:
                self.spare |= _spare(before, packed[: len(packed) - len(self._packer.unused_data)])
            self._packed = self._packer.unused_data if self._packer.eof else self._packer.unconsumed_tail
            if not packed and not self._plain and not self._packer.eof:
                raise Damage("the gzip member is cut: the bytes end inside it")
        return bool(self._plain)


def _padded(header: bytes) -> bool:
    """Tell whether bits are set between the head of a stored block that begins a member and its length."""
    return len(header) > 10 and not header[3] and not header[10] >> 1 & 3 and header[10] >> 3 != 0


def _spare(before: zlib._Decompress, packed: bytes) -> bool:
    """Tell whether bits are set in a member's last byte of data behind its end: the data are the same without them.

    `packed` ends with the member, of which `before` has not read it yet; CRC and length are its last eight bytes.
    """
    last = packed[-9] if len(packed) > 8 else 0
    if not last:
        return False
    cleared = last & ~(1 << (last.bit_length() - 1))
    try:
        before.decompress(packed[:-9] + bytes([cleared]) + packed[-8:], CHUNK)
    except zlib.error:
        return False
    return before.eof


def _salvaged(before: zlib._Decompress, packed: bytes) -> bytes:
    """Give what can be inflated before the damage: enough to name the record that it is in."""
    plain = b""
    try:
        for at in range(len(packed)):
            plain += before.decompress(packed[at : at + 1], CHUNK)
            if len(plain) > CHUNK:
                break
    except zlib.error:
        pass
    return plain


def _reason(error: zlib.error) -> str:
    return str(error).rpartition(": ")[2]


def _is_gzip(file: BinaryIO, begin: int) -> bool:
    """Tell by either byte of gzip's magic: one of them may be damaged."""
    file.seek(begin)
    head = file.read(2)
    return head[:1] == _MAGIC[:1] or head[1:] == _MAGIC[1:2]


def _inflates(file: BinaryIO, begin: int) -> bool:
    """Tell whether a record begins in the gzip member that may begin there."""
    file.seek(begin)
    try:
        return zlib.decompressobj(31).decompress(file.read(1024), 5) == b"WARC/"
    except zlib.error:
        return False
