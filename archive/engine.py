"""Engines on an archive's SQLite file, and the database's own errors told as the archive's."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import StaticPool

from archive import locks
from archive.errors import Busy, Damaged, DiskFull, UsageProblem

#: Bytes: with less room than this, a write that fails for no stated reason failed for want of room.
_ROOM = 2**20
_MEND = "restore a backup, or run `archive rebuild`"


def engine_of(database: Path, mode: str) -> Engine:
    """Make an engine on the SQLite file; the writer keeps one connection, whose transactions begin IMMEDIATE."""
    writer = mode != "ro"
    url = f"sqlite+pysqlite:///file:{_quoted(database)}?mode={mode}{_immutable(database)}&uri=true"
    options: dict[str, Any] = {"poolclass": StaticPool} if writer else {}
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, **options)

    @event.listens_for(engine, "connect")
    def _prepare(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None
        for pragma in _pragmas(writer):
            raw.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine


def _immutable(database: Path) -> str:
    """Read a read-only copy (a backup, a CD) as it stands: SQLite could not make the files of its log there."""
    log = database.with_name("archive.db-wal")
    still = not (log.exists() and log.stat().st_size)
    return "&immutable=1" if still and database.exists() and not os.access(database.parent, os.W_OK) else ""


def _pragmas(writer: bool) -> list[str]:
    """FULL: an acknowledged commit survives a power cut. Only the writer, under its lock, may checkpoint."""
    if writer:
        return ["journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=1000"]
    return ["query_only=ON", "wal_autocheckpoint=0"]


def _quoted(path: Path) -> str:
    return str(path.absolute()).replace("%", "%25").replace("?", "%3f").replace("#", "%23")


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn the database's own errors into the archive's."""
    try:
        yield
    except OperationalError as error:
        text = str(error.orig)
        if "full" in text or ("disk I/O" in text and (not os.access(path, os.W_OK) or _is_cramped(path))):
            raise DiskFull(str(path)) from error
        if "locked" in text:
            raise Busy(str(path), locks.holder(path / "locks" / "write.lock")) from error
        if ("unable to open" in text or "readonly" in text) and (shut := _shut(path)):
            raise UsageProblem(f"{shut} is closed to this user: give it the rights of the whole folder") from error
        raise Damaged(f"the database of {path} answers {text!r}: run `archive verify`") from error
    except DatabaseError as error:
        if "integrity" in type(error).__name__.lower():
            raise
        raise Damaged(f"the database of {path} answers {str(error.orig)!r}: {_MEND}") from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # From below SQLAlchemy: a connection's first statements, text of a damaged schema or row that is no UTF-8.
        raise Damaged(f"the database of {path} cannot be read ({error}): {_MEND}") from error


def _shut(path: Path) -> Path | None:
    """Give what of the database's files or their folder this user may not use; None when that is not the matter."""
    files = [file for file in sorted(path.glob("archive.db*")) if not os.access(file, os.R_OK | os.W_OK)]
    return next(iter(files), None if os.access(path, os.R_OK | os.W_OK | os.X_OK) else path)


def _is_cramped(path: Path) -> bool:
    """Tell whether there is hardly room left, on the disk or under the process's limit of a file's size.

    SQLite calls the second one a disk I/O error.
    """
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    largest = max((file.stat().st_size for file in path.glob("archive.db*")), default=0)
    return shutil.disk_usage(path).free < _ROOM or (limit != resource.RLIM_INFINITY and largest + _ROOM > limit)
