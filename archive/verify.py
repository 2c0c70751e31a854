"""Check the archive's files, database and index against each other. Never repairs anything.

Structure (`quick`): files present, their sizes, captures that follow each other without a gap, gzip members where the
database says, SQLite's quick_check, the index against the change log. Data: every capture's bytes by their sha256,
every member by its CRC, every record by its digests, every row by what its WARC records state, the chain, the versions'
digests, SQLite's integrity_check, the index's own checksums. Without one of them named, both.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from archive import verifyrows
from archive.errors import Damaged, UsageProblem
from archive.folder import HEAD, Folder
from archive.report import Problem, Report
from archive.verified import Verified
from archive.verifyfiles import Files
from archive.verifyindex import check_index

__all__ = ["Asked", "Problem", "Report", "open_unchanged", "verify"]

#: SQLite tells how it is getting on every so many of its steps.
_STEPS = 100_000
#: What a damaged database answers; a damaged schema may be no UTF-8.
_UNREADABLE = (DatabaseError, UnicodeDecodeError)
_MEND = "restore a backup, or run `archive rebuild`"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What to check: captures filed since then, for so many seconds at most."""

    quick: bool = False
    since: datetime | None = None
    seconds: float | None = None


def open_unchanged(path: Path) -> Folder:
    """Open the archive to look at it, never to make or migrate it. Raises UsageProblem, Damaged."""
    if not (path / "archive.db").exists():
        if any((path / "warc").glob("*/*.warc.gz")):
            raise Damaged(f"{path / 'archive.db'} is gone, its WARC files are there: run `archive rebuild`")
        raise UsageProblem(f"there is no archive in {path}: run `crawl run` first, or name its folder by --archive")
    folder = Folder(path)
    try:
        if folder.is_foreign():
            folder.close()
            raise UsageProblem(f"{path / 'archive.db'} is another program's database: choose another --archive")
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
    """Check the archive; the report names file and record of every problem."""
    asked, report = asked or Asked(), Report()
    deadline = None if asked.seconds is None else time.monotonic() + asked.seconds
    verified = Verified(folder.path)
    files = Files(folder, report, since=asked.since, quick=asked.quick)
    with _told(report):
        _check_database(folder, report, quick=asked.quick or asked.since is not None, deadline=deadline)
    with _told(report):
        files.check(verified, deadline)
    if report.complete:
        with _told(report):
            _check_rest(folder, report, files, whole=asked.since is None)
        check_index(folder, report, data=not asked.quick and asked.since is None)
    if not asked.quick:
        verified.save()
    return report


@contextmanager
def _told(report: Report) -> Iterator[None]:
    """Turn what the database cannot answer into a problem, so that the rest is checked all the same."""
    try:
        yield
    except (Damaged, OverflowError, *_UNREADABLE) as error:
        report.add("database", "archive.db", _reason(error), file="archive.db")


def _reason(error: Exception) -> str:
    """Give what the database itself said."""
    while isinstance(error.__cause__, DatabaseError):
        error = error.__cause__
    return str(error.orig) if isinstance(error, DatabaseError) else str(error)


def _check_database(folder: Folder, report: Report, *, quick: bool, deadline: float | None) -> None:
    """Let SQLite check itself, for half of the time that is left."""
    until = None if deadline is None else (time.monotonic() + deadline) / 2
    with folder.read() as connection, _interrupted(connection, until):
        try:
            checks = ["quick_check"] if quick else ["integrity_check", "foreign_key_check"]
            for check in checks:
                for row in connection.exec_driver_sql(f"PRAGMA {check}"):
                    if row[0] != "ok":
                        report.add("database", "archive.db", _said(check, tuple(row)), file="archive.db")
        except DatabaseError as error:
            if str(error.orig) != "interrupted":
                raise
            report.notes.append("time ran out in the database's own check")


def _said(check: str, row: tuple[Any, ...]) -> str:
    if check == "foreign_key_check":
        return f"row {row[1]} of {row[0]} names a row of {row[2]} that is not there"
    return str(row[0])


@contextmanager
def _interrupted(connection: Connection, deadline: float | None) -> Iterator[None]:
    """Interrupt what the connection asks at the deadline."""
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    if deadline is not None:
        raw.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, _STEPS)


def _check_rest(folder: Folder, report: Report, files: Files, *, whole: bool) -> None:
    """Check the rows that belong to no one capture."""
    with files.reading() as connection:
        for where, what in verifyrows.left_over(connection):
            report.add("row", where, what)
        for where, what in verifyrows.bad_chains(connection):
            report.add("chain", where, what)
        if whole and files.finished and not files.quick:
            files.check_extractions(connection)
