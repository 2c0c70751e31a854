"""An archive's database in its own folder: `archive.db` (SQLite), written under `locks/write.lock`."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from archive import holders, locks
from archive.config import config
from archive.engine import clear_errors, engine_of
from archive.errors import AlreadyRunning, Busy
from archive.wal import check_log

#: SQLite tells how it is getting on every so many of its steps.
_STEPS = 100_000


class Embedded:
    """The SQLite database of a folder, for one machine."""

    is_shared = False

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path / "archive.db"
        self.name = str(self.file)
        self._reader = engine_of(self.file, "ro")
        self._writer = engine_of(self.file, "rwc")
        self._wrote = False

    @property
    def label(self) -> str:
        """Name the database within its folder."""
        return self.file.name

    def mark(self, connection: Connection) -> int:
        """Give a number that stays while this is the same database, neither restored nor rebuilt."""
        return self.file.stat().st_ino

    def check(self, connection: Connection, *, quick: bool) -> Iterator[str]:
        """Let SQLite check itself; give what it finds wrong."""
        for (said,) in connection.exec_driver_sql(f"PRAGMA {'quick_check' if quick else 'integrity_check'}"):
            if said != "ok":
                yield str(said)
        for row in () if quick else connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"row {row[1]} of {row[0]} names a row of {row[2]} that is not there"

    @contextmanager
    def lenient(self, connection: Connection) -> Iterator[None]:
        """Read also text which is no UTF-8 any more."""
        raw: Any = connection.connection.driver_connection
        before, raw.text_factory = raw.text_factory, lambda text: text.decode("utf-8", "surrogateescape")
        try:
            yield
        finally:
            raw.text_factory = before

    @contextmanager
    def limited(self, connection: Connection, deadline: float | None) -> Iterator[None]:
        """Interrupt what the connection asks at the deadline (by the monotonic clock)."""
        raw = connection.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        if deadline is not None:
            raw.set_progress_handler(lambda: int(time.monotonic() > deadline), _STEPS)
        try:
            yield
        finally:
            raw.set_progress_handler(None, _STEPS)

    def size(self) -> int:
        """Give the bytes of the database's files."""
        return sum(file.stat().st_size for file in self.path.glob("archive.db*") if file.is_file())

    def exists(self) -> bool:
        """Tell whether there is a database file."""
        return self.file.exists()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a read-only connection; it never writes and never checkpoints."""
        with clear_errors(self.path), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """Give a connection in one write transaction under the write lock."""
        with self.lock_writes(), self._begun() as connection:
            yield connection

    @contextmanager
    def upgrade(self) -> Iterator[Connection]:
        """Give a connection in the transaction that brings the schema up; the caller holds the write lock."""
        with self._begun() as connection:
            yield connection

    def lock_writes(self) -> AbstractContextManager[None]:
        """Hold the write lock. Raises Busy."""
        path = self.path / "locks" / "write.lock"
        return locks.hold(path, wait=config().write_wait, busy=lambda pid: Busy(str(self.path), pid))

    def outlet_holder(self, outlet: str) -> str | None:
        """Say which process holds the outlet's lock, None when nobody does."""
        found = holders.outlet_held(self.path, outlet)
        return found.pid if found else None

    def lock_outlet(self, outlet: str) -> AbstractContextManager[None]:
        """Hold the outlet's lock. Raises AlreadyRunning."""
        path = self.path / "locks" / f"outlet-{outlet}.lock"
        return locks.hold(path, wait=0, busy=lambda pid: AlreadyRunning(f"a crawl of {outlet}", pid))

    def give_back(self) -> None:
        """Write the file anew, so that no free page and no log holds what was in it once. Raises Busy."""
        with self.lock_writes(), clear_errors(self.path):
            raw = sqlite3.connect(self.file, timeout=config().write_wait)
            try:
                raw.execute("PRAGMA secure_delete=ON")
                raw.execute("VACUUM")
                self._empty_log(raw)
            finally:
                raw.close()

    def _empty_log(self, raw: sqlite3.Connection) -> None:
        """Bring the write-ahead log into the file and cut it to nothing; a reader may have to end first."""
        deadline = time.monotonic() + config().write_wait
        while raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > deadline:
                raise Busy(str(self.path), "unknown, which reads it")
            time.sleep(0.1)

    def close(self) -> None:
        """Close the connections, once or again; the last writer's checkpoint happens under the write lock."""
        self._reader.dispose()
        with self.lock_writes() if self._wrote else nullcontext():
            self._writer.dispose()
            self._wrote = False

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        if not self._wrote:
            check_log(self.file, self._writer)
        self._wrote = True
        with clear_errors(self.path), self._writer.begin() as connection:
            yield connection
