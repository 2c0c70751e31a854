"""Events: documents that tell of the same event, each in words of its own; looser than clusters and kept apart.

Documents published within three days of each other are held together by title, names, numbers and pairs of words of
their beginnings, each weighing more the fewer documents have it; at .15 (cosine) two tell of one event. A document
joins the group with at least half of whose oldest members it does, as in `clusters`. Measured on 261 real articles
of 80 events, where .15 was chosen: B³ precision .94, recall .94.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection, select

from archive.articlejson import from_json
from archive.clusters import clusters, grouped
from archive.documents import Document, current
from archive.facts import facts
from archive.named import Named, named
from archive.related import Relation
from archive.tables import documents, versions
from archive.times import to_us
from archive.tokens import words
from archive.values import Article

#: Documents farther apart in time tell of different events.
WINDOW = timedelta(days=3)
#: Likeness (cosine, 0 to 1) from which two documents tell of one event.
ALIKE = 0.15
#: Syllables of a text that say what it is about.
BEGINNING = 250
#: What more documents have says nothing; and a small archive is taken to be part of a larger one.
COMMON, LARGE = 200, 300
_TITLE, _NAME, _NUMBER, _PAIR = 1.5, 1.0, 0.7, 0.35

Signs = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """A document of an event: the cluster it is in, and what it says that an older one says too, most telling first."""

    document: Named
    cluster: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Documents that tell of one event, the first captured first; `id` is the first one's name."""

    id: str
    members: tuple[Teller, ...]


def signs(article: Article) -> Signs:
    """Give what an article is recognised by, each with its weight.

    >>> signs(Article(title="Bão Marang", lead="Có 12 người ở Cotabato."))["cotabato"]
    1.0
    """
    body = " ".join([article.lead, *(block.text for block in article.blocks)]).split()[:BEGINNING]
    begin = " ".join(body)
    found: Signs = dict.fromkeys(_pairs(begin), _PAIR)
    weights = {"name": _NAME, "number": _NUMBER}
    found |= {fact.key: weights[fact.kind] for fact in facts(f"{article.title}. {begin}") if fact.kind in weights}
    return found | dict.fromkeys(_pairs(article.title), _TITLE)


def _pairs(text: str) -> Iterator[str]:
    row = words(text)
    return (f"{one} {two}" for one, two in pairwise(row))


def events(connection: Connection, *, document: Document | None = None, since: datetime | None = None) -> list[Event]:
    """Give every event of at least two documents, newest first; of one document its own, be it alone."""
    begin, end = since, None
    if document is not None:
        begin, end = (document.first_capture_at + sign * 2 * WINDOW for sign in (-1, 1))
    ids = _captured(connection, begin, end)
    known = named(connection, ids)
    told = weighed({one: signs(article) for one, article in _articles(connection, ids)})
    near = alike(told, {one: _time(known[one]) for one in told})
    order = sorted(told, key=lambda one: known[one].order)
    home = {one.document.id: found.id for found in clusters(connection) for one in found.members}
    groups = grouped(order, near)
    chosen = [part for part in groups if (len(part) > 1 if document is None else document.id in part)]
    found = [_event(part, told, known, home) for part in chosen]
    return sorted(found, key=lambda one: (one.members[-1].document.order, one.id), reverse=True)


def _captured(connection: Connection, begin: datetime | None, end: datetime | None) -> list[int]:
    query = select(documents.c.id).where(documents.c.withdrawn_at.is_(None))
    if begin:
        query = query.where(documents.c.first_capture_at >= to_us(begin))
    if end:
        query = query.where(documents.c.first_capture_at <= to_us(end))
    return list(connection.execute(query).scalars())


def _articles(connection: Connection, ids: list[int]) -> Iterator[tuple[int, Article]]:
    for at in range(0, len(ids), COMMON):
        shown = current(connection, ids[at : at + COMMON]).values()
        query = select(versions.c.document_id, versions.c.content).where(versions.c.id.in_(shown))
        for document, content in connection.execute(query):
            yield document, from_json(json.loads(content))


def weighed(found: Mapping[int, Signs]) -> dict[int, Signs]:
    """Weigh each sign by how few documents have it; what one has alone counts for its length only."""
    having = Counter(sign for one in found.values() for sign in one)
    size = max(len(found), LARGE)
    rows = {}
    for document, one in found.items():
        row = {
            sign: weight * math.log(size / having[sign]) for sign, weight in one.items() if 1 < having[sign] <= COMMON
        }
        length = math.sqrt(sum(weight * weight for weight in row.values())) or 1.0
        rows[document] = {sign: weight / length for sign, weight in row.items()}
    return rows


def alike(
    told: Mapping[int, Signs], at: Mapping[int, datetime], least: float = ALIKE
) -> dict[int, dict[int, Relation]]:
    """Give the pairs of documents that tell of one event, from both sides; `at` is when each was published."""
    having: dict[str, list[int]] = defaultdict(list)
    edges: dict[int, dict[int, Relation]] = defaultdict(dict)
    for document, row in told.items():
        likeness: dict[int, float] = defaultdict(float)
        for sign, weight in row.items():
            for other in having[sign]:
                likeness[other] += weight * told[other][sign]
            having[sign].append(document)
        for other, value in likeness.items():
            if value >= least and abs(at[document] - at[other]) <= WINDOW:
                both = {"containment_a_in_b": value, "containment_b_in_a": value, "shared_blocks": 0}
                edges[document][other] = Relation(a=document, b=other, kind="same_event", **both)  # type: ignore[arg-type]  # by name
                edges[other][document] = edges[document][other].mirrored()
    return edges


def _time(one: Named) -> datetime:
    return min(one.published or one.first_capture_at, one.first_capture_at)


def _event(part: list[int], told: dict[int, Signs], known: Mapping[int, Named], home: Mapping[int, str]) -> Event:
    members = [
        Teller(
            document=known[document],
            cluster=home.get(document, known[document].name),
            because=_shared(told, document, part[:at]),
        )
        for at, document in enumerate(part)
    ]
    return Event(id=known[part[0]].name, members=tuple(members))


def _shared(told: dict[int, Signs], document: int, others: list[int]) -> tuple[str, ...]:
    """Give what a document says that one of the others says too, most telling first."""
    row = told[document]
    said = {sign: row[sign] for other in others for sign in row.keys() & told[other].keys()}
    return tuple(sorted(said, key=lambda sign: (-said[sign], sign))[:4])
