"""How near an article is to a reference text: shared passages, title and names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from archive.atoms import one_spelling
from archive.facts import Fact, facts
from archive.sentences import syllables
from archive.values import Article
from archive.wordkinds import COUNTRIES

#: Syllables in a shingle.
SHINGLE = 5
# Names that half of the world's news shares weigh little.
_COMMON = {"afp", "reuters", "rt", "ttxvn", "vietnam", "việt nam", "ap", "tass", "ảnh", "sputnik"}
_LIGHT = 0.2
# Weight of names that a text needs before a share of them means much.
_FEW = 4.0

Shingles = frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """What of an article nearness looks at; made once for each."""

    title: tuple[str, ...]
    shingles: Shingles
    facts: tuple[Fact, ...]

    def names(self) -> dict[str, str]:
        """Give the names, as printed, by key."""
        return {fact.key: fact.text for fact in self.facts if fact.kind == "name"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearness:
    """Shares from 0 to 1: of the article's shingles in the reference, of the reference's in the article, of the title's
    syllables in order, of the names by weight; `shingles` counts the shared ones.
    """

    of_article: float
    of_reference: float
    shingles: int
    title: float
    names: float
    shared_names: tuple[str, ...]

    @property
    def score(self) -> float:
        """Give the rank of the reference among others, 0 to 1."""
        return 0.6 * max(self.of_article, self.of_reference) + 0.2 * self.title + 0.2 * self.names


def body_texts(article: Article) -> list[str]:
    """Give the texts that tell a story: the lead without the outlet's prefix, and the blocks."""
    return [article.lead.removeprefix(article.lead_prefix), *(block.text for block in article.blocks)]


def sketch(article: Article) -> Sketch:
    """Look at an article once."""
    texts = body_texts(article)
    found = {(fact.kind, fact.key): fact for text in [article.title, *texts] for fact in facts(text)}
    return Sketch(
        title=tuple(syllables(article.title)),
        shingles=_shingles(syllables(" \n ".join(texts))),
        facts=tuple(found.values()),
    )


def _shingles(line: list[str]) -> Shingles:
    return frozenset(zip(*(line[at:] for at in range(SHINGLE)), strict=False))


def _weight(keys: Iterable[str]) -> float:
    common = _common()
    return sum(_LIGHT if key in common else 1.0 for key in keys)


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(one_spelling(name) for name in [*_COMMON, *(name.lower() for name in COUNTRIES)])


def nearness(article: Sketch, reference: Sketch) -> Nearness:
    """Measure how near an article is to a reference."""
    shared = len(article.shingles & reference.shingles)
    ours, theirs = article.names(), reference.names()
    both = [key for key in theirs if key in ours]
    least = max(_FEW, min(_weight(ours), _weight(theirs)))
    return Nearness(
        of_article=shared / max(1, len(article.shingles)),
        of_reference=shared / max(1, len(reference.shingles)),
        shingles=shared,
        title=Indel.normalized_similarity(article.title, reference.title) if article.title and reference.title else 0.0,
        names=_weight(both) / least,
        shared_names=tuple(theirs[key] for key in both),
    )
