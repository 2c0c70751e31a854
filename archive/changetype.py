"""What kind of change a change is: its types, the most telling first.

`typography` is a change of marks, case, quotes' shape or tone placement only: no edit of content. `number`, `date` and
`name` say that such words differ. `quotation`: words inside quotation marks differ. `headline`, `lead`, `caption` and
`byline` say where; they come second when all that differs there is a date, number or name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from archive.sentences import Word
from archive.text import place_tone
from archive.wordkinds import NUMBER_WORDS, TIMES_OF_DAY, is_date, is_name, is_number

#: Words of a change that are looked at.
LOOK = 300
#: Every type, most telling first.
TYPES = ("date", "number", "name", "quotation", "headline", "lead", "caption", "byline", "typography", "other")
# Other words from which a change says more than the figure or name in it.
_REWORDED = 6
_OF_PLACE = {"title": "headline", "lead": "lead", "caption": "caption", "byline": "byline"}
# Words that go with a figure or name and say nothing else.
_BESIDE = frozenset(
    {"ngày", "tháng", "năm", "hôm", "lúc", "giờ", "phút", "thứ", "tuần", "khoảng", "hơn", "gần", "trên", "dưới", "tới"}
    | {"người", "đồng", "usd", "ông", "bà", "%", "tỷ", "triệu", "nghìn"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a change: words `start` to `end` (not included) of a line, and which characters are quoted."""

    line: Sequence[Word]
    start: int
    end: int
    quoted: Sequence[tuple[int, int]] = field(default=())

    @property
    def words(self) -> list[str]:
        """The words changed, the first LOOK of them: a longer change is not typed by its last words."""
        return [word.text for word in self.line[self.start : min(self.end, self.start + LOOK)]]

    def kinds(self) -> list[str]:
        """Give the kind of each of these words: date, number, name, mark, or "" for any other."""
        return [self._kind(at) for at in range(self.start, min(self.end, self.start + LOOK))]

    def _kind(self, at: int) -> str:
        text = self.line[at].text
        if not text[0].isalnum():
            return "mark"
        if is_date(self.line, at):
            return "date"
        if is_number(self.line, at):
            return "number"
        return "name" if is_name(self.line, at) else ""

    def is_quoted(self) -> bool:
        """Tell whether all that changed stands inside one quotation."""
        if not self.quoted or self.start == self.end:
            return False
        first, last = self.line[self.start], self.line[self.end - 1]
        at = bisect_right(self.quoted, (first.start, len(self.line) + last.end)) - 1
        return at >= 0 and last.end <= self.quoted[at][1]


@lru_cache(maxsize=1 << 15)
def _plain(word: str) -> str:
    return place_tone(word).casefold()


def is_typography(old: Side, new: Side) -> bool:
    """Tell whether two sides say the same words, marks, case and tone placement aside."""
    if not new.words or not old.words:
        return not any(word[0].isalnum() for word in [*old.words, *new.words])
    said = [[_plain(word) for word in side.words if word[0].isalnum()] for side in (old, new)]
    return said[0] == said[1]


def _differing(old: Side, new: Side) -> list[str]:
    """Give which kinds of words differ between the sides, most telling first."""
    sets = []
    for side in (old, new):
        said: dict[str, set[str]] = {}
        for word, kind in zip(side.words, side.kinds(), strict=True):
            if kind and kind != "mark":
                said.setdefault(kind, set()).add(_plain(word))
        sets.append(said)
    return [kind for kind in ("date", "number", "name") if sets[0].get(kind) != sets[1].get(kind)]


def _spoken(old: Side, new: Side) -> str:
    """Give "number" where number words became others (`hai` → `ba`), "date" where such count months or days."""
    if not (old.words and new.words and _is_pure(old) and _is_pure(new)):
        return ""
    said = [word.lower() for word in [*old.words, *new.words]]
    if not any(word in NUMBER_WORDS for word in said):
        return ""
    return "date" if "date" in [*old.kinds(), *new.kinds()] else "number"


def _are_times(old: Side, new: Side) -> bool:
    spoken = [word.lower() for word in [*old.words, *new.words]]
    return bool(old.words and new.words) and all(word in TIMES_OF_DAY for word in spoken)


def _is_pure(side: Side) -> bool:
    """Tell whether the side changed nothing but dates, numbers, names and the words that go with them."""
    rows = zip(side.words, side.kinds(), strict=True)
    return all(kind or word.lower() in _BESIDE or word.lower() in NUMBER_WORDS for word, kind in rows)


def change_types(where: str, old: Side, new: Side) -> tuple[str, ...]:
    """Give the types of a change at this place (title, byline, lead, caption, body, source_line)."""
    if is_typography(old, new):
        return ("typography",)
    differing = _differing(old, new)
    if not differing and (kind := _spoken(old, new)):
        differing = [kind]
    if not differing and _are_times(old, new):
        differing = ["date"]
    is_quote = (old.is_quoted() or not old.words) and (new.is_quoted() or not new.words)
    place = [_OF_PLACE[where]] if where in _OF_PLACE else []
    quote = ["quotation"] if is_quote else []
    if where != "byline" and differing and _is_pure(old) and _is_pure(new):
        return (*differing, *quote, *place)
    first = [*place, *quote]
    if not first and not _is_about(differing, old, new):
        first = ["other"]
    return (*first, *differing) or ("other",)


def _is_about(differing: list[str], old: Side, new: Side) -> bool:
    """Tell whether a change is about its dates, numbers or names: it is short, or both sides have one."""
    said = [kinds for side in (old, new) if (kinds := side.kinds())]
    plain = max(kinds.count("") for kinds in said)
    return plain < _REWORDED or any(kind in old.kinds() and kind in new.kinds() for kind in differing)
