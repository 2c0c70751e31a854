"""Check one WARC file of any writer by itself: every byte of it must be what the file says it is.

Compressed members are inflated to their end (CRC and length), records held against their Content-Length and digests,
`WARC-Concurrent-To` against the records of the file. What no file can tell of itself stays unseen: records lost whole
from its end, unless another one names them, changes in a plain file whose records state no digest, and the few bits of
compressed data whose change leaves what is inflated as it was (another distance to the same word).
"""

from __future__ import annotations

import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archive.errors import UsageProblem
from archive.report import Report
from archive.warcrecord import Record, records
from archive.warcsource import Source

#: A gzip header that differs from all others of its file is damaged when there are at least so many others.
_OTHERS = 4
#: The part of a gzip header that is a time; a writer that writes times may write two that differ by seconds.
_TIME = 1
_HOUR = 3600
_TEXT = bytes([*b"\t\n\r", *range(0x20, 0x7F)])
_ZSTD = b"\x28\xb5\x2f\xfd"


def verify_file(path: Path, report: Report, *, deadline: float | None = None) -> None:
    """Check the file, into the report; stop at the deadline (of `time.monotonic`). Raises UsageProblem."""
    try:
        with path.open("rb") as file:
            begun = _begun(file)
            if begun.startswith(_ZSTD):
                raise UsageProblem(f"{path} is compressed with zstd: decompress it (zstd -d) and check the WARC")
            if what := _other(begun):
                report.files += 1
                report.add("damaged", str(path), f"it is no WARC file but {what}", file=str(path), offset=0)
                return
            _check(Source(file, strict=True), str(path), report, deadline)
    except OSError as error:
        raise UsageProblem(f"cannot read {path}: {error.strerror or error}") from None


def instead(path: Path) -> str:
    """Say what a file is instead of a WARC, told by how it begins; nothing when it may be one. Raises OSError."""
    with path.open("rb") as file:
        begun = _begun(file)
    if begun.startswith(_ZSTD):
        return "a file compressed with zstd: decompress it first (zstd -d)"
    return _other(begun) if begun else "an empty one"


def _begun(file: BinaryIO) -> bytes:
    """Give the first bytes, inflated when they can be."""
    packed = file.read(4096)
    try:
        return zlib.decompressobj(31).decompress(packed, 512) or packed
    except zlib.error:
        return packed


def _other(begun: bytes) -> str:
    """Say what a file is that begins like something else, or nothing: damage may have any form."""
    if begun.startswith(b"PK\x03\x04"):
        return "a ZIP file: unzip it first (a WACZ has its WARC files in archive/)"
    lower = begun.lstrip().lower()
    if lower.startswith((b"<!doctype", b"<html", b"<?xml")):
        return "a page or XML"
    if begun.startswith(b"%PDF-"):
        return "a PDF"
    if begun.startswith(b"filedesc://"):
        return "an ARC file, the format before WARC"
    is_text = bool(begun) and not begun.translate(None, _TEXT) and b"WARC" not in begun
    return f"text that begins {begun[:24].decode('ascii')!r}" if is_text else ""


def _check(source: Source, name: str, report: Report, deadline: float | None) -> None:
    report.files += 1
    headers, references, count, unsure = Headers(), References(), 0, 0
    for record in records(source):
        count += 1
        report.records += 1
        headers.see(record, source)
        if references.see(record):
            record.wrong.append("its WARC-Record-ID is also another record's")
        unsure += record.whole and (record.unsure or not (source.is_gzip or record.is_stated))
        if record.wrong:
            _tell(report, "damaged", name, record, "; ".join(record.wrong))
        if deadline is not None and time.monotonic() > deadline:
            report.complete = False
            report.notes.append(f"{name}: time ran out after {count} records, at byte {source.offset}")
            return
    report.bytes += source.offset
    if not count:
        report.add("damaged", name, "it is empty: there is no WARC record in it", file=name, offset=0)
    for record, what in headers.odd():
        _tell(report, "damaged", name, record, what)
    for record, missing in references.dangling():
        _tell(report, "missing", name, record, f"it names a concurrent record that is not here: {missing}")
    report.notes += [f"{name}: {note}" for note in references.notes()]
    if unsure:
        report.notes.append(f"{name}: {unsure} record(s) state no digest known here: a change in them stays unseen")


def _tell(report: Report, kind: str, name: str, record: Record, what: str) -> None:
    said = f"{name}:{record.offset} ({record.kind or 'no record'} {record.id} {record.target}".rstrip() + ")"
    known = {"offset": record.offset, "record": record.id or None, "target": record.target or None}
    report.add(kind, said, what, file=name, **known)


class Headers:
    """The gzip headers of a file's members: flags, time, level and system, which no CRC covers.

    One writer writes them all alike, so a single one that differs by a single bit was changed.
    """

    def __init__(self) -> None:
        self._counts: list[Counter[int]] = [Counter(), Counter(), Counter(), Counter()]
        self._first: list[dict[int, Record]] = [{}, {}, {}, {}]
        self._last = -1

    def see(self, record: Record, source: Source) -> None:
        """Note the header of the member that the record lies in."""
        if len(source.header) < 11 or record.offset == self._last:
            return
        self._last = record.offset
        for place, part in _parts(source.header):
            if len(self._counts[place]) < 3 or part in self._counts[place]:
                self._counts[place][part] += 1
                self._first[place].setdefault(part, Record(offset=record.offset, fields=record.fields))

    def odd(self) -> list[tuple[Record, str]]:
        """Give the members whose header alone differs from all others in the file."""
        found = []
        for place, counts in enumerate(self._counts):
            if len(counts) == 2 and min(counts.values()) == 1 and counts.total() > _OTHERS:
                (usual, _), (odd, _) = counts.most_common()
                clocks = place == _TIME and usual and abs(usual - odd) < _HOUR
                if (usual ^ odd).bit_count() == 1 and not clocks:
                    found.append(
                        (self._first[place][odd], "one bit of its gzip header differs from all other members'")
                    )
        return found


def _parts(header: bytes) -> Iterator[tuple[int, int]]:
    """Give flags, time, level and system of a gzip header (RFC 1952); not the level of data stored uncompressed."""
    yield 0, header[3]
    yield _TIME, int.from_bytes(header[4:8], "little")
    if header[3] or header[10] >> 1 & 3:
        yield 2, header[8]
    yield 3, header[9]


class References:
    """`WARC-Concurrent-To`: which records name each other, and which of those named are not in the file."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._waiting: dict[int, tuple[Record, str]] = {}
        self._kept = 0

    def see(self, record: Record) -> bool:
        """Note a record and those that it names; tell whether another one of this name was noted."""
        again = bool(record.id) and hash(record.id) in self._seen
        self._seen.add(hash(record.id))
        if self._waiting.pop(hash(record.id), None):
            self._kept += 1
        for named in record.fields.get("warc-concurrent-to", "").split():
            name = named.strip("<>")
            if hash(name) in self._seen:
                self._kept += 1
            else:
                slim = Record(offset=record.offset, fields=record.fields)
                self._waiting[hash(name)] = (slim, name)
        return again

    def dangling(self) -> list[tuple[Record, str]]:
        """Give the references that lead nowhere; none when all do, for then the file is a selection of another."""
        return list(self._waiting.values()) if self._kept else []

    def notes(self) -> list[str]:
        """Say what is not damage, yet worth knowing."""
        if self._waiting and not self._kept:
            return [f"all {len(self._waiting)} references between records lead out of this file"]
        return []
