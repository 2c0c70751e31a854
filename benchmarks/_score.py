"""How near an extractor's text is to the true article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, fields

from _peers import Told

from archive.text import squash
from archive.values import Article, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One page's figures, or their sums: hits and how many there were to hit."""

    pages: int = 1
    overlap: int = 0
    given: int = 0
    true: int = 0
    captions: tuple[int, int] = (0, 0)
    sources: tuple[int, int] = (0, 0)
    leads: tuple[int, int] = (0, 0)
    exact_text: int = 0
    exact: int = 0

    @property
    def f1(self) -> float:
        """Give the F1 of all pages' syllables together."""
        return 2 * self.overlap / (self.given + self.true) if self.overlap else 0.0


def total(scores: Iterable[Score]) -> Score:
    """Add scores up."""
    listed = list(scores)

    def added(name: str) -> object:
        values = [getattr(score, name) for score in listed]
        return tuple(map(sum, zip(*values, strict=True))) if isinstance(values[0], tuple) else sum(values)

    return Score(**{field.name: added(field.name) for field in fields(Score)})  # type: ignore[arg-type]  # by name


def score(told: Told, truth: Article) -> Score:
    """Hold what an extractor gave against the true article.

    F1 is over syllables as a multiset: lead, blocks and source line, the title left out wherever it stands. Text is
    exact when the lines are the true blocks in order; title, lead, writer's and source line may stand beside them.
    """
    lines = [line for line in map(squash, told.lines) if line not in ("", squash(truth.title))]
    blocks = [squash(block.text) for block in truth.blocks]
    ours, true = _syllables(lines), _syllables([truth.lead, *blocks, truth.source_line])
    whole = " ".join(lines)
    captions = [squash(block.text) for block in truth.blocks if block.kind is Kind.CAPTION]
    return Score(
        overlap=(ours & true).total(),
        given=ours.total(),
        true=true.total(),
        captions=(sum(caption in whole for caption in captions), len(captions)),
        sources=_kept(truth.source_line, whole),
        leads=_kept(truth.lead, f"{whole} {squash(told.lead)}"),
        exact_text=_same_text(lines, blocks, truth),
        exact=told.article is not None and parts(told.article) == parts(truth),
    )


def parts(article: Article) -> tuple[object, ...]:
    """Give what must be equal for a page to be exactly right."""
    return article.title, article.byline, article.lead, article.blocks, article.source_line


def _syllables(lines: Iterable[str]) -> Counter[str]:
    return Counter(" ".join(lines).split())


def _kept(text: str, whole: str) -> tuple[int, int]:
    return (int(squash(text) in whole), 1) if text else (0, 0)


def _same_text(lines: list[str], blocks: list[str], truth: Article) -> bool:
    beside = {squash(truth.lead), squash(truth.source_line), *map(squash, truth.byline)} - set(blocks)
    begin = 1 if truth.lead and lines[:1] == [squash(truth.lead)] else 0
    return [line for line in lines[begin:] if line not in beside] == blocks
