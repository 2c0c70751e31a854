"""SQL that `verify` asks: the captures of a file with all that their WARC records state of them, and rows left over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from archive.tables import captures, changes, crawls, documents, extractions, observations, versions
from archive.times import to_us
from archive.values import Purpose
from archive.verified import Bound

#: Rows fetched at once; between two times the database is free to checkpoint.
TOGETHER = 500
#: When the database cannot say what it holds: no bound.
EVERYTHING = Bound(capture=2**63 - 1, extraction=2**63 - 1, chain="", inode=0)


def bound(connection: Connection, mark: int) -> Bound:
    """Tell what is filed at this moment, so that what a crawl files meanwhile is no part of the check."""
    capture, extraction = (
        int(connection.execute(select(func.max(table.c.id))).scalar_one() or 0) for table in (captures, extractions)
    )
    chain = _chain(connection, capture)
    return Bound(capture=capture, extraction=extraction, chain=chain, inode=mark)


def is_same(connection: Connection, mark: int, then: Bound) -> bool:
    """Tell whether this is the database of that time, with more in it at the most: neither restored nor rebuilt."""
    return mark == then.inode and _chain(connection, then.capture) == then.chain


def _chain(connection: Connection, capture: int) -> str:
    return str(connection.execute(select(captures.c.chain).where(captures.c.id == capture)).scalar_one_or_none())


def files(connection: Connection, until: Bound) -> dict[str, int]:
    """Give the WARC files that captures name, each with the end of its last capture."""
    end = func.max(captures.c.warc_offset + captures.c.warc_length)
    query = select(captures.c.warc_file, end).where(_until(until)).group_by(captures.c.warc_file)
    return {str(name): int(last or 0) for name, last in connection.execute(query)}


def files_since(connection: Connection, since: datetime, until: Bound) -> set[str]:
    """Give the WARC files that hold captures filed since."""
    query = select(captures.c.warc_file).distinct().join(crawls, isouter=True)
    return {str(name) for name in connection.execute(query.where(_since(since), _until(until))).scalars()}


def versions_in(connection: Connection, name: str) -> set[int]:
    """Give the ids of the versions that captures of this file show."""
    query = select(captures.c.version_id).where(captures.c.warc_file == name, captures.c.version_id.is_not(None))
    return {one for one in connection.execute(query).scalars() if isinstance(one, int)}


def end_of(connection: Connection, name: str) -> int:
    """Give where the last capture of this file ends that the database names at this moment."""
    end = func.max(captures.c.warc_offset + captures.c.warc_length)
    return int(connection.execute(select(end).where(captures.c.warc_file == name)).scalar_one() or 0)


def ids_of_file(connection: Connection, name: str, until: Bound) -> list[int]:
    """Give the ids of the file's captures in the order in which they lie in it."""
    query = select(captures.c.id).where(captures.c.warc_file == name, _until(until))
    return list(connection.execute(query.order_by(captures.c.warc_offset, captures.c.id)).scalars())


def of_ids(connection: Connection, ids: Sequence[int], *, since: datetime | None) -> dict[int, Row[Any]]:
    """Give these captures by id, with the rows that hang on them.

    `chosen` tells whether it was filed since then; `before` is the chain digest of the outlet's capture before it;
    `first` is the capture that its version was first shown by; `shown` is what is stored as observed at that time.
    """
    return {row.id: row for row in connection.execute(_rows(since).where(captures.c.id.in_(ids)))}


def _until(until: Bound) -> ColumnElement[bool]:
    return captures.c.id <= until.capture


def of_outlet(connection: Connection, outlet: str, *, after: int, most: int) -> list[Row[Any]]:
    """Give the outlet's next captures behind this id, in the order of its chain, with the rows that hang on them."""
    part = _rows(None).where(captures.c.outlet == outlet, captures.c.id > after).order_by(captures.c.id)
    return list(connection.execute(part.limit(min(most, TOGETHER))))


def _rows(since: datetime | None) -> Select[Any]:
    own, first = observations.alias("own"), _first_of_version()
    version = [versions.c[name].label(f"version_{name}") for name in ("digest", "captured_at", "boring", "confirmed")]
    document = [documents.c[name].label(f"document_{name}") for name in ("outlet", "url", "first_capture_at")]
    told = [
        case((captures.c.id == first, versions.c.content)).label("content"),
        first.label("first"),
        versions.c.number,
        versions.c.document_id.label("version_document"),
        documents.c.name.label("document"),
        crawls.c.batch,
        _before().label("before"),
        own.c.capture_id.label("own"),
        own.c.digest.label("own_digest"),
        own.c.document_id.label("own_document"),
        _shown().label("shown"),
        (_since(since) if since else captures.c.id.is_not(None)).label("chosen"),
    ]
    return (
        select(captures, *told, *version, *document)
        .join_from(captures, documents, documents.c.id == captures.c.document_id, isouter=True)
        .join(versions, versions.c.id == captures.c.version_id, isouter=True)
        .join(own, own.c.capture_id == captures.c.id, isouter=True)
        .join(crawls, crawls.c.id == captures.c.crawl_id, isouter=True)
    )


