"""SQL that writes one capture and what follows from it; the caller owns the transaction."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from archive.articlejson import to_json
from archive.digest import observed_digest
from archive.entry import Before, Entry
from archive.permanent import permanent_id
from archive.segment import Place
from archive.tables import captures, changes, documents, extractions, facts, observations, versions
from archive.times import from_us
from archive.values import Article, Decision

#: The columns of a capture that its facts state under the same name.
STATED = (
    "outlet",
    "url",
    "purpose",
    "fetched_at",
    "outcome",
    "status",
    "reason",
    "via",
    "payload_bytes",
    "reading_digest",
    "template",
    "fields",
    "blocks",
    "characters",
)


def as_text(value: dict[str, Any]) -> str:
    """Give JSON as it is stored: keys sorted, as in the WARC, so that a rebuild gives the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def insert_capture(
    connection: Connection,
    facts: dict[str, Any],
    place: Place,
    *,
    document_id: int | None,
    version_id: int | None,
    **more: Any,
) -> int:
    """Insert the capture's row; give its id. `more` are the columns that only the filer knows."""
    row = {name: facts[name] for name in STATED} | {
        "payload_sha256": facts["payload_sha256"] or None,
        "warc_file": place.file,
        "warc_offset": place.offset,
        "warc_length": place.length,
        "document_id": document_id,
        "version_id": version_id,
        **more,
    }
    return int(connection.execute(insert(captures).values(**row).returning(captures.c.id)).scalar_one())


def document_id(connection: Connection, name: str) -> int | None:
    """Give the id of the document of this name, or None."""
    found = connection.execute(select(documents.c.id).where(documents.c.name == name))
    return found.scalar_one_or_none()


def insert_document(connection: Connection, entry: Entry, fetched_at: int) -> int:
    """Insert the document that this capture is the first of; give its id."""
    row = {"name": entry.document, "outlet": entry.capture.outlet, "url": entry.url, "first_capture_at": fetched_at}
    return int(connection.execute(insert(documents).values(**row).returning(documents.c.id)).scalar_one())


def insert_version(
    connection: Connection, document: int, decision: Decision, article: Article, *, name: str, **more: int
) -> int:
    """Insert a new version of the document of this name and note the change in the log; give the version's id.

    `more` are captured_at and crawl_id.
    """
    row = {
        "document_id": document,
        "number": decision.number,
        "permanent_id": permanent_id(name, decision.digest),
        "digest": decision.digest,
        "content": as_text(to_json(article)),
        "boring": decision.boring,
        "confirmed": decision.confirmed,
        **more,
    }
    connection.execute(insert(changes).values(document_id=document))
    return int(connection.execute(insert(versions).values(**row).returning(versions.c.id)).scalar_one())


def version_id(connection: Connection, document: int, number: int) -> int:
    """Give the id of a version."""
    query = select(versions.c.id).where(versions.c.document_id == document, versions.c.number == number)
    return int(connection.execute(query).scalar_one())


def rejected_key(outlet: str, identity: str) -> str:
    """Give the key of the fact that this extraction's readings of this outlet were rejected."""
    return f"rejected:{outlet}:{identity}"


def insert_extraction(
    connection: Connection, version: int, *, identity: str, template: str, digest: str, outlet: str = ""
) -> None:
    """Note how this extraction reads this version, unless it is noted.

    One that was rejected for the `outlet` is not: the extraction that reads the version stays the current one.
    """
    upsert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    row = {"version_id": version, "identity": identity, "template": template, "digest": digest}
    if not (outlet and _is_rejected(connection, rejected_key(outlet, identity), version)):
        connection.execute(upsert(extractions).values(**row).on_conflict_do_nothing())


def _is_rejected(connection: Connection, key: str, version: int) -> bool:
    if connection.execute(select(facts.c.key).where(facts.c.key == key)).first() is None:
        return False
    # A version that it alone has read is its own.
    return connection.execute(select(extractions.c.id).where(extractions.c.version_id == version)).first() is not None


def observe(connection: Connection, *, capture: int, document: int, fields: dict[str, Any]) -> None:
    """Store what the capture showed beside the content, when it differs from what was last stored."""
    digest = observed_digest(fields)
    last = select(func.max(observations.c.capture_id)).where(observations.c.document_id == document).scalar_subquery()
    same = select(observations.c.digest).where(observations.c.capture_id == last)
    if connection.execute(same).scalar_one_or_none() != digest:
        row = {"capture_id": capture, "document_id": document, "digest": digest, "fields": as_text(fields)}
        connection.execute(insert(observations).values(**row))


def kept_before(connection: Connection, outlet: str, sha256: str) -> Before | None:
    """Give the outlet's first capture that keeps this payload, or None."""
    here = (captures.c.payload_sha256 == sha256) & captures.c.payload_kept & (captures.c.outlet == outlet)
    return _before(connection, select(captures).where(here).order_by(captures.c.id))


def answered_before(connection: Connection, outlet: str, url: str) -> Before | None:
    """Give the last capture of this address that had content: what a 304 speaks of; or None."""
    here = (captures.c.url == url) & (captures.c.outlet == outlet) & (captures.c.status == 200)
    return _before(connection, select(captures).where(here).order_by(captures.c.id.desc()))


def _before(connection: Connection, query: Select[Any]) -> Before | None:
    row = connection.execute(query.limit(1)).one_or_none()
    if row is None:
        return None
    return Before(url=row.url, at=from_us(row.fetched_at), chain=row.chain, kept=row.payload_kept)


def touch(connection: Connection, document: int) -> None:
    """Note in the change log that a document must be indexed anew."""
    connection.execute(insert(changes).values(document_id=document))
