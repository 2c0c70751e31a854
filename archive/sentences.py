"""Vietnamese sentences and words, found by rules.

A sentence ends at `.`, `!`, `?`, `…` or `./.`, with the quotes and brackets that close right after it, before white
space and a capital, digit, opening quote or bracket. It does not end after an abbreviation (`TP. Hồ Chí Minh`,
`PGS.TS. Lan`, `Donald J. Trump`), inside a number or date (`1.500`, `12.1`), after a list's number (`1. Mục đầu`) or
before a dash that names the speaker (`… đối thoại." - ông nói`). A word is a syllable, a number or date as a whole, or
a mark.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_END = re.compile(r"(?<![.!?…])(?:\./\.|[.!?…]++)[\"'”’»)\]]*+(?=\s++(?P<open>[\"'“‘«(\[]*)(?P<next>[^\W_]))")
_WORD_BEFORE = re.compile(r"[^\s\"'“‘«(\[]+$")
_DOTTED = re.compile(r"(?:[A-ZĐ]\.)*[A-ZĐ]$")
_ABBREVIATIONS = re.compile(
    r"(?:T[Ppx]|TX|TT|Th[Ss]|Th\.S|T[Ss]|T\.S|PGS|GS|(?:PGS|GS)\.TS|B[Ss]|BS\.CKI{1,2}|KS|LS|CN|N[Xx][Bb]|M(?:r|rs|s)|Dr|St"
    r"|No|Jr|Sr|Prof|Gen|Col|Lt|Sgt|Inc|Corp|Ltd|Co)$"
)

_LETTERS = "(?:[^\\W\\d_][\u0300-\u036f]*)+"
_WORD = re.compile(
    r"\d+(?:[.,/:hg-]\d+)*(?:[hg](?![^\W_]))?(?:\s?%)?"
    rf"|{_LETTERS}(?:-?\d[\w]*)?"
    r"|\./\.|\.{2,}|[^\s]"
)


class Word(NamedTuple):
    """A word of a text and where it stands (characters, 0-based, end not included)."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """Give syllables, whole numbers and dates, and marks, in order.

    >>> [word.text for word in words("Ngày 21/1, tăng 12,5% lên 1.500.000 người./.")]
    ['Ngày', '21/1', ',', 'tăng', '12,5%', 'lên', '1.500.000', 'người', './.']
    >>> [word.text for word in words("Nga-NATO, G20, COVID-19 lúc 7h30")]
    ['Nga', '-', 'NATO', ',', 'G20', ',', 'COVID-19', 'lúc', '7h30']
    """
    return [Word(match[0].rstrip(), match.start(), match.end()) for match in _WORD.finditer(text)]


def syllables(text: str) -> list[str]:
    """Give the words of a text but its marks, in lower case; a text of marks alone gives those.

    >>> syllables("Nga-NATO, ngày 12.1: “Không!”")
    ['nga', 'nato', 'ngày', '12.1', 'không']
    """
    found: list[str] = _WORD.findall(text.lower())
    return [word for word in found if word[0].isalnum()] or found


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    """Tell whether the mark found really closes the sentence that began at `start`."""
    if stop["next"].islower():
        return False
    if stop[0][0] != "." or stop[0].startswith(("./.", "..")):
        return True
    before = _WORD_BEFORE.search(text[max(start, stop.start() - 40) : stop.start()])
    word = before[0] if before else ""
    if _ABBREVIATIONS.match(word) or (_DOTTED.match(word) and (stop["next"].isupper() or "(" in stop["open"])):
        return False
    is_list_number = word.isdigit() and len(word) <= 3 and stop.start() - len(word) == start
    return not is_list_number


def spans(text: str) -> list[tuple[int, int]]:
    """Give where each sentence stands: (start, end) in characters, white space between them left out."""
    found, start = [], 0
    for stop in _END.finditer(text):
        if _ends(text, start, stop):
            found.append((start, stop.end()))
            start = stop.end()
            while start < len(text) and text[start].isspace():
                start += 1
    return [*found, (start, len(text))] if start < len(text) else found


def sentences(text: str) -> list[str]:
    """Cut a squashed text into its sentences.

    >>> sentences("Ông J. Biden tới TP. HCM ngày 12.1. Theo PGS.TS. Lan, có 1.500 người./. Hết.")
    ['Ông J. Biden tới TP. HCM ngày 12.1.', 'Theo PGS.TS. Lan, có 1.500 người./.', 'Hết.']
    >>> sentences('“Họ sẽ đối thoại?” - ông nói. "Không." Rồi ông đi.')
    ['“Họ sẽ đối thoại?” - ông nói.', '"Không."', 'Rồi ông đi.']
    """
    return [text[start:end] for start, end in spans(text)]


def quoted(text: str) -> list[tuple[int, int]]:
    """Give where quotations stand, their marks included; one that is never closed does not count.

    >>> [text[a:b] for text in ['Ông nói “thẳng thắn" và "cởi mở”.'] for a, b in quoted(text)]
    ['“thẳng thắn"', '"cởi mở”']
    """
    found, opened = [], -1
    for mark in re.finditer('["“”„«»]', text):
        if opened < 0 and mark[0] not in "”»":
            opened = mark.start()
        elif opened >= 0 and mark[0] not in "“„«":
            found.append((opened, mark.end()))
            opened = -1
    return found
