"""A WARC file written anew without some captures' content, its other captures byte for byte as they were.

The new file is whole beside the old one before it takes its place, within the transaction that tells the database
where its captures lie now. What a kill between the two leaves is told by a journal and mended by `recover`. The caller
holds the outlet's lock.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, bindparam, select, update

from archive.errors import Damaged
from archive.folder import Folder
from archive.segment import Place, read
from archive.strip import is_stripped, stripped
from archive.tables import captures

_JOURNAL = "rewriting.json"
_PIECE = 2**20


def rewrite(folder: Folder, file: str, drop: Mapping[int, str]) -> int:
    """Write the file anew; `drop` maps a capture's offset in it to why its content goes. Give the bytes saved.

    What is already without is left as it is; so is the file when there is nothing to do.
    """
    path = folder.warc_dir / file
    runs = _runs(folder, file, drop)
    if not runs:
        return 0
    before = path.stat().st_size
    new = path.with_name(path.name + ".new")
    with folder.read() as connection:
        here = select(captures.c.warc_offset, captures.c.warc_length, captures.c.warc_sha256)
        known = connection.execute(here.where(captures.c.warc_file == file).order_by(captures.c.warc_offset)).all()
    with path.open("rb") as source, new.open("wb") as target:
        moved = _copy(source, target, known, runs)
        target.flush()
        os.fsync(target.fileno())
    size = new.stat().st_size
    _write_journal(folder, {"file": file, "size": size, "sha256": _sha256(new), "moved": moved})
    with folder.write() as connection:
        _move(connection, file, moved)
        new.replace(path)
        _sync(path.parent)
    _end(folder)
    return before - size


def recover(folder: Folder) -> None:
    """Mend what a rewriting that was killed left: the file is the old one or the new, and the database follows."""
    journal = folder.path / _JOURNAL
    if not journal.exists():
        return
    try:
        said = json.loads(journal.read_text(encoding="utf-8"))
        path = folder.warc_dir / said["file"]
    except (ValueError, KeyError, TypeError):
        what = "`archive verify` tells whether files and database agree; when they do, delete it"
        raise Damaged(f"{journal}, a rewriting under way, cannot be read: {what}") from None
    path.with_name(path.name + ".new").unlink(missing_ok=True)
    if path.exists() and path.stat().st_size == said["size"] and _sha256(path) == said["sha256"]:
        with folder.write() as connection:
            _move(connection, said["file"], said["moved"])
    _end(folder)


def _runs(folder: Folder, file: str, drop: Mapping[int, str]) -> dict[int, bytes]:
    """Give the new runs of the captures whose content goes."""
    query = select(captures.c.warc_offset, captures.c.warc_length).where(captures.c.warc_file == file)
    with folder.read() as connection:
        places = [row for row in connection.execute(query).all() if row.warc_offset in drop]
    found = {}
    for row in places:
        place = Place(file=file, offset=row.warc_offset, length=row.warc_length)
        run = read(folder.warc_dir, place)
        if not is_stripped(run, drop[place.offset]):
            found[place.offset] = stripped(run, drop[place.offset])
    return found


def _copy(source: BinaryIO, target: BinaryIO, known: Any, runs: Mapping[int, bytes]) -> list[dict[str, Any]]:
    """Copy the file, some runs exchanged; give where every capture lies then."""
    moved, at = [], 0
    for offset, length, sha256 in known:
        _pass(source, target, at, offset)
        run, new = runs.get(offset), target.tell()
        if run is None:
            _pass(source, target, offset, offset + length)
        else:
            target.write(run)
            sha256_new = hashlib.sha256(run).hexdigest()
        move = {"was": offset, "old": sha256, "offset": new, "length": target.tell() - new, "dropped": run is not None}
        moved.append(move | {"sha256": sha256 if run is None else sha256_new})
        at = offset + length
    _pass(source, target, at, source.seek(0, 2))
    return moved


def _pass(source: BinaryIO, target: BinaryIO, begin: int, end: int) -> None:
    source.seek(begin)
    left = end - begin
    while left > 0 and (piece := source.read(min(left, _PIECE))):
        target.write(piece)
        left -= len(piece)


def _move(connection: Connection, file: str, moved: list[dict[str, Any]]) -> None:
    """Tell the database, from the file's begin on: a capture never moves to where another one still is."""
    here = (captures.c.warc_file == file) & (captures.c.warc_offset == bindparam("was"))
    same = here & (captures.c.warc_sha256 == bindparam("old"))
    for one in moved:
        values: dict[str, Any] = {
            "warc_offset": one["offset"],
            "warc_length": one["length"],
            "warc_sha256": one["sha256"],
        }
        values |= {"payload_kept": False} if one["dropped"] else {}
        connection.execute(update(captures).where(same).values(values), {"was": one["was"], "old": one["old"]})


def _write_journal(folder: Folder, said: dict[str, Any]) -> None:
    journal = folder.path / _JOURNAL
    new = journal.with_name(journal.name + ".new")
    with new.open("w", encoding="utf-8") as file:
        json.dump(said, file)
        file.flush()
        os.fsync(file.fileno())
    new.replace(journal)
    _sync(folder.path)


def _end(folder: Folder) -> None:
    """Forget the journal, and how far a check had come: places in the file are others now."""
    (folder.path / "verified.json").unlink(missing_ok=True)
    (folder.path / _JOURNAL).unlink(missing_ok=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
