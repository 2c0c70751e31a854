"""HTTP's chunked framing taken off, piece by piece (RFC 9112, 7.1)."""

from __future__ import annotations


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
