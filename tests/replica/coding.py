"""Content codings: which one a client gets, and the bytes in it."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Sequence

import brotli
import zstandard


def chosen(accept: str, offered: Sequence[str]) -> str:
    """Give the first offered coding that the client's Accept-Encoding takes, or `identity`.

    >>> chosen("gzip, br;q=0.5, zstd;q=0", ("zstd", "br", "gzip"))
    'br'
    """
    taken = {}
    for part in accept.lower().split(","):
        name, _, weight = part.partition(";")
        taken[name.strip()] = weight.strip().removeprefix("q=").strip("0. ") != "" if weight else True
    fallback = taken.get("*", False)
    return next((coding for coding in offered if taken.get(coding, fallback)), "identity")


def encoded(body: bytes, coding: str) -> bytes:
    """Give the bytes in a coding; the same bytes for the same body."""
    match coding:
        case "gzip":
            return gzip.compress(body, 1, mtime=0)
        case "deflate":
            return zlib.compress(body, 1)
        case "br":
            return bytes(brotli.compress(body, quality=1))
        case "zstd":
            return zstandard.ZstdCompressor(level=1, write_checksum=True).compress(body)
    return body
