"""SQL of versions to read again: each with its kept payload, how it was read so far, and what was decided of that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from archive.articlejson import from_json
from archive.folder import Folder
from archive.rows import rejected_key
from archive.segment import Place, read
from archive.tables import captures, documents, extractions, facts, versions
from archive.values import Article, Capture
from archive.warc import response_of

_TOGETHER = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A version whose payload was kept: where it lies, what it said, and each extraction's digest, oldest first."""

    id: int
    document: str
    number: int
    outlet: str
    url: str
    place: Place
    content: Article
    digests: dict[str, str]


def outlets(connection: Connection) -> list[str]:
    """Give the outlets that have versions."""
    query = select(documents.c.outlet).join(versions, versions.c.document_id == documents.c.id).distinct()
    return sorted(connection.execute(query).scalars())


def count(connection: Connection, outlet: str) -> int:
    """Count the outlet's versions."""
    query = select(func.count(versions.c.id)).join(documents, documents.c.id == versions.c.document_id)
    return int(connection.execute(query.where(documents.c.outlet == outlet)).scalar_one())


def kept(connection: Connection, outlet: str, *, after: int = 0) -> list[Kept]:
    """Give the outlet's next versions behind this id whose payload was kept, in order of id; none at the end."""
    last = (
        select(captures.c.version_id, func.max(captures.c.id).label("capture"))
        .where(captures.c.outlet == outlet, captures.c.payload_kept, captures.c.version_id > after)
        .group_by(captures.c.version_id)
        .order_by(captures.c.version_id)
        .limit(_TOGETHER)
        .subquery()
    )
    query = (
        select(versions, documents.c.name, captures.c.url, captures.c.warc_file, captures.c.warc_offset)
        .add_columns(captures.c.warc_length)
        .join(last, last.c.version_id == versions.c.id)
        .join(captures, captures.c.id == last.c.capture)
        .join(documents, documents.c.id == versions.c.document_id)
        .order_by(versions.c.id)
    )
    rows = connection.execute(query).all()
    digests = _digests(connection, [row.id for row in rows])
    return [_kept(row, outlet, digests.get(row.id, {})) for row in rows]


def _kept(row: Any, outlet: str, digests: dict[str, str]) -> Kept:
    return Kept(
        id=row.id,
        document=row.name,
        number=row.number,
        outlet=outlet,
        url=row.url,
        place=Place(file=row.warc_file, offset=row.warc_offset, length=row.warc_length),
        content=from_json(json.loads(row.content)),
        digests=digests,
    )


def _digests(connection: Connection, wanted: list[int]) -> dict[int, dict[str, str]]:
    query = select(extractions).where(extractions.c.version_id.in_(wanted)).order_by(extractions.c.id)
    found: dict[int, dict[str, str]] = {}
    for row in connection.execute(query):
        found.setdefault(row.version_id, {})[row.identity] = row.digest
    return found


def rejected(connection: Connection, outlet: str) -> set[str]:
    """Give the extractions whose readings of this outlet were rejected."""
    return {identity for name, identity in all_rejected(connection) if name == outlet}


def all_rejected(connection: Connection) -> set[tuple[str, str]]:
    """Give each outlet and extraction whose readings of it were rejected."""
    query = select(facts.c.key).where(facts.c.key.startswith(rejected_key("", "").removesuffix(":")))
    named = (key.split(":", 2) for key in connection.execute(query).scalars())
    return {(outlet, identity) for _, outlet, identity in named}


def last_chain(connection: Connection, outlet: str) -> str:
    """Give the chain digest of the outlet's last capture."""
    query = select(captures.c.chain).where(captures.c.outlet == outlet).order_by(captures.c.id.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none() or ""


def all_kept(folder: Folder, outlet: str) -> Iterator[Kept]:
    """Give all the outlet's versions whose payload was kept, some at a time: no reader is left open between."""
    after = 0
    while True:
        with folder.read() as connection:
            some = kept(connection, outlet, after=after)
        if not some:
            return
        yield from some
        after = some[-1].id


def payload_of(warc_dir: Path, version: Kept) -> Capture | None:
    """Give the capture whose payload gave the version, read back from its WARC; None when that is damaged or gone."""
    try:
        return response_of(read(warc_dir, version.place), outlet=version.outlet, url=version.url)
    except Exception:  # whatever a damaged file makes of a reader: `archive verify` tells what it is
        return None
