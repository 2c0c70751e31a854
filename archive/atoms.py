"""A sentence as what a diff never cuts: words, whole numbers and dates, names with several spellings, phrases.

Each atom has a `key`: two atoms with one key say the same, however written (`1.500` and `1500`,
`21/1` and `21 tháng 1`, `Ukraine` and `Ukraina`, `hoà` and `hòa`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from archive.figures import date, date_at, figure_at, spoken
from archive.saying import said_at
from archive.sentences import Word, words
from archive.syllables import one_vowel
from archive.text import place_tone
from archive.variants import SHORT, sections
from archive.wordkinds import NUMBER_WORDS, is_date, is_initial

#: Words beyond which a line is no sentence: its words are its atoms.
MANY = 3000
_PLACES = frozenset({"countries", "cities", "vietnam"})


class Atom(NamedTuple):
    """Words `start` to `end` (not included) of a line.

    `kind` is date, number, name, place, attribution, negation or "".
    """

    key: str
    kind: str
    start: int
    end: int


class Listed(NamedTuple):
    """A spelling of the variants file: its words in one form, the first letter as listed, key and kind of its group."""

    row: tuple[str, ...]
    printed: str
    key: str
    kind: str


@lru_cache(maxsize=1 << 15)
def plain(word: str) -> str:
    """Give a word in one form: lower case, one tone placement, y for i where either is written.

    >>> plain("Hòa"), plain("kĩ")
    ('hoà', 'kỹ')
    """
    return one_vowel(place_tone(word).lower())


@lru_cache(maxsize=1)
def _spellings() -> dict[str, list[Listed]]:
    """Give the variants file's names by their first word, the longest first."""
    found: dict[str, list[Listed]] = {}
    for section, groups in sections().items():
        kind = "place" if section in _PLACES else "" if section == "things" else "name"
        for group in groups:
            for printed in group:
                row = tuple(plain(word.text) for word in words(printed))
                found.setdefault(row[0], []).append(Listed(row, printed, f"={group[0]}", kind))
    return {first: sorted(names, key=lambda name: -len(name.row)) for first, names in found.items()}


def one_spelling(name: str) -> str:
    """Give a name's one form where the variants file has it, else the name; `name` is its words in lower case.

    >>> one_spelling("ukraine"), one_spelling("putin")
    ('=Ukraina', 'putin')
    """
    row = tuple(plain(word) for word in name.split())
    found = (one for one in _spellings().get(row[0] if row else "", ()) if one.row == row)
    return next((one.key for one in found), name)


def atoms(line: Sequence[Word]) -> list[Atom]:
    """Cut a line of words into atoms.

    >>> [atom.key for atom in atoms(words("Ngày 21 tháng 1, Ukraine nói rõ: không phải 1.500"))]
    ['ngày', '21/1', ',', '=Ukraina', 'nói rõ', ':', 'không phải', '1500']
    """
    keys = [plain(word.text) for word in line]
    return list(_atoms(line, keys))


def _atoms(line: Sequence[Word], keys: list[str]) -> Iterator[Atom]:
    known = _spellings()
    at = 0
    while at < len(line):
        key = keys[at]
        found = None
        if key[0].isdigit():
            found = _figure(line, keys, at)
        elif key in "-−" and _is_sign(line, at):
            value, count = figure_at(keys[at + 1 : at + 8], 0)
            found = Atom(f"-{value}", "number", at, at + 1 + count)
        elif key in NUMBER_WORDS and (said := spoken(keys[at : at + 16], 0)):
            found = Atom(str(said[0]), "number", at, at + said[1])
        if found is None and key in known:
            found = _named(line, keys, at, known[key])
        if found is None and (phrase := said_at(keys, at)):
            kind, count = phrase
            found = Atom(" ".join(keys[at : at + count]), kind, at, at + count)
        yield found or Atom(key, "", at, at + 1)
        at = found.end if found else at + 1


def _is_sign(line: Sequence[Word], at: int) -> bool:
    """Tell whether a minus sign stands here (`-5 độ`), neither a dash nor the middle of a range."""
    if at + 1 >= len(line) or line[at + 1].start != line[at].end or not line[at + 1].text[0].isdigit():
        return False
    return at == 0 or (line[at - 1].end < line[at].start and not line[at - 1].text[0].isdigit())


def _figure(line: Sequence[Word], keys: list[str], at: int) -> Atom:
    near = keys[at : at + 8]
    if day := date_at(near, 0):
        return Atom(day[0], "date", at, at + day[1])
    if is_date(line, at):
        return Atom(date(keys[at]), "date", at, at + 1)
    value, count = figure_at(near, 0)
    return Atom(value, "number", at, at + count)


def _named(line: Sequence[Word], keys: list[str], at: int, names: list[Listed]) -> Atom | None:
    for name in names:
        end = at + len(name.row)
        if tuple(keys[at:end]) == name.row and _is_meant(line, at, name):
            return Atom(name.key, name.kind, at, end)
    return None


def _is_meant(line: Sequence[Word], at: int, name: Listed) -> bool:
    """Take a name with its capital, a short one only as listed: `thẩm mỹ` and `sec` name no country."""
    text = line[at].text
    if text[0].isupper() != name.printed[0].isupper() and not (text[0].isupper() and is_initial(line, at)):
        return False
    return len(name.row) > 1 or len(name.printed) > SHORT or text == name.printed


def side_by_side(left: Sequence[Word], right: Sequence[Word]) -> tuple[list[Atom], list[Atom]]:
    """Cut two lines into atoms; a listed name that only one of them has is cut into its words (`Sergey`, `Lavrov`)."""
    if max(len(left), len(right)) > MANY:
        return _words(left), _words(right)
    one, two = atoms(left), atoms(right)
    shared = {atom.key for atom in one} & {atom.key for atom in two}
    return list(_cut(left, one, shared)), list(_cut(right, two, shared))


def _words(line: Sequence[Word]) -> list[Atom]:
    return [Atom(word.text, "", at, at + 1) for at, word in enumerate(line)]


def _cut(line: Sequence[Word], found: list[Atom], shared: set[str]) -> Iterator[Atom]:
    for atom in found:
        if atom.key[0] != "=" or atom.key in shared or atom.end == atom.start + 1:
            yield atom
        else:
            yield from (Atom(plain(line[at].text), atom.kind, at, at + 1) for at in range(atom.start, atom.end))
