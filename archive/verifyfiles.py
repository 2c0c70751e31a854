"""The archive's WARC files held against the database, both ways, capture by capture."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from archive import verifyrows
from archive.folder import Folder
from archive.holders import outlet_held
from archive.report import Report
from archive.verified import Verified
from archive.verifyplaces import Places
from archive.verifyrun import Run
from archive.verifystated import Stated


class Files:
    """Checks the files into a report; knows what the captures of a full check stated."""

    def __init__(self, folder: Folder, report: Report, *, since: datetime | None, quick: bool) -> None:
        self.folder = folder
        self.report = report
        self.since = since
        self.quick = quick
        self.finished = False
        self._stated = Stated(folder.path)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that also reads text which is no UTF-8 any more."""
        with self.folder.read() as connection:
            raw: Any = connection.connection.driver_connection
            before, raw.text_factory = raw.text_factory, lambda text: text.decode("utf-8", "surrogateescape")
            try:
                yield connection
            finally:
                raw.text_factory = before

    def check(self, verified: Verified, deadline: float | None) -> None:
        """Check every file, or until the deadline those that were not checked for the longest time."""
        named = self._named()
        names = list(named) if deadline is None else verified.oldest_first(list(named))
        for number, name in enumerate(names):
            begin = verified.until(name) if deadline is not None else 0
            one = Places(self, name, expected=named[name])
            stopped = one.check(begin if begin <= named[name] else 0, deadline)
            if stopped is not None:
                verified.stopped(name, stopped)
                self.report.complete = False
                far = f"{number} of {len(names)} files, {self.report.captures} captures"
                self.report.notes.append(f"time ran out after {far}; the next check goes on with {name}:{stopped}")
                return
            if not self.quick and self.since is None and not one.problems:
                verified.done(name, datetime.now(UTC))
        self.finished = True

    def _named(self) -> dict[str, int]:
        """Give the files to check, telling of those that are gone or that nothing names."""
        with self.reading() as connection:
            named = verifyrows.files(connection)
            wanted = verifyrows.files_since(connection, self.since) if self.since else set(named)
        present = {path.relative_to(self.folder.warc_dir).as_posix(): path for path in self._present()}
        for name in sorted(named.keys() - present.keys()):
            self.report.add("missing", name, "the file is gone, but captures lie in it", file=name)
        for name in sorted(present.keys() - named.keys()):
            self._orphan(name, present[name].stat().st_size)
        return {name: named[name] for name in sorted(present.keys() & wanted)}

    def _present(self) -> Iterator[Path]:
        return self.folder.warc_dir.glob("*/*.warc.gz")

    def _orphan(self, name: str, size: int) -> None:
        if size and not self.in_flight(name, size):
            self.report.add("orphan", name, "no capture of the database lies in this file", file=name)

    def in_flight(self, name: str, size: int) -> bool:
        """Tell whether bytes behind the last capture may be those that a crawl is filing right now."""
        holder = outlet_held(self.folder.path, name.partition("/")[0])
        if holder is not None:
            self.report.notes.append(f"{name}: {size} bytes are being filed by process {holder.pid}")
        return holder is not None

    def state(self, row: Row[Any], run: Run | None) -> None:
        """Note what a capture states of extractions; `None` when it cannot be read any more."""
        self._stated.note(row, run)

    def with_extractions(self, connection: Connection, rows: list[Row[Any]]) -> None:
        """Fetch the extractions that these captures may state."""
        self._stated.fetch(connection, rows)

    def check_extractions(self, connection: Connection) -> None:
        """Hold every extraction against what captures and accepted readings stated."""
        self._stated.check(connection, self.report)
