"""What grows by how much a day: captures, versions and WARC bytes of each outlet, and how long the disk is enough."""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, case, func, select

from archive.folder import Folder
from archive.tables import captures, documents, versions
from archive.times import from_us, to_us

#: Days are Vietnam's.
_ZONE = timedelta(hours=7)
_DAY = timedelta(days=1) // timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What one outlet grew by on one day; `payload_bytes` as received, of those payloads that are kept."""

    outlet: str
    day: date
    captures: int
    versions: int
    warc_bytes: int
    payloads: int
    payload_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """The growth of some days, the archive's parts in bytes, and the days until the disk is full (None: no growth)."""

    since: date
    until: date
    days: tuple[Day, ...]
    parts: dict[str, int]
    free: int
    bytes_a_day: int
    days_left: int | None


def budget(folder: Folder, *, now: datetime, days: int = 14) -> Budget:
    """Tell the growth of the last whole days, today's as far as it has come included."""
    today = (now.astimezone(UTC) + _ZONE).date()
    first = today - timedelta(days=days - 1)
    begin = to_us(datetime(first.year, first.month, first.day, tzinfo=UTC) - _ZONE)
    with folder.read() as connection:
        told = _days(connection, begin)
        total = int(connection.execute(select(func.coalesce(func.sum(captures.c.warc_length), 0))).scalar_one())
    parts = _parts(folder)
    grown = sum(one.warc_bytes for one in told)
    # Database and index grow with what is filed.
    beside = (parts["database"] + parts["index"]) * grown // total if total else 0
    active = max(len({one.day for one in told}), 1)
    each, free = (grown + beside) // active, shutil.disk_usage(folder.path).free
    return Budget(
        since=first,
        until=today,
        days=tuple(told),
        parts=parts,
        free=free,
        bytes_a_day=each,
        days_left=free // each if each else None,
    )


def _days(connection: Connection, begin: int) -> list[Day]:
    filed = _by_day(connection, begin)
    new = select(documents.c.outlet, _day(versions, "captured_at").label("day"), func.count(versions.c.id))
    new = new.join_from(versions, documents).where(versions.c.captured_at >= begin)
    counts: dict[tuple[str, int], int] = defaultdict(int)
    for outlet, day, count in connection.execute(new.group_by(documents.c.outlet, "day")):
        counts[outlet, day] = count
    return [
        Day(outlet=row.outlet, day=_date(row.day), versions=counts[row.outlet, row.day], **_numbers(row))
        for row in filed
    ]


def _by_day(connection: Connection, begin: int) -> list[Any]:
    day = _day(captures, "fetched_at")
    kept = captures.c.payload_kept
    query = select(
        captures.c.outlet,
        day.label("day"),
        func.count().label("captures"),
        func.sum(captures.c.warc_length).label("warc_bytes"),
        func.sum(case((kept, 1), else_=0)).label("payloads"),
        func.sum(case((kept, captures.c.payload_bytes), else_=0)).label("payload_bytes"),
    )
    query = query.where(captures.c.fetched_at >= begin).group_by(captures.c.outlet, "day")
    return sorted(connection.execute(query), key=lambda row: (row.outlet, row.day))


def _numbers(row: Any) -> dict[str, int]:
    return {name: int(getattr(row, name) or 0) for name in ("captures", "warc_bytes", "payloads", "payload_bytes")}


def _day(table: Table, column: str) -> ColumnElement[int]:
    return (table.c[column] + _ZONE // timedelta(microseconds=1)) // _DAY


def _date(day: int) -> date:
    return from_us(day * _DAY).date()


def _parts(folder: Folder) -> dict[str, int]:
    """Give the bytes of the archive's parts."""
    found = {"warc": folder.warc_dir, "index": folder.index_dir, "readings": folder.path / "readings"}
    sizes = {name: sum(one.stat().st_size for one in path.rglob("*") if one.is_file()) for name, path in found.items()}
    old = sum(one.stat().st_size for one in folder.path.glob("archive.db.*") if one.is_file())
    return {"database": folder.database.size() - (0 if folder.is_shared else old), **sizes, "old databases": old}
