"""A body as received to verified bytes and text: every content encoding checked to its end, nothing unbounded.

A cut page must never look like an edit: a stream that ends early is `truncated`, one whose checksum fails `corrupt`,
one that grows over the limit `too_large`. Brotli and zstd without checksum can hide a flipped bit; only TLS helps.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from archive.values import Capture, Outcome
from pipeline.charset import decode_text

LIMIT = 16 * 2**20
_STEP = 256
_PIECE = 64 * 2**10
_DEEPEST = 4
#: Members (gzip) or frames (zstd) of one body; honest ones are 16 KiB and more, and these bound the time.
_MEMBERS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Payload:
    """A body decoded: `body` and `text` are empty unless `outcome` is ok; `how` tells where the charset came from."""

    outcome: Outcome
    body: bytes = b""
    text: str = ""
    charset: str = ""
    how: str = ""
    reason: str = ""


class _Bad(Exception):
    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(reason)
        self.outcome, self.reason = outcome, reason


def decode_body(capture: Capture, *, limit: int = LIMIT) -> Payload:
    """Decode a capture's body by Content-Encoding, then charset; at most `limit` decoded bytes. Never raises."""
    payload = verify_body(capture, limit=limit)
    if payload.outcome is not Outcome.OK:
        return payload
    text = decode_text(payload.body, capture.header("content-type") or "")
    return replace(payload, text=text.text, charset=text.charset, how=text.how)


def verify_body(capture: Capture, *, limit: int = LIMIT) -> Payload:
    """Undo a capture's content encodings to their end, its charset not looked at (`text` is empty). Never raises."""
    length = capture.header("content-length") or ""
    if length.isdigit() and len(capture.body) < int(length) and capture.method != "HEAD":
        return Payload(outcome=Outcome.TRUNCATED, reason=f"{len(capture.body)} of {length} bytes came")
    try:
        data = decode_stream(capture.body, _encodings(capture), limit=limit)
    except _Bad as problem:
        return Payload(outcome=problem.outcome, reason=problem.reason)
    return Payload(outcome=Outcome.OK, body=data)


def _encodings(capture: Capture) -> list[str]:
    named = ",".join(value for name, value in capture.headers if name.lower() == "content-encoding")
    return [part for part in (piece.strip().lower() for piece in named.split(",")) if part and part != "identity"]


def decode_stream(body: bytes, encodings: list[str], *, limit: int = LIMIT) -> bytes:
    """Undo the content encodings, the last applied first. Raises _Bad with the outcome when that fails."""
    if len(encodings) > _DEEPEST:
        raise _Bad(Outcome.CORRUPT, f"{len(encodings)} content encodings on one body")
    for name in reversed(encodings):
        decoder = _DECODERS.get(name)
        if decoder is None:
            raise _Bad(Outcome.CORRUPT, f"unknown content encoding {name[:40]!r}")
        # Some servers name an encoding that they did not apply.
        if body[:512].lstrip()[:15].lower().startswith((b"<!doctype html", b"<html", b"<?xml")):
            continue
        body = decoder(body, limit)
    if len(body) > limit:
        raise _Bad(Outcome.TOO_LARGE, f"over {limit} bytes")
    return body


def _inflate(body: bytes, limit: int, wbits: int) -> bytes:
    whole = memoryview(body)
    parts: list[bytes] = []
    size = at = 0
    for _ in range(_MEMBERS):
        stream = zlib.decompressobj(wbits)
        # In pieces: what a stream leaves unused is copied, and must not be all the rest for each member.
        while not stream.eof and at < len(whole):
            piece = whole[at : at + _PIECE]
            try:
                parts.append(stream.decompress(piece, limit + 1 - size))
            except zlib.error as error:
                raise _Bad(Outcome.CORRUPT, str(error)) from None
            at += len(piece) - len(stream.unused_data)
            size += len(parts[-1])
            if size > limit:
                raise _Bad(Outcome.TOO_LARGE, f"over {limit} bytes")
        if not stream.eof:
            raise _Bad(Outcome.TRUNCATED, "the compressed stream ends early")
        if wbits != 31 or not body.startswith(b"\x1f\x8b", at):
            return b"".join(parts)
    raise _Bad(Outcome.CORRUPT, f"over {_MEMBERS} compressed members")


def _gzip(body: bytes, limit: int) -> bytes:
    return _inflate(body, limit, 31)


def _deflate(body: bytes, limit: int) -> bytes:
    try:
        return _inflate(body, limit, 15)
    except _Bad as problem:
        if problem.outcome is not Outcome.CORRUPT or "header check" not in problem.reason:
            raise
    return _inflate(body, limit, -15)


def _brotli(body: bytes, limit: int) -> bytes:
    import brotli

    stream = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    try:
        part = stream.process(body, output_buffer_limit=2**20)
        while part or not stream.can_accept_more_data():
            parts.append(part)
            size += len(part)
            if size > limit:
                raise _Bad(Outcome.TOO_LARGE, f"over {limit} bytes")
            part = stream.process(b"", output_buffer_limit=2**20)
    except brotli.error as error:
        raise _Bad(Outcome.CORRUPT, str(error)) from None
    if not stream.is_finished():
        raise _Bad(Outcome.TRUNCATED, "the compressed stream ends early")
    return b"".join(parts)


def _zstd(body: bytes, limit: int) -> bytes:
    import zstandard

    if not body:
        raise _Bad(Outcome.TRUNCATED, "the compressed stream is empty")
    decompressor = zstandard.ZstdDecompressor(max_window_size=2**25)
    parts: list[bytes] = []
    size = at = 0
    for _ in range(_MEMBERS):
        stream = decompressor.decompressobj()
        # In small steps: a step's output is bounded by 128 KiB for each four bytes in.
        while not stream.eof and at < len(body):
            step = body[at : at + _STEP]
            try:
                parts.append(stream.decompress(step))
            except zstandard.ZstdError as error:
                raise _Bad(Outcome.CORRUPT, str(error)) from None
            at += len(step) - len(stream.unused_data)
            size += len(parts[-1])
            if size > limit:
                raise _Bad(Outcome.TOO_LARGE, f"over {limit} bytes")
        if not stream.eof:
            raise _Bad(Outcome.TRUNCATED, "the compressed stream ends early")
        if not body.startswith(zstandard.FRAME_HEADER, at):
            return b"".join(parts)
    raise _Bad(Outcome.CORRUPT, f"over {_MEMBERS} compressed frames")


_DECODERS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
