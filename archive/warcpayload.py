"""The payload of a WARC record's block: what follows the HTTP head, as stored and without its chunks."""

from __future__ import annotations

import re
from hashlib import sha256

from archive.warcdigest import Digest, digest_of

_CHUNKED = re.compile(rb"\r?\ntransfer-encoding:[^\n]*chunked", re.IGNORECASE)
_ENDS = (b"\r\n\r\n", b"\n\n")
#: No HTTP head is longer; what is longer is taken for one without an end.
_HEAD = 2**20


class Payload:
    """Fed with a block piece by piece, hashes its payload: with `stated`, and by sha256 as stored."""

    def __init__(self, *, is_http: bool, stated: str) -> None:
        self._head: bytes | None = b"" if is_http else None
        self._stated = digest_of(stated)
        self._unchunked: Digest | None = None
        self._chunks: Chunks | None = None
        self.sha256 = sha256()
        self.length = 0

    def feed(self, piece: bytes) -> None:
        """Take the next bytes of the block."""
        if self._head is not None:
            piece = self._after_head(piece)
        if not piece:
            return
        self.length += len(piece)
        self.sha256.update(piece)
        if self._stated is not None:
            self._stated.update(piece)
        if self._chunks is not None and self._unchunked is not None:
            self._unchunked.update(self._chunks.feed(piece))

    def disagrees(self) -> bool:
        """Tell whether the stated digest is neither of the payload as stored nor of it without chunks."""
        if self._stated is None or self._stated.agrees():
            return False
        return self._unchunked is None or not self._unchunked.agrees()

    def _after_head(self, piece: bytes) -> bytes:
        assert self._head is not None
        head = self._head + piece
        ends = [(at, at + len(end)) for end in _ENDS if (at := head.find(end)) >= 0]
        if not ends and len(head) < _HEAD:
            self._head = head
            return b""
        begin, end = min(ends, default=(len(head), len(head)))
        self._head = None
        if self._stated is not None and _CHUNKED.search(head[: begin + 2]):
            self._chunks = Chunks()
            self._unchunked = Digest(algorithm=self._stated.algorithm, value=self._stated.value)
        return head[end:]


class Chunks:
    """Takes HTTP's chunked framing off, piece by piece (RFC 9112, 7.1); after a framing error nothing more comes."""

    def __init__(self) -> None:
        self._line = b""
        self._left = 0
        self._skip = 0
        self._ended = False

    def feed(self, piece: bytes) -> bytes:
        r"""Give the data in the next bytes.

        >>> Chunks().feed(b"3\r\nTin\r\n0\r\n\r\n")
        b'Tin'
        """
        found, at = [], 0
        while at < len(piece) and not self._ended:
            if self._left:
                found.append(piece[at : at + self._left])
                at += len(found[-1])
                self._left -= len(found[-1])
            else:
                end = piece.find(b"\n", at) + 1 or len(piece)
                self._line += piece[at:end]
                at = end
                self._size()
        return b"".join(found)

    def _size(self) -> None:
        """Read a chunk's size when its line is whole; the empty line behind a chunk says nothing."""
        if not self._line.endswith(b"\n"):
            self._ended = len(self._line) > 2**16
            return
        stated, self._line = self._line.partition(b";")[0].strip(), b""
        if stated:
            try:
                self._left = int(stated, 16)
            except ValueError:
                self._left = 0
            self._ended = self._left <= 0
