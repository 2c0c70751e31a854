"""SQL of withdrawals: a document's content leaves the database, its digests stay; the caller owns the transaction.

It is the same whether a withdrawal is filed or told again by a rebuild.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection, delete, or_, select, update

from archive import rows
from archive.entry import Entry
from archive.tables import captures, documents, links, observations, paragraphs, relations, shingles, sketches, versions
from archive.tombstone import tombstone
from archive.values import Outcome, Purpose

#: What a page of a withdrawn document may not bring back.
_CONTENT = frozenset({Outcome.OK, Outcome.SUSPECT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """An outlet's withdrawn documents: their names, and the addresses at which they were seen."""

    names: frozenset[str] = frozenset()
    urls: frozenset[str] = frozenset()

    def guarded(self, entry: Entry) -> Entry:
        """Give the entry without what it would bring back of a withdrawn document: body, reading and decision."""
        capture = entry.capture
        if not self.names or capture.purpose is not Purpose.PAGE or capture.outcome is Outcome.NOT_MODIFIED:
            return entry
        if entry.document not in self.names and capture.url not in self.urls and entry.url not in self.urls:
            return entry
        if capture.outcome in _CONTENT:
            capture = replace(capture, outcome=Outcome.WITHDRAWN, reason="withdrawn: not kept")
        return replace(entry, capture=replace(capture, body=b""), reading=None, decision=None)

    def shown_by(self, entry: Entry) -> bool:
        """Tell whether a list shows a withdrawn document: its payload, which may hold title and lead, is not kept."""
        return bool(self.urls) and any(link.url in self.urls for link in entry.found)


def of_outlet(connection: Connection, outlet: str) -> Withdrawn:
    """Give what was withdrawn of an outlet."""
    query = select(documents.c.id, documents.c.name, documents.c.url)
    found = connection.execute(query.where(documents.c.outlet == outlet, documents.c.withdrawn_at.is_not(None))).all()
    urls = {row.url for row in found} | {url for row in found for url in addresses(connection, row.id)}
    return Withdrawn(names=frozenset(row.name for row in found), urls=frozenset(urls))


def addresses(connection: Connection, document_id: int) -> list[str]:
    """Give the addresses at which a document was seen."""
    seen = select(captures.c.url).where(captures.c.document_id == document_id).distinct()
    own = connection.execute(select(documents.c.url).where(documents.c.id == document_id)).scalar_one()
    return sorted({own, *connection.execute(seen).scalars()})


def forget(connection: Connection, document_id: int, *, at: int, reason: str) -> None:
    """Put tombstones in the place of a document's content, drop what was derived of it, let its links rest."""
    mine = documents.c.id == document_id
    connection.execute(update(documents).where(mine).values(withdrawn_at=at, withdrawn_reason=reason))
    for table, key, column in (
        (versions, versions.c.id, versions.c.content),
        (observations, observations.c.capture_id, observations.c.fields),
    ):
        query = select(key, table.c.digest).where(table.c.document_id == document_id)
        for row_id, digest in connection.execute(query).all():
            buried = rows.as_text(tombstone(digest))
            connection.execute(update(table).where(key == row_id).values({column: buried}))
    for derived in (shingles, sketches, paragraphs):
        connection.execute(delete(derived).where(derived.c.document_id == document_id))
    connection.execute(delete(relations).where(or_(relations.c.a == document_id, relations.c.b == document_id)))
    here = addresses(connection, document_id)
    connection.execute(update(links).where(links.c.url.in_(here)).values(next_visit=None, etag="", last_modified=""))
    rows.touch(connection, document_id)
