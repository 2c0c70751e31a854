"""Copy an archive's database to another one, SQLite or PostgreSQL, row by row with the same ids; all of it or nothing.

A server's database is filled in one transaction, a folder's beside its place and moved there when whole. Counts and
digests of every table, read back from the target, must equal the source's before it is committed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, inspect, select, text, update

from archive import changelog, keeper
from archive.beforehand import keep_before
from archive.errors import Damaged, UsageProblem
from archive.folder import Folder
from archive.migrations import upgrade
from archive.tables import captures, changes, facts, links, metadata

#: Rows fetched and inserted at once.
_ROWS = 500
#: Told the table and how many of its rows are copied.
Report = Callable[[str, int], None]
#: Of each table the number of its rows, and their digest.
Sums = dict[str, tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What was copied: rows by table, and the digest of all."""

    rows: dict[str, int]
    digest: str


def migrate(source: Folder, target: Folder, *, report: Report = lambda table, rows: None) -> Migrated:
    """Copy the source's database to the target's, which must be empty; both are closed by the caller.

    Raises UsageProblem when the target is not empty, AlreadyRunning and Busy when the source is written, Damaged when
    the copy is not equal: then, as after a kill, the target is as it was.
    """
    _check_empty(target)
    with _still(source), target.lock_writes(), source.read() as old:
        fill = _fill_server if target.is_shared else fill_folder
        sums = fill(old, target, report)
    digest = hashlib.sha256(json.dumps(sums, sort_keys=True).encode()).hexdigest()
    return Migrated(rows={name: count for name, (count, _) in sums.items()}, digest=digest)


def replace(server: Folder, rebuilt: Folder) -> None:
    """Put the rows of a rebuilt database in the place of a server's, in one transaction; the old ones are kept.

    The caller holds all locks. The change log goes on behind the old one's numbers, so that every index follows.
    """
    with rebuilt.read() as connection:
        last = changelog.newest(connection)
    if not server.is_empty():
        keep_before(server, "rebuild")
        with server.read() as connection:
            last = max(last, changelog.newest(connection))
    with rebuilt.read() as old, server.database.upgrade() as new:
        upgrade(new)
        kept = [row._mapping for row in new.execute(select(facts).where(facts.c.key.startswith(keeper.PREFIX)))]
        new.execute(text(f"TRUNCATE {', '.join(metadata.tables)}"))
        copy(old, new)
        new.execute(update(changes).values(seq=changes.c.seq + 2 * last))
        _set_sequences(new)
        if kept:
            new.execute(insert(facts), [dict(row) for row in kept])
        server.note_change(changelog.newest(new))


def copy(old: Connection, new: Connection, report: Report = lambda table, rows: None) -> Sums:
    """Copy all rows into the empty tables of another database, in the caller's transaction; give their sums.

    Raises Damaged when what is read back is not equal.
    """
    for table in metadata.sorted_tables:
        copied = 0
        rows = _rows(old, table)
        while some := list(islice(rows, _ROWS)):
            new.execute(insert(table), [dict(zip(table.c.keys(), row, strict=True)) for row in some])
            copied += len(some)
            report(table.name, copied)
    if new.dialect.name == "postgresql":
        _set_sequences(new)
    before, after = sums(old), sums(new)
    if before != after:
        wrong = ", ".join(name for name in before if before[name] != after[name])
        raise Damaged(f"what was copied differs in {wrong}: nothing is changed; run `archive verify` on the source")
    return before


def sums(connection: Connection) -> Sums:
    """Count the rows of every table and digest them, in the order of their keys."""
    found: Sums = {}
    for table in metadata.sorted_tables:
        digest, count = hashlib.sha256(), 0
        for row in _rows(connection, table):
            digest.update(json.dumps(row, default=repr).encode() + b"\n")
            count += 1
        found[table.name] = (count, digest.hexdigest())
    return found


def _rows(connection: Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=_ROWS)
    for row in connection.execute(query):
        yield tuple(row)


def _set_sequences(connection: Connection) -> None:
    """Let the server's own numbers go on behind those that were copied."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None:
            last = connection.execute(select(func.max(column))).scalar_one_or_none()
            if last is not None:
                sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
                connection.execute(select(func.setval(sequence, last)))


def _check_empty(target: Folder) -> None:
    if not target.database.exists():
        return
    with target.read() as connection:
        names = inspect(connection).get_table_names()
    if names or not target.is_shared:
        raise UsageProblem(f"{target.database.name} is not empty: name an empty database to copy to")


@contextmanager
def _still(source: Folder) -> Iterator[None]:
    """Hold every outlet's lock and the write lock of the source."""
    with source.read() as connection:
        named = {
            outlet for table in (captures, links) for outlet in connection.scalars(select(table.c.outlet).distinct())
        }
    with ExitStack() as held:
        for outlet in sorted(named):
            held.enter_context(source.lock_outlet(outlet))
        held.enter_context(source.lock_writes())
        yield


def _fill_server(old: Connection, target: Folder, report: Report) -> Sums:
    with target.database.upgrade() as new:
        upgrade(new)
        copied = copy(old, new, report)
    target.note_server()
    return copied


def fill_folder(old: Connection, target: Folder, report: Report) -> Sums:
    """Fill a database beside the folder's place for one, then move it there."""
    aside = target.path / "archive.db.copy"
    shutil.rmtree(aside, ignore_errors=True)
    with Folder.open(aside, create=True, url="") as folder:
        with folder.write() as new:
            copied = copy(old, new, report)
        with folder.read() as new:
            target.note_change(new.execute(select(func.max(changes.c.seq))).scalar_one_or_none() or 0)
    _sync(aside / "archive.db")
    (aside / "archive.db").replace(target.path / "archive.db")
    _sync(target.path)
    (target.path / "database.txt").unlink(missing_ok=True)
    shutil.rmtree(aside, ignore_errors=True)
    return copied


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
