"""One WARC file of the archive: its captures in order, each where the database says, and what lies between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from sqlalchemy import Row

from archive.verified import At, Clock
from archive.verifyahead import Ahead
from archive.verifyrun import Run, against_rows, content_gives_digest, read_run, sha256_of
from archive.warcrecord import records
from archive.warcsource import Source

if TYPE_CHECKING:
    from archive.verifyfiles import Files

_MAGIC = b"\x1f\x8b\x08"


class Places:
    """One file: its captures in order, what lies between and behind them; `at` is how far the pass is in it."""

    def __init__(self, files: Files, at: At, *, expected: int) -> None:
        self._files = files
        self._report = files.report
        self._at = at
        self._name = at.name
        self._expected = expected
        self._size = 0

    def check(self, file: BinaryIO, clock: Clock) -> bool:
        """Check on from where the pass is; tell whether the file's end was reached."""
        self._size, begin = file.seek(0, 2), self._at.end
        ahead = Ahead(self._files, self._name, self._at.passed)
        whole = self._captures(file, ahead, clock)
        if whole:
            self._tail()
        self._report.bytes += self._at.end - begin
        return whole

    def _captures(self, file: BinaryIO, ahead: Ahead, clock: Clock) -> bool:
        while rows := ahead.rows():
            if not clock.step():
                return False
            if self._has_place(rows[0]):
                self._at.end = self._capture(file, self._at.end, [row for row in rows if _is_placed(row)])
            ahead.passed()
            self._at.passed += 1
        return True

    def _has_place(self, row: Row[Any]) -> bool:
        """Tell whether the row says where its capture lies."""
        if not _is_placed(row):
            where, what = f"{self._name} (capture {row.id})", f"it lies at {(row.warc_offset, row.warc_length)}"
            self._report.add("row", where, what, file=self._name, target=row.url)
        return _is_placed(row)

    def _capture(self, file: BinaryIO, end: int, rows: list[Row[Any]]) -> int:
        """Check the bytes before a capture, and the capture; give its end."""
        row = rows[0]
        if row.warc_offset < end:
            self._tell("row", row, f"it overlaps the capture before it, which ends at byte {end}")
        elif row.warc_offset > end:
            self._between(file, end, row.warc_offset)
        self._report.captures += bool(row.chosen)
        if self._files.quick:
            self._check_place(file, row)
        elif row.chosen:
            self._check_data(file, rows)
        return min(int(row.warc_offset) + int(row.warc_length), self._size - self._at.shift)

    def _between(self, file: BinaryIO, begin: int, end: int) -> None:
        """Only the file's own warcinfo may stand outside the captures, and only first."""
        found = list(records(Source(file, begin=begin + self._at.shift, end=end + self._at.shift)))
        if begin == 0 and [one.kind for one in found] == ["warcinfo"]:
            if found[0].wrong:
                self._add("damaged", begin, "; ".join(found[0].wrong), record=found[0].id)
            return
        whole = next((one for one in found if one.target), None)
        what = f"{end - begin} bytes that no capture of the database names"
        if begin == 0 and whole is None:
            self._add("damaged", begin, "its first record, the file's own, cannot be read")
            return
        known = {"record": whole.id, "target": whole.target} if whole else {}
        self._add("orphan", begin, what + (f": {whole.kind} of {whole.target}" if whole else ""), **known)

    def _tail(self) -> None:
        end = self._at.end
        if left := self._files.unnamed(self._name, end, shift=self._at.shift):
            said = f"{left} bytes behind the last capture that the database names"
            self._add("orphan", end, f"{said} (a kill leaves such; the next crawl files them or keeps them aside)")

    def _check_place(self, file: BinaryIO, row: Row[Any]) -> None:
        """Check that a gzip member begins where the capture lies, and that its bytes are there."""
        if row.warc_offset + row.warc_length > self._size:
            self._cut(row)
            return
        file.seek(row.warc_offset)
        if file.read(3) != _MAGIC:
            self._tell("damaged", row, "no gzip member begins here")

    def _cut(self, row: Row[Any]) -> None:
        gone = min(int(row.warc_length), int(row.warc_offset) + int(row.warc_length) - self._size)
        self._tell("missing", row, f"{gone} of {row.warc_length} bytes are gone")
        self._files.state(row, None)

    def _check_data(self, file: BinaryIO, rows: list[Row[Any]]) -> None:
        row = rows[0]
        self._report.versions += row.first == row.id
        if row.first == row.id and not content_gives_digest(row):
            label = f"{row.document}@{row.number}"
            self._add("digest", row.warc_offset, f"the content does not give the digest of version {label}")
        if self._is_whole(file, row, self._at.shift):
            self._check_run(row, read_run(file, row.warc_offset + self._at.shift, row.warc_length))
        elif not self._moved(file, rows):
            if row.warc_offset + self._at.shift + row.warc_length > self._size:
                self._cut(row)
            else:
                self._check_other(file, row)

    def _check_run(self, row: Row[Any], run: Run) -> None:
        self._report.records += 1
        if run.wrong:
            self._tell("damaged", row, run.wrong, record=run.bad.id if run.bad else None)
            self._files.state(row, None)
            return
        for kind, what in against_rows(row, run):
            self._tell(kind, row, what)
        self._files.state(row, run)

    def _check_other(self, file: BinaryIO, row: Row[Any]) -> None:
        """Tell of bytes that do not give their sha256: damaged, unless only the sha256 in the database is."""
        run = read_run(file, row.warc_offset + self._at.shift, row.warc_length, strict=True)
        if not run.wrong and run.filed.get("chain") == row.chain and not list(against_rows(row, run)):
            self._tell("row", row, "its bytes check, but do not give the sha256 in the database")
        else:
            said = "the bytes are not the ones that were filed (sha256 differs)"
            bad = {"record": run.bad.id or None} if run.bad else {}
            self._tell("damaged", row, f"{said}: {run.wrong}" if run.wrong else said, **bad)
        self._files.state(row, None)

    def _moved(self, file: BinaryIO, rows: list[Row[Any]]) -> bool:
        """Tell of bytes lost or put in before or in this capture, when what follows is whole at another place."""
        delta = file.seek(0, 2) - self._expected
        if not delta or delta == self._at.shift:
            return False
        whole = (place for place, row in enumerate(rows) if self._is_whole(file, row, delta))
        place = next(whole, None)
        if place is None:
            return False
        step, self._at.shift = delta - self._at.shift, delta
        if not place:
            what = f"{abs(step)} bytes " + ("that nothing names stand before it" if step > 0 else "are gone before it")
            self._tell("orphan" if step > 0 else "missing", rows[0], what)
            self._check_run(rows[0], read_run(file, rows[0].warc_offset + delta, rows[0].warc_length))
            return True
        what = f"{-step} bytes are gone here" if step < 0 else f"{step} bytes too many stand in it"
        self._tell("missing" if step < 0 else "orphan", rows[0], f"{what}; what follows is whole")
        self._files.state(rows[0], None)
        return True

    def _is_whole(self, file: BinaryIO, row: Row[Any], shift: int) -> bool:
        """Tell whether the capture's bytes, moved so far, are the ones that were filed."""
        begin = row.warc_offset + shift
        if begin < 0 or begin + row.warc_length > file.seek(0, 2):
            return False
        return sha256_of(file, begin, row.warc_length) == str(row.warc_sha256)

    def _tell(self, kind: str, row: Row[Any], what: str, *, record: str | None = None) -> None:
        where = f"{self._name}:{row.warc_offset} (capture {row.id}, {row.url})"
        known = {"file": self._name, "offset": row.warc_offset, "record": record, "target": row.url}
        self._report.add(kind, where, what, **known)

    def _add(self, kind: str, offset: int, what: str, **more: Any) -> None:
        self._report.add(kind, f"{self._name}:{offset}", what, file=self._name, offset=offset, **more)


def _is_placed(row: Row[Any]) -> bool:
    """Tell whether a row says where its capture lies: a damaged one may say anything."""
    return all(isinstance(value, int) and value >= 0 for value in (row.warc_offset, row.warc_length))
