"""Which names are places: those of the variants file and of a list, and any name after a word such as `tỉnh` or `sông`.

Countries count as places, also where they act (`Nga bác bỏ`); a name right after a person's title does not (`ông Nam`,
`Chủ tịch Hồ Chí Minh`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from archive.sentences import Word, words
from archive.text import place_tone
from archive.variants import sections
from archive.wordlists import wordlist

# The word before a name that makes it a place; the last one of `thành phố`, `thị trấn`, `bán đảo` does.
_NOUNS, _TWO = wordlist("place_nouns"), wordlist("place_nouns_of_two")
_AT = frozenset({"ở", "tại"})
#: A point of the compass, which is a place after `phía`, `miền` and the like and no name by itself.
COMPASS = frozenset({"Đông", "Tây", "Nam", "Bắc", "Trung"})
_SIDES = frozenset({"phương", "phía", "hướng", "miền", "bờ", "cực", "cánh"})


def _key(text: str) -> tuple[str, ...]:
    return tuple(place_tone(word.text) for word in words(text))


@lru_cache(maxsize=1)
def places() -> frozenset[tuple[str, ...]]:
    """Give the names of places, as words in one tone placement."""
    parts = sections()
    spelled = [name for part in ("countries", "cities", "vietnam") for group in parts.get(part, ()) for name in group]
    return frozenset(_key(name) for name in [*wordlist("places"), *spelled])


def is_direction(line: Sequence[Word], at: int) -> bool:
    """Tell whether this word is a point of the compass after a word for a side (`phương Tây`).

    >>> line = words("Phương Tây và tỉnh Tây Ninh")
    >>> [is_direction(line, at) for at in (1, 4)]
    [True, False]
    """
    return line[at].text in COMPASS and at > 0 and line[at - 1].text.lower() in _SIDES


def is_place(line: Sequence[Word], start: int, end: int, *, titled: bool) -> bool:
    """Tell whether the name that these words make is a place; `titled` says that a person's title stands before it.

    >>> line = words("tại huyện Mường La, ông Nam ở Huế")
    >>> [is_place(line, *span, titled=span == (6, 7)) for span in ((2, 4), (6, 7), (8, 9))]
    [True, False, True]
    """
    if titled:
        return False
    if tuple(place_tone(word.text) for word in line[start:end]) in places() or is_direction(line, start):
        return True
    before = line[start - 1].text.lower() if start else ""
    two = f"{line[start - 2].text.lower()} {before}" if start > 1 else ""
    if two in _TWO or before in _NOUNS:
        return True
    return before in _AT and not any(word.text.isupper() for word in line[start:end])
