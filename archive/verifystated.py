"""What captures and accepted readings state of extractions, held against the extractions in the database.

Of the captures that one extraction read to the same version, the first one's reading was stored; so each stored
extraction must be stated by one of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from archive import readings, verifyrows
from archive.errors import Damaged
from archive.report import Report
from archive.verifyfile import verify_file
from archive.verifyrun import Run

_Key = tuple[str, int, str, str, str]


class Stated:
    """Notes the extractions that were stated while the captures pass by."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._stored: dict[tuple[int, str], Row[Any]] = {}
        self._seen: set[int] = set()
        self._unsure: set[int] = set()
        self._lost: list[str] = []

    def fetch(self, connection: Connection, rows: list[Row[Any]]) -> None:
        """Fetch the extractions of the versions that these captures show."""
        wanted = sorted({row.version_id for row in rows if isinstance(row.version_id, int)})
        self._stored = verifyrows.extractions_of(connection, wanted)

    def note(self, row: Row[Any], run: Run | None) -> None:
        """Note what this capture states; without a run, that nobody knows what it stated."""
        if row.version_id is None:
            return
        if run is None:
            self._unsure.add(row.version_id)
            return
        facts = run.facts
        if facts.get("identity") is None or facts.get("reading_digest") is None:
            return
        stored = self._stored.get((row.version_id, facts["identity"]))
        if stored is None:
            self._lost.append(f"{row.document}@{row.number}, read by {facts['identity'][:12]} (capture {row.id})")
        elif (stored.digest, stored.template) == (facts["reading_digest"], facts.get("template")):
            self._seen.add(stored.id)

    def check(self, connection: Connection, report: Report) -> None:
        """Tell of extractions that are lost, and of stored ones that nothing states."""
        accepted = set(self._accepted(report))
        for where in self._lost:
            report.add("row", where, "the extraction that the capture states is not in the database")
        for row in verifyrows.all_extractions(connection):
            key = (row.name, row.number, row.identity, row.template, row.digest)
            if row.id not in self._seen and row.version_id not in self._unsure and key not in accepted:
                report.add("row", f"{row.name}@{row.number}", f"no capture states the extraction by {row.identity!r}")

    def _accepted(self, report: Report) -> Iterator[_Key]:
        """Give the readings that were accepted, their files checked."""
        for path in sorted((self._folder / "readings").glob("*/*.warc.gz")):
            verify_file(path, report)
        for outlet in sorted((self._folder / "readings").glob("*")):
            try:
                for verdict in readings.verdicts(self._folder, outlet.name):
                    for one in readings.accepted(verdict) if verdict.accepted else ():
                        yield one.document, one.number, one.identity, one.template, one.digest
            except (Damaged, ValueError, KeyError, TypeError, StopIteration):
                report.notes.append(f"the readings accepted for {outlet.name} cannot all be read")
