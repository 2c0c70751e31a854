"""What the database before a rebuild still says: what was acknowledged, so that no loss is told that is none.

It may be an old one, put back from a backup: it is believed in what it names, and hardly in what it does not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import DatabaseError

from archive.errors import ArchiveError, Damaged, Unreachable
from archive.folder import Folder
from archive.retold import Lost
from archive.segment import GROUP
from archive.tables import captures
from archive.verify import open_unchanged


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a database names in a file: how many captures, and where the last one ends."""

    captures: int = 0
    end: int = 0


_Files = dict[str, Told]


def check_ours(path: Path) -> None:
    """Refuse to put another database in the place of one that no rebuild may replace. Raises UsageProblem.

    That is another program's, or a newer release's, whose WARC files may tell what this one does not know.
    """
    try:
        with Folder(path) as folder:
            folder.check_which()
            if folder.is_shared and folder.is_empty():  # a server's database that was lost, and made anew
                return
        open_unchanged(path).close()
    except (Damaged, Unreachable):
        return


def real_losses(path: Path, lost: list[Lost], rebuilt: Connection) -> list[Lost]:
    """Give the losses that count, when the old database of this folder can be read; else all of them.

    What a killed crawl left behind a file's last acknowledged byte is none. Captures that the old database names and
    the files do not tell are one, also where nothing in the files shows that something is gone.
    """
    try:
        with Folder(path) as old, old.read() as connection:
            named = _named(connection)
    except (ArchiveError, DatabaseError, UnicodeDecodeError, TypeError):
        return lost
    told = _named(rebuilt)
    left = _left_by_a_kill(lost, named, told)
    found = [one for one in lost if one not in left]
    return found + list(_missing(path, found, named, told))


def _left_by_a_kill(lost: list[Lost], named: _Files, told: _Files) -> list[Lost]:
    """Give the losses that one killed crawl of an outlet explains.

    They are torn, stand behind what was acknowledged, in one file, and not more captures stand there unacknowledged
    than are filed together: where more do, the database is older than the files and cannot tell what was acknowledged.
    """
    torn = [one for one in lost if one.torn and _offset(one) >= named.get(_file(one), Told()).end]
    files = Counter(_outlet(file) for file in {_file(one) for one in torn})
    newer = {outlet: _captures(told, outlet) - _captures(named, outlet) for outlet in files}
    return [one for one in torn if files[_outlet(_file(one))] == 1 and newer[_outlet(_file(one))] <= GROUP]


def _missing(path: Path, found: list[Lost], named: _Files, told: _Files) -> Iterator[Lost]:
    damaged = {_file(one) for one in found if one.kind != "chain"}
    for file, was in sorted(named.items()):
        now = told.get(file, Told())
        if now.captures >= was.captures and now.end >= was.end:
            continue
        gone = not (path / "warc" / file).is_file()
        if gone or file not in damaged:
            what = "the file is gone" if gone else f"it tells {now.captures}, up to byte {now.end}"
            what = f"archive.db names {was.captures} captures in it, up to byte {was.end}: {what}"
            yield Lost(kind="missing", where=file, what=what)


def _named(connection: Connection) -> _Files:
    end = func.max(captures.c.warc_offset + captures.c.warc_length)
    query = select(captures.c.warc_file, func.count(), end).group_by(captures.c.warc_file)
    return {str(file): Told(captures=count, end=int(last or 0)) for file, count, last in connection.execute(query)}


def _captures(files: _Files, outlet: str) -> int:
    return sum(one.captures for file, one in files.items() if _outlet(file) == outlet)


def _file(one: Lost) -> str:
    return one.where.rpartition(":")[0]


def _offset(one: Lost) -> int:
    offset = one.where.rpartition(":")[2]
    return int(offset) if offset.isdigit() else -1


def _outlet(file: str) -> str:
    return file.partition("/")[0]
