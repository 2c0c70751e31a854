"""Two sequences held side by side: equal elements in order, then the rest by likeness.

Plain longest-common-subsequence over words calls half of two unrelated texts equal, so sentences are paired first and
words compared only inside a pair.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Indel
from rapidfuzz.process import extract_iter

from archive.sentences import syllables

#: Largest product of lengths compared exactly (its bit matrix takes 2 MB); larger ones are first cut at rare elements.
CELLS = 16_000_000
#: Pairs of sentences whose likeness is measured at most; beyond it each sees its neighbourhood only.
PAIRS = 120_000
#: Likeness (0 to 1, shared words in order) from which two sentences at the same place are one reworded.
REWORDED = 0.4
#: Likeness from which sentences at different places are one moved and reworded.
MOVED = 0.6
#: Characters of a sentence that its likeness is measured by: no sentence is longer, hostile text is.
LONG = 5000
#: Words that a sentence needs to be called moved; shorter ones repeat by chance.
MOVABLE = 3

Pair = tuple[int, int]


def equal_pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Give (i, j) of elements equal in order, as many as possible within bounded time and memory.

    >>> equal_pairs("abcd", "axcd")
    [(0, 0), (2, 2), (3, 3)]
    """
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middle = _middle(old[head : len(old) - tail], new[head : len(new) - tail])
    pairs = [(at, at) for at in range(head)] + [(i + head, j + head) for i, j in middle]
    return pairs + [(len(old) - at, len(new) - at) for at in range(tail, 0, -1)]


def _middle(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    if not old or not new:
        return []
    if len(old) * len(new) <= CELLS:
        return list(_exact(old, new, 0, 0))
    pairs: list[Pair] = []
    i = j = 0
    for x, y in [*_rare(old, new), (len(old), len(new))]:
        if 0 < (x - i) * (y - j) <= CELLS:
            pairs += _exact(old[i:x], new[j:y], i, j)
        if x < len(old):
            pairs.append((x, y))
        i, j = x + 1, y + 1
    return pairs


def _exact(old: Sequence[Hashable], new: Sequence[Hashable], i: int, j: int) -> Iterator[Pair]:
    for op in Indel.opcodes(list(old), list(new)):
        if op.tag == "equal":
            yield from ((i + op.src_start + at, j + op.dest_start + at) for at in range(op.src_end - op.src_start))


def _rare(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Give the longest run in order of elements that each side has once (patience diff)."""
    in_new = _once(new)
    return _rising([(at, in_new[key]) for key, at in _once(old).items() if key in in_new])


def _once(sequence: Sequence[Hashable]) -> dict[Hashable, int]:
    counts = Counter(sequence)
    return {key: at for at, key in enumerate(sequence) if counts[key] == 1}


def _rising(pairs: list[Pair]) -> list[Pair]:
    """Give the longest subsequence of pairs, sorted by the first, whose second rises."""
    tops: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        level = bisect_left(tops, j)
        tops[level : level + 1] = [j]
        ends[level : level + 1] = [at]
        before.append(ends[level - 1] if level else -1)
    chain, at = [], ends[-1] if ends else -1
    while at >= 0:
        chain.append(pairs[at])
        at = before[at]
    return chain[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Sentences of two texts in pairs, sorted: `kept` stand in the same order on both sides, `moved` do not."""

    kept: tuple[Pair, ...]
    moved: tuple[Pair, ...]


def align(old: Sequence[str], new: Sequence[str]) -> Alignment:
    """Pair the sentences of two texts: identical in order, identical elsewhere, then alike."""
    kept = equal_pairs(old, new)
    moved = _moved(old, new, kept)
    free_old = set(range(len(old))) - {i for i, _ in [*kept, *moved]}
    free_new = set(range(len(new))) - {j for _, j in [*kept, *moved]}
    for score, i, j in _alike(old, new, sorted(free_old), sorted(free_new)):
        if i in free_old and j in free_new and _place(score, (i, j), kept, moved):
            free_old.remove(i)
            free_new.remove(j)
    if moved:
        kept, moved = _heaviest(sorted([*kept, *moved]), [len(text) + 1 for text in old])
    return Alignment(kept=tuple(kept), moved=tuple(sorted(moved)))


def _heaviest(pairs: list[Pair], weights: list[int]) -> tuple[list[Pair], list[Pair]]:
    """Choose again which pairs stand still: those in order that hold the most text. The rest have moved.

    Of two neighbours that changed places either may be called moved; a reader expects the shorter.
    """
    # for each height of j: the most text up to it and the last pair there, both rising
    tops: list[int] = []
    best: list[tuple[int, int]] = []
    before: list[int] = []
    for at, (i, j) in enumerate(pairs):
        place = bisect_left(tops, j)
        total, last = best[place - 1] if place else (0, -1)
        before.append(last)
        total += weights[i]
        while place < len(tops) and best[place][0] <= total:
            del tops[place], best[place]
        tops.insert(place, j)
        best.insert(place, (total, at))
    kept, at = [], best[-1][1] if best else -1
    while at >= 0:
        kept.append(pairs[at])
        at = before[at]
    still = set(kept)
    return kept[::-1], [pair for pair in pairs if pair not in still]


def _moved(old: Sequence[str], new: Sequence[str], kept: list[Pair]) -> list[Pair]:
    """Pair identical sentences that stand elsewhere."""
    taken_old, taken_new = {i for i, _ in kept}, {j for _, j in kept}
    where = defaultdict(list)
    for j in range(len(new) - 1, -1, -1):
        if j not in taken_new:
            where[new[j]].append(j)
    left = [i for i in range(len(old)) if i not in taken_old and old[i].count(" ") + 1 >= MOVABLE]
    return [(i, where[old[i]].pop()) for i in left if where.get(old[i])]


def _alike(old: Sequence[str], new: Sequence[str], left: list[int], right: list[int]) -> list[tuple[float, int, int]]:
    """Give (likeness, i, j) of the unpaired sentences, most alike first, nearest first among equals."""
    if not left or not right:
        return []
    letters: dict[str, str] = {}
    coded_old = [_coded(old[i], letters) for i in left]
    coded_new = [_coded(new[j], letters) for j in right]
    reach = max(1, PAIRS // len(left) // 2)
    found = []
    for at, text in enumerate(coded_old):
        middle = at * len(right) // len(left)
        first = max(0, middle - reach)
        near = coded_new[first : middle + reach]
        for _, score, k in extract_iter(text, near, scorer=Indel.normalized_similarity, score_cutoff=REWORDED):
            found.append((score, left[at], right[first + k]))
    return sorted(found, key=lambda row: (-row[0], abs(row[1] - row[2])))


def _coded(sentence: str, letters: dict[str, str]) -> str:
    """Write a sentence with one character a word, case and marks left out, so that likeness counts words."""
    kept = syllables(sentence[:LONG])
    return "".join([letters.setdefault(word, chr(0x10000 + len(letters) % 0xFFFFF)) for word in kept])


def _place(score: float, pair: Pair, kept: list[Pair], moved: list[Pair]) -> bool:
    """Take a pair: among those kept when it crosses none of them, else as moved when it is alike enough."""
    at = bisect_left(kept, pair)
    is_above = at == 0 or kept[at - 1][1] < pair[1]
    is_below = at == len(kept) or pair[1] < kept[at][1]
    if is_above and is_below:
        kept.insert(at, pair)
    elif score >= MOVED:
        moved.append(pair)
    else:
        return False
    return True
