"""Check the archive's files, database and index against each other. Never repairs anything.

Structure (`quick`): files present, their sizes, captures that follow each other without a gap, gzip members where the
database says, SQLite's quick_check, the index against the change log. Data: every capture's bytes by their sha256,
every member by its CRC, every record by its digests, every row by what its WARC records state, the chain, the versions'
digests, SQLite's integrity_check, the index's own checksums. Without one of them named, both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import DatabaseError

from archive import verifyrows
from archive.errors import Damaged, UsageProblem
from archive.folder import HEAD, Folder
from archive.keeper import elsewhere
from archive.report import Problem, Report
from archive.verified import Clock, Pass, Verified
from archive.verifyfiles import Files
from archive.verifyindex import check_index

__all__ = ["Asked", "Problem", "Report", "open_unchanged", "verify"]

_LATE = "database late"
#: What a damaged database answers; a damaged schema may be no UTF-8.
_UNREADABLE = (DatabaseError, UnicodeDecodeError)
_MEND = "restore a backup, or run `archive rebuild`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to check: captures filed since then, for so many seconds at most."""

    quick: bool = False
    since: datetime | None = None
    seconds: float | None = None

    @property
    def kind(self) -> str:
        """Name the kind of check: each has a pass of its own under way."""
        return ("quick" if self.quick else "data") + (" since" if self.since else "")


def open_unchanged(path: Path) -> Folder:
    """Open the archive to look at it, never to make or migrate it. Raises UsageProblem, Damaged."""
    folder = Folder(path)
    folder.check_there(create=False)
    try:
        if folder.is_foreign():
            folder.close()
            raise UsageProblem(f"{folder.database.name} is another program's database: choose another --archive")
        if folder.is_shared and folder.is_empty():
            raise UsageProblem(f"there is no archive in {folder.database.name}: run `crawl run` first")
        with folder.read() as connection:
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    except (Damaged, *_UNREADABLE) as error:
        folder.close()
        raise Damaged(f"the database of {path} cannot be read ({_reason(error)}): {_MEND}") from None
    if found != HEAD:
        folder.close()
    if str(found).isdigit() and len(str(found)) == len(HEAD) and str(found) > HEAD:
        raise UsageProblem(f"the archive {path} was written by a newer luuchieu (schema {found}): update it")
    if found != HEAD:
        raise Damaged(f"the database of {path} has schema {found!r}, not {HEAD}: run a crawl once, or {_MEND}")
    return folder


def verify(folder: Folder, asked: Asked | None = None) -> Report:
    """Check the archive; the report names file and record of every problem.

    With a limit of time it goes on with the pass that an earlier check began, and reports what both found.
    """
    asked = asked or Asked()
    verified, clock = Verified(folder.path), Clock(asked.seconds)
    going = _going(folder, asked, verified)
    if _run(folder, asked, going, clock):
        verified.ended(asked.kind)
    else:
        _stopped(going, kept=verified.stopped(asked.kind, going))
    return going.report


def _going(folder: Folder, asked: Asked, verified: Verified) -> Pass:
    """Give the pass to go on with: the one under way while the database is the same, or a new one."""
    since = asked.since.isoformat() if asked.since else ""
    going = verified.under_way(asked.kind, since=since) if asked.seconds is not None else None
    try:
        with folder.read() as connection:
            mark = folder.database.mark(connection)
            if going is None or not verifyrows.is_same(connection, mark, going.bound):
                return Pass(bound=verifyrows.bound(connection, mark), since=since)
    except (Damaged, *_UNREADABLE):  # the steps tell of it
        return Pass(bound=verifyrows.EVERYTHING, since=since)
    report = going.report
    report.notes.append(f"goes on with an earlier check: {report.captures} captures, {len(report.problems)} problem(s)")
    return going


def _run(folder: Folder, asked: Asked, going: Pass, clock: Clock) -> bool:
    """Take the steps of the pass that are left; tell whether all are done, or time ran out."""
    files = Files(folder, going, since=asked.since, quick=asked.quick)
    light, whole = asked.quick or asked.since is not None, asked.since is None
    steps: dict[str, Callable[[], bool | None]] = {
        "database": lambda: _check_database(folder, going, quick=light, clock=clock),
        "orphans": files.check_orphans,
        "files": lambda: files.check(clock),
        "database again": lambda: _LATE not in going.done or _check_database(folder, going, quick=light, clock=clock),
        "rest": lambda: _check_rest(files, whole=whole),
        "index": lambda: check_index(folder, going.report, data=whole and not asked.quick),
    }
    for name in [one for one in steps if one not in going.done]:
        if name != "files" and not clock.step():
            return False
        done: bool | None = None
        with _told(going.report, folder.database.label):
            done = steps[name]() is not False
        if done is False:
            return False
        going.done |= {name} if done else {name, f"{name} failed"}
    return True


def _stopped(going: Pass, *, kept: bool) -> None:
    report, at = going.report, going.at
    report.complete = False
    where = f"{at.name}:{at.end}" if at.name and at.name not in going.done else "what is left"
    then = f"the next check goes on with {where}" if kept else "it cannot be kept, so the next check begins anew"
    report.notes.append(f"time ran out after {report.files} files, {report.captures} captures; {then}")


@contextmanager
def _told(report: Report, label: str) -> Iterator[None]:
    """Turn what the database cannot answer into a problem, so that the rest is checked all the same."""
    try:
        yield
    except (Damaged, OverflowError, *_UNREADABLE) as error:
        report.add("database", label, _reason(error), file=label)


def _reason(error: Exception) -> str:
    """Give what the database itself said."""
    while isinstance(error.__cause__, DatabaseError):
        error = error.__cause__
    return str(error.orig) if isinstance(error, DatabaseError) else str(error)


def _check_database(folder: Folder, going: Pass, *, quick: bool, clock: Clock) -> bool:
    """Let the database check itself, which SQLite does whole or not at all; False: that is left for the next run.

    Of a limited time it may take half. When that was too little it is tried again at the pass's end, and then with all
    the time of a run; what does not fit into that is not checked, and said.
    """
    report, late = going.report, _LATE in going.done
    before = len(report.problems)
    database = folder.database
    with folder.read() as connection, database.limited(connection, clock.share(1.0 if late else 0.5)):
        try:
            for said in database.check(connection, quick=quick):
                report.add("database", database.label, said, file=database.label)
        except DatabaseError as error:
            if str(error.orig) != "interrupted":
                raise
            del report.problems[before:]
            going.done.add(_LATE)
            if late and clock.steps == 1:
                report.notes.append("SQLite's own check of the database takes longer: run once without --max-duration")
            return not late or clock.steps == 1
    return True


def _check_rest(files: Files, *, whole: bool) -> None:
    """Check the rows that belong to no one capture."""
    report = files.report
    with files.reading() as connection:
        for where, what in (*verifyrows.left_over(connection), *verifyrows.withdrawals(connection)):
            report.add("row", where, what)
        for where, what in verifyrows.bad_chains(connection):
            report.add("chain", where, what)
        # What captures state is known whole only where all files were read, those of other machines too.
        if whole and not elsewhere(files.folder) and not files.quick and "files failed" not in files.going.done:
            files.check_extractions(connection)
