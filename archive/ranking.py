"""Ranking: the best documents of what a query finds, step by step, near-duplicates under the first of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import tantivy

from archive.ask import Asked

#: What a hit of an earlier step scores more, so that scores fall down the list.
STEP = 100.0
#: How much the newest of the candidates gains, in shares of its score, and after how long half of that is left (µs).
FRESH, HALF = 0.03, 365 * 86_400_000_000


class Place(NamedTuple):
    """A version in the index: its document's row id, its score, where it stands."""

    document: int
    score: float
    address: tantivy.DocAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """A place in the answer, and the documents (row ids) that are nearly the same."""

    place: Place
    alike: frozenset[int] = field(default_factory=frozenset)

    def at(self, place: Place) -> Ranked:
        """Give the same with another version of the document."""
        return replace(self, place=place)


Alike = Callable[[list[int]], dict[int, set[int]]]


def ranked(
    searcher: tantivy.Searcher, asked: Asked, limit: int, *, by_date: bool, every: bool, alike: Alike
) -> list[Ranked]:
    """Give the best, by score or newest first; with `every` each version by itself, else each document once."""
    wanted = limit + 20
    while True:
        places, complete = _places(searcher, asked, wanted, by_date=by_date)
        if not every:
            places = _once(places)
        near = alike([place.document for place in places])
        kept = _apart(places, near)
        if len(kept) >= limit or complete:
            return kept[:limit]
        wanted *= 4


def _once(places: list[Place]) -> list[Place]:
    """Give the first place of each document."""
    first: dict[int, Place] = {}
    for place in places:
        first.setdefault(place.document, place)
    return list(first.values())


def _apart(places: list[Place], near: dict[int, set[int]]) -> list[Ranked]:
    """Leave out what is nearly the same as one before it."""
    under: set[int] = set()
    kept = []
    for place in places:
        if place.document not in under:
            others = near.get(place.document, set())
            kept.append(Ranked(place=place, alike=frozenset(others - under)))
            under |= others
    return kept


def _places(searcher: tantivy.Searcher, asked: Asked, wanted: int, *, by_date: bool) -> tuple[list[Place], bool]:
    """Give so many places in order, and whether these are all."""
    if by_date:
        hits = searcher.search(asked.match, wanted, count=False, order_by_field="when").hits
        return _of(searcher, [(0.0, address) for _, address in hits]), len(hits) < wanted
    made: list[Place] = []
    seen: set[tuple[int, int]] = set()
    for number, step in enumerate(asked.steps):
        hits = searcher.search(step, wanted, count=False).hits
        bonus = STEP * (len(asked.steps) - 1 - number)
        fresh = [hit for hit in hits if (hit[1].segment_ord, hit[1].doc) not in seen]
        seen.update((address.segment_ord, address.doc) for _, address in fresh)
        made += [place._replace(score=place.score + bonus) for place in _gently(searcher, _of(searcher, fresh))]
        if len(made) >= wanted:
            return made, False
    return made, len(hits) < wanted


def _of(searcher: tantivy.Searcher, hits: list[tuple[float, tantivy.DocAddress]]) -> list[Place]:
    documents = searcher.fast_field_values("document", [address for _, address in hits])
    return [Place(int(document or 0), score, at) for (score, at), document in zip(hits, documents, strict=True)]


def _gently(searcher: tantivy.Searcher, places: list[Place]) -> list[Place]:
    """Put the newer of what is about equally good first."""
    times = [int(time or 0) for time in searcher.fast_field_values("when", [place.address for place in places])]
    newest = max(times, default=0)
    made = [
        place._replace(score=place.score * (1 + FRESH * 0.5 ** ((newest - time) / HALF)))
        for place, time in zip(places, times, strict=True)
    ]
    return sorted(made, key=lambda place: -place.score)
