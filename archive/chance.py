"""Change told from chance: shares by Fisher's exact test, lengths by the rank-sum test (Mann and Whitney, 1947).

Pure arithmetic; the bounds are told in `docs/commands.md` under `crawl status`.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb, sqrt
from statistics import median

#: A share changes by at least this much; a median becomes at least so many times as long or short: of lengths that
#: doubled or halved, twenty pages show at least so much.
STEP = 0.2
RATIO = 1.6
#: There is no alarm of a share that chance alone would give more often than this, nor of fewer pages than `LEAST`.
CHANCE = 0.01
LEAST = 3
#: Standard deviations of the rank sum that chance exceeds once in a thousand times; of few numbers, all of which lie
#: apart, the ways to draw them tell.
_DEVIATIONS = 3.29
_WAYS = 2000
#: With fewer pages before there is nothing to compare with: then so many pages, more than half lacking it, tell.
FEW = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """So many of so many."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """Give the share, 0 of none being 0."""
        return self.hits / self.of if self.of else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How numbers are distributed: their median and the bounds of the middle four fifths."""

    p10: int
    median: int
    p90: int


def spread(numbers: list[int]) -> Spread | None:
    """Give median and deciles, None of nothing.

    >>> spread([1, 2, 3, 4, 100])
    Spread(p10=1, median=3, p90=100)
    """
    if not numbers:
        return None
    ordered, last = sorted(numbers), len(numbers) - 1
    return Spread(p10=ordered[round(last * 0.1)], median=round(median(ordered)), p90=ordered[round(last * 0.9)])


def fell(now: Share, before: Share) -> bool:
    """Tell whether a share fell by a fifth of all and by more than chance; with few before, whether it is below half.

    >>> fell(Share(hits=0, of=5), Share(hits=20, of=20)), fell(Share(hits=4, of=5), Share(hits=20, of=20))
    (True, False)
    """
    if before.of < FEW:
        return now.of >= FEW and now.value < 0.5
    lacking = now.of - now.hits
    return lacking >= LEAST and before.value - now.value >= STEP and by_chance(now, before) < CHANCE


def by_chance(now: Share, before: Share) -> float:
    """Give the probability that chance alone puts so few of the hits into `now` (Fisher's exact test, one side).

    >>> round(by_chance(Share(hits=0, of=5), Share(hits=5, of=5)), 6)
    0.003968
    """
    hits, of = now.hits + before.hits, now.of + before.of
    ways = sum(comb(hits, drawn) * comb(of - hits, now.of - drawn) for drawn in range(now.hits + 1))
    return ways / comb(of, now.of)


def jumped(now: list[int], before: list[int]) -> bool:
    """Tell whether the median nearly doubled or halved, or more, and the ranks say that it is not by chance.

    >>> jumped([1] * 8, [9] * 8), jumped([1] * 2, [9] * 8), jumped([5, 6, 7] * 9, [9] * 8)
    (True, False, False)
    """
    if not now or not before:
        return False
    low, high = sorted((median(now), median(before)))
    if high < max(low, 1) * RATIO:
        return False
    apart = max(now) < min(before) or min(now) > max(before)
    few = apart and comb(len(now) + len(before), len(now)) >= _WAYS
    return few or abs(_deviation(now, before)) >= _DEVIATIONS


def _deviation(now: list[int], before: list[int]) -> float:
    """Give how far the ranks of `now` among all lie from where chance would put them, in standard deviations."""
    ordered = sorted([*now, *before])
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for rank, number in enumerate(ordered, 1):
        first.setdefault(number, rank)
        last[number] = rank
    total = sum((first[number] + last[number]) / 2 for number in now)
    expected = len(now) * (len(ordered) + 1) / 2
    return (total - expected) / sqrt(len(now) * len(before) * (len(ordered) + 1) / 12)
