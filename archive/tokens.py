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
_FIGURES = re.compile(r"\d+")
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
    return [
        Token(exact, folded, match.start() + begin, match.start() + end)
        for match in _TOKEN.finditer(text)
        for exact, folded, begin, end in _split(match[0])
    ]


def words(text: str) -> list[str]:
    """Give the exact forms of a text's tokens alone, faster: what fingerprints and comparisons are made of.

    >>> words("Hòa nhạc, 12 người")
    ['hoà', 'nhạc', '12', 'người']
    """
    return [token.text for match in _TOKEN.finditer(text) for token in _split(match[0])]


@lru_cache(maxsize=1 << 17)
def _split(raw: str) -> tuple[Token, ...]:
    """Make the tokens of what the pattern matched, placed within it."""
    match = _TOKEN.fullmatch(raw)
    kind = match.lastgroup if match else "word"
    if kind == "dotted" and not _is_abbreviation(raw):
        return tuple(Token(*_plain(m[0]), m.start(), m.end()) for m in _PLAIN.finditer(raw))
    forms = {"date": _date, "number": _number, "city": _city}.get(kind or "word", _plain)
    return (Token(*forms(raw), 0, len(raw)),)


def _date(raw: str) -> tuple[str, str]:
    """Write a date one way, without leading zeros; its folded form leaves the year out."""
    parts = [str(int(part)) for part in _FIGURES.findall(raw)]
    return "/".join(parts), "/".join(parts[:2])


def _number(raw: str) -> tuple[str, str]:
    """Leave a number as typed; its folded form has no percent sign."""
    exact = "".join(raw.split())
    return exact[:LONGEST], exact.rstrip("%")[:LONGEST]


def _city(_raw: str) -> tuple[str, str]:
    return "tphcm", "hcm"


def _plain(raw: str) -> tuple[str, str]:
    exact = place_tone(unicodedata.normalize("NFC", raw.replace(".", "")[: LONGEST * 2])).lower()[:LONGEST]
    return exact, fold(exact)


def _is_abbreviation(dotted: str) -> bool:
    """Tell U.S, T.Ư, TP.HN from two sentences run together (nội.Ngày) and from addresses (dantri.com.vn)."""
    parts = dotted.split(".")
    if any(len(part) > 5 or not part.isalpha() for part in parts):
        return False
    return dotted.isupper() or all(len(part) == 1 for part in parts) or (parts[0] == "Tp" and parts[1].isupper())
