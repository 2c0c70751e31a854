"""An archive's folder: where its parts lie, and connections to its database.

archive.db      documents, versions, captures, links (SQLite, WAL)
changes.seq     the change log's last number, written before each commit: an upper bound, so never wrongly current
warc/           raw truth, by outlet and day
index/          the full-text index, a derived cache
locks/          write.lock and one lock per outlet, each naming its holder
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select
from sqlalchemy.exc import DatabaseError, OperationalError
from sqlalchemy.pool import StaticPool

from archive import locks
from archive.config import config
from archive.errors import AlreadyRunning, Busy, Damaged, DiskFull, UsageProblem
from archive.tables import changes, facts

#: The schema's newest revision; `archive/migrations/versions/` ends with it.
HEAD = "0001"


class Folder:
    """An open archive. `read()` and `write()` give connections; the caller of `write()` owns one transaction."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reader = _engine(path / "archive.db", "ro")
        self._writer = _engine(path / "archive.db", "rwc")
        self._wrote = False

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> Folder:
        """Open the archive of this folder, making or migrating it when asked to write.

        Raises UsageProblem when there is none, Damaged when its database cannot be read.
        """
        if not (path / "archive.db").exists() and not create:
            raise UsageProblem(f"there is no archive in {path}: run `crawl run` first, or name its folder by --archive")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageProblem(f"cannot make the archive folder {path}: {error.strerror}") from None
        folder = cls(path)
        folder._migrate(may_write=create)
        return folder

    @property
    def warc_dir(self) -> Path:
        """Where the WARC files lie."""
        return self.path / "warc"

    @property
    def index_dir(self) -> Path:
        """Where the full-text index lies."""
        return self.path / "index"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a read-only connection; it never writes and never checkpoints."""
        with _clear_errors(self.path), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in one write transaction under the write lock; committed unless an error leaves it."""
        with self._write_lock(), _clear_errors(self.path), self._writer.begin() as connection:
            self._wrote = True
            before = connection.execute(select(func.max(changes.c.seq))).scalar_one_or_none() or 0
            yield connection
            after = connection.execute(select(func.max(changes.c.seq))).scalar_one_or_none() or 0
            if after != before:
                self._note_change(after)

    def lock_outlet(self, outlet: str) -> AbstractContextManager[None]:
        """Hold the outlet's lock: one crawl of an outlet at a time. Raises AlreadyRunning."""
        path = self.path / "locks" / f"outlet-{outlet}.lock"
        return locks.hold(path, wait=0, busy=lambda pid: AlreadyRunning(f"a crawl of {outlet}", pid))

    def fact(self, key: str) -> str | None:
        """Give a fact of the archive as a whole, or None."""
        with self.read() as connection:
            return connection.execute(select(facts.c.value).where(facts.c.key == key)).scalar_one_or_none()

    def close(self) -> None:
        """Close the connections; the last writer's checkpoint happens under the write lock."""
        self._reader.dispose()
        if self._wrote:
            with self._write_lock():
                self._writer.dispose()
            self._wrote = False

    def _write_lock(self) -> AbstractContextManager[None]:
        path = self.path / "locks" / "write.lock"
        return locks.hold(path, wait=config().write_wait, busy=lambda pid: Busy(str(self.path), pid))

    def _note_change(self, seq: int) -> None:
        new = self.path / "changes.seq.new"
        new.write_text(f"{seq}\n", encoding="ascii")
        new.replace(self.path / "changes.seq")

    def _migrate(self, *, may_write: bool) -> None:
        """Make or bring up the schema, when asked to write; another program's database is never touched."""
        found = self._revision()
        if found == HEAD:
            return
        if found is None and self._has_tables():
            raise UsageProblem(f"{self.path / 'archive.db'} is another program's database: choose another --archive")
        if not may_write:
            raise UsageProblem(f"the archive in {self.path} is empty or of an older version: run `crawl run` once")
        with self._write_lock(), _clear_errors(self.path):
            if self._revision() != HEAD:
                from archive.migrations import upgrade

                upgrade(self._writer)
                self._wrote = True

    def _has_tables(self) -> bool:
        if not (self.path / "archive.db").exists():
            return False
        with self.read() as connection:
            return bool(inspect(connection).get_table_names())

    def _revision(self) -> str | None:
        if not (self.path / "archive.db").exists():
            return None
        with self.read() as connection:
            if not connection.dialect.has_table(connection, "alembic_version"):
                return None
            found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if found is not None and found > HEAD:
            raise UsageProblem(f"the archive {self.path} was written by a newer luuchieu (schema {found}): update it")
        return found


def _engine(database: Path, mode: str) -> Engine:
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
def _clear_errors(path: Path) -> Iterator[None]:
    """Turn the database's own errors into the archive's."""
    try:
        yield
    except OperationalError as error:
        text = str(error.orig)
        if "full" in text or ("disk I/O" in text and not os.access(path, os.W_OK)):
            raise DiskFull(str(path)) from error
        if "locked" in text:
            raise Busy(str(path), locks.holder(path / "locks" / "write.lock")) from error
        raise Damaged(f"the database of {path} answers {text!r}: run `archive verify`") from error
    except DatabaseError as error:
        if "integrity" in type(error).__name__.lower():
            raise
        raise Damaged(f"the database of {path} answers {str(error.orig)!r}: restore a backup") from error
