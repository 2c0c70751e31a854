"""Back up an archive while crawls write: each backup a folder of its own, that stands alone and is an archive too.

First the database as it is at one moment, then of each WARC file the bytes that this database knows. Files that did not
change since the last backup are hard links to its copies. A backup without its manifest was not finished.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, select

from archive import backups, locks
from archive.config import FILE, config
from archive.errors import AlreadyRunning, Damaged, UsageProblem
from archive.folder import Folder
from archive.fulldisk import clear_full
from archive.manifest import Copied, Manifest, backups_in, copy_file, read, write
from archive.segment import Place
from archive.segment import read as read_place
from archive.tables import captures

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup holds: its folder, files in all, and how many files and bytes of them were copied anew."""

    path: Path
    captures: int
    files: int
    copied: int
    bytes: int


def backup(folder: Folder, into: Path, *, now: datetime, report: Report = lambda said: None) -> BackedUp:
    """Make a backup in a folder of its own in `into`; captures in new copies are held against the database.

    Raises UsageProblem, AlreadyRunning while files are written anew, DiskFull, Damaged when the archive itself is.
    """
    _check(folder.path, into)
    path = into / f"{now.astimezone(UTC):%Y%m%dT%H%M%S}{now.microsecond // 1000:03d}Z"
    with locks.hold(folder.path / "locks" / "rewrite.lock", wait=config().write_wait, busy=_running), clear_full(into):
        older = backups_in(into)
        before = read(older[-1]) if older else None
        _discard_halves(into)
        path.mkdir(parents=True)
        backups.note(folder.path, into, now)
        report("the database")
        files = {"archive.db": _database(folder, path)}
        with Folder(path, url="") as copy, copy.read() as connection:
            ends = _ends(connection)
            count = int(connection.execute(select(func.count(captures.c.id))).scalar_one())
            for name, end in sorted(ends.items()):
                report(name)
                files[f"warc/{name}"] = _warc(folder, path, name, end, older[-1:], before)
                _hold_against(connection, path, name, files[f"warc/{name}"], before)
        files |= dict(_beside(folder.path, path))
        _drop_logs(path)
        manifest = Manifest(made_at=now.isoformat(), archive=str(folder.path.absolute()), captures=count, files=files)
        write(path, manifest)
    fresh = [one for name, one in files.items() if not _is_old(name, one, before)]
    total = sum(one.bytes for one in fresh)
    return BackedUp(path=path, captures=count, files=len(files), copied=len(fresh), bytes=total)


def _running(pid: str) -> Exception:
    return AlreadyRunning("a withdrawal, a pruning or a backup of this archive", pid)


def _check(archive: Path, into: Path) -> None:
    if into.resolve().is_relative_to(archive.resolve()):
        raise UsageProblem(f"{into} lies in the archive itself: choose a folder elsewhere, best on another disk")
    if (into / "archive.db").exists():
        raise UsageProblem(f"{into} is an archive: name a folder for backups, which get folders of their own in it")


def _discard_halves(into: Path) -> None:
    """Delete backups that were not finished."""
    for path in into.glob("????????T?????????Z"):
        if path.is_dir() and not backups_in(path):
            shutil.rmtree(path)


def _database(folder: Folder, path: Path) -> Copied:
    """Copy the database as it is at one moment, without keeping its writers waiting."""
    if folder.is_shared:
        from archive.migratedb import fill_folder

        with folder.read() as connection, Folder(path, url="") as target:
            fill_folder(connection, target, lambda table, rows: None)
    else:
        with folder.read() as connection, closing(sqlite3.connect(path / "archive.db")) as new:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)
            raw.backup(new)
    with (path / "archive.db").open("rb") as file:
        os.fsync(file.fileno())
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Copied(bytes=(path / "archive.db").stat().st_size, sha256=digest)


def _ends(connection: Connection) -> dict[str, int]:
    end = func.max(captures.c.warc_offset + captures.c.warc_length)
    rows = connection.execute(select(captures.c.warc_file, end).group_by(captures.c.warc_file))
    return {str(file): int(last) for file, last in rows}


def _warc(folder: Folder, path: Path, name: str, end: int, older: list[Path], before: Manifest | None) -> Copied:
    """Copy a WARC file to the last byte that the database knows, or link to the last backup's copy of the same."""
    source, target = folder.warc_dir / name, path / "warc" / name
    if not source.exists():
        raise Damaged(f"{source} is gone, but captures lie in it: run `archive verify`; nothing was backed up")
    known = before.files.get(f"warc/{name}") if before else None
    stat = source.stat()
    if known and known.bytes == end and known.source == (stat.st_size, stat.st_mtime_ns, stat.st_ino):
        target.parent.mkdir(parents=True, exist_ok=True)
        if _link(older[0] / "warc" / name, target):
            return known
    copied = copy_file(source, target, limit=end)
    if copied.bytes < end:
        raise Damaged(f"{source} ends before byte {end}, up to which captures lie in it: run `archive verify`")
    return copied


def _link(old: Path, new: Path) -> bool:
    try:
        os.link(old, new)
    except OSError:
        return False
    return True


def _is_old(name: str, one: Copied, before: Manifest | None) -> bool:
    return before is not None and before.files.get(name) == one


def _hold_against(connection: Connection, path: Path, name: str, one: Copied, before: Manifest | None) -> None:
    """Hold each capture of a new copy against its sha256 in the database. Raises Damaged."""
    if _is_old(f"warc/{name}", one, before):
        return
    columns = (captures.c.warc_offset, captures.c.warc_length, captures.c.warc_sha256)
    query = select(*columns).where(captures.c.warc_file == name).order_by(captures.c.warc_offset)
    for offset, length, sha256 in connection.execution_options(yield_per=500).execute(query):
        run = read_place(path / "warc", Place(file=name, offset=offset, length=length))
        if hashlib.sha256(run).hexdigest() != sha256:
            raise Damaged(f"{name}:{offset} is not what was filed: run `archive verify`; the backup was not finished")


def _beside(archive: Path, path: Path) -> Iterator[tuple[str, Copied]]:
    """Copy what else a restored archive needs: accepted readings, the change log's number, the configuration."""
    for source in sorted((archive / "readings").glob("*/*.warc.gz")):
        name = source.relative_to(archive).as_posix()
        yield name, copy_file(source, path / name)
    for source in (archive / "exports.jsonl", archive / "withdrawing.json"):
        if source.exists():
            yield source.name, copy_file(source, path / source.name)
    if FILE.is_file():
        yield f"config/{FILE.name}", copy_file(FILE, path / "config" / FILE.name)
    own = config().outlets
    for source in sorted(own.glob("*.toml")) if own else ():
        yield f"config/outlets/{source.name}", copy_file(source, path / "config" / "outlets" / source.name)


def _drop_logs(path: Path) -> None:
    """Drop what opening the copy left beside it: all that it says is in the database file."""
    for name in ("archive.db-wal", "archive.db-shm"):
        (path / name).unlink(missing_ok=True)
    shutil.rmtree(path / "locks", ignore_errors=True)
    (path / "changes.seq").unlink(missing_ok=True)
