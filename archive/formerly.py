"""What the database before a rebuild still says: what was acknowledged, so that no loss is told that is none."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, func, select

from archive.errors import ArchiveError
from archive.folder import Folder
from archive.retold import Lost
from archive.tables import captures


def real_losses(path: Path, lost: list[Lost], told: int) -> list[Lost]:
    """Give the losses that count, when the old database of this folder can be read; else all of them.

    What a killed crawl left behind a file's last acknowledged byte is none. Captures that the old database names beyond
    those `told`, while nothing else is lost, are one: a file is gone or was cut between two captures.
    """
    try:
        with Folder(path) as old, old.read() as connection:
            ends, named = _ends(connection), _count(connection)
    except ArchiveError:
        return lost
    found = [one for one in lost if not _is_behind(one, ends)]
    if named > told and not found:
        what = f"archive.db names {named} captures, the files tell {told}"
        found.append(Lost(kind="missing", where="warc/", what=what))
    return found


def _is_behind(one: Lost, ends: dict[str, int]) -> bool:
    file, _, offset = one.where.rpartition(":")
    return offset.isdigit() and int(offset) >= ends.get(file, 0)


def _ends(connection: Connection) -> dict[str, int]:
    end = func.max(captures.c.warc_offset + captures.c.warc_length)
    query = select(captures.c.warc_file, end).group_by(captures.c.warc_file)
    return {file: int(last) for file, last in connection.execute(query)}


def _count(connection: Connection) -> int:
    return int(connection.execute(select(func.count(captures.c.id))).scalar_one())
