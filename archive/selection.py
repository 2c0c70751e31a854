"""Which versions an export holds: chosen by a search, one of each cluster on request, parted so that none leaks."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, select

from archive.documents import current
from archive.folder import Folder
from archive.grouping import SAME, groups
from archive.matching import matching
from archive.private import private_of
from archive.tables import documents, versions

_TOGETHER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for. `parts` are (name, share) of a split, shares adding up to 1; `private` includes noarchive."""

    query: str = ""
    outlets: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    every_version: bool = False
    unique: bool = False
    private: bool = False
    parts: tuple[tuple[str, float], ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """One version to export, the cluster it belongs to (its smallest document name), and its part of a split."""

    version_id: int
    document_id: int
    document: str
    number: int
    permanent_id: str
    first_seen: int
    cluster: str
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The versions chosen, in order of document and number; `withheld` counts private documents left out."""

    chosen: tuple[Chosen, ...]
    withheld: int


def select_versions(folder: Folder, wanted: Wanted) -> Selection:
    """Choose the versions. The index must be current. Raises UsageProblem, BrokenIndex."""
    asked = {"outlets": wanted.outlets, "since": wanted.since, "until": wanted.until}
    found = matching(folder.index_dir, wanted.query, **asked)  # type: ignore[arg-type]  # by name
    with folder.read() as connection:
        rows = _rows(connection, found, every=wanted.every_version)
        private = frozenset() if wanted.private else private_of(connection, {one.document_id for one in rows})
        rows = [one for one in rows if one.document_id not in private]
        if wanted.unique:
            rows = _one_each(rows, groups(connection, SAME))
        rows = _clustered(rows, groups(connection))
    rows = _parted(rows, wanted) if wanted.parts else rows
    ordered = sorted(rows, key=lambda one: (one.document, one.number))
    return Selection(chosen=tuple(ordered), withheld=len(private))


def _rows(connection: Connection, found: list[tuple[int, int]], *, every: bool) -> list[Chosen]:
    """Give the versions found; of each document the current one when it matched, else the last that did."""
    numbers: dict[int, list[int]] = defaultdict(list)
    for document, number in found:
        numbers[document].append(number)
    wanted, chosen = list(numbers), []
    for begin in range(0, len(wanted), _TOGETHER):
        some = wanted[begin : begin + _TOGETHER]
        standing = current(connection, some)
        of_document = defaultdict(list)
        for one in _versions(connection, some):
            if one.number in numbers[one.document_id]:
                of_document[one.document_id].append(one)
        for document, all_found in of_document.items():
            now = [one for one in all_found if one.version_id == standing.get(document)]
            chosen += all_found if every else (now or all_found[-1:])
    return chosen


def _versions(connection: Connection, some: list[int]) -> list[Chosen]:
    query = (
        select(versions.c.id.label("version_id"), versions.c.number, versions.c.permanent_id, documents)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(documents.c.id.in_(some), documents.c.withdrawn_at.is_(None))
        .order_by(documents.c.id, versions.c.number)
    )
    return [
        Chosen(
            version_id=row.version_id,
            document_id=row.id,
            document=row.name,
            number=row.number,
            permanent_id=row.permanent_id,
            first_seen=row.first_capture_at,
            cluster=row.name,
        )
        for row in connection.execute(query)
    ]


def _one_each(rows: list[Chosen], group: dict[int, int]) -> list[Chosen]:
    """Keep one text of each group: the one captured first, its last version chosen."""
    best: dict[int, Chosen] = {}
    for one in sorted(rows, key=lambda one: (one.first_seen, one.document, -one.number)):
        best.setdefault(group.get(one.document_id, one.document_id), one)
    return list(best.values())


def _clustered(rows: list[Chosen], group: dict[int, int]) -> list[Chosen]:
    """Name each version's cluster by the smallest name in it among those chosen."""
    names: dict[int, str] = {}
    for one in rows:
        root = group.get(one.document_id, one.document_id)
        names[root] = min(names.get(root, one.document), one.document)
    return [replace(one, cluster=names[group.get(one.document_id, one.document_id)]) for one in rows]


def _parted(rows: list[Chosen], wanted: Wanted) -> list[Chosen]:
    """Give each cluster to the part that is furthest behind its share; in an order that only the seed decides."""
    sizes: dict[str, int] = defaultdict(int)
    for one in rows:
        sizes[one.cluster] += 1
    order = sorted(sizes, key=lambda name: hashlib.sha256(f"{wanted.seed}\n{name}".encode()).digest())
    held = dict.fromkeys((name for name, _ in wanted.parts), 0)
    part_of = {}
    for cluster in order:
        behind = {name: share * len(rows) - held[name] for name, share in wanted.parts}
        part_of[cluster] = max(behind, key=behind.__getitem__)
        held[part_of[cluster]] += sizes[cluster]
    return [replace(one, part=part_of[one.cluster]) for one in rows]
