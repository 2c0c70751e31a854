"""Which folder keeps an outlet's WARC files, where machines with folders of their own fill one database.

An outlet's files stand in one folder, or its chain could not be read. Each folder has an id (`folder.id`); the database
knows which one files an outlet. Copying all of an outlet's files to another folder moves it there. A folder that is
lost for good is given up: what lay in it is missing from then on, and `verify` says so.
"""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, insert, select, update

from archive.errors import UsageProblem
from archive.folder import Folder
from archive.tables import captures, facts

#: Facts of this name say which folder keeps an outlet's files.
PREFIX = "files:"


def keep(folder: Folder, outlet: str) -> None:
    """Note that this folder keeps the outlet's files; the caller holds its lock.

    Raises UsageProblem when another folder keeps them, and not all of them are here.
    """
    if not folder.is_shared:
        return
    with folder.read() as connection:
        keeper = keepers(connection).get(outlet)
        ends = _ends(connection, outlet)
    mine = {"id": _id(folder.path), "where": _here(folder)}
    if keeper is not None and keeper["id"] == mine["id"]:
        return
    if not all(_size(folder.warc_dir / name) >= end for name, end in ends.items()):
        where = keeper["where"] if keeper else "another folder"
        raise UsageProblem(
            f"the WARC files of {outlet} are in {where}: crawl it there, share that folder with this machine,"
            f" or copy its warc/{outlet} to {folder.warc_dir}; of a machine that is lost for good,"
            f" `archive doctor --give-up {outlet}`"
        )
    with folder.write() as connection:
        _note(connection, outlet, mine)


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """What went with a folder that was given up: where it was, and the files and captures that lay there alone."""

    where: str
    files: int
    captures: int


def give_up(folder: Folder, outlet: str, *, dry_run: bool = False) -> GivenUp:
    """Let this folder keep the outlet's files from now on, though not all that were filed are here.

    Raises UsageProblem when no other folder keeps them, AlreadyRunning while the outlet is crawled.
    """
    if outlet not in (away := elsewhere(folder)):
        raise UsageProblem(f"no other folder keeps the files of {outlet}: there is nothing to give up")
    with folder.lock_outlet(outlet), folder.read() as connection:
        gone = [name for name, end in _ends(connection, outlet).items() if _size(folder.warc_dir / name) < end]
        query = select(func.count(captures.c.id)).where(captures.c.warc_file.in_(gone))
        found = GivenUp(where=away[outlet], files=len(gone), captures=connection.execute(query).scalar_one())
        before = keepers(connection)[outlet].get("given_up", "")
        if not dry_run:
            mine = {"id": _id(folder.path), "where": _here(folder)}
            with folder.write() as writer:
                _note(writer, outlet, {**mine, "given_up": ", ".join(filter(None, (before, away[outlet])))})
    return found


def given_up(folder: Folder) -> dict[str, str]:
    """Give the outlets of this folder of which an earlier folder was given up, and where that was."""
    with folder.read() as connection:
        known = keepers(connection)
    return {outlet: keeper["given_up"] for outlet, keeper in known.items() if keeper.get("given_up")}


def keepers(connection: Connection) -> dict[str, Mapping[str, str]]:
    """Give for each outlet the folder that keeps its files: its `id`, and `where` it was."""
    query = select(facts.c.key, facts.c.value).where(facts.c.key.startswith(PREFIX, autoescape=True))
    return {row.key.removeprefix(PREFIX): json.loads(row.value) for row in connection.execute(query)}


def elsewhere(folder: Folder) -> dict[str, str]:
    """Give the outlets whose files another folder keeps, and where."""
    if not folder.is_shared:
        return {}
    with folder.read() as connection:
        known = keepers(connection)
    mine = _id(folder.path)
    return {outlet: keeper["where"] for outlet, keeper in known.items() if keeper["id"] != mine}


def _here(folder: Folder) -> str:
    return f"{socket.gethostname()}:{folder.path.absolute()}"


def _note(connection: Connection, outlet: str, keeper: Mapping[str, str]) -> None:
    key, value = PREFIX + outlet, json.dumps(keeper, ensure_ascii=False)
    if not connection.execute(update(facts).where(facts.c.key == key).values(value=value)).rowcount:
        connection.execute(insert(facts).values(key=key, value=value))


def _ends(connection: Connection, outlet: str) -> dict[str, int]:
    end = func.max(captures.c.warc_offset + captures.c.warc_length)
    query = select(captures.c.warc_file, end).where(captures.c.outlet == outlet).group_by(captures.c.warc_file)
    return {name: int(last) for name, last in connection.execute(query)}


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _id(path: Path) -> str:
    """Give the folder's id, made when it is first asked for."""
    file = path / "folder.id"
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        made = secrets.token_hex(8)
        new = file.with_name(f"folder.id.{made}")
        new.write_text(made + "\n", encoding="ascii")
        try:
            file.hardlink_to(new)
        except FileExistsError:
            return _id(path)
        finally:
            new.unlink()
        return made
