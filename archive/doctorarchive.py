"""What the doctor looks at in an archive's folder: rights, room, database, index, clock, locks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from archive import holders, keeper
from archive.crawls import origin_of
from archive.doctor import Check, State, may_write, room
from archive.folder import HEAD, Folder
from archive.tables import captures, changes
from archive.times import from_us, to_us
from archive.unfiled import unfiled

_DAY = timedelta(days=1)
#: Growth is counted over so many days before the last capture.
_SPAN = 14
#: The write-ahead log is emptied while it is smaller; when it is much larger, some reader holds it open.
_LOG = 256 * 2**20
_GIB = 2**30
#: Clocks of machines that agree differ by less.
_CLOCK = timedelta(minutes=5)


def folder_checks(path: Path) -> Iterator[Check]:
    """Look at the folder itself: may we write there, and who holds its locks."""
    parts = [path, *(path / name for name in ("archive.db", "warc", "index", "locks"))]
    parts += sorted((path / "warc").glob("*"))
    shut = [str(part) for part in parts if part.exists() and not may_write(part)]
    if not shut and may_write(path):
        yield Check(name="rights", state=State.OK, said=f"{path} takes writes")
    elif not may_write(path):
        said, todo = f"{path} takes no writes from this user", "fine for reading; to crawl, give this user the folder"
        yield Check(name="rights", state=State.WARN, said=said, todo=todo, facts={"shut": shut})
    else:
        said, todo = "no writes are taken by " + ", ".join(shut), "give this user the whole folder"
        yield Check(name="rights", state=State.BAD, said=said, todo=todo, facts={"shut": shut})
    yield _locks(path)
    yield from _left(path)


def _left(path: Path) -> Iterator[Check]:
    """Look for what was begun and not ended, and for what a crawl set aside."""
    if (path / "archive.db.new").exists() and not holders.held(path / "locks" / "rebuild.lock"):
        todo = "run `archive rebuild` again: it goes on where it was"
        yield Check(name="rebuild", state=State.WARN, said="one was begun and not ended", todo=todo)
    if aside := [str(file.relative_to(path)) for file in unfiled(path / "warc")]:
        said = f"captures that do not follow the database were set aside: {', '.join(aside)}"
        todo = "`crawl replay FILE` files their pages; then delete them"
        yield Check(name="unfiled", state=State.WARN, said=said, todo=todo, facts={"files": aside})


def _locks(path: Path) -> Check:
    held = [found for lock in sorted((path / "locks").glob("*.lock")) if (found := holders.held(lock))]
    facts = {"held": [{"lock": one.path.name, "pid": one.pid, "alive": one.alive} for one in held]}
    if not held:
        return Check(name="locks", state=State.OK, said="nobody holds a lock", facts=facts)
    said = "; ".join(f"{one.path.stem} is held by process {one.pid}" for one in held)
    strange = [one for one in held if not one.alive]
    if not strange:
        return Check(name="locks", state=State.OK, said=said, facts=facts)
    said += "; no such process runs here: " + ", ".join(one.pid for one in strange)
    todo = "look for it in another container or as a child of that process: a lock goes with its holder"
    return Check(name="locks", state=State.WARN, said=said, todo=todo, facts=facts)


def archive_checks(path: Path, now: datetime) -> Iterator[Check]:
    """Look into the archive. Raises ArchiveError when it cannot be opened."""
    from archive.verify import open_unchanged

    with open_unchanged(path) as folder:
        with folder.read() as connection:
            yield Check(name="schema", state=State.OK, said=f"schema {HEAD}", facts={"schema": HEAD})
            yield _server(connection, folder) if folder.is_shared else _journal(connection, path)
            yield from _folders(folder)
            yield _clock(connection, now)
            growth = _growth(connection, folder)
        yield _disk(path, growth)
        yield _index(folder)


def _journal(connection: Connection, path: Path) -> Check:
    mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
    log = path / "archive.db-wal"
    size = log.stat().st_size if log.exists() else 0
    facts = {"journal_mode": mode, "wal_bytes": size}
    if mode != "wal":
        said, todo = f"journal mode is {mode}, not wal", "run any crawl: a writer sets it"
        return Check(name="journal", state=State.WARN, said=said, todo=todo, facts=facts)
    if size > _LOG:
        todo = "end programs that keep the database open for reading; the next crawl empties it"
        said = f"the write-ahead log has grown to {_bytes(size)}"
        return Check(name="journal", state=State.WARN, said=said, todo=todo, facts=facts)
    return Check(name="journal", state=State.OK, said=f"write-ahead log, {_bytes(size)}", facts=facts)


def _server(connection: Connection, folder: Folder) -> Check:
    """Tell which server it is; its clock decides how long a lease lasts."""
    version = str(connection.exec_driver_sql("SHOW server_version").scalar())
    facts = {"server": folder.database.name, "version": version}
    if connection.exec_driver_sql("SHOW fsync").scalar() != "on":
        said, todo = "it acknowledges what is not on its disk (fsync = off)", "set fsync = on in postgresql.conf"
        return Check(name="server", state=State.BAD, said=said, todo=todo, facts=facts)
    return Check(name="server", state=State.OK, said=f"{folder.database.name}, PostgreSQL {version}", facts=facts)


def _folders(folder: Folder) -> Iterator[Check]:
    """Tell which outlets' files are in other folders, and which of those were given up."""
    away, lost = keeper.elsewhere(folder), keeper.given_up(folder)
    if away:
        said = "; ".join(f"the WARC files of {outlet} are in {where}" for outlet, where in away.items())
        todo = "when that machine is lost for good: copy its warc/OUTLET here from a backup, or `--give-up OUTLET`"
        yield Check(name="folders", state=State.OK, said=said, todo=todo, facts={"elsewhere": away})
    if lost:
        said = "; ".join(f"files of {outlet} were given up with {where}" for outlet, where in lost.items())
        todo = "`archive verify` names what is missing; should they turn up, copy them into warc/OUTLET"
        yield Check(name="given up", state=State.WARN, said=said, todo=todo, facts={"given_up": lost})


