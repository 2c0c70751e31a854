"""SQLite's write-ahead log as a file: whether commits in it can no longer be read (sqlite.org/fileformat2, section 4).

SQLite ends its reading at the first frame whose checksum does not check, and tells nobody: what was committed behind it
is gone without a word. Behind the last commit of a sound log stand at most frames of an earlier round (other salts) or
of a transaction that never ended (no commit among them).
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Engine

from archive.engine import clear_errors
from archive.errors import Damaged

log = logging.getLogger(__name__)
_HEADER = 32
_FRAME = 24
_MAGIC = 0x377F0682
_MASK = 0xFFFFFFFF


def check_log(database: Path, writer: Engine) -> None:
    """Before a process's first write, under the write lock: a damaged log must leave a database that is whole.

    What it held and the WARC files tell is filed again by each outlet's next crawl. Raises Damaged when the log's loss
    tears the database, which is so when part of it had been brought into the database before.
    """
    if not is_damaged(database.with_name(database.name + "-wal")):
        return
    name = f"{database}-wal"
    with clear_errors(database.parent), writer.connect() as connection:
        raw = connection.connection.driver_connection
        assert raw is not None
        found = [row[0] for check in ("integrity_check", "foreign_key_check") for row in raw.execute(f"PRAGMA {check}")]
        if found != ["ok"]:
            raise Damaged(f"{name} is damaged, and {database.name} is torn without it: run `archive rebuild`")
        raw.execute("PRAGMA busy_timeout = 0")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.execute("PRAGMA busy_timeout = 30000")
    log.warning("%s was damaged: what can no longer be read of it is filed again from the WARC files", name)


def is_damaged(log: Path) -> bool:
    """Tell whether a commit of the log's present round no longer checks. Nobody may write meanwhile."""
    if not log.exists() or log.stat().st_size <= _HEADER:
        return False
    with log.open("rb") as file:
        header = file.read(_HEADER)
        magic, _, size, _, *salts = struct.unpack(">6I", header[:24])
        order = ">" if magic & 1 else "<"
        if magic & ~1 != _MAGIC or _sums(header[:24], order, (0, 0)) != struct.unpack(">2I", header[24:]):
            return True
        sums, whole = struct.unpack(">2I", header[24:]), True
        for head, page in _frames(iter(lambda: file.read(_FRAME + size), b""), size):
            mine = struct.unpack(">2I", head[8:16])
            sums = _sums(page, order, _sums(head[:8], order, sums)) if whole else (-1, -1)
            whole = whole and list(mine) == salts and sums == struct.unpack(">2I", head[16:])
            # One flipped bit spares one of the salts; the frame that ends a commit names the database's size.
            if not whole and any(head[4:8]) and any(map(int.__eq__, mine, salts)):
                return True
    return False


def _frames(parts: Iterator[bytes], size: int) -> Iterator[tuple[bytes, bytes]]:
    """Give head and page of each frame; one cut short at the end was never synced, so nothing hangs on it."""
    for part in parts:
        if len(part) == _FRAME + size:
            yield part[:_FRAME], part[_FRAME:]


def _sums(data: bytes, order: str, before: tuple[int, ...]) -> tuple[int, int]:
    """Go on with the log's running checksum."""
    one, two = before
    words = struct.unpack(f"{order}{len(data) // 4}I", data)
    for at in range(0, len(words), 2):
        one = (one + words[at] + two) & _MASK
        two = (two + words[at + 1] + one) & _MASK
    return one, two
