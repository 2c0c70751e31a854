"""Clusters: the texts of one story, held together by what relates them (`relation`).

Documents join in the order of their first capture. One joins the cluster with at least half of whose oldest members
it shares text, so that no chain of overlaps makes one giant; two clusters become one when more than half of their
pairs share text. No document ever leaves for what came later, and a cluster's id is its first document's: both stay as
members come, and are the same after a rebuild. What only shares a passage (less than 30 % of either) holds none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, or_, select

from archive import related
from archive.named import Named, named
from archive.related import Relation
from archive.tables import relations

#: The least share of one of two texts that is in the other, for both to be texts of one story.
SHARED = 0.3
#: So many of a cluster's oldest members are asked.
CORE = 16
#: The least share of them that a document joins by; two clusters become one above it.
HALF = 0.5

Edges = Mapping[int, Mapping[int, Relation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A document of a cluster with all its versions, and why it is in: its closest relation to an older member."""

    document: Named
    because: Relation | None
    other: Named | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """The texts of one story, the first captured first; `id` is the first one's name."""

    id: str
    members: tuple[Member, ...]


def holds(relation: Relation) -> bool:
    """Tell whether a relation makes its two texts those of one story."""
    most = max(relation.containment_a_in_b, relation.containment_b_in_a)
    return relation.kind != "shares_passages" or most >= SHARED


def clusters(connection: Connection) -> list[Cluster]:
    """Give every cluster of at least two documents, the one with the newest document first."""
    rows = connection.execute(select(relations).order_by(relations.c.a, relations.c.b)).mappings()
    found = _clusters(connection, _edges(related.relation(row) for row in rows))
    return sorted(found, key=lambda one: (one.members[-1].document.order, one.id), reverse=True)


def cluster_of(connection: Connection, document_id: int) -> Cluster:
    """Give the cluster that a document is in: of itself alone when it shares no text."""
    edges = _edges(_around(connection, document_id))
    for found in _clusters(connection, edges):
        if any(member.document.id == document_id for member in found.members):
            return found
    alone = named(connection, [document_id])[document_id]
    return Cluster(id=alone.name, members=(Member(document=alone, because=None, other=None),))


def _around(connection: Connection, document_id: int) -> Iterator[Relation]:
    """Give the relations of all documents that can be reached from one."""
    seen, edge = {document_id}, [document_id]
    while edge:
        chosen = select(relations).where(or_(relations.c.a.in_(edge), relations.c.b.in_(edge)))
        found = [related.relation(row) for row in connection.execute(chosen).mappings()]
        held = [one for one in found if holds(one)]
        yield from held
        edge = sorted({end for one in held for end in (one.a, one.b)} - seen)
        seen.update(edge)


def _edges(found: Iterable[Relation]) -> Edges:
    edges: dict[int, dict[int, Relation]] = defaultdict(dict)
    for one in found:
        if holds(one):
            edges[one.a][one.b] = one
            edges[one.b][one.a] = one.mirrored()
    return edges


def _clusters(connection: Connection, edges: Edges) -> list[Cluster]:
    known = named(connection, edges)
    order = sorted(edges, key=lambda one: known[one].order)
    return [_cluster(part, edges, known) for part in grouped(order, edges) if len(part) > 1]


def _cluster(part: Sequence[int], edges: Edges, known: Mapping[int, Named]) -> Cluster:
    members = []
    for at, document in enumerate(part):
        near = [edges[document][other] for other in part[:at] if other in edges[document]]
        near = near or [edges[document][other] for other in part[at + 1 :] if at and other in edges[document]]
        because = max(near, key=_strength, default=None)
        other = known[because.b] if because else None
        members.append(Member(document=known[document], because=because, other=other))
    return Cluster(id=known[part[0]].name, members=tuple(members))


def _strength(relation: Relation) -> tuple[float, float, int]:
    both = relation.containment_a_in_b, relation.containment_b_in_a
    return max(both), min(both), -relation.b


def grouped(order: Sequence[int], edges: Edges) -> list[list[int]]:
    """Part documents, given in order, into clusters; what comes later takes none out of its own.

    >>> near = Relation(a=1, b=2, kind="same_text", containment_a_in_b=1.0, containment_b_in_a=1.0, shared_blocks=3)
    >>> grouped([1, 2, 3], {1: {2: near}, 2: {1: near}})
    [[1, 2], [3]]
    """
    place = {document: at for at, document in enumerate(order)}
    groups: dict[int, list[int]] = {}
    home: dict[int, int] = {}
    for document in order:
        near = sorted({home[other] for other in edges.get(document, ()) if other in home}, key=lambda one: place[one])
        best = max(near, key=lambda one: _linked([document], groups[one], edges), default=None)
        if best is None or _linked([document], groups[best], edges) < HALF:
            best, groups[document] = document, []
        groups[best].append(document)
        home[document] = best
        for other in near:
            best = _united(groups, best, other, edges=edges, place=place, home=home)
    return [groups[first] for first in sorted(groups, key=lambda one: place[one])]


def _united(
    groups: dict[int, list[int]],
    one: int,
    other: int,
    *,
    edges: Edges,
    place: Mapping[int, int],
    home: dict[int, int],
) -> int:
    """Make two clusters one, if they are; give the one that the first is in then."""
    if one == other or other not in groups or _linked(groups[one], groups[other], edges) <= HALF:
        return one
    kept, gone = sorted((one, other), key=lambda first: place[first])
    home.update(dict.fromkeys(groups[gone], kept))
    groups[kept] = sorted(groups[kept] + groups.pop(gone), key=lambda document: place[document])
    return kept


def _linked(ours: Sequence[int], theirs: Sequence[int], edges: Edges) -> float:
    """Give the share of pairs, one of each side's oldest, that share text."""
    ours, theirs = ours[:CORE], theirs[:CORE]
    return sum(other in edges.get(one, ()) for one in ours for other in theirs) / (len(ours) * len(theirs))
