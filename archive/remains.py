"""What a withdrawn text may still stand in when database and WARC files are clean: old states, exports, index, free
pages of the database.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from sqlalchemy import Connection, select

from archive import exports, index
from archive.folder import Folder
from archive.members import Record, records
from archive.tables import documents
from archive.unfiled import unfiled
from archive.withdrawn import addresses

#: Databases of old, whole or half built: a rebuild's, a migration's.
_OLD = ("archive.db.*", "index.old", "index.new", "archive.db-journal")


def clear(folder: Folder, names: list[str]) -> list[str]:
    """Clean all of it of these documents; give what was deleted or changed, in words."""
    # What was copied to a server stays in the folder, too.
    told = _old_states(folder.path, (*_OLD, "archive.db*") if folder.is_shared else _OLD)
    with folder.read() as connection:
        told += _unfiled(connection, folder.warc_dir, names)
    told += exports.clean(folder.path, names)
    if folder.index_dir.is_dir():
        index.rebuild(folder)
    folder.database.give_back()
    return told


def _old_states(path: Path, patterns: tuple[str, ...]) -> list[str]:
    told = []
    for pattern in patterns:
        for old in sorted(path.glob(pattern)):
            shutil.rmtree(old) if old.is_dir() else old.unlink()
            told.append(f"deleted {old.name}: it held the archive as it was before")
    return told


def _unfiled(connection: Connection, warc_dir: Path, names: list[str]) -> list[str]:
    """Delete what was set aside of these documents' addresses."""
    mine = connection.execute(select(documents.c.id).where(documents.c.name.in_(names))).scalars().all()
    urls = {url for one in mine for url in addresses(connection, one)}
    told = []
    for path in unfiled(warc_dir):
        with path.open("rb") as file:
            there = any(isinstance(one, Record) and one.url in urls for one in records(file))
        if there:
            path.unlink()
            told.append(f"deleted {path.relative_to(warc_dir)}: what was set aside there held the withdrawn text")
    return told
