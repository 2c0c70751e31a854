"""WARC records read in a stream and held against what they say of themselves (ISO 28500:2017)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from archive.warcdate import read_date
from archive.warcdigest import digest_of
from archive.warcpayload import Payload
from archive.warcsource import CHUNK, Damage, Source

_NEEDED = {"warc-record-id": "WARC-Record-ID", "warc-date": "WARC-Date", "warc-type": "WARC-Type"}
#: Blocks that are kept whole when they are asked for; none of ours is larger.
_LARGEST = 64 * 2**20
_DIGESTS = frozenset({"warc-block-digest", "warc-payload-digest"})
_ELSEWHERE = frozenset({"warc-segment-number", "warc-truncated"})
_HTTP = ("response", "request", "revisit")
_VERSION = re.compile(rb"WARC/\d\.\d{1,2}[ \t]*\r?\n")


@dataclass(slots=True, kw_only=True)
class Record:
    """A record as it was read: where, what its head says, and what is wrong with it.

    `fields` are its head's, names in lower case; `head_sha256` is of the HTTP head in its block; `block` is its content
    when it was asked for. `whole` is False for bytes that are no record to their end; `begun` are the first bytes of
    what should be one. `unsure`: it states a digest of an algorithm that is not known.
    """

    offset: int
    fields: dict[str, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    block: bytes = b""
    head_sha256: str = ""
    payload_sha256: str = ""
    payload_bytes: int = 0
    whole: bool = False
    begun: bytes = b""
    unsure: bool = False

    @property
    def kind(self) -> str:
        """Its WARC-Type."""
        return self.fields.get("warc-type", "")

    @property
    def id(self) -> str:
        """Its WARC-Record-ID without angle brackets."""
        return self.fields.get("warc-record-id", "").strip("<>")

    @property
    def is_stated(self) -> bool:
        """Tell whether it states a digest, or has no block to state one of."""
        return bool(self.fields.keys() & _DIGESTS) or self.fields.get("content-length") == "0"

    @property
    def target(self) -> str:
        """Its WARC-Target-URI."""
        return self.fields.get("warc-target-uri", "").strip("<>")


def records(source: Source, *, keep: frozenset[str] = frozenset()) -> Iterator[Record]:
    """Give every record of the source, damaged ones with what is wrong; `keep` names the types whose block is kept.

    After damage the reading goes on at the next place where a record begins.
    """
    begin = source.offset
    while True:
        last: Record | None = None
        try:
            if not source.begin_member():
                return
            begin = source.offset
            while (record := _begun(source)) is not None:
                if last is not None:
                    yield last
                last = record
                _read(source, record, keep)
            if source.spare and last is not None:
                last.wrong.append("bits are set in its gzip member that belong to nothing: one was flipped")
        except Damage as damage:
            last = last or Record(offset=source.offset)
            last.wrong.append(str(damage))
            last.whole = False
            if not _passed(source, last):
                source.resync(max(begin, last.offset + 1))
        if last is not None:
            yield last


def _passed(source: Source, last: Record) -> bool:
    """Try to read the member of a damaged record to its end; False when the member itself is damaged."""
    if not source.is_gzip:
        return False
    try:
        source.skip_member()
    except Damage as damage:
        if str(damage) not in last.wrong:
            last.wrong.append(str(damage))
        return False
    return True


def _begun(source: Source) -> Record | None:
    """Begin the next record of the member; None at the member's end."""
    record = Record(offset=source.offset)
    record.begun = source.line()
    while record.begun in (b"\r\n", b"\n"):  # more line ends than needed between records
        record.offset = source.offset
        record.begun = source.line()
    return record if record.begun else None


def _read(source: Source, record: Record, keep: frozenset[str]) -> None:
    """Read the record to its end. Raises Damage when it has none."""
    if not record.begun.startswith(b"WARC/"):
        raise Damage(f"no WARC record begins here but {record.begun[:16]!r}")
    if not _VERSION.fullmatch(record.begun):
        record.wrong.append(f"its version is none: {record.begun[:16].rstrip()!r}")
    _read_head(source, record)
    stated = record.fields.get("content-length", "")
    if not (stated.isascii() and stated.isdigit()):
        raise Damage(f"Content-Length is {stated!r}")
    _read_block(source, record, int(stated), keep)
    end = source.read(1)
    while len(end) < 4 and (piece := source.read(4 - len(end))):
        end += piece
    if end != b"\r\n\r\n":
        raise Damage("no two line ends after the block: its Content-Length is wrong, or bytes are lost")
    record.whole = True


def _read_head(source: Source, record: Record) -> None:
    last = ""
    while (line := source.line()) not in (b"\r\n", b"\n"):
        if not line.endswith(b"\n"):
            raise Damage("the record is cut inside its head")
        text = line.decode("utf-8", "surrogateescape")
        name, colon, value = text.partition(":")
        if text[0] in " \t" and last:
            record.fields[last] += " " + text.strip()
        elif colon and name.strip():
            last = name.strip().lower()
            _note(record, last, value.strip())
        else:
            raise Damage(f"a line of the record's head is no field: {line[:40]!r}")
    missing = [name for key, name in _NEEDED.items() if not record.fields.get(key)]
    record.wrong += [f"no {name}" for name in missing]
    if (date := record.fields.get("warc-date")) and read_date(date) is None:
        record.wrong.append(f"its WARC-Date is none: {date[:40]!r}")


def _note(record: Record, name: str, value: str) -> None:
    """Note a field of the head; of those that count, only `WARC-Concurrent-To` may stand more than once (ISO, 4)."""
    before = record.fields.get(name)
    if before and name == "content-length" and before != value:
        record.wrong.append(f"it has two lengths: {before[:20]} and {value[:20]}")
    record.fields[name] = f"{before} {value}" if before and name == "warc-concurrent-to" else value


def _read_block(source: Source, record: Record, length: int, keep: frozenset[str]) -> None:
    """Hash the block as it passes and hold it against the digests stated."""
    block = digest_of(record.fields.get("warc-block-digest", ""))
    payload = Payload(is_http=_is_http(record), stated=_payload_stated(record))
    record.unsure = any(digest_of(record.fields[name]) is None for name in _DIGESTS & record.fields.keys())
    kept, left = record.kind in keep and length <= _LARGEST, length
    pieces = []
    while left:
        piece = source.read(min(left, CHUNK))
        if not piece:
            raise Damage(f"the record is cut: {left} of {length} bytes of its block are missing")
        left -= len(piece)
        payload.feed(piece)
        if block is not None:
            block.update(piece)
        if kept:
            pieces.append(piece)
    record.block = b"".join(pieces)
    record.head_sha256 = payload.head_sha256
    record.payload_sha256, record.payload_bytes = payload.sha256.hexdigest(), payload.length
    if block is not None and not block.agrees():
        record.wrong.append("the block does not give its WARC-Block-Digest")
    if payload.disagrees():
        record.wrong.append("the payload does not give its WARC-Payload-Digest")


def _is_http(record: Record) -> bool:
    media = record.fields.get("content-type", "").lower()
    return media.startswith("application/http") or (record.kind in _HTTP and not media)


def _payload_stated(record: Record) -> str:
    """Give the payload digest that this record's own block must give.

    A revisit's and a segment's is of another's block; what a writer cut (WARC-Truncated) may have the whole's.
    """
    elsewhere = record.kind in ("revisit", "continuation") or record.fields.keys() & _ELSEWHERE
    return "" if elsewhere else record.fields.get("warc-payload-digest", "")
