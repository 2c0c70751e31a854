"""What captures and accepted readings state of extractions, held against the extractions in the database.

Of the captures that one extraction read to the same version, the first one's reading was stored; so each stored
extraction must be stated by one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from archive import readings, reextract, verifyrows
from archive.errors import Damaged
from archive.report import Report
from archive.verified import Pass
from archive.verifyfile import verify_file
from archive.verifyrun import Run

_Key = tuple[str, int, str, str, str]


class Stated:
    """Notes, in the pass, the extractions that were stated while the captures go by."""

    def __init__(self, folder: Path, going: Pass) -> None:
        self._folder = folder
        self._going = going
        self._fetched: dict[tuple[int, str], Row[Any]] = {}
        self._stored: dict[tuple[int, str], Row[Any]] = {}
        self._rejected: set[tuple[str, str]] = set()

    def fetch(self, connection: Connection, rows: Iterable[Row[Any]]) -> None:
        """Fetch the extractions of the versions that these captures show; those fetched before them stay known."""
        wanted = sorted({row.version_id for row in rows if isinstance(row.version_id, int)})
        before, self._fetched = self._fetched, verifyrows.extractions_of(connection, wanted)
        self._stored = before | self._fetched
        self._rejected = reextract.all_rejected(connection)

    def note(self, row: Row[Any], run: Run | None) -> None:
        """Note what this capture states; without a run, that nobody knows what it stated."""
        if row.version_id is None:
            return
        if run is None:
            self._going.unsure.add(row.version_id)
            return
        facts = run.facts
        if facts.get("identity") is None or facts.get("reading_digest") is None:
            return
        stored = self._stored.get((row.version_id, facts["identity"]))
        if stored is None:
            if (row.outlet, facts["identity"]) not in self._rejected:
                where = f"{row.document}@{row.number}, read by {facts['identity'][:12]} (capture {row.id})"
                self._going.report.add("row", where, "the extraction that the capture states is not in the database")
        elif (stored.digest, stored.template) == (facts["reading_digest"], facts.get("template")):
            self._going.seen.add(stored.id)

    def check(self, connection: Connection) -> None:
        """Tell of stored extractions that nothing states, once every capture was noted."""
        going = self._going
        accepted = set(self._accepted(going.report))
        for row in verifyrows.all_extractions(connection, going.bound):
            key = (row.name, row.number, row.identity, row.template, row.digest)
            if row.id not in going.seen and row.version_id not in going.unsure and key not in accepted:
                what = f"no capture states the extraction by {row.identity!r}"
                going.report.add("row", f"{row.name}@{row.number}", what)

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
