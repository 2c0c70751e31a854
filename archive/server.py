"""An archive's database on a PostgreSQL server, which several machines may share.

One session of this process writes, and holds the locks of the outlets that it files. When that session is lost, so are
its locks: this process then writes no more, for another machine may have the outlet already.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from archive import advisory, locks
from archive.config import config
from archive.errors import AlreadyRunning, ArchiveError, Busy, Unreachable
from archive.postgres import clear_errors, engine_of, name_of, url_of, who

_WAIT = text("SELECT set_config('lock_timeout', :wait, true), pg_backend_pid()")
# Which file holds the table: another one after the tables were filled anew.
_MARK = text("SELECT pg_relation_filenode('captures'::regclass)::bigint")
_INVALID = text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT indisvalid OR NOT indisready")
_TAKEN_TOO_LONG = "55P03"


class Server:
    """A PostgreSQL database; `path` is the folder of this machine, or of all, in which the files lie."""

    is_shared = True

    def __init__(self, path: Path, url: str) -> None:
        self.path = path
        self.url = url_of(url)
        self.name = name_of(self.url)
        self._reader = engine_of(self.url, writer=False)
        self._writer = engine_of(self.url, writer=True)
        self._beside = engine_of(self.url, writer=True, kept=False)
        self.who = who()
        self._mine = threading.Lock()
        self._held: set[str] = set()
        self._session: int | None = None

    @property
    def label(self) -> str:
        """Name the database."""
        return self.name

    def mark(self, connection: Connection) -> int:
        """Give a number that stays while this is the same database, neither restored nor rebuilt."""
        return int(connection.execute(_MARK).scalar_one())

    def check(self, connection: Connection, *, quick: bool) -> Iterator[str]:
        """Ask the server what it knows to be wrong. It keeps foreign keys by itself, and has no check of all pages."""
        for (name,) in connection.execute(_INVALID):
            yield f"the index {name} is not valid: run REINDEX INDEX {name}"

    @contextmanager
    def lenient(self, connection: Connection) -> Iterator[None]:
        """Read as ever: the server holds no text that is no UTF-8."""
        yield

    @contextmanager
    def limited(self, connection: Connection, deadline: float | None) -> Iterator[None]:
        """Let what the connection asks take its time: it is short."""
        yield

    def size(self) -> int:
        """Give the bytes of the database on its server."""
        with self.read() as connection:
            return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())

    def exists(self) -> bool:
        """Tell that there is a database: the server says otherwise when it is asked."""
        return True

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a read-only connection that sees one state of the database."""
        with clear_errors(self.url), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Give a connection in one write transaction; writers follow each other. Raises Busy, Unreachable."""
        with self._connected() as connection:
            self._take_turn(connection)
            yield connection

    @contextmanager
    def claim(self) -> Iterator[Connection]:
        """Give a connection in a short transaction that waits for no writer: for leases only."""
        with clear_errors(self.url), self._beside.begin() as connection:
            yield connection

    @contextmanager
    def upgrade(self) -> Iterator[Connection]:
        """Give a connection in the transaction that brings the schema up; the caller holds the write lock."""
        with self._connected() as connection:
            yield connection

    @contextmanager
    def lock_writes(self) -> Iterator[None]:
        """Hold the write lock, so that no machine writes but this session. Raises Busy."""
        with self._lock(advisory.WRITE, wait=config().write_wait, busy=lambda who: Busy(self.name, who)):
            yield

    def outlet_holder(self, outlet: str) -> str | None:
        """Say which process of which machine holds the outlet's lock, None when nobody does."""
        with self.read() as connection:
            return advisory.holder(connection, advisory.outlet_key(outlet))

    @contextmanager
    def lock_outlet(self, outlet: str) -> Iterator[None]:
        """Hold the outlet's lock, on all machines and in this folder. Raises AlreadyRunning."""

        def busy(who: str) -> Exception:
            return AlreadyRunning(f"a crawl of {outlet}", who)

        with self._lock(advisory.outlet_key(outlet), wait=0, busy=busy):
            path = self.path / "locks" / f"outlet-{outlet}.lock"
            with locks.hold(path, wait=0, busy=busy):
                yield

    def give_back(self) -> None:
        """Let the server write the tables anew that held text: its own log and backups are its keeper's matter."""
        engine = engine_of(self.url, writer=True)
        try:
            with clear_errors(self.url), engine.connect() as connection:
                alone = connection.execution_options(isolation_level="AUTOCOMMIT")
                for table in ("versions", "observations", "shingles", "paragraphs", "relations"):
                    alone.exec_driver_sql(f"VACUUM (FULL) {table}")
        finally:
            engine.dispose()

    def close(self) -> None:
        """Close the connections, once or again."""
        self._reader.dispose()
        self._writer.dispose()
        self._beside.dispose()

    @contextmanager
    def _connected(self) -> Iterator[Connection]:
        """Give the one writing connection, in a transaction. Raises Unreachable when its locks are lost."""
        if not self._mine.acquire(timeout=config().write_wait):
            raise Busy(self.name, str(os.getpid()))
        try:
            with clear_errors(self.url), self._writer.begin() as connection:
                session = connection.execute(_WAIT, {"wait": "0"}).one()[1]
                if self._held and session != self._session:
                    raise Unreachable(self.name, "the connection that held the locks was lost")
                self._session = session
                yield connection
        finally:
            self._mine.release()

    def _take_turn(self, connection: Connection) -> None:
        connection.execute(_WAIT, {"wait": _milliseconds(config().write_wait)})
        try:
            connection.execute(advisory.TURN, {"name": advisory.WRITE})
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != _TAKEN_TOO_LONG:
                raise
            with self.read() as reader:
                raise Busy(self.name, advisory.holder(reader, advisory.WRITE) or "unknown") from None

    @contextmanager
    def _lock(self, key: str, *, wait: float, busy: locks.Busy) -> Iterator[None]:
        with self._connected() as connection:
            if who := advisory.acquire(connection, key, wait=wait):
                raise busy(who)
            self._held.add(key)
        try:
            yield
        finally:
            # A session that was lost has let go already.
            with suppress(ArchiveError), self._connected() as connection:
                advisory.release(connection, key)
            self._held.discard(key)


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))
