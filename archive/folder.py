"""An archive's folder: where its parts lie, and connections to its database.

archive.db      documents, versions, captures, links (SQLite, WAL); with ARCHIVE_DATABASE_URL they are on that server
database.txt    which server that is, without its password
changes.seq     the change log's last number, written before each commit: an upper bound, so never wrongly current
warc/           raw truth, by outlet and day
readings/       readings of new extractions that were accepted or rejected, by outlet
index/          the full-text index, a derived cache
locks/          write.lock and one lock per outlet, each naming its holder
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, inspect, select

from archive.config import config
from archive.embedded import Embedded
from archive.errors import Damaged, UsageProblem
from archive.tables import changes, facts, metadata

if TYPE_CHECKING:
    from archive.server import Server

#: The schema's newest revision; `archive/migrations/versions/` ends with it.
HEAD = "0001"


class Folder:
    """An open archive, closed by `with` or `close`.

    `read()` and `write()` give connections; the caller of `write()` owns one transaction.
    """

    def __init__(self, path: Path, *, url: str | None = None) -> None:
        """Take the database that the configuration names, or this one; an empty `url` is the folder's own."""
        self.path = path
        self.database = _database(path, config().database_url if url is None else url)
        self._checked = False

    @classmethod
    def open(cls, path: Path, *, create: bool = False, url: str | None = None) -> Folder:
        """Open the archive of this folder, making or migrating it when asked to write.

        Raises UsageProblem when there is none, Damaged when its database cannot be read, Unreachable.
        """
        folder = cls(path, url=url)
        try:
            folder.check_there(create=create)
            folder._make()
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

    @property
    def is_shared(self) -> bool:
        """Tell whether other machines may write the same database."""
        return self.database.is_shared

    @property
    def server(self) -> Server:
        """Give the server's database of a shared archive. Raises TypeError when there is none."""
        if isinstance(self.database, Embedded):
            raise TypeError(f"{self.database.name} is on no server")
        return self.database

    def read(self) -> AbstractContextManager[Connection]:
        """Give a read-only connection; it never writes and never checkpoints."""
        return self.database.read()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a connection in one write transaction under the write lock; committed unless an error leaves it."""
        with self.database.begin() as connection:
            before = connection.execute(select(func.max(changes.c.seq))).scalar_one_or_none() or 0
            self._check_index(before)
            yield connection
            after = connection.execute(select(func.max(changes.c.seq))).scalar_one_or_none() or 0
            if after != before:
                self.note_change(after)

    def lock_outlet(self, outlet: str) -> AbstractContextManager[None]:
        """Hold the outlet's lock: one crawl of an outlet at a time. Raises AlreadyRunning."""
        return self.database.lock_outlet(outlet)

    def lock_writes(self) -> AbstractContextManager[None]:
        """Hold the write lock beyond a transaction. Raises Busy."""
        return self.database.lock_writes()

    def fact(self, key: str) -> str | None:
        """Give a fact of the archive as a whole, or None."""
        with self.read() as connection:
            return connection.execute(select(facts.c.value).where(facts.c.key == key)).scalar_one_or_none()

    def close(self) -> None:
        """Close the connections, once or again."""
        self.database.close()

    def note_change(self, seq: int) -> None:
        """Note the change log's last number beside the database, before the commit that makes it true."""
        new = self.path / "changes.seq.new"
        new.write_text(f"{seq}\n", encoding="ascii")
        new.replace(self.path / "changes.seq")

    def _check_index(self, newest: int) -> None:
        """Before the first write: an index that followed changes which the database lost must not stay."""
        if not self._checked and self.index_dir.exists() and self._noted() > newest:
            from archive import index

            index.discard_ahead(self, newest)
        self._checked = True

    def _noted(self) -> int:
        try:
            return int((self.path / "changes.seq").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0

    def check_there(self, *, create: bool = False) -> None:
        """Raise UsageProblem or Damaged when there is no database where the folder's should be."""
        self.check_which()
        there, noted = self.database.exists(), self.path / "database.txt"
        if not self.is_shared and (create or not there) and noted.exists():
            server = noted.read_text(encoding="utf-8", errors="replace").strip()
            back = f", or delete {noted} to go back to archive.db" if there else ""
            raise UsageProblem(f"the database of {self.path} is {server}: set ARCHIVE_DATABASE_URL to it{back}")
        if there:
            return
        if self._has_files():
            raise Damaged(f"{self.database.name} is gone, its WARC files are there: run `archive rebuild`")
        if not create:
            missing = f"there is no archive in {self.path}: run `crawl run` first, or name its folder by --archive"
            raise UsageProblem(missing)

    def check_which(self) -> None:
        """Raise UsageProblem when the folder is an archive by itself, as a backup is, and a server is configured."""
        if self.is_shared and (self.path / "archive.db").exists() and not (self.path / "database.txt").exists():
            how = "unset ARCHIVE_DATABASE_URL to use that, or copy it to the server by `archive migrate-database`"
            raise UsageProblem(f"{self.path} has an archive.db of its own: {how}")

    def _has_files(self) -> bool:
        return any(self.warc_dir.glob("*/*.warc.gz"))

    def _make(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageProblem(f"cannot make the archive folder {self.path}: {error.strerror}") from None

    def _migrate(self, *, may_write: bool) -> None:
        """Make or bring up the schema, when asked to write; another program's database is never touched."""
        found = self._revision()
        if found == HEAD:
            if may_write and self.is_shared and not (self.path / "database.txt").exists():
                self.note_server()
            return
        if self.is_foreign():
            other = "choose another database" if self.is_shared else "choose another --archive"
            raise UsageProblem(f"{self.database.name} is another program's database: {other}")
        if self.is_shared and found is None:
            self._check_unused()
        if not may_write:
            where = f"{self.path}" if not self.is_shared else self.database.name
            raise UsageProblem(f"the archive in {where} is empty or of an older version: run `crawl run` once")
        with self.database.lock_writes():
            if (found := self._revision()) != HEAD:
                self._upgrade(found)

    def _check_unused(self) -> None:
        """Raise when the server's database is empty and the folder's files belong to another one."""
        how = "`archive migrate-database` copies it there, or unset ARCHIVE_DATABASE_URL"
        if (self.path / "archive.db").exists():
            raise UsageProblem(f"{self.path} has its archive.db, and {self.database.name} is empty: {how}")
        if self._has_files():
            raise Damaged(f"{self.database.name} is empty, the WARC files are there: run `archive rebuild`")

    def _upgrade(self, found: str | None) -> None:
        from archive.migrations import upgrade

        if found is not None:
            from archive.beforehand import keep_before

            keep_before(self, found)
        with self.database.upgrade() as connection:
            upgrade(connection)
        if self.is_shared:
            self.note_server()

    def note_server(self) -> None:
        """Note beside the files which server's database they belong to."""
        (self.path / "database.txt").write_text(self.database.name + "\n", encoding="utf-8")

    def is_foreign(self) -> bool:
        """Tell whether the database is another program's: it has tables, and none of ours."""
        if not self.database.exists():
            return False
        with self.read() as connection:
            names = set(inspect(connection).get_table_names())
        return bool(names) and not names & {"alembic_version", *metadata.tables}

    def is_empty(self) -> bool:
        """Tell whether the database has no tables at all."""
        with self.read() as connection:
            return not inspect(connection).get_table_names()

    def _revision(self) -> str | None:
        if not self.database.exists():
            return None
        with self.read() as connection:
            if not connection.dialect.has_table(connection, "alembic_version"):
                return None
            found: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if found is not None and found > HEAD:
            raise UsageProblem(f"the archive {self.path} was written by a newer luuchieu (schema {found}): update it")
        return found


def is_there(path: Path) -> bool:
    """Tell whether this folder has a database; a server's is there until the server says otherwise."""
    with Folder(path) as folder:
        return folder.database.exists()


def _database(path: Path, url: str) -> Embedded | Server:
    if not url:
        return Embedded(path)
    # A command that stays with SQLite does not pay for PostgreSQL's driver.
    from archive.server import Server

    return Server(path, url)
