"""An article as the units that a diff pairs: sentences of lead and body, whole titles, bylines and captions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from archive.seedtext import parts
from archive.sentences import Word, quoted, spans, words
from archive.values import Article

#: Sentences, or parts, beyond which a text is no article any more: its parts are then compared whole, or as one.
MANY = 3000
_WHOLE = frozenset({"title", "byline", "source_line", "caption", "subhead"})
_PLACES = frozenset({"title", "byline", "lead", "caption", "source_line"})

Span = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A sentence or whole part: where it stands, its text, what of it is quoted, whether a part begins with it."""

    where: str
    kind: str
    text: str
    quoted: tuple[tuple[int, int], ...]
    is_first: bool

    def words(self) -> list[Word]:
        """Cut the text into words."""
        return words(self.text)


def units(article: Article) -> list[Unit]:
    """Give an article's units in seed-format order.

    >>> [(unit.where, unit.text) for unit in units(Article(title="Tin", lead="Nga nói. Mỹ đáp."))]
    [('title', 'Tin'), ('lead', 'Nga nói.'), ('lead', 'Mỹ đáp.')]
    """
    found = parts(article)
    if len(found) > MANY:
        found = _melted(found)
    cut = [(kind, text, _cut(kind, text)) for kind, text in found]
    if sum(len(places) for _, _, places in cut) > MANY:
        cut = [(kind, text, [(0, len(text))]) for kind, text, _ in cut]
    return [unit for kind, text, places in cut for unit in _of_part(kind, text, places)]


def _melted(found: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Make one paragraph of all blocks: so many are no article's."""
    apart = {"title", "byline", "lead", "source_line"}
    body = " ".join(text for kind, text in found if kind not in apart)
    fields = [(kind, text) for kind, text in found if kind in apart]
    at = next((at for at, (kind, _) in enumerate(fields) if kind == "source_line"), len(fields))
    return (*fields[:at], ("paragraph", body), *fields[at:])


def _cut(kind: str, text: str) -> list[Span]:
    return [(0, len(text))] if kind in _WHOLE else spans(text)


def _of_part(kind: str, text: str, places: list[Span]) -> list[Unit]:
    marks = quoted(text)
    ends = [end for _, end in marks]
    return [
        Unit(
            where=kind if kind in _PLACES else "body",
            kind=kind,
            text=text[start:end],
            quoted=tuple(
                (a - start, b - start) for a, b in marks[bisect_right(ends, start) : bisect_left(marks, (end, 0))]
            ),
            is_first=start == 0,
        )
        for start, end in places
    ]
