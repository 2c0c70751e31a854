"""Search: what the full-text index holds that fits a query, best first, one hit per document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import tantivy
from tantivy import FieldType, Occur

from archive.ask import Asked, ask
from archive.index import BrokenIndex, open_index
from archive.indexed import Entry, outlet_keys, read_entry
from archive.query import Query, parse
from archive.snippet import Mark, marks, snippet
from archive.times import to_us

#: Versions looked at when counting the documents of a query, beyond which the count is an estimate (within 2 %).
COUNTED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document found, in the latest of its versions that match. Spans are of characters, their end excluded."""

    document: str
    version: int
    outlet: str
    url: str
    title: str
    published: datetime | None
    captured_at: datetime
    score: float
    snippet: str
    marks: tuple[Mark, ...] = ()
    title_marks: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What was found: how many documents in all, and the best of them."""

    query: str
    total: int
    hits: tuple[Hit, ...] = ()


class _Place(NamedTuple):
    document: int
    score: float
    address: tantivy.DocAddress


# Further from 1970 than any time in microseconds: the binding takes no open range that leaves its end out.
_EVER = 2**62


def search(
    index_dir: Path,
    query: str,
    *,
    outlets: Sequence[str] = (),
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 10,
) -> Hits:
    """Search the index in this folder; times bound the published time (else the capture's), `until` excluded.

    Raises UsageProblem when there is no index, BrokenIndex when it cannot be read. An empty query finds nothing.
    """
    index = open_index(index_dir)
    parsed = parse(query)
    if parsed.is_empty:
        return Hits(query=query, total=0)
    try:
        return _searched(index, query, parsed, filters=filters_of(index.schema, outlets, since, until), limit=limit)
    except ValueError as error:
        raise BrokenIndex(index_dir, error) from error


def _searched(index: tantivy.Index, query: str, parsed: Query, *, filters: list[tantivy.Query], limit: int) -> Hits:
    asked = ask(index.schema, parsed, filters)
    searcher = index.searcher()
    places = _best(searcher, asked, limit)
    found = [_hit(_latest(index, searcher, asked, place), place.score, parsed) for place in places]
    return Hits(query=query, total=_total(index, searcher, asked), hits=tuple(found))


def filters_of(
    schema: tantivy.Schema, outlets: Sequence[str], since: datetime | None, until: datetime | None
) -> list[tantivy.Query]:
    """Ask for these outlets, and for this time by which a version is found; `until` excluded."""
    made = []
    if outlets:
        names = [outlet_keys(outlet)[:1] or [""] for outlet in outlets]
        made.append(tantivy.Query.term_set_query(schema, "outlet", [name for name, *_ in names]))
    if since or until:
        first, last = (to_us(since) if since else -_EVER, to_us(until) if until else _EVER)
        made.append(tantivy.Query.range_query(schema, "when", FieldType.Integer, first, last, include_upper=False))
    return made


def _best(searcher: tantivy.Searcher, asked: Asked, limit: int) -> list[_Place]:
    """Give the best version of each of the best documents, asking for more while versions of one fill the answer."""
    wanted = limit + 20
    while True:
        hits = searcher.search(asked.ranked, wanted, count=False).hits
        documents = searcher.fast_field_values("document", [address for _, address in hits])
        first: dict[int, _Place] = {}
        for (score, address), document in zip(hits, documents, strict=True):
            first.setdefault(int(document or 0), _Place(int(document or 0), score, address))
        if len(first) >= limit or len(hits) < wanted:
            return list(first.values())[:limit]
        wanted *= 4


def _latest(index: tantivy.Index, searcher: tantivy.Searcher, asked: Asked, place: _Place) -> Entry:
    """Give the version of the place's document that matches and was seen last."""
    address = place.address
    if searcher.fast_field_values("versions", [address])[0] != 1:
        own = tantivy.Query.term_query(index.schema, "document", place.document, index_option="basic")
        both = tantivy.Query.boolean_query([(Occur.Must, own), (Occur.Must, asked.match)])
        address = searcher.search(both, 1, count=False, order_by_field="seen").hits[0][1]
    return read_entry(searcher.doc(address)["entry"][0])


def _total(index: tantivy.Index, searcher: tantivy.Searcher, asked: Asked) -> int:
    """Count the documents: those with one version at once, of the others each once."""
    single = tantivy.Query.term_query(index.schema, "versions", 1, index_option="basic")
    one = tantivy.Query.boolean_query([(Occur.Must, asked.match), (Occur.Must, single)])
    more = tantivy.Query.boolean_query([(Occur.Must, asked.match), (Occur.MustNot, single)])
    return _count(searcher, one) + _distinct(searcher, more)


def _count(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    return int(searcher.search(query, 1).count)  # type: ignore[attr-defined]  # the binding's stubs leave it out


def _distinct(searcher: tantivy.Searcher, query: tantivy.Query) -> int:
    hits = searcher.search(query, COUNTED, count=False).hits
    if len(hits) == COUNTED:
        return round(searcher.cardinality(query, "document"))
    return len(set(searcher.fast_field_values("document", [address for _, address in hits])))


def _hit(entry: Entry, score: float, query: Query) -> Hit:
    piece = snippet(entry.parts, query)
    return Hit(
        document=entry.document,
        version=entry.version,
        outlet=entry.outlet,
        url=entry.url,
        title=entry.title,
        published=entry.published,
        captured_at=entry.captured_at,
        score=round(score, 4),
        snippet=piece.text,
        marks=piece.marks,
        title_marks=marks(entry.title, query),
    )
