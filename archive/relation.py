"""How two texts are related, judged exactly on their tokens.

With `a_in_b` the share of a's different 5-syllable shingles that b has too:

- same_text: the same tokens in the same order
- contains, contained_in: at least 80 % of one text is in the other, and less than 60 % of the other in it
- near_duplicate: at least half of each is in the other
- shares_passages: at least 25 syllables in a row, or 30 % of one text, or 15 % of one and 20 shingles

Texts of fewer than 20 syllables are only ever the same text, and of fewer than 8 nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.fingerprint import SHINGLE, SHORTEST_BLOCK, blocks_of, in_order, joined, shingles
from archive.values import Article

#: Fewer syllables than this are judged as a whole only.
SHORT = 20
#: Syllables in a row that make a passage.
PASSAGE = 25

_CONTAINED, _REST, _NEAR, _SHARED, _SOME, _MANY = 0.8, 0.6, 0.5, 0.3, 0.15, 20
_MIRROR = {"contains": "contained_in", "contained_in": "contains"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """Two documents that share text, seen from `a` (`contains`: a contains b); containments are shares from 0 to 1."""

    a: int
    b: int
    kind: str
    containment_a_in_b: float
    containment_b_in_a: float
    shared_blocks: int

    def mirrored(self) -> Relation:
        """Give the same relation seen from b."""
        return replace(
            self,
            a=self.b,
            b=self.a,
            kind=_MIRROR.get(self.kind, self.kind),
            containment_a_in_b=self.containment_b_in_a,
            containment_b_in_a=self.containment_a_in_b,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A text to be compared: the tokens of its blocks, all in one row, and their different shingles."""

    blocks: list[list[str]]
    row: list[str]
    shingles: set[tuple[str, ...]]


def words_of(article: Article) -> Words:
    """Give an article's text ready for comparing."""
    return words_in(blocks_of(article))


def words_in(blocks: list[list[str]]) -> Words:
    """Give a text, whose blocks were cut into tokens already, ready for comparing."""
    row = joined(blocks)
    return Words(blocks=blocks, row=row, shingles=shingles(row))


def relate(a: int, ours: Words, b: int, theirs: Words) -> Relation | None:
    """Hold two texts against each other; None when they share too little."""
    if ours.row == theirs.row and len(ours.row) >= SHORTEST_BLOCK:
        return _made(a, b, "same_text", (1.0, 1.0), _shared(ours, theirs))
    if min(len(ours.row), len(theirs.row)) < SHORT:
        return None
    both = ours.shingles & theirs.shingles
    shares = len(both) / len(ours.shingles), len(both) / len(theirs.shingles)
    kind = _kind(*shares, shared=len(both))
    if not kind and max(_longest_run(side.row, both) for side in (ours, theirs)) >= PASSAGE:
        kind = "shares_passages"
    return _made(a, b, kind, shares, _shared(ours, theirs)) if kind else None


def _made(a: int, b: int, kind: str, shares: tuple[float, float], blocks: int) -> Relation:
    inside, outside = (round(share, 6) for share in shares)  # as the table keeps them
    return Relation(a=a, b=b, kind=kind, containment_a_in_b=inside, containment_b_in_a=outside, shared_blocks=blocks)


def _shared(ours: Words, theirs: Words) -> int:
    """Count the different blocks that both have, the short ones left out."""
    same = {tuple(block) for block in ours.blocks} & {tuple(block) for block in theirs.blocks}
    return sum(len(block) >= SHORTEST_BLOCK for block in same)


def _kind(inside: float, outside: float, *, shared: int) -> str:
    """Name a relation by the shares of a in b and of b in a; nothing when they are too small to say."""
    low, high = sorted((inside, outside))
    if high >= _CONTAINED and low < _REST:
        return "contained_in" if inside > outside else "contains"
    if low >= _NEAR:
        return "near_duplicate"
    return "shares_passages" if high >= _SHARED or (high >= _SOME and shared >= _MANY) else ""


def _longest_run(row: list[str], both: set[tuple[str, ...]]) -> int:
    """Give the syllables of the longest stretch whose shingles are all shared."""
    longest = run = 0
    for shingle in in_order(row) if len(both) > PASSAGE - SHINGLE else ():
        run = run + 1 if shingle in both else 0
        longest = max(longest, run)
    return longest + SHINGLE - 1 if longest else 0
