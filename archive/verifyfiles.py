"""The archive's WARC files held against the database, both ways, capture by capture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from archive import verifyrows
from archive.folder import Folder
from archive.keeper import elsewhere
from archive.unfiled import captures_in, unfiled
from archive.verified import At, Clock, Pass
from archive.verifyplaces import Places
from archive.verifyrun import Run
from archive.verifystated import Stated

#: Looked at so often, bytes that nothing names are no crawl's that ended in between.
_LOOKS = 2
#: The names that the archive reads: those that it gives, and others of their form.
_OURS = re.compile(r"[^/]+/[^/]+\.warc\.gz")


class Files:
    """Checks the files of a pass, from where it is."""

    def __init__(self, folder: Folder, going: Pass, *, since: datetime | None, quick: bool) -> None:
        self.folder = folder
        self.going = going
        self.report = going.report
        self.since = since
        self.quick = quick
        self._stated = Stated(folder.path, going)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that also reads text which is no UTF-8 any more."""
        with self.folder.read() as connection, self.folder.database.lenient(connection):
            yield connection

    def check(self, clock: Clock) -> bool:
        """Check the files of the pass that are left; tell whether all are done, or time ran out."""
        with self.reading() as connection:
            named = verifyrows.files(connection, self.going.bound)
            wanted = verifyrows.files_since(connection, self.since, self.going.bound) if self.since else set(named)
        away = elsewhere(self.folder)
        for outlet in sorted({name.partition("/")[0] for name in named} & away.keys()):
            self.report.notes.append(f"the WARC files of {outlet} are in {away[outlet]}: check them there")
        for name in sorted(name for name in named if name.partition("/")[0] not in away):
            if name not in self.going.done and not self._check_one(name, clock, named[name], read=name in wanted):
                return False
            self.going.done.add(name)
        return True

    def _check_one(self, name: str, clock: Clock, expected: int, *, read: bool) -> bool:
        path = self.folder.warc_dir / name
        try:
            if not path.is_file():
                self.report.add("missing", name, "the file is gone, but captures lie in it", file=name)
                self._unread(name)
                return True
            return not read or self._check_places(path, name, clock, expected)
        except OSError as error:
            self.report.add("damaged", name, f"it cannot be read ({error.strerror})", file=name)
            self._unread(name)
            return True

    def _unread(self, name: str) -> None:
        """Note that nobody knows what the captures of a file state: their rows are not told one by one."""
        with self.reading() as connection:
            self.going.unsure |= verifyrows.versions_in(connection, name)

    def _check_places(self, path: Path, name: str, clock: Clock, expected: int) -> bool:
        if self.going.at.name != name:
            self.going.at = At(name=name)
            self.report.files += 1
        with path.open("rb") as file:
            return Places(self, self.going.at, expected=expected).check(file, clock)

    def check_orphans(self) -> None:
        """Tell of files that no capture names."""
        with self.reading() as connection:
            named = verifyrows.files(connection, self.going.bound)
        present = {path.relative_to(self.folder.warc_dir).as_posix() for path in self._present()}
        for name in sorted(present - named.keys()):
            if not _OURS.fullmatch(name):
                self.report.add("orphan", name, "the archive reads no file of this name at this place", file=name)
            elif self.unnamed(name, 0) or not (self.folder.warc_dir / name).is_file():
                self.report.add("orphan", name, "no capture of the database lies in this file", file=name)
        for path in unfiled(self.folder.warc_dir):
            name = path.relative_to(self.folder.warc_dir).as_posix()
            what = f"{captures_in(path)} captures set aside: `crawl replay FILE` files its pages, then delete it"
            self.report.add("unfiled", name, what, file=name)

    def _present(self) -> Iterator[Path]:
        """Give the WARC files at any place and of any ending, but what was set aside or is being rewritten."""
        for path in self.folder.warc_dir.rglob("*.warc*"):
            if path.parent.name != "unfiled" and path.suffix != ".new":
                yield path

    def unnamed(self, name: str, end: int, *, shift: int = 0) -> int:
        """Give how many bytes stand behind `end` that the database does not name by now and no crawl is filing."""
        left = 0
        for _ in range(_LOOKS):
            size = self._size(name)
            with self.reading() as connection:
                left = size - shift - max(end, verifyrows.end_of(connection, name))
            if left <= 0 or self._in_flight(name, left):
                return 0
        return left

    def _size(self, name: str) -> int:
        path = self.folder.warc_dir / name
        return path.stat().st_size if path.exists() else 0

    def _in_flight(self, name: str, size: int) -> bool:
        """Tell whether a crawl is at work that may be filing these bytes right now."""
        holder = self.folder.database.outlet_holder(name.partition("/")[0])
        if holder is not None:
            self.report.notes.append(f"{name}: {size} bytes are being filed by process {holder}")
        return holder is not None

    def state(self, row: Row[Any], run: Run | None) -> None:
        """Note what a capture states of extractions; `None` when it cannot be read any more."""
        self._stated.note(row, run)

    def with_extractions(self, connection: Connection, rows: list[Row[Any]]) -> None:
        """Fetch the extractions that these captures may state."""
        self._stated.fetch(connection, rows)

    def check_extractions(self, connection: Connection) -> None:
        """Hold every extraction against what captures and accepted readings stated."""
        self._stated.check(connection)
