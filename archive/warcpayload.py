"""The payload of a WARC record's block: what follows the HTTP head, as stored, without its chunks, and decoded.

ISO 28500 calls the payload what HTTP calls the entity; writers take that for any of the three, so that a digest that is
of one of them is right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256

from archive.warcchunks import Chunks
from archive.warcdecode import decoder
from archive.warcdigest import Digest, digest_of

_CHUNKED = re.compile(rb"\r?\ntransfer-encoding:[^\n]*chunked", re.IGNORECASE)
_ENCODED = re.compile(rb"\r?\ncontent-encoding:[ \t]*([\w-]+)[ \t]*\r?\n", re.IGNORECASE)
_ENDS = (b"\r\n\r\n", b"\n\n")
#: No HTTP head is longer; what is longer is taken for one without an end.
_HEAD = 2**20
_Form = Callable[[bytes], Iterator[bytes]]


class Payload:
    """Fed with a block piece by piece, hashes its payload: with `stated`, and by sha256 as stored."""

    def __init__(self, *, is_http: bool, stated: str) -> None:
        self._head: bytes | None = b"" if is_http else None
        self._stated = digest_of(stated)
        self._forms: list[tuple[_Form, Digest]] = []
        self.sha256 = sha256()
        self.length = 0
        self._head_digest = ""

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
        for form, digest in self._forms:
            for part in form(piece):
                digest.update(part)

    @property
    def head_sha256(self) -> str:
        """Give the sha256 (hex) of the HTTP head with its end, "" when the block has none."""
        return self._head_digest if self._head is None else sha256(self._head).hexdigest()

    def disagrees(self) -> bool:
        """Tell whether the stated digest is of no form of the payload."""
        if self._stated is None or self._stated.agrees():
            return False
        return not any(digest.agrees() for _, digest in self._forms)

    def _after_head(self, piece: bytes) -> bytes:
        assert self._head is not None
        head = self._head + piece
        ends = [(at, at + len(end)) for end in _ENDS if (at := head.find(end)) >= 0]
        if not ends and len(head) < _HEAD:
            self._head = head
            return b""
        begin, end = min(ends, default=(len(head), len(head)))
        self._head, self._head_digest = None, sha256(head[:end]).hexdigest()
        if self._stated is not None:
            stated = self._stated
            self._forms = [(form, stated.another()) for form in _forms(head[: begin + 2])]
        return head[end:]


def _forms(head: bytes) -> Iterator[_Form]:
    """Give the ways in which a payload may be read beside as it is stored: without chunks, decoded, both."""
    encoded = _ENCODED.search(head)
    coding = encoded[1].decode("ascii").lower() if encoded else ""
    if decode := decoder(coding):
        yield decode
    if _CHUNKED.search(head):
        yield _unchunked()
        if decode := decoder(coding):
            yield _both(_unchunked(), decode)


def _unchunked() -> _Form:
    chunks = Chunks()
    return lambda piece: iter((chunks.feed(piece),))


def _both(first: _Form, second: _Form) -> _Form:
    return lambda piece: (part for middle in first(piece) for part in second(middle))
