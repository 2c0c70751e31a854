"""A copy of the database as it was, made before its schema is brought up: by SQLite's own backup, or row by row.

The copy is a SQLite file in the archive's folder. A kill while it is made leaves a file that ends in `.new`.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, MetaData, create_engine, insert, select

if TYPE_CHECKING:
    from archive.folder import Folder

_ROWS = 500


def keep_before(folder: Folder, what: str) -> Path:
    """Keep the database as `archive.db.before-WHAT`; the caller holds the write lock. Gives the file."""
    kept = folder.path / f"archive.db.before-{what}"
    new = kept.with_name(kept.name + ".new")
    new.unlink(missing_ok=True)
    if folder.is_shared:
        with folder.read() as connection:
            _copy_any(connection, new)
    else:
        with closing(sqlite3.connect(folder.path / "archive.db")) as old, closing(sqlite3.connect(new)) as copy:
            old.backup(copy)
    return new.replace(kept)


def _copy_any(connection: Connection, file: Path) -> None:
    """Copy all tables, whatever their schema's revision, without its rules: to be looked at, and copied back."""
    found = MetaData()
    found.reflect(connection)
    for table in found.tables.values():
        for column in table.columns:
            column.server_default = None
            if hasattr(column.type, "collation"):
                column.type.collation = None
        table.indexes.clear()
    engine = create_engine(f"sqlite:///{file}")
    with engine.begin() as new:
        found.create_all(new)
        for table in found.sorted_tables:
            rows = connection.execute(select(table).execution_options(yield_per=_ROWS))
            for some in rows.mappings().partitions(_ROWS):
                new.execute(insert(table), [dict(row) for row in some])
    engine.dispose()
