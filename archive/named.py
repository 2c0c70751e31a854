"""SQL of what lists name documents by: id, address, outlet, title, when published and first captured, versions."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from archive.documents import current
from archive.tables import documents, versions
from archive.times import from_us

#: Documents asked for in one statement.
TOGETHER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A document as lists show it: its title is that of the text which its newest capture shows."""

    id: int
    name: str
    outlet: str
    url: str
    title: str
    published: datetime | None
    first_capture_at: datetime
    versions: tuple[int, ...]

    @property
    def plain(self) -> dict[str, str]:
        """Give document, url and title as plain JSON values."""
        return {"document": self.name, "url": self.url, "title": self.title}

    @property
    def order(self) -> tuple[datetime, str]:
        """Give what orders documents the same in every copy of the archive: first capture, then name."""
        return self.first_capture_at, self.name


def named(connection: Connection, ids: Collection[int]) -> dict[int, Named]:
    """Give these documents by their row ids."""
    found: dict[int, Named] = {}
    wanted = sorted(set(ids))
    for begin in range(0, len(wanted), TOGETHER):
        found |= _part(connection, wanted[begin : begin + TOGETHER])
    return found


def _part(connection: Connection, ids: list[int]) -> dict[int, Named]:
    shown = current(connection, ids)
    texts = select(versions.c.id, versions.c.content).where(versions.c.id.in_(shown.values()))
    contents = {row.id: json.loads(row.content) for row in connection.execute(texts)}
    numbers: dict[int, list[int]] = defaultdict(list)
    query = select(versions.c.document_id, versions.c.number).where(versions.c.document_id.in_(ids))
    for document, number in connection.execute(query.order_by(versions.c.number)):
        numbers[document].append(number)
    found = {}
    for row in connection.execute(select(documents).where(documents.c.id.in_(ids))):
        content = contents.get(shown.get(row.id, -1), {})
        published = content.get("published")
        found[row.id] = Named(
            id=row.id,
            name=row.name,
            outlet=row.outlet,
            url=row.url,
            title=content.get("title") or "",
            published=datetime.fromisoformat(published) if published else None,
            first_capture_at=from_us(row.first_capture_at),
            versions=tuple(numbers[row.id]),
        )
    return found
