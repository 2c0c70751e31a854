"""Put a rebuilt database in the old one's place; the caller holds the archive's locks.

The old one is kept as `archive.db.before-rebuild`. A process killed in between leaves one of the two whole databases in
place, never a mixture, and an index that is made anew.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import suppress
from pathlib import Path

_BESIDE = ("-wal", "-shm")


def swap(folder: Path, new: Path) -> None:
    """Move `new/archive.db` to `folder/archive.db`, with the change log's number that belongs to it."""
    database, kept = folder / "archive.db", folder / "archive.db.before-rebuild"
    _settle(new / "archive.db")
    _drop_index(folder)
    if database.exists():
        _settle(database)
        _keep(database, kept)
    with suppress(FileNotFoundError):
        (new / "changes.seq").replace(folder / "changes.seq")
    (new / "archive.db").replace(database)
    _sync(folder)
    shutil.rmtree(new, ignore_errors=True)


def copy_files(folder: Path, into: Path) -> None:
    """Copy the WARC files and accepted readings, those already copied left as they are."""
    for part in ("warc", "readings"):
        for path in sorted((folder / part).glob("*/*.warc.gz")):
            copy = into / path.relative_to(folder)
            if copy.exists() and copy.stat().st_size == path.stat().st_size:
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            half = copy.with_name(copy.name + ".new")
            shutil.copyfile(path, half)
            half.replace(copy)


def _settle(database: Path) -> None:
    """Bring what lies in the write-ahead log into the database file; a damaged database stays as it is."""
    with suppress(sqlite3.Error):
        connection = sqlite3.connect(database)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def _keep(database: Path, kept: Path) -> None:
    """Keep the old database under another name too, with a log that could not be brought in."""
    for suffix in ("", *_BESIDE):
        kept.with_name(kept.name + suffix).unlink(missing_ok=True)
    try:
        os.link(database, kept)
    except OSError:  # a file system without hard links: for a moment there is no archive.db
        database.replace(kept)
    # A reader that has the old database open keeps these files; whoever opens the new one must not find them.
    for suffix in _BESIDE:
        beside = database.with_name(database.name + suffix)
        if beside.exists() and beside.stat().st_size and suffix == "-wal":
            beside.replace(kept.with_name(kept.name + suffix))
        beside.unlink(missing_ok=True)


def _drop_index(folder: Path) -> None:
    """Take the index away: it speaks of the old database's numbers."""
    index = folder / "index"
    if index.exists():
        away = folder / "index.old"
        shutil.rmtree(away, ignore_errors=True)
        index.rename(away)
        shutil.rmtree(away, ignore_errors=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
