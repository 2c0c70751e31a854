"""SQL of the change log: which documents changed after a number, and all their versions as the index wants them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, func, select

from archive.indexed import Entry, entry_of
from archive.tables import captures, changes, documents, versions
from archive.times import from_us


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A changed document, the number of its last change, and its versions; none when it was taken away."""

    document: int
    seq: int
    entries: list[Entry] = field(default_factory=list)


def newest(connection: Connection) -> int:
    """Give the change log's last number, 0 while it is empty."""
    return connection.execute(select(func.max(changes.c.seq))).scalar_one_or_none() or 0


def after(connection: Connection, seq: int, *, limit: int) -> list[Changed]:
    """Give the next documents that changed after this number, in the order of their last change.

    A document that changes again later comes with its later number, so the last number of the answer covers all before.
    """
    last = func.max(changes.c.seq).label("last")
    chosen = select(changes.c.document_id, last).where(changes.c.seq > seq).group_by(changes.c.document_id)
    found = [Changed(document=row[0], seq=row[1]) for row in connection.execute(chosen.order_by(last).limit(limit))]
    by_id = {changed.document: changed for changed in found}
    for row in connection.execute(_versions([*by_id])):
        by_id[row[0]].entries.append(_entry(row))
    return found


def _versions(wanted: list[int]) -> Any:
    last = select(func.max(captures.c.fetched_at)).where(captures.c.version_id == versions.c.id).scalar_subquery()
    chosen = select(
        documents.c.id,
        documents.c.name,
        documents.c.outlet,
        documents.c.url,
        versions.c.number,
        versions.c.captured_at,
        versions.c.content,
        last,
    )
    here = documents.c.id.in_(wanted) & documents.c.withdrawn_at.is_(None)
    return chosen.join_from(documents, versions).where(here).order_by(versions.c.number)


def _entry(row: Any) -> Entry:
    _, name, outlet, url, number, captured, content, last = row
    known = {"document": name, "outlet": outlet, "url": url, "version": number}
    seen = from_us(last if last is not None else captured)
    return entry_of(json.loads(content), captured_at=from_us(captured), last_seen=seen, **known)
