"""SQL of documents and versions: found by what a person types, read in order."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, Row, Select, func, or_, select

from archive import permanent
from archive.articlejson import from_json
from archive.errors import AmbiguousDocument, UnknownDocument, UsageProblem, Withdrawn
from archive.tables import captures, crawls, documents, extractions, versions
from archive.text import clean
from archive.times import from_us, to_us
from archive.values import Article

_AT = re.compile(r"(.+)@(\d+)$")
_SCHEME = re.compile(r"^https?://(www\.)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What lives at one canonical address; `name` is `outlet:article-id`. Withdrawn ones say when and why."""

    id: int
    name: str
    outlet: str
    url: str
    first_capture_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One state of a document's content, read by the extraction `identity` with `template`."""

    id: int
    document_id: int
    number: int
    permanent_id: str
    digest: str
    article: Article
    captured_at: datetime
    boring: bool
    confirmed: bool
    template: str
    identity: str


def split_reference(reference: str) -> tuple[str, int | None]:
    """Tell the document from the version's number.

    >>> split_reference("dantri:20260720215519144@2"), split_reference("dantri:2026")
    (('dantri:20260720215519144', 2), ('dantri:2026', None))
    """
    found = _AT.match(reference.strip())
    return (found[1], int(found[2])) if found else (reference.strip(), None)


def resolve(connection: Connection, reference: str) -> Document:
    """Find the one document of this id, unique part of an id, address, or a version's permanent id (`@N` is ignored).

    Raises UnknownDocument or AmbiguousDocument.
    """
    wanted, _ = split_reference(clean(reference))
    if cited := permanent.found(connection, wanted):
        if len(cited) > 1:
            raise AmbiguousDocument(reference, [f"{name}@{number}" for name, number in cited])
        wanted = cited[0][0]
    for query in _queries(wanted):
        rows = connection.execute(query.limit(50)).all()
        if len(rows) == 1:
            return _document(rows[0])
        if rows:
            raise AmbiguousDocument(reference, [row.name for row in rows])
    raise UnknownDocument(reference)


def number_of(connection: Connection, reference: str) -> int | None:
    """Give the number of the version that a reference names: by its `@N`, or by being its permanent id; else None."""
    wanted, number = split_reference(clean(reference))
    cited = permanent.found(connection, wanted) if number is None else []
    return cited[0][1] if len(cited) == 1 else number


def _queries(wanted: str) -> list[Select[tuple[object, ...]]]:
    if not wanted:
        return []
    base: Select[tuple[object, ...]] = select(documents).order_by(documents.c.name)
    if "//" in wanted or "/" in wanted:
        bare = _SCHEME.sub("", wanted).split("#")[0].rstrip("/")
        same = [f"{scheme}{www}{bare}" for scheme in ("https://", "http://") for www in ("", "www.")]
        same += [f"{address}/" for address in same]
        bare_path = [address.split("?")[0] for address in same]
        seen = select(captures.c.document_id).where(captures.c.url.in_([*same, *bare_path]))
        return [
            base.where(documents.c.url.in_([*same, *bare_path])),
            base.where(documents.c.id.in_(seen)),
        ]
    exact = base.where(documents.c.name == wanted)
    tail = base.where(documents.c.name.endswith(f":{wanted}", autoescape=True))
    part = base.where(
        or_(documents.c.name.contains(wanted, autoescape=True), documents.c.url.contains(wanted, autoescape=True))
    )
    return [exact, tail, part]


def by_name(connection: Connection, name: str) -> Document | None:
    """Give the document of exactly this name, or None."""
    row = connection.execute(select(documents).where(documents.c.name == name)).one_or_none()
    return _document(row) if row else None


def names_of(connection: Connection, ids: list[int]) -> tuple[str, ...]:
    """Give the names of these documents, sorted."""
    query = select(documents.c.name).where(documents.c.id.in_(ids)).order_by(documents.c.name)
    return tuple(connection.execute(query).scalars())


def versions_of(connection: Connection, document: Document) -> list[Version]:
    """Give all versions of the document, in order of number."""
    query = _with_extraction().where(versions.c.document_id == document.id).order_by(versions.c.number)
    return [_version(row) for row in connection.execute(query)]


