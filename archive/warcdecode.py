"""HTTP's content codings taken off, piece by piece and in bounded memory, as far as they can be (RFC 9110, 8.4)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import Any

#: Bytes given at once.
_PIECE = 2**16
#: No page is larger; what inflates to more is left where it is.
_LARGEST = 2**30


def decoder(coding: str) -> Callable[[bytes], Iterator[bytes]] | None:
    """Give what decodes this coding, None for one that is not known. After an error nothing more comes.

    >>> [b"".join(decoder("deflate")(zlib.compress(b"tin"))), decoder("identity")]
    [b'tin', None]
    """
    if coding in ("gzip", "x-gzip", "deflate"):
        return Inflating().feed
    if coding == "br":
        return Brotli().feed
    return None


class Inflating:
    """Takes gzip or zlib off."""

    def __init__(self) -> None:
        self._packer = zlib.decompressobj(47)
        self._given = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Give what the next bytes hold."""
        while piece and not self._packer.eof and self._given < _LARGEST:
            try:
                plain = self._packer.decompress(piece, _PIECE)
            except zlib.error:
                self._given = _LARGEST
                return
            self._given += len(plain)
            yield plain
            piece = self._packer.unconsumed_tail


class Brotli:
    """Takes brotli off."""

    def __init__(self) -> None:
        import brotli

        self._unpacker: Any = brotli.Decompressor()
        self._error: type[Exception] = brotli.error
        self._given = 0

    def feed(self, piece: bytes) -> Iterator[bytes]:
        """Give what the next bytes hold."""
        while self._given < _LARGEST and (piece or not self._unpacker.can_accept_more_data()):
            try:
                plain = self._unpacker.process(piece, output_buffer_limit=_PIECE)
            except self._error:
                self._given = _LARGEST
                return
            self._given += len(plain)
            yield plain
            piece = b""
            if not plain:
                return
