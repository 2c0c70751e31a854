"""An archive's folder: where its parts lie, and connections to its database.

archive.db      documents, versions, captures, links (SQLite, WAL)
changes.seq     the change log's last number, written before each commit: an upper bound, so never wrongly current
warc/           raw truth, by outlet and day
readings/       readings of new extractions that were accepted or rejected, by outlet
index/          the full-text index, a derived cache
locks/          write.lock and one lock per outlet, each naming its holder
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select

from archive import locks
from archive.config import config
from archive.engine import clear_errors, engine_of
from archive.errors import AlreadyRunning, Busy, Damaged, UsageProblem
from archive.tables import changes, facts, metadata

#: The schema's newest revision; `archive/migrations/versions/` ends with it.
HEAD = "0001"


class Folder:
    """An open archive, closed by `with` or `close`.

    `read()` and `write()` give connections; the caller of `write()` owns one transaction.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._reader = engine_of(path / "archive.db", "ro")
        self._writer = engine_of(path / "archive.db", "rwc")
        self._wrote = False

    @classmethod
    def open(cls, path: Path, *, create: bool = False) -> Folder:
        """Open the archive of this folder, making or migrating it when asked to write.

        Raises UsageProblem when there is none, Damaged when its database cannot be read.
        """
        if not (path / "archive.db").exists() and not create:
            raise UsageProblem(f"there is no archive in {path}: run `crawl run` first, or name its folder by --archive")
        if not (path / "archive.db").exists() and any((path / "warc").glob("*/*.warc.gz")):
            raise Damaged(f"{path / 'archive.db'} is gone, its WARC files are there: run `archive rebuild`")
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageProblem(f"cannot make the archive folder {path}: {error.strerror}") from None
        folder = cls(path)
        try:
            folder._migrate(may_write=create)
        except BaseException:
            folder.close()
            raise
        return folder

    def __enter__(self) -> Folder:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

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
        with clear_errors(self.path), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in one write transaction under the write lock; committed unless an error leaves it."""
        with self._write_lock(), clear_errors(self.path), self._begun() as connection:
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
        """Close the connections, once or again; the last writer's checkpoint happens under the write lock."""
        self._reader.dispose()
        with self._write_lock() if self._wrote else nullcontext():
            self._writer.dispose()
            self._wrote = False

    def _begun(self) -> AbstractContextManager[Connection]:
        self._wrote = True
        return self._writer.begin()

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
        if self.is_foreign():
            raise UsageProblem(f"{self.path / 'archive.db'} is another program's database: choose another --archive")
        if not may_write:
            raise UsageProblem(f"the archive in {self.path} is empty or of an older version: run `crawl run` once")
        with self._write_lock(), clear_errors(self.path):
            if self._revision() != HEAD:
                from archive.migrations import upgrade

                self._wrote = True
                upgrade(self._writer)

    def is_foreign(self) -> bool:
        """Tell whether `archive.db` is another program's: it has tables, and none of ours."""
        if not (self.path / "archive.db").exists():
            return False
        with self.read() as connection:
            names = set(inspect(connection).get_table_names())
        return bool(names) and not names & {"alembic_version", *metadata.tables}

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