def version(connection: Connection, document: Document, number: int | None = None) -> Version:
    """Give one version, by default the one that the newest capture shows.

    Raises UsageProblem when there is none, Withdrawn when its content is not in the archive any more.
    """
    if document.withdrawn_at is not None:
        raise Withdrawn(document.name, f"{document.withdrawn_at:%Y-%m-%d}", document.withdrawn_reason)
    wanted = number if number is not None else (shown(connection, document) or [0])[-1]
    query = _with_extraction().where(versions.c.document_id == document.id, versions.c.number == wanted)
    row = connection.execute(query).one_or_none()
    if row is None:
        what = f"no version {number}" if number is not None else "no version"
        raise UsageProblem(f"{document.name} has {what}: `archive history {document.name}` lists them")
    return _version(row)


def shown(connection: Connection, document: Document) -> list[int]:
    """Give the numbers of the versions as the captures showed them in time: 1, 2, 1 for an edit that was undone."""
    query = (
        select(versions.c.number)
        .join(captures, captures.c.version_id == versions.c.id)
        .where(versions.c.document_id == document.id)
        .order_by(captures.c.fetched_at, captures.c.id)
    )
    return [number for number, _ in groupby(connection.execute(query).scalars())]


def current(connection: Connection, ids: Collection[int]) -> dict[int, int]:
    """Give for each of these documents the id of the version that its newest capture shows."""
    newest = func.row_number().over(
        partition_by=captures.c.document_id, order_by=(captures.c.fetched_at.desc(), captures.c.id.desc())
    )
    ranked = (
        select(captures.c.document_id, captures.c.version_id, newest.label("rank"))
        .where(captures.c.document_id.in_(ids), captures.c.version_id.is_not(None))
        .subquery()
    )
    # Without a capture (a damaged archive) the last filed version stands.
    last = select(versions.c.document_id, versions.c.id).where(versions.c.document_id.in_(ids))
    found = {row.document_id: row.id for row in connection.execute(last.order_by(versions.c.number))}
    rows = connection.execute(select(ranked.c.document_id, ranked.c.version_id).where(ranked.c.rank == 1))
    return found | {row.document_id: row.version_id for row in rows}


def new_in_last_crawl(connection: Connection) -> list[Document]:
    """Give the documents first filed by the last crawl: the crawls begun together with the newest one."""
    last = connection.execute(select(crawls.c.batch).order_by(crawls.c.id.desc()).limit(1)).scalar_one_or_none()
    query = (
        select(documents)
        .join(versions, versions.c.document_id == documents.c.id)
        .join(crawls, crawls.c.id == versions.c.crawl_id)
        .where(versions.c.number == 1, crawls.c.batch == last)
        .order_by(documents.c.id)
    )
    return [_document(row) for row in connection.execute(query)]


def new_since(connection: Connection, since: datetime) -> list[Document]:
    """Give the documents first captured since then, the oldest first."""
    query = select(documents).where(documents.c.first_capture_at >= to_us(since)).order_by(documents.c.id)
    return [_document(row) for row in connection.execute(query.where(documents.c.withdrawn_at.is_(None)))]


def _with_extraction() -> Select[tuple[object, ...]]:
    # a version's first extraction is the one that gave its digest
    other = extractions.alias()
    first = (
        select(func.min(other.c.id)).where(other.c.version_id == versions.c.id).correlate(versions).scalar_subquery()
    )
    query: Select[tuple[object, ...]] = select(versions, extractions.c.template, extractions.c.identity)
    return query.select_from(versions).join(extractions, extractions.c.id == first)


def _document(row: Row[tuple[object, ...]]) -> Document:
    return Document(
        id=row.id,
        name=row.name,
        outlet=row.outlet,
        url=row.url,
        first_capture_at=from_us(row.first_capture_at),
        withdrawn_at=from_us(row.withdrawn_at) if row.withdrawn_at is not None else None,
        withdrawn_reason=row.withdrawn_reason or "",
    )


def _version(row: Row[tuple[object, ...]]) -> Version:
    return Version(
        id=row.id,
        document_id=row.document_id,
        number=row.number,
        permanent_id=row.permanent_id,
        digest=row.digest,
        article=from_json(json.loads(row.content)),
        captured_at=from_us(row.captured_at),
        boring=bool(row.boring),
        confirmed=bool(row.confirmed),
        template=row.template,
        identity=row.identity,
    )
