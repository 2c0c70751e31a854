"""Passages: the paragraphs of a text, and what one paper's paragraph is of another's: verbatim, shortened, reworded.

What only house style changes (a date as 20.11 or 20/11, `tháng Chín` or `tháng 9`, a name's spelling, marks, case, tone
placement) is verbatim still. Two paragraphs say the same from a likeness of .3 (cosine over their different words, each
weighing more the fewer paragraphs of the story have it); unrelated ones of one story stay below .28.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from archive.tokens import words
from archive.values import Article, Kind
from archive.variants import SHORT, groups

#: Likeness (0 to 1) from which one paragraph is another reworded.
SAME = 0.3
#: Shortened: so much of it stands in the other in this order, and it is at most so long as a share of the other.
TAKEN, SHORTER = 0.92, 0.92
#: A block of fewer words says too little.
SHORTEST = 8
#: Words of a paragraph, and paragraphs of a text, that are compared.
LONGEST, MOST = 1500, 300

_DOTTED = re.compile(r"(?<![\d.,])(\d{1,2})\.(\d{1,2}|\d{4})(?![\d%]|[.,]\d)(\.(\d{4}))?")
_MONTH = re.compile(r"(?i)\btháng (giêng|mười hai|mười một|mười|một|hai|ba|tư|bốn|năm|sáu|bảy|tám|chín|chạp)\b")
_MONTHS = ["giêng", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười"]
_MORE = {"một": 1, "bốn": 4, "mười một": 11, "mười hai": 12, "chạp": 12}

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph of a text: its kind ("lead" for the lead), its place from 0, and its words for comparing."""

    kind: str
    place: int
    text: str
    words: Row


def styled(text: str) -> Row:
    """Give a text's words with house style taken off.

    >>> styled("Ngày 20.11 và tháng Chín") == styled("ngày 20/11, và tháng 9")
    True
    """
    plain = _DOTTED.sub(lambda m: f"{m[1]}/{m[2]}" + (f"/{m[4]}" if m[4] else ""), text)
    return _one_spelling(words(_MONTH.sub(lambda m: f"tháng {_month(m[1].lower())}", plain)))


def _one_spelling(row: list[str]) -> Row:
    """Write each name that has other spellings (`variants.toml`) as the first of them."""
    found: list[str] = []
    at = 0
    while at < len(row):
        name = next((one for one in _spelled().get(row[at], ()) if tuple(row[at : at + len(one[0])]) == one[0]), None)
        found += name[1] if name else row[at : at + 1]
        at += len(name[0]) if name else 1
    return tuple(found)


@lru_cache(maxsize=1)
def _spelled() -> dict[str, list[tuple[Row, Row]]]:
    """Give the spellings by their first word, the longest first, each with the first spelling of its name."""
    by_word: dict[str, list[tuple[Row, Row]]] = {}
    for group in groups():
        rows = [tuple(token.text for token in name.row) for name in group]
        for row in rows[1:]:
            if len("".join(row)) > SHORT:
                by_word.setdefault(row[0], []).append((row, rows[0]))
    return {word: sorted(rows, key=lambda pair: -len(pair[0])) for word, rows in by_word.items()}


def _month(word: str) -> int:
    return _MORE.get(word) or _MONTHS.index(word) + 1


def passages(article: Article) -> list[Passage]:
    """Give an article's paragraphs in page order, the lead first without the outlet's prefix."""
    lead = article.lead.removeprefix(article.lead_prefix)
    texts = [("lead", lead), *((block.kind.value, block.text) for block in article.blocks)]
    made = ((place, kind, text, styled(text)) for place, (kind, text) in enumerate(texts))
    return [
        Passage(kind=kind, place=place, text=text, words=row[:LONGEST])
        for place, kind, text, row in made
        if len(row) >= SHORTEST
    ][:MOST]


def is_beside(kind: str) -> bool:
    """Tell whether what is of this kind stands beside the text: captions and subheads, of note when two have them.

    >>> is_beside("caption"), is_beside("lead")
    (True, False)
    """
    return kind in (Kind.CAPTION, Kind.SUBHEAD)


class Weights:
    """How much each word of a story says: the more, the fewer of its paragraphs have it."""

    def __init__(self, rows: Iterable[Row]) -> None:
        listed = list(rows)
        having = Counter(word for row in listed for word in set(row))
        self._weight = {word: math.log(1 + len(listed) / count) ** 2 for word, count in having.items()}

    def likeness(self, one: Row, other: Row) -> float:
        """Give how alike two paragraphs are, 0 to 1."""
        ours, theirs = set(one), set(other)
        lengths = self._sum(ours) * self._sum(theirs)
        return self._sum(ours & theirs) / math.sqrt(lengths) if lengths else 0.0

    def _sum(self, told: set[str]) -> float:
        return sum(self._weight.get(word, 0.0) for word in told)


def kept_as(source: Sequence[str], copy: Sequence[str]) -> str:
    """Tell what a paragraph is of its source: verbatim, shortened or reworded.

    >>> kept_as("một hai ba bốn năm sáu".split(), "một hai ba bốn".split())
    'shortened'
    """
    if tuple(source) == tuple(copy):
        return "verbatim"
    both = (len(source) + len(copy)) * Indel.normalized_similarity(source, copy) / 2
    is_taken = both >= TAKEN * len(copy)
    return "shortened" if is_taken and len(copy) <= SHORTER * len(source) else "reworded"
