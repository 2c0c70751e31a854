"""SQL of a rebuild under way: how far each WARC file was told, and what could not be told.

Its two tables stand in the database being built, are committed with the captures they speak of, and are dropped when
that database is whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Connection, MetaData, String, Table, func, select
from sqlalchemy.dialects import sqlite

from archive.retold import Lost
from archive.segment import Place
from archive.tables import captures

_metadata = MetaData()
_told = Table(
    "rebuild_told",
    _metadata,
    Column("file", String, primary_key=True),
    Column("end", BigInteger, nullable=False),
)
_lost = Table(
    "rebuild_lost",
    _metadata,
    Column("where", String, primary_key=True),
    Column("what", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("torn", Boolean, nullable=False),
)


def begin(connection: Connection) -> None:
    """Make the tables."""
    _metadata.create_all(connection)


def end(connection: Connection) -> None:
    """Drop the tables: the database is whole."""
    _metadata.drop_all(connection)


def is_under_way(connection: Connection) -> bool:
    """Tell whether a rebuild of this database was begun and not ended."""
    return connection.dialect.has_table(connection, _told.name)


def note(connection: Connection, ends: dict[str, int], lost: Iterable[Lost]) -> None:
    """Note how far the files were told, and what was lost."""
    for file, end_ in ends.items():
        row = sqlite.insert(_told).values(file=file, end=end_)
        connection.execute(row.on_conflict_do_update(index_elements=["file"], set_={"end": end_}))
    for one in lost:
        connection.execute(sqlite.insert(_lost).values(**asdict(one)).on_conflict_do_nothing())


def ends(connection: Connection) -> dict[str, int]:
    """Give how far each file was told."""
    return {row.file: int(row.end) for row in connection.execute(select(_told))}


def losses(connection: Connection) -> list[Lost]:
    """Give what was lost so far."""
    query = select(_lost).order_by(_lost.c.where, _lost.c.what)
    return [Lost(**row) for row in connection.execute(query).mappings()]


def last_chains(connection: Connection) -> dict[str, str]:
    """Give each outlet's last chain digest."""
    last = select(func.max(captures.c.id)).group_by(captures.c.outlet)
    query = select(captures.c.outlet, captures.c.chain).where(captures.c.id.in_(last))
    return {row.outlet: row.chain for row in connection.execute(query)}


def last_runs(connection: Connection) -> list[tuple[Place, str]]:
    """Give the last run told of each file, with its sha256: they tell whether the files are still the same."""
    last = select(captures.c.warc_file, func.max(captures.c.warc_offset)).group_by(captures.c.warc_file).subquery()
    same = (captures.c.warc_file == last.c[0]) & (captures.c.warc_offset == last.c[1])
    rows: list[Any] = list(connection.execute(select(captures).join(last, same)))
    return [(Place(file=r.warc_file, offset=r.warc_offset, length=r.warc_length), r.warc_sha256) for r in rows]


def database_of(folder: Path) -> Path:
    """Give where a rebuild of this folder's archive builds: an archive folder of its own inside it."""
    return folder / "archive.db.new"
