"""Snippets: the piece of a text where most of what was searched stands, and where in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.query import Query, Term
from archive.tokens import Token, tokens, year_of

#: Characters of a snippet, about: two lines of a terminal.
WIDTH = 220

Mark = tuple[int, int]
#: A text's tokens: exact forms, folded forms, the years of its dates.
Columns = tuple[list[str], list[str], list[str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A piece of text and the spans (characters, end excluded) of the found words in it."""

    text: str
    marks: tuple[Mark, ...]


def marks(text: str, query: Query) -> tuple[Mark, ...]:
    """Give the spans of a text that the query's words and phrases match, in order, none overlapping.

    >>> from archive.query import parse
    >>> marks("Đàm phán hoà bình: dam phán", parse('"đàm phan" hòa'))
    ((0, 8), (9, 12))
    """
    return tuple(span for span, _ in _found(tokens(text), query.wanted()))


def snippet(parts: Sequence[str], query: Query, *, width: int = WIDTH) -> Snippet:
    """Give the best window over the parts of a text: most different terms first, then most matches, then earliest."""
    text = " ".join(parts)
    words = tokens(text)
    found = _found(words, query.wanted())
    start, end = _window(text, words, found, width)
    shown = text[start:end]
    before, after = "… " if start else "", " …" if end < len(text) else ""
    inside = [(a - start + len(before), b - start + len(before)) for (a, b), _ in found if a >= start and b <= end]
    return Snippet(text=before + shown + after, marks=tuple(inside))


def _found(row: list[Token], terms: list[Term]) -> list[tuple[Mark, int]]:
    """Give the spans matched, each with the number of its term; where two overlap, the longer stays."""
    columns = ([token.text for token in row], [token.folded for token in row], [year_of(token) for token in row])
    made: list[tuple[Mark, int]] = []
    for number, term in enumerate(terms):
        if term.loose or term.near:
            places = _scattered(columns, term)
            made += [((row[at].start, row[at].end), number) for at in places]
            continue
        last = len(term.tokens) - 1
        made += [((row[at].start, row[at + last].end), number) for at in _rows(columns, term)]
    return _apart(made)


def _rows(columns: Columns, term: Term) -> list[int]:
    """Give where the term's tokens stand side by side."""
    last = len(term.tokens) - 1
    places = list(range(len(columns[0]) - last))
    for step, token in enumerate(term.tokens):
        if term.prefix and step == last:
            column, wanted = (columns[1], token.folded) if token.text == token.folded else (columns[0], token.text)
            places = [at for at in places if column[at + step].startswith(wanted)]
        else:
            here = set(_alone(columns, token))
            places = [at for at in places if at + step in here]
    return places


def _alone(columns: Columns, token: Token) -> list[int]:
    """Give where a token stands; a year stands in its dates too."""
    exact, folded, years = columns
    if token.text != token.folded:
        return [at for at, text in enumerate(exact) if text == token.text]
    return [at for at, text in enumerate(folded) if text == token.folded or years[at] == token.folded]


def _scattered(columns: Columns, term: Term) -> list[int]:
    """Give where the tokens of a term stand apart: all of them, for a near one those within reach of all the others."""
    each = [_alone(columns, token) for token in term.tokens]
    if term.loose:
        return sorted({at for places in each for at in places})
    reach = len(each) - 1 + term.near
    return sorted(
        {at for places in each for at in places if all(any(abs(at - to) <= reach for to in other) for other in each)}
    )


def _apart(spans: list[tuple[Mark, int]]) -> list[tuple[Mark, int]]:
    kept: list[tuple[Mark, int]] = []
    for span in sorted(spans, key=lambda found: (found[0][0], -found[0][1])):
        if not kept or span[0][0] >= kept[-1][0][1]:
            kept.append(span)
    return kept


def _window(text: str, words: list[Token], found: list[tuple[Mark, int]], width: int) -> Mark:
    """Choose where the snippet begins and ends, at the edges of words."""
    if len(text) <= width:
        return 0, len(text)
    begin = _best(found, width - 40)
    if begin is None:
        return 0, _edge(text, words, width)
    starts = [word.start for word in words if word.start >= begin[0] - 40]
    start = 0 if begin[0] <= 40 else min(starts[0], begin[0])
    if len(text) - start < width:
        start = next((word.start for word in words if word.start >= len(text) - width), start)
        start = min(start, begin[0])
    return start, max(_edge(text, words, start + width), min(begin[1], len(text)))


def _best(found: list[tuple[Mark, int]], width: int) -> Mark | None:
    """Give the first match of the window with most terms, and that match's end."""
    best: tuple[tuple[int, int], Mark] | None = None
    last = 0
    for first, (span, _) in enumerate(found):
        last = max(last, first)
        while last < len(found) and found[last][0][1] <= span[0] + width:
            last += 1
        inside = found[first:last]
        weight = (len({number for _, number in inside}), len(inside))
        if best is None or weight > best[0]:
            best = (weight, span)
    return best[1] if best else None


def _edge(text: str, words: list[Token], near: int) -> int:
    """Give the end of the last word that ends before here, or the text's end."""
    if near >= len(text):
        return len(text)
    return next((word.end for word in reversed(words) if word.end <= near), near)
