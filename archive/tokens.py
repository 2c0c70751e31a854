"""Tokens: the words of a text, made once and the same for index, query, snippet and fingerprint (`docs/search.md`).

A token has an exact form (`text`) and a `folded` one. What is typed in its folded form matches every spelling, what is
typed with marks only itself: `dam` finds đảm and đạm, `đảm` finds đảm; `12,5` finds 12,5 and 12,5%; `12/1` finds that
day of any year.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from archive.text import fold, place_tone

#: Longer runs (encoded data, hostile text) are cut to this many characters, in index and query alike.
LONGEST = 64

# Latin and other letters with their combining marks, so that NFD text gives the same tokens; scripts of South-East Asia
# whose vowels are marks; Han and kana one character at a time, as they are written without spaces.
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKED = "\u0300-\u036f\u0900-\u0dff\u0e01-\u0eff\u1000-\u109f\u1780-\u17d3"
_WORD = f"(?:(?![{_HAN}])[^\\W_]|[{_MARKED}])+"
_TOKEN = re.compile(
    rf"(?P<date>(?<!\d)\d{{1,2}}(?:/\d{{1,2}}/\d{{4}}|-\d{{1,2}}-\d{{4}}|\.\d{{1,2}}\.\d{{4}}|/\d{{1,2}})(?![\d/]))"
    rf"|(?P<number>\d+(?:[.,]\d+)+(?:\s?%)?|\d+\s?%)"
    rf"|(?P<city>(?i:\btp\.?[ \u00a0]?hcm\b))"
    rf"|(?P<dotted>{_WORD}(?:\.{_WORD})+)"
    rf"|(?P<word>{_WORD}|[{_HAN}])"
)
_PARTS = re.compile(r"\d+")
_PLAIN = re.compile(_WORD)


class Token(NamedTuple):
    """A word of a text: its exact and its folded form, and where it stands (characters of the text given)."""

    text: str
    folded: str
    start: int
    end: int


def tokens(text: str) -> list[Token]:
    """Give the tokens of a text in order; offsets are those of the text as given, in whatever normal form.

    >>> [t.text for t in tokens("Đàm phán Nga-Ukraine tại TP.HCM: 1.500.000 người, tăng 12,5%")]
    ['đàm', 'phán', 'nga', 'ukraine', 'tại', 'tphcm', '1.500.000', 'người', 'tăng', '12,5%']
    >>> tokens("Hòa")[0]
    Token(text='hoà', folded='hoa', start=0, end=3)
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup
        if kind == "dotted" and not _is_abbreviation(match[0]):
            found += _words(match[0], match.start())
        else:
            found.append(Token(*_forms(match[0], kind or "word"), match.start(), match.end()))
    return found


def _words(text: str, start: int) -> list[Token]:
    return [Token(*_forms(m[0], "word"), start + m.start(), start + m.end()) for m in _PLAIN.finditer(text)]


@lru_cache(maxsize=1 << 17)
def _forms(raw: str, kind: str) -> tuple[str, str]:
    """Give the exact and the folded form of one token."""
    if kind == "date":
        return _date_forms(raw)
    if kind == "number":
        plain = "".join(raw.split())
        return plain[:LONGEST], plain.rstrip("%")[:LONGEST]
    if kind == "city":
        return "tphcm", "hcm"
    exact = place_tone(unicodedata.normalize("NFC", raw.replace(".", "")[: LONGEST * 2])).lower()[:LONGEST]
    return exact, fold(exact)


def _date_forms(raw: str) -> tuple[str, str]:
    """Write a date one way, without leading zeros; its folded form leaves the year out."""
    parts = [str(int(part)) for part in _PARTS.findall(raw)]
    return "/".join(parts), "/".join(parts[:2])


def _is_abbreviation(dotted: str) -> bool:
    """Tell U.S, T.Ư, TP.HN from two sentences run together (nội.Ngày) and from addresses (dantri.com.vn)."""
    parts = dotted.split(".")
    if any(len(part) > 5 or not part.isalpha() for part in parts):
        return False
    return dotted.isupper() or all(len(part) == 1 for part in parts) or (parts[0] == "Tp" and parts[1].isupper())
