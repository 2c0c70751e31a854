"""Two sentences as runs of words: equal here, changed there, and no confetti between."""

from __future__ import annotations

from collections.abc import Iterator

from archive.align import Pair, equal_pairs

#: Share of equal words below which a pair is shown as one replacement, not as confetti.
_CONFETTI = 0.3
#: Words changed around a single equal one from which that one is chance, not sense.
_CHANCE = 6


def runs(left: list[str], right: list[str]) -> Iterator[tuple[int, int, int, int, bool]]:
    """Give the runs (old start, end, new start, end, is_equal) that make up both lines of words.

    >>> list(runs(["Có", "12", "người"], ["Có", "21", "người"]))
    [(0, 1, 0, 1, True), (1, 2, 1, 2, False), (2, 3, 2, 3, True)]
    """
    pairs = equal_pairs(left, right)
    if len(pairs) < _CONFETTI * max(len(left), len(right)):
        pairs = []
    pairs = [*_solid(pairs, len(left), len(right)), (len(left), len(right))]
    i = j = at = 0
    while at < len(pairs):
        x, y = pairs[at]
        if (x, y) != (i, j):
            yield i, x, j, y, False
        first = at
        while at + 1 < len(pairs) and pairs[at + 1] == (pairs[at][0] + 1, pairs[at][1] + 1):
            at += 1
        i, j = pairs[at][0] + 1, pairs[at][1] + 1
        # the last pair is the end of both lines, no word
        end = at == len(pairs) - 1
        if at > first or not end:
            yield x, i - end, y, j - end, True
        at += 1


def _solid(pairs: list[Pair], left: int, right: int) -> list[Pair]:
    """Leave out single equal words between longer changes."""
    ends = [(-1, -1), *pairs, (left, right)]
    kept = []
    for (a, b), (x, y), (c, d) in zip(ends, pairs, ends[2:], strict=False):
        gaps = (x - a - 1, y - b - 1, c - x - 1, d - y - 1)
        if min(max(gaps[:2]), max(gaps[2:])) == 0 or sum(gaps) < _CHANCE:
            kept.append((x, y))
    return kept
