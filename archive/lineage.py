"""Lineage: which document of a story had each paragraph first, and what each of the others made of it.

States of documents (their versions) are read in order of time: when published as the page says, and no later than
first captured; an edit when it was captured. A paragraph that none had before is a row of its own; each other document
has it verbatim, shortened, reworded, moved (verbatim elsewhere among what it took from the same document) or dropped:
the story's first document, or the one that most of its text is from, had it before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from archive.changetype import TYPES
from archive.diff import diff
from archive.named import Named
from archive.passage import LONGEST, SAME, Passage, Row, Weights, is_beside, kept_as, passages, styled
from archive.values import Article, Block, Kind

#: Parts of a split paragraph: so much of each must stand in the row.
_PART = ("verbatim", "shortened")


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One version of a document: `at` is when it stood there at the latest, `by` what tells it: published, captured."""

    document: Named
    number: int
    article: Article
    at: datetime
    by: str
    captured_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What a document made of a paragraph. `how` is first, verbatim, shortened, reworded, moved, dropped, or "" when it
    had none to drop; `versions` are those that have it; `changes` the types of what was changed in it.
    """

    how: str
    is_moved: bool = False
    text: str = ""
    place: int = -1
    versions: tuple[int, ...] = ()
    changes: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Line:
    """A paragraph of the story: who had it first, in which words, and what each document (by row id) made of it."""

    first: State
    kind: str
    text: str
    forms: list[Row]
    cells: dict[int, Cell] = field(default_factory=dict)


def lines_of(states: Sequence[State], sources: Mapping[int, int]) -> list[Line]:
    """Give the paragraphs of a story in order, with a cell for each document; `states` in order of time.

    `sources` gives for a document (row id) the earlier one that most of its text is from.
    """
    read = [passages(state.article) for state in states]
    weights = Weights(passage.words for one in read for passage in one)
    lines: list[Line] = []
    for state, found in zip(states, read, strict=True):
        _place(lines, state, found, weights)
    shown = [line for line in lines if not is_beside(line.kind) or len(line.cells) > 1]
    _mark_moved(shown, states)
    _mark_dropped(shown, states, sources)
    return shown


def _place(lines: list[Line], state: State, found: list[Passage], weights: Weights) -> None:
    """Match a state's paragraphs to the lines there are; give those that match none lines of their own."""
    matched = _matched(lines, found, weights)
    last = -1
    for passage in found:
        line = matched.get(passage.place)
        if line is None:
            line = Line(first=state, kind=passage.kind, text=passage.text, forms=[])
            lines.insert(last + 1, line)
        last = next(at for at, one in enumerate(lines) if one is line)
        _add(line, state, passage)


def _matched(lines: Sequence[Line], found: Sequence[Passage], weights: Weights) -> dict[int, Line]:
    """Pair paragraphs with lines, the most alike first; parts of a split one share a line."""
    same = {form: at for at, line in reversed(list(enumerate(lines))) for form in line.forms}
    matched: dict[int, Line] = {}
    taken: set[int] = set()
    for passage in found:
        at = same.get(passage.words, -1)
        if at >= 0 and at not in taken and is_beside(passage.kind) == is_beside(lines[at].kind):
            taken.add(at)
            matched[passage.place] = lines[at]
    for score, at, passage in _alike(lines, [one for one in found if one.place not in matched], weights):
        if passage.place in matched or score < SAME:
            continue
        if at not in taken or any(kept_as(form, passage.words) in _PART for form in lines[at].forms):
            taken.add(at)
            matched[passage.place] = lines[at]
    return matched


def _alike(lines: Sequence[Line], left: Sequence[Passage], weights: Weights) -> list[tuple[float, int, Passage]]:
    """Give (likeness, line, paragraph), the most alike first."""
    pairs = (
        (max(weights.likeness(form, passage.words) for form in line.forms), at, passage)
        for at, line in enumerate(lines)
        for passage in left
        if is_beside(passage.kind) == is_beside(line.kind)
    )
    return sorted(pairs, key=lambda pair: (-pair[0], pair[1], pair[2].place))


def _add(line: Line, state: State, passage: Passage) -> None:
    document = state.document.id
    known = line.cells.get(document)
    if known is None:
        line.cells[document] = _cell(line, state, passage)
    elif state.number not in known.versions:
        line.cells[document] = replace(known, versions=(*known.versions, state.number))
    elif known.versions == (state.number,) and known.how != "first":
        whole = f"{known.text} {passage.text}"
        joined = Passage(kind=passage.kind, place=known.place, text=whole, words=(*_words(known), *passage.words))
        line.forms = [form for form in line.forms if form != _words(known)] or line.forms
        line.cells[document] = _cell(line, state, joined)
        passage = joined
    if passage.words not in line.forms:
        line.forms.append(passage.words)


def _words(cell: Cell) -> Row:
    return styled(cell.text)[:LONGEST]


def _cell(line: Line, state: State, passage: Passage) -> Cell:
    base = Cell(how="first", text=passage.text, place=passage.place, versions=(state.number,))
    if not line.forms:
        return base
    how = min((kept_as(form, passage.words) for form in line.forms), key=["verbatim", "shortened", "reworded"].index)
    return replace(base, how=how, changes=() if how == "verbatim" else _changes(line.text, passage.text))


def _changes(old: str, new: str) -> tuple[str, ...]:
    """Give the types of what differs between two paragraphs, the most telling first."""
    was, now = (Article(title="", blocks=(Block(kind=Kind.PARAGRAPH, text=text),)) for text in (old, new))
    found = {change.type for change in diff(was, now).changes if change.op == "replaced"}
    return tuple(name for name in TYPES if name in found and name not in ("typography", "other"))


def _mark_moved(lines: Sequence[Line], states: Iterable[State]) -> None:
    """Mark what a document has in another order than the one that had it first: the fewest words that explain it."""
    for document in dict.fromkeys(state.document.id for state in states):
        by_first: dict[int, list[Line]] = {}
        for line in lines:
            if document in line.cells and line.cells[document].how != "first":
                by_first.setdefault(line.first.document.id, []).append(line)
        for first, own in by_first.items():
            ordered = sorted(own, key=lambda line: line.cells[document].place)
            still = _rising([(line.cells[first].place, len(line.text)) for line in ordered])
            for line in (line for at, line in enumerate(ordered) if at not in still):
                cell = line.cells[document]
                how = "moved" if cell.how == "verbatim" else cell.how
                line.cells[document] = replace(cell, how=how, is_moved=True)


def _rising(places: Sequence[tuple[int, int]]) -> set[int]:
    """Give which of (place, weight) to keep so that places rise and the weight is the greatest."""
    best: list[tuple[int, tuple[int, ...]]] = []
    for at, (place, weight) in enumerate(places):
        before = max((best[i] for i in range(at) if places[i][0] < place), default=(0, ()))
        best.append((before[0] + weight, (*before[1], at)))
    return set(max(best, default=(0, ()))[1])


def _mark_dropped(lines: Sequence[Line], states: Sequence[State], sources: Mapping[int, int]) -> None:
    """Fill the cells of who does not have a paragraph."""
    begun = {state.document.id: state.at for state in reversed(states)}
    for line in lines:
        having = {document: cell.versions[0] for document, cell in line.cells.items()}
        stood = {state.document.id for state in states if having.get(state.document.id) == state.number}
        for document, at in begun.items():
            if document not in line.cells:
                had = {states[0].document.id, sources.get(document)} & stood
                is_dropped = bool(had) and document in sources and line.first.at < at
                line.cells[document] = Cell(how="dropped" if is_dropped else "")
