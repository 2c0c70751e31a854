"""Count what the archive holds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, case, distinct, func, select

from archive.folder import Folder
from archive.tables import captures, documents, links, relations, versions
from archive.times import from_us


def stats(folder: Folder) -> dict[str, Any]:
    """Count documents, versions, captures by outcome and bytes, in all and per outlet."""
    with folder.read() as connection:
        per_outlet = _per_outlet(connection)
        return {
            "archive": str(folder.path),
            "origin": folder.fact("origin") or "empty",
            "documents": _count(connection, documents.c.id),
            "versions": _count(connection, versions.c.id),
            "captures": _count(connection, captures.c.id),
            "outcomes": _by(connection, captures.c.outcome),
            "links": _count(connection, links.c.id),
            "relations": _by(connection, relations.c.kind),
            "first_capture": _time(connection.execute(select(func.min(captures.c.fetched_at))).scalar()),
            "last_capture": _time(connection.execute(select(func.max(captures.c.fetched_at))).scalar()),
            "bytes": _bytes(folder),
            "warc_bytes_per_capture": _share(connection, captures.c.id),
            "warc_bytes_per_version": _share(connection, captures.c.version_id.distinct()),
            "outlets": per_outlet,
        }


def outlets_of(folder: Folder) -> list[str]:
    """Name the outlets that the archive holds documents of."""
    with folder.read() as connection:
        return list(connection.execute(select(documents.c.outlet).distinct().order_by(documents.c.outlet)).scalars())


def _count(connection: Connection, column: ColumnElement[Any]) -> int:
    return int(connection.execute(select(func.count(column))).scalar_one())


def _share(connection: Connection, column: ColumnElement[Any]) -> int:
    """Give the WARC bytes for each of what is counted."""
    total, count = connection.execute(select(func.sum(captures.c.warc_length), func.count(column))).one()
    return int(total or 0) // count if count else 0


def _by(connection: Connection, column: ColumnElement[Any]) -> dict[str, int]:
    query = select(column, func.count()).group_by(column).order_by(column)
    return {value: int(count) for value, count in connection.execute(query)}


def _time(value: int | None) -> str | None:
    return from_us(value).isoformat() if value is not None else None


def _per_outlet(connection: Connection) -> dict[str, dict[str, int]]:
    seen = select(
        captures.c.outlet,
        func.count().label("captures"),
        func.sum(case((captures.c.outcome == "ok", 1), else_=0)).label("ok"),
        func.sum(case((captures.c.outcome == "not_modified", 1), else_=0)).label("not_modified"),
        func.sum(captures.c.warc_length).label("warc_bytes"),
    ).group_by(captures.c.outlet)
    filed = select(
        documents.c.outlet,
        func.count(distinct(documents.c.id)).label("documents"),
        func.count(versions.c.id).label("versions"),
    )
    filed = filed.join(versions, versions.c.document_id == documents.c.id, isouter=True).group_by(documents.c.outlet)
    counted: dict[str, dict[str, int]] = {}
    for query in (seen, filed):
        for row in connection.execute(query.order_by("outlet")):
            numbers = {name: int(value or 0) for name, value in row._mapping.items() if name != "outlet"}
            counted.setdefault(row.outlet, {}).update(numbers)
    return counted


def _bytes(folder: Folder) -> dict[str, int]:
    parts = {"warc": folder.warc_dir.rglob("*.gz"), "index": folder.index_dir.rglob("*")}
    sizes = {name: sum(path.stat().st_size for path in paths if path.is_file()) for name, paths in parts.items()}
    return {"database": folder.database.size(), **sizes}
