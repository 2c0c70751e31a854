"""SQL of what is known of a document before a reading is filed: its states, the current one, suspects seen."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, select, true

from archive.articlejson import from_json
from archive.decide import Known
from archive.entry import payload_digest
from archive.segment import Place
from archive.tables import captures, documents, extractions, versions
from archive.text import clean, short_name
from archive.times import from_us, to_us
from archive.values import Article, Capture, Outcome

_NOTHING = Known(
    numbers={}, latest=0, current_number=0, current_digest="", current=Article(title=""), identity="", suspects={}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Where the payload lies that gave a version: the run of members of its capture, and its address."""

    place: Place
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The version of a document that an address showed last."""

    document: str
    number: int
    digest: str


def known(connection: Connection, name: str, *, url: str, identity: str, at: datetime | None = None) -> Known | None:
    """Give what is known of the document of this name, or of a suspect text at this address; None when nothing is.

    Digests are mapped to numbers as filed, and as the extraction of `identity` read them since. The current state is
    the one that stood `at` the capture's time (by default the newest): captures may be filed long after they were made.
    """
    suspects = _suspects(connection, url, at)
    document_id = connection.execute(
        select(documents.c.id).where(documents.c.name == short_name(name))
    ).scalar_one_or_none()
    if document_id is None:
        return replace(_NOTHING, suspects=suspects) if suspects else None
    row, identity_then = _current(connection, document_id, at)
    numbers = _numbers(connection, document_id, identity)
    return Known(
        numbers=numbers,
        latest=max(numbers.values()),
        current_number=row.number,
        current_digest=row.digest,
        current=from_json(json.loads(row.content)),
        identity=identity_then,
        suspects=suspects,
    )


def standing(connection: Connection, url: str) -> Standing | None:
    """Give the document and version that the address's last capture with a version showed, or None."""
    query = (
        select(documents.c.name, versions.c.number, versions.c.digest)
        .join(versions, versions.c.document_id == documents.c.id)
        .join(captures, captures.c.version_id == versions.c.id)
        .where(captures.c.url == clean(url))
        .order_by(captures.c.fetched_at.desc(), captures.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return Standing(document=row.name, number=row.number, digest=row.digest) if row else None


def kept(connection: Connection, name: str, number: int) -> Kept | None:
    """Give where the payload lies that gave this version, or None when it was not kept."""
    query = (
        select(captures)
        .join(versions, versions.c.id == captures.c.version_id)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(documents.c.name == short_name(name), versions.c.number == number, captures.c.payload_kept)
        .order_by(captures.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Kept(place=Place(file=row.warc_file, offset=row.warc_offset, length=row.warc_length), url=row.url)


def _suspects(connection: Connection, url: str, at: datetime | None) -> dict[str, datetime]:
    """Give the suspect texts seen at this address since it last showed a good one, and when each was first seen."""
    here = captures.c.url == clean(url)
    good = select(func.max(captures.c.fetched_at)).where(
        here, captures.c.outcome.in_((Outcome.OK, Outcome.NOT_MODIFIED))
    )
    if at is not None:
        good = good.where(captures.c.fetched_at <= to_us(at))
    since = func.coalesce(good.scalar_subquery(), 0)
    query = (
        select(captures.c.reading_digest, func.min(captures.c.fetched_at))
        .where(here, captures.c.outcome == Outcome.SUSPECT, captures.c.reading_digest.is_not(None))
        .where(captures.c.fetched_at > since)
        .group_by(captures.c.reading_digest)
    )
    return {digest: from_us(first) for digest, first in connection.execute(query)}


def is_filed(connection: Connection, capture: Capture) -> bool:
    """Tell whether a capture of this address, time and payload is filed already."""
    mine = (captures.c.url == clean(capture.url)) & (captures.c.fetched_at == to_us(capture.fetched_at))
    same = captures.c.payload_sha256.is_not_distinct_from(payload_digest(capture) or None)
    query = select(captures.c.id).where(mine, same, captures.c.outlet == capture.outlet)
    return connection.execute(query.limit(1)).first() is not None


def _current(connection: Connection, document_id: int, at: datetime | None) -> tuple[Row[tuple[object, ...]], str]:
    """Give the version that stood at that time, and the identity of the extraction that read it last.

    It is the one that the last capture until then showed; before all of them, the first one's.
    """
    shown: Select[tuple[object, ...]] = (
        select(versions)
        .join(captures, captures.c.version_id == versions.c.id)
        .where(captures.c.document_id == document_id)
        .limit(1)
    )
    until = true() if at is None else captures.c.fetched_at <= to_us(at)
    last = shown.where(until).order_by(captures.c.fetched_at.desc(), captures.c.id.desc())
    row = connection.execute(last).one_or_none()
    if row is None:
        row = connection.execute(shown.order_by(captures.c.fetched_at, captures.c.id)).one()
    read = select(extractions.c.identity).where(extractions.c.version_id == row.id).order_by(extractions.c.id.desc())
    return row, connection.execute(read.limit(1)).scalar_one()


def _numbers(connection: Connection, document_id: int, identity: str) -> dict[str, int]:
    of_document = versions.c.document_id == document_id
    filed = select(versions.c.digest, versions.c.number).where(of_document)
    read_since = (
        select(extractions.c.digest, versions.c.number)
        .join(versions, versions.c.id == extractions.c.version_id)
        .where(of_document, extractions.c.identity == identity)
    )
    return {digest: number for query in (filed, read_since) for digest, number in connection.execute(query)}
