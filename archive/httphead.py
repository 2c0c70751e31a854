"""HTTP heads in WARC records: the bytes as received, in and out (RFC 9112 §2.2: a head is bytes, not characters).

A header's value is held as the latin-1 characters of its bytes, whatever charset they were meant in, and written back
as those bytes. warcio by itself would percent-encode what is not ASCII, and read UTF-8 and latin-1 each as itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders

_END = re.compile(rb"\r?\n\r?\n")
_LINE = re.compile(rb"\r?\n")
#: A line that goes on in the next one (RFC 9112 §5.2).
_FOLD = re.compile(rb"\r?\n[ \t]+")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})(?!\d)")
#: What would end a line of the head early: a space instead (RFC 9110 §5.5).
_BREAKS = re.compile(r"[\r\n]")
_ASCII = "".join(map(chr, range(0x21, 0x7F)))


class HttpHead(StatusAndHeaders):  # type: ignore[misc]  # warcio ships no types
    """Status line and headers that warcio writes byte for byte."""

    def to_ascii_bytes(self, header_filter: Callable[..., object] | None = None) -> bytes:
        """Give the head with its empty line, as warcio asks for it."""
        lines = [f"{self.protocol} {self.statusline}", *(f"{name}: {value}" for name, value in self.headers)]
        return b"".join(_bytes(line) + b"\r\n" for line in [*lines, ""])


def target(path: str, query: str) -> str:
    """Give an address's part that a request line names, in ASCII without spaces.

    >>> target("/tìm kiếm", "q=a%20b"), target("", "")
    ('/t%C3%ACm%20ki%E1%BA%BFm?q=a%20b', '/')
    """
    return quote((path or "/") + (f"?{query}" if query else ""), safe=_ASCII, errors="replace")


def parted(block: bytes) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    r"""Part an HTTP response into its status, its headers and its body. Raises ValueError when it has no status.

    >>> parted(b"HTTP/1.1 200 OK\r\nLocation: /t\xc3\xacm\r\nX-Empty: \r\n\r\nbody")
    (200, (('Location', '/tÃ¬m'), ('X-Empty', '')), b'body')
    """
    end = _END.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    status = _STATUS.match(head)
    if status is None:
        raise ValueError(f"no status line: {head[:16]!r}")
    lines = _LINE.split(_FOLD.sub(b" ", head))[1:]
    pairs = [line.decode("latin-1").partition(":") for line in lines]
    return int(status[1]), tuple((name.strip(" \t"), value.strip(" \t")) for name, colon, value in pairs if colon), body


def _bytes(line: str) -> bytes:
    """Give a line's bytes: characters that no byte stands for, which nothing received can hold, as UTF-8."""
    line = _BREAKS.sub(" ", line)
    try:
        return line.encode("latin-1")
    except UnicodeEncodeError:
        return line.encode("utf-8", "backslashreplace")
