"""Answers out of other writers' WARCs: chunks taken off, encodings already undone not claimed, HTML told apart."""

from __future__ import annotations

import asyncio
import re
import zlib
from typing import TYPE_CHECKING

from archive.values import Capture, Reading
from pipeline.pool import Reader

if TYPE_CHECKING:
    from pipeline.feeds import FeedReading

Headers = tuple[tuple[str, str], ...]
_SIZE = re.compile(rb"[ \t]*([0-9a-fA-F]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n")
_HTML = ("text/html", "application/xhtml+xml")
_MAGIC = {"gzip": b"\x1f\x8b", "x-gzip": b"\x1f\x8b", "zstd": b"\x28\xb5\x2f\xfd"}


def is_html(headers: Headers, body: bytes) -> bool:
    """Tell whether an answer is a page: by its type, or by its first bytes when it names none.

    >>> is_html((("Content-Type", "text/html; charset=utf-8"),), b""), is_html((), b"%PDF-1.7")
    (True, False)
    """
    said = value_of(headers, "content-type").split(";")[0].strip().lower()
    if said:
        return said in _HTML
    return body.lstrip()[:1] == b"<" and not body.lstrip()[:5].lower().startswith(b"<?xml")


def value_of(headers: Headers, name: str) -> str:
    """Give the first header of this name (in lower case), or an empty string."""
    return next((value for key, value in headers if key.lower() == name), "")


def bare(headers: Headers, body: bytes) -> tuple[Headers, bytes, str]:
    r"""Give headers and body as a server's de-chunked answer has them, and why the body is cut, if it is.

    >>> bare((("Transfer-Encoding", "chunked"),), b"3\r\nTin\r\n0\r\n\r\n")
    ((('X-Orig-Transfer-Encoding', 'chunked'),), b'Tin', '')
    """
    cut = ""
    if "chunked" in value_of(headers, "transfer-encoding").lower():
        headers = _renamed(headers, "transfer-encoding", "X-Orig-Transfer-Encoding")
        body, cut = dechunked(body)
    if not _is_applied(value_of(headers, "content-encoding"), body):
        headers = _renamed(headers, "content-encoding", "X-Orig-Content-Encoding")
        # The length stated was that of the encoded body.
        headers = _renamed(headers, "content-length", "X-Orig-Content-Length")
    return headers, body, cut


def dechunked(body: bytes) -> tuple[bytes, str]:
    r"""Take chunked framing off (RFC 9112, 7.1), a body without it left as it is; tell why it is cut, if it is.

    >>> dechunked(b"Tin"), dechunked(b"3\r\nTin\r\n"), dechunked(b"5\r\nTin")
    ((b'Tin', ''), (b'Tin', 'the last chunk is missing'), (b'Tin', 'a chunk ends early'))
    """
    parts: list[bytes] = []
    at = 0
    while found := _SIZE.match(body, at):
        size, begin = int(found[1], 16), found.end()
        if size == 0:
            return b"".join(parts), ""
        parts.append(body[begin : begin + size])
        if begin + size > len(body):
            return (b"".join(parts), "a chunk ends early") if _was_chunked(body, parts) else (body, "")
        at = begin + size + (2 if body[begin + size : begin + size + 2] == b"\r\n" else 0)
    if not parts or body[at:].strip():
        return (body, "") if not parts else (b"".join(parts), "a chunk's size cannot be read")
    return b"".join(parts), "the last chunk is missing"


def _was_chunked(body: bytes, parts: list[bytes]) -> bool:
    """A body that merely begins with hexadecimal digits and a line end is not a cut chunk when it is short."""
    return len(parts) > 1 or b"\r\n" in body[:12]


def _is_applied(encoding: str, body: bytes) -> bool:
    """Tell whether the body is encoded as its header says: some writers keep the header and undo the encoding."""
    name = encoding.split(",")[-1].strip().lower()
    if name in ("", "identity") or not body:
        return True
    if name in _MAGIC:
        return body.startswith(_MAGIC[name])
    if name == "deflate":
        return any(_inflates(body, bits) for bits in (15, -15))
    # Brotli has no magic: running text at its begin is text.
    return not _is_text(body[:512])


def _inflates(body: bytes, bits: int) -> bool:
    try:
        zlib.decompressobj(bits).decompress(body[:512])
    except zlib.error:
        return False
    return True


def _is_text(head: bytes) -> bool:
    if head.lstrip()[:1] != b"<":
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3  # a letter cut at the end
    return b"\x00" not in head


def _renamed(headers: Headers, name: str, new: str) -> Headers:
    return tuple((new if key.lower() == name else key, value) for key, value in headers)


class InOrder:
    """A reader whose readings come in the order of the captures, though several are read at once.

    What `ingest` decides and files after its first reading is then decided and filed in that order too, and a replay
    that was killed ends as one that was not.
    """

    def __init__(self, reader: Reader, before: asyncio.Task[None] | None) -> None:
        self._reader = reader
        self._before = before

    async def read(self, capture: Capture, outlet_name: str) -> Reading:
        """Read a capture, and wait for the one before to be filed."""
        reading = await self._reader.read(capture, outlet_name)
        await self.turn()
        return reading

    async def read_list(self, capture: Capture, outlet_name: str) -> FeedReading:
        """Read a capture of a list, and wait for the one before to be filed."""
        reading = await self._reader.read_list(capture, outlet_name)
        await self.turn()
        return reading

    async def turn(self) -> None:
        """Wait for the capture before to be filed; raises what kept it from that."""
        before, self._before = self._before, None
        if before is not None:
            await asyncio.wait({before})
            before.result()
