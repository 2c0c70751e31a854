"""Search: what the full-text index holds that fits a query, best first, one hit per document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import tantivy
from tantivy import FieldType, Occur

from archive import texts
from archive.ask import Asked, ask
from archive.errors import ArchiveError
from archive.index import BrokenIndex, open_index
from archive.indexed import Entry, outlet_keys, parts_of, read_entry
from archive.query import Query, parse
from archive.ranking import Place, Ranked, ranked
from archive.snippet import Mark, marks, snippet
from archive.times import to_us
from archive.variants import widen

#: Versions looked at when counting the documents of a query, beyond which the count is an estimate (within 2 %).
COUNTED = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document found, in the best of its versions. Spans are of characters, their end excluded.

    `similar` is how many other documents that match are nearly the same and stand under it.
    """

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
    similar: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hits:
    """What was found: how many documents (or versions, if asked for) in all, and the best of them.

    `folded` says that nothing is spelled as typed and these are found without tone marks; `variants` gives the names of
    the query with the other spellings that were searched too.
    """

    query: str
    total: int
    hits: tuple[Hit, ...] = ()
    folded: bool = False
    variants: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How to search: by `rank` or `date`; names as spelled only; every version; near-duplicates each by itself."""

    sort: str = "rank"
    exact: bool = False
    every: bool = False
    fold: bool = True


class _Asking(NamedTuple):
    """What a search carries along."""

    path: Path
    held: tantivy.Index
    searcher: tantivy.Searcher
    asked: Asked
    query: Query


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
    manner: Manner = Manner(),
) -> Hits:
    """Search the index in this folder; times bound the published time (else the capture's), `until` excluded.

    When nothing is spelled as typed, gives what the words find without tone marks, and says so (`Hits.folded`).
    Raises UsageProblem when there is no index, BrokenIndex when it cannot be read. An empty query finds nothing.
    """
    index = open_index(index_dir)
    parsed = parse(query)
    if parsed.is_empty:
        return Hits(query=query, total=0)
    wide = None if manner.exact else widen(parsed, query)
    wanted = wide.query if wide else parsed
    filters = filters_of(index.schema, outlets, since, until)
    searcher = index.searcher()
    try:
        for tried in [wanted, wanted.folded()] if parsed.has_marks else [wanted]:
            asked = ask(index.schema, tried, [*filters, *times_of(index.schema, tried)])
            count = total(index, searcher, asked, every=manner.every)
            if count:
                asking = _Asking(index_dir.parent, index, searcher, asked, tried)
                hits = _hits(asking, limit, manner)
                applied = wide.applied if wide else ()
                return Hits(query=query, total=count, hits=hits, folded=tried is not wanted, variants=applied)
    except ArchiveError:
        raise
    except ValueError as error:
        raise BrokenIndex(index_dir, error) from error
    return Hits(query=query, total=0, variants=wide.applied if wide else ())


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


def times_of(schema: tantivy.Schema, query: Query) -> list[tantivy.Query]:
    """Ask for the times that stand in the query itself."""
    return filters_of(schema, (), query.since, query.until)


def _hits(asking: _Asking, limit: int, manner: Manner) -> tuple[Hit, ...]:
    def near(documents: list[int]) -> dict[int, set[int]]:
        return texts.alike(asking.path, documents) if manner.fold and not manner.every else {}

    best = ranked(asking.searcher, asking.asked, limit, by_date=manner.sort == "date", every=manner.every, alike=near)
    chosen = [one if manner.every else one.at(_version(asking, one.place)) for one in best]
    addresses = [one.place.address for one in chosen]
    numbers = asking.searcher.fast_field_values("version", addresses)
    keys = [(one.place.document, int(number or 0)) for one, number in zip(chosen, numbers, strict=True)]
    found = texts.contents(asking.path, keys)
    return tuple(_hit(asking, one, found.get(at)) for one, at in zip(chosen, keys, strict=True))


def _version(asking: _Asking, place: Place) -> Place:
    """Give the version of the place's document that matches best, of equals the one seen last."""
    if asking.searcher.fast_field_values("versions", [place.address])[0] == 1:
        return place
    own = tantivy.Query.term_query(asking.held.schema, "document", place.document, index_option="basic")
    both = tantivy.Query.boolean_query([(Occur.Must, own), (Occur.Must, asking.asked.match)])
    hits = asking.searcher.search(both, 1, count=False, order_by_field="seen").hits
    return place._replace(address=hits[0][1]) if hits else place


def total(index: tantivy.Index, searcher: tantivy.Searcher, asked: Asked, *, every: bool) -> int:
    """Count the documents that match: all versions, less those by which documents with several match more than once."""
    versions = int(searcher.search(asked.match, 1).count)  # type: ignore[attr-defined]  # the stubs leave it out
    if every or not versions:
        return versions
    single = tantivy.Query.term_query(index.schema, "versions", 1, index_option="basic")
    several = tantivy.Query.boolean_query([(Occur.Must, asked.match), (Occur.MustNot, single)])
    hits = searcher.search(several, COUNTED, count=False).hits
    if len(hits) == COUNTED:
        return round(searcher.cardinality(asked.match, "document"))
    return versions - len(hits) + len(set(searcher.fast_field_values("document", [address for _, address in hits])))


def _hit(asking: _Asking, one: Ranked, content: dict[str, Any] | None) -> Hit:
    entry: Entry = read_entry(asking.searcher.doc(one.place.address)["entry"][0])
    piece = snippet(parts_of(content) if content else (), asking.query)
    return Hit(
        document=entry.document,
        version=entry.version,
        outlet=entry.outlet,
        url=entry.url,
        title=entry.title,
        published=entry.published,
        captured_at=entry.captured_at,
        score=round(one.place.score, 4),
        snippet=piece.text,
        marks=piece.marks,
        title_marks=marks(entry.title, asking.query),
        similar=_similar(asking, one),
    )


def _similar(asking: _Asking, one: Ranked) -> int:
    """Count the documents that match and are nearly the same as this one."""
    if not one.alike:
        return 0
    schema = asking.held.schema
    own = [tantivy.Query.term_query(schema, "document", other, index_option="basic") for other in sorted(one.alike)]
    others = tantivy.Query.boolean_query([(Occur.Should, part) for part in own])
    both = tantivy.Query.boolean_query([(Occur.Must, others), (Occur.Must, asking.asked.match)])
    hits = asking.searcher.search(both, COUNTED, count=False).hits
    return len(set(asking.searcher.fast_field_values("document", [address for _, address in hits])))