def _since(since: datetime) -> ColumnElement[bool]:
    """Captures are filed when they are fetched, those of a replay later: then its crawl began since."""
    return or_(captures.c.fetched_at >= to_us(since), func.coalesce(crawls.c.started_at, 0) >= to_us(since))


def _first_of_version() -> Any:
    also = captures.alias("also")
    return select(func.min(also.c.id)).where(also.c.version_id == captures.c.version_id).scalar_subquery()


def _before() -> Any:
    earlier = captures.alias("earlier")
    mine = (earlier.c.outlet == captures.c.outlet) & (earlier.c.id < captures.c.id)
    return select(earlier.c.chain).where(mine).order_by(earlier.c.id.desc()).limit(1).scalar_subquery()


def _shown() -> Any:
    mine = and_(observations.c.document_id == captures.c.document_id, observations.c.capture_id <= captures.c.id)
    last = select(observations.c.fields).where(mine).order_by(observations.c.capture_id.desc()).limit(1)
    return last.correlate(captures).scalar_subquery()


def extractions_of(connection: Connection, wanted: Sequence[int]) -> dict[tuple[int, str], Row[Any]]:
    """Give the extractions of these versions, by version and identity."""
    query = select(extractions).where(extractions.c.version_id.in_(wanted))
    return {(row.version_id, row.identity): row for row in connection.execute(query)}


def all_extractions(connection: Connection, until: Bound) -> Iterator[Row[Any]]:
    """Give every extraction with the names of its version."""
    query = select(extractions, documents.c.name, versions.c.number).where(extractions.c.id <= until.extraction)
    query = query.join_from(extractions, versions, isouter=True).join(documents, isouter=True)
    yield from connection.execution_options(yield_per=TOGETHER).execute(query)


def left_over(connection: Connection) -> Iterator[tuple[str, str]]:
    """Give the documents and versions that no capture gave, each with what is wrong."""
    shows = select(captures.c.id).where(captures.c.version_id == versions.c.id).exists()
    query = select(documents.c.name, versions.c.number).join_from(versions, documents, isouter=True).where(~shows)
    for name, number in connection.execute(query):
        yield f"{name}@{number}", "no capture shows this version"
    has = select(versions.c.id).where(versions.c.document_id == documents.c.id).exists()
    for (name,) in connection.execute(select(documents.c.name).where(~has)):
        yield str(name), "the document has no version"


def withdrawals(connection: Connection) -> Iterator[tuple[str, str]]:
    """Give the documents whose tombstone is not what the chain says: when and why they were withdrawn."""
    said = select(captures.c.document_id, captures.c.fetched_at, captures.c.reason)
    stated = said.where(captures.c.purpose == Purpose.WITHDRAWAL).subquery()
    same = (stated.c.fetched_at == documents.c.withdrawn_at) & (stated.c.reason == documents.c.withdrawn_reason)
    here = stated.c.document_id == documents.c.id
    query = select(documents.c.name, documents.c.withdrawn_at)
    alone = query.where(documents.c.withdrawn_at.is_not(None), ~select(stated).where(here, same).exists())
    for name, _ in connection.execute(alone):
        yield (
            str(name),
            "it is marked as withdrawn, but no capture in the chain says so at that time and for that reason",
        )
    untold = query.where(documents.c.withdrawn_at.is_(None), select(stated).where(here).exists())
    for name, _ in connection.execute(untold):
        yield str(name), "the chain says that it was withdrawn, the database does not"


def bad_chains(connection: Connection) -> Iterator[tuple[str, str]]:
    """Give the chain digests that are none, or that stand twice."""
    query = select(captures.c.id, captures.c.chain).where(func.length(captures.c.chain) != 64)
    for capture, chain in connection.execute(query):
        yield f"capture {capture}", f"its chain digest is {chain!r}"
    twice = select(captures.c.chain, func.min(captures.c.id), func.max(captures.c.id)).group_by(captures.c.chain)
    for _, first, last in connection.execute(twice.having(func.count() > 1)):
        yield f"capture {last}", f"it has the chain digest of capture {first}"


def indexed(connection: Connection) -> dict[str, int]:
    """Give what an index that is current must hold: the change log's number, versions, and sums to know them by."""
    seq = connection.execute(select(func.max(changes.c.seq))).scalar_one_or_none() or 0
    sums = select(func.count(), func.sum(versions.c.document_id), func.sum(versions.c.number)).select_from(versions)
    sums = sums.join(documents, documents.c.id == versions.c.document_id).where(documents.c.withdrawn_at.is_(None))
    count, by_document, by_number = connection.execute(sums).one()
    return {"seq": seq, "versions": count, "documents": by_document or 0, "numbers": by_number or 0}
