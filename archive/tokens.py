"""Tokens: the words of a text, made once and the same for index, query, snippet and fingerprint (`docs/search.md`).

A token has an exact form (`text`) and a `folded` one. What is typed in its folded form matches every spelling, what is
typed with marks only itself: `dam` finds đảm and đạm, `đảm` finds đảm; `12,5` finds 12,5 and 12,5%; `12/1` finds that
day of any year. `kĩ` and `kỹ` are one word, as `hòa` and `hoà` are.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from archive.syllables import one_vowel
from archive.text import fold, place_tone

#: Longer runs (encoded data, hostile text) are cut to this many characters, in index and query alike.
LONGEST = 64

# A word is letters and digits of any script; combining marks belong to it, so that NFD text gives the same tokens, and
# the vowel signs of Indian and South-East Asian scripts. Han and kana, written without spaces, are a token a character.
_HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_LETTER = rf"[^\W_{_HAN}]"
_MARK = r"(?:(?!\w)[\u0300-\u036f\u0900-\u0dff\u0e31-\u0e4e\u0eb1-\u0ecd\u102b-\u109d\u17b4-\u17d3])"
_WORD = rf"{_LETTER}+(?:{_MARK}{_LETTER}*)*"
_DATE = r"(?<!\d)\d{1,2}(?:/\d{1,2}/\d{4}|-\d{1,2}-\d{4}|\.\d{1,2}\.\d{4}|/\d{1,2})(?![\d/])"
_NUMBER = r"\d+(?:[.,]\d+)+(?:\s?%)?|\d+\s?%"
_CITY = r"[tT][pP]\.?[ \u00a0]?[hH][cC][mM]\b"
# No groups: `findall` gives what matched, and `_split` tells by the form alone which kind it is.
_TOKEN = re.compile(rf"(?=\d)(?:{_DATE}|{_NUMBER})|{_CITY}|{_WORD}(?:\.{_WORD})*|[{_HAN}]")
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
    return [token.text for raw in _TOKEN.findall(text) for token in _split(raw)]


def year_of(token: Token) -> str | None:
    """Give the year of a date, by which it is found too; None when it is no date or has none.

    >>> [year_of(token) for token in tokens("12/1/2022 12/1 2022")]
    ['2022', None, None]
    """
    date = token.text.split("/")
    return date[2] if len(date) == 3 else None


@lru_cache(maxsize=1 << 17)
def _split(raw: str) -> tuple[Token, ...]:
    """Make the tokens of what the pattern matched, placed within it."""
    for pattern, forms in _KINDS:
        if pattern.fullmatch(raw):
            return (Token(*forms(raw), 0, len(raw)),)
    if "." in raw and not _is_abbreviation(raw):
        return tuple(Token(*_plain(m[0]), m.start(), m.end()) for m in _PLAIN.finditer(raw))
    return (Token(*_plain(raw), 0, len(raw)),)


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


_KINDS = tuple((re.compile(kind), forms) for kind, forms in ((_DATE, _date), (_NUMBER, _number), (_CITY, _city)))


def _plain(raw: str) -> tuple[str, str]:
    exact = place_tone(unicodedata.normalize("NFC", raw.replace(".", "")[: LONGEST * 2])).lower()[:LONGEST]
    return one_vowel(exact), one_vowel(fold(exact))


def _is_abbreviation(dotted: str) -> bool:
    """Tell U.S, T.Ư, TP.HN from two sentences run together (nội.Ngày) and from addresses (dantri.com.vn)."""
    parts = dotted.split(".")
    if any(len(part) > 5 or not part.isalpha() for part in parts):
        return False
    return dotted.isupper() or all(len(part) == 1 for part in parts) or (parts[0] == "Tp" and parts[1].isupper())
