"""Check the archive's files, database and index against each other. Never repairs anything.

What is checked: each WARC member's gzip CRC, each run's sha256 as the database has it, files that are missing, runs
that no row names (orphans), version digests recomputed from their content, the chain of captures recomputed from the
WARC's own metadata records, rows against those records, SQLite's integrity_check, the index against the change log.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row, select
from warcio.archiveiterator import ArchiveIterator

from archive.articlejson import from_json
from archive.digest import content_digest
from archive.entry import chain_of
from archive.folder import Folder
from archive.tables import captures, documents, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One disagreement: what kind (missing, orphan, damaged, chain, digest, row, database, index), where, and what."""

    kind: str
    where: str
    what: str


@dataclass(slots=True, kw_only=True)
class Report:
    """What was checked and what was found."""

    files: int = 0
    captures: int = 0
    versions: int = 0
    problems: list[Problem] = field(default_factory=list)

    def add(self, kind: str, where: str, what: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(kind=kind, where=where, what=what))


def verify(folder: Folder) -> Report:
    """Check the whole archive; the report names file and record of every problem."""
    report = Report()
    with folder.read() as connection:
        _check_database(connection, report)
        _check_files(connection, folder.warc_dir, report)
        _check_versions(connection, report)
    _check_index(folder, report)
    return report


def _check_database(connection: Connection, report: Report) -> None:
    for (line,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if line != "ok":
            report.add("database", "archive.db", line)


def _check_files(connection: Connection, warc_dir: Path, report: Report) -> None:
    named = set(connection.execute(select(captures.c.warc_file).distinct()).scalars())
    present = {path.relative_to(warc_dir).as_posix() for path in warc_dir.glob("*/*.warc.gz")}
    for name in sorted(named - present):
        report.add("missing", name, "the file is gone, but captures lie in it")
    for name in sorted(present - named):
        if (warc_dir / name).stat().st_size:
            report.add("orphan", name, "no capture of the database lies in this file")
    previous: dict[int, str] = {}
    for name in sorted(present & named):
        report.files += 1
        query = select(captures).where(captures.c.warc_file == name).order_by(captures.c.warc_offset)
        _check_file(warc_dir / name, name, list(connection.execute(query)), previous, report)
    _check_order(connection, previous, report)


def _check_file(path: Path, name: str, rows: list[Row[Any]], previous: dict[int, str], report: Report) -> None:
    """Check that the runs follow each other without a gap and end with the file; each run by itself."""
    with path.open("rb") as file:
        size, end = path.stat().st_size, 0
        for row in rows:
            gap = row.warc_offset - end
            if gap:
                _check_gap(file.read(gap), f"{name}:{end}", report, first=end == 0)
            file.seek(row.warc_offset)
            _check_run(file.read(row.warc_length), row, previous, report)
            end = row.warc_offset + row.warc_length
            file.seek(end)
        if size > end:
            report.add("orphan", f"{name}:{end}", f"{size - end} bytes after the last capture that the database names")


def _check_gap(between: bytes, where: str, report: Report, *, first: bool) -> None:
    """Only the file's own warcinfo may stand outside the captures, and only first."""
    if (
        not first
        or _inflate(between) is None
        or not (_inflate(between) or b"").startswith(b"WARC/1.1\r\nWARC-Type: warcinfo")
    ):
        report.add("orphan", where, f"{len(between)} bytes that no capture of the database names")


def _check_run(run: bytes, row: Row[Any], previous: dict[int, str], report: Report) -> None:
    report.captures += 1
    where = f"{row.warc_file}:{row.warc_offset} (capture {row.id}, {row.url})"
    if len(run) < row.warc_length:
        report.add("missing", where, f"{row.warc_length - len(run)} of {row.warc_length} bytes are gone")
        return
    if hashlib.sha256(run).hexdigest() != row.warc_sha256:
        report.add("damaged", where, "the bytes are not the ones that were filed (sha256 differs)")
        return
    if _inflate(run) is None:
        report.add("damaged", where, "a gzip member does not check (CRC or length)")
        return
    said = metadata_of(run)
    if said is None:
        report.add("damaged", where, "no metadata record")
        return
    _check_chain(said, row, where, previous, report)
    _check_row(said, row, where, report)


def _check_chain(said: dict[str, Any], row: Row[Any], where: str, previous: dict[int, str], report: Report) -> None:
    filed = said.pop("filed", {})
    if chain_of(said) != row.chain or filed.get("chain") != row.chain:
        report.add("chain", where, "the capture's facts do not give its chain digest")
    previous[row.id] = said.get("previous", "")


def _check_order(connection: Connection, previous: dict[int, str], report: Report) -> None:
    """Check that each capture's chain follows its outlet's capture before it, in order of filing."""
    last: dict[str, str] = {}
    query = select(captures.c.id, captures.c.outlet, captures.c.chain).order_by(captures.c.id)
    for row in connection.execute(query):
        if row.id in previous and previous[row.id] != last.get(row.outlet, ""):
            report.add("chain", f"capture {row.id}", f"it does not follow the capture of {row.outlet} before it")
        last[row.outlet] = row.chain


def _check_row(said: dict[str, Any], row: Row[Any], where: str, report: Report) -> None:
    for name in ("outlet", "url", "purpose", "fetched_at", "outcome", "status", "reason", "via", "reading_digest"):
        if said.get(name) != getattr(row, name):
            report.add(
                "row", where, f"{name} is {getattr(row, name)!r} in the database, {said.get(name)!r} in the WARC"
            )


def _check_versions(connection: Connection, report: Report) -> None:
    query = select(versions.c.digest, versions.c.content, versions.c.number, documents.c.name)
    for row in connection.execute(query.join(documents, documents.c.id == versions.c.document_id)):
        report.versions += 1
        if content_digest(from_json(json.loads(row.content))) != row.digest:
            report.add("digest", f"{row.name}@{row.number}", "the content does not give the version's digest")


def _check_index(folder: Folder, report: Report) -> None:
    from archive import index

    if not folder.index_dir.exists():
        return
    behind = index.behind(folder.path)
    if behind is None:
        report.add("index", "index/", "the index cannot be read: `archive search` makes it anew")


def metadata_of(run: bytes) -> dict[str, Any] | None:
    """Give the metadata record of a run of members, or None when it has none."""
    for record in ArchiveIterator(BytesIO(run)):
        if record.rec_type == "metadata":
            said: dict[str, Any] = json.loads(record.content_stream().read())
            return said
    return None


def _inflate(run: bytes) -> bytes | None:
    """Inflate every gzip member to its end, CRC and length checked; None when one fails or is cut."""
    try:
        return b"".join(_members(run))
    except zlib.error:
        return None


def _members(run: bytes) -> Iterator[bytes]:
    while run:
        member = zlib.decompressobj(31)
        yield member.decompress(run)
        if not member.eof:
            raise zlib.error("cut")
        run = member.unused_data
