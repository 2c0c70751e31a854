"""Drop kept payloads by age and rule: never a version, an article, a capture or its facts. Chain and checks hold.

Rules: `failures` (payloads that gave no version: error pages, gates, lists), `superseded` (of versions that are not
their document's current one any more), `all`. What is dropped cannot be read again by a later extraction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select

from archive import locks
from archive.documents import current
from archive.errors import AlreadyRunning
from archive.folder import Folder
from archive.rewrite import recover, rewrite
from archive.strip import PRUNED
from archive.tables import captures
from archive.times import to_us

RULES = ("failures", "superseded", "all")
_TOGETHER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Prunable:
    """A capture whose payload goes: where its run lies, and the payload's bytes as received."""

    outlet: str
    file: str
    offset: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruned:
    """What was dropped: payloads, and bytes of WARC files saved; outlets left alone because they are crawled."""

    payloads: int
    bytes: int
    busy: tuple[str, ...]


def prunable(
    folder: Folder, rules: Iterable[str], *, before: datetime, outlets: tuple[str, ...] = ()
) -> list[Prunable]:
    """Give the captures whose payload these rules drop, fetched before this time."""
    with folder.read() as connection:
        chosen = _which(connection, set(rules), _kept_before(before, outlets))
        return [
            Prunable(outlet=row.outlet, file=row.warc_file, offset=row.warc_offset, bytes=row.payload_bytes)
            for row in chosen
        ]


def prune(folder: Folder, chosen: list[Prunable], *, report: Callable[[str], None] = lambda said: None) -> Pruned:
    """Write the WARC files anew without these payloads, outlet by outlet. Raises AlreadyRunning, DiskFull."""
    files: dict[str, dict[str, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for one in chosen:
        files[one.outlet][one.file][one.offset] = PRUNED
    saved, done, busy = 0, 0, []
    with locks.hold(folder.path / "locks" / "rewrite.lock", wait=0, busy=_running):
        recover(folder)
        for outlet, drops in sorted(files.items()):
            with ExitStack() as held:
                try:
                    held.enter_context(folder.lock_outlet(outlet))
                except AlreadyRunning:
                    busy.append(outlet)
                    continue
                for file, drop in sorted(drops.items()):
                    report(file)
                    saved += rewrite(folder, file, drop)
                    done += len(drop)
    return Pruned(payloads=done, bytes=saved, busy=tuple(busy))


def _running(pid: str) -> Exception:
    return AlreadyRunning("a withdrawal, a pruning or a backup of this archive", pid)


def _kept_before(before: datetime, outlets: tuple[str, ...]) -> ColumnElement[bool]:
    old = captures.c.payload_kept & (captures.c.fetched_at < to_us(before))
    return old & captures.c.outlet.in_(outlets) if outlets else old


def _which(connection: Connection, rules: set[str], old: ColumnElement[bool]) -> list[Row[Any]]:
    query = select(captures).where(old).order_by(captures.c.id)
    rows = list(connection.execute(query))
    if "all" in rules:
        return rows
    standing: set[int] = set()
    named = sorted({row.document_id for row in rows if row.version_id is not None})
    for begin in range(0, len(named), _TOGETHER):
        standing.update(current(connection, named[begin : begin + _TOGETHER]).values())
    return [row for row in rows if _rule_of(row.version_id, standing) in rules]


def _rule_of(version: int | None, standing: set[int]) -> str:
    if version is None:
        return "failures"
    return "" if version in standing else "superseded"