def _clock(connection: Connection, now: datetime) -> Check:
    """A clock that went back would file captures before those that it follows."""
    query = select(captures.c.fetched_at, captures.c.via).order_by(captures.c.fetched_at.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    facts: dict[str, Any] = {"now": now.isoformat(), "last_capture": None}
    if now.year < 2026:
        todo = "set the machine's clock (NTP) before you crawl"
        return Check(name="clock", state=State.BAD, said=f"it says {now:%Y-%m-%d}", todo=todo, facts=facts)
    if row is None or origin_of(row.via) != "live":
        return Check(name="clock", state=State.OK, said=f"it says {now:%Y-%m-%d %H:%M} UTC", facts=facts)
    last = from_us(row.fetched_at)
    facts["last_capture"] = last.isoformat()
    if last > now + _CLOCK:
        said = f"it says {now:%Y-%m-%d %H:%M} UTC, before the last capture ({last:%Y-%m-%d %H:%M})"
        todo = "set the machine's clock (NTP) before you crawl"
        return Check(name="clock", state=State.BAD, said=said, todo=todo, facts=facts)
    said = f"it says {now:%Y-%m-%d %H:%M} UTC; last capture {last:%Y-%m-%d %H:%M}"
    return Check(name="clock", state=State.OK, said=said, facts=facts)


def _growth(connection: Connection, folder: Folder) -> int:
    """Give the bytes that the archive grows by in a day, by its last captures and their share of the rest."""
    last = connection.execute(select(func.max(captures.c.fetched_at))).scalar_one_or_none()
    if last is None:
        return 0
    begin = to_us(from_us(last) - _SPAN * _DAY)
    query = select(func.sum(captures.c.warc_length), func.min(captures.c.fetched_at))
    recent, first = connection.execute(query.where(captures.c.fetched_at > begin)).one()
    whole = connection.execute(select(func.sum(captures.c.warc_length))).scalar_one() or 1
    days = max((from_us(last) - from_us(first)) / _DAY, 1.0)
    return int(float(recent) / days * max(_size(folder) / float(whole), 1.0))


def _size(folder: Folder) -> int:
    parts = [*folder.index_dir.rglob("*"), *folder.warc_dir.rglob("*")]
    return folder.database.size() + sum(path.stat().st_size for path in parts if path.is_file())


def _disk(path: Path, growth: int) -> Check:
    free = room(path)
    days = free / growth if growth else None
    facts = {"free_bytes": free, "growth_per_day": growth, "days_left": None if days is None else round(days, 1)}
    lasts = f", enough for {days:,.0f} days at {_bytes(growth)} a day" if days is not None else ""
    said, todo = f"{_bytes(free)} free{lasts}", "make room, or move the archive to a larger disk"
    if free < _GIB // 8 or (days is not None and days < 3):
        return Check(name="disk", state=State.BAD, said=said, todo=todo, facts=facts)
    if free < _GIB or (days is not None and days < 30):
        return Check(name="disk", state=State.WARN, said=said, todo=todo, facts=facts)
    return Check(name="disk", state=State.OK, said=said, facts=facts)


def _index(folder: Folder) -> Check:
    from importlib.metadata import version

    from archive.indexed import FORMAT
    from archive.verifyindex import held

    facts: dict[str, Any] = {"tantivy": version("tantivy"), "format": FORMAT, "behind": None}
    if not folder.index_dir.is_dir():
        return Check(name="index", state=State.OK, said="there is none yet: a search makes it", facts=facts)
    found = held(folder.index_dir)
    if found is None:
        said, todo = "it cannot be read, or is of another format", "run `archive rebuild --index`"
        return Check(name="index", state=State.WARN, said=said, todo=todo, facts=facts)
    with folder.read() as connection:
        newest = connection.execute(select(func.max(changes.c.seq))).scalar_one_or_none() or 0
    facts["behind"] = newest - found["seq"]
    said = f"tantivy {facts['tantivy']}, format {FORMAT}, "
    if facts["behind"] < 0:
        said += f"at change {found['seq']} of {newest}: not of this archive"
        return Check(name="index", state=State.WARN, said=said, todo="run `archive rebuild --index`", facts=facts)
    said += f"{facts['behind']} changes behind: the next search follows" if facts["behind"] else "current"
    return Check(name="index", state=State.OK, said=said, facts=facts)


def _bytes(count: float) -> str:
    """Give a number of bytes for reading.

    >>> _bytes(1536), _bytes(3 * 2**30)
    ('1.5 KiB', '3.0 GiB')
    """
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} bytes" if unit == "bytes" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"
