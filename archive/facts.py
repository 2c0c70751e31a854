"""The facts that a Vietnamese text states: dates, numbers, names, quotations, each with a key to compare them by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.atoms import Atom, atoms, one_spelling
from archive.sentences import Word, quoted, sentences, words
from archive.text import place_tone
from archive.wordkinds import COUNTRIES, ORGANISATIONS, is_name
from archive.wordlists import wordlist

_DAY = re.compile(r"(\d{1,2}/\d{1,2})(?:/\d{4})?$")
_NOUNS = wordlist("nouns_in_names")
#: Words that a quotation needs to be a fact; shorter ones are single words in quotes.
_QUOTATION = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A date, number, name or quotation as printed, and the `key` by which two texts are held together."""

    kind: str
    text: str
    key: str


def _date(line: Sequence[Word], atom: Atom) -> Fact:
    """Give the date with the word before it (`tháng 12/2021`); a day's key leaves the year out: not all print it."""
    text = _text(line, atom)
    before = line[atom.start - 1].text.lower() if atom.start else ""
    day = _DAY.match(atom.key)
    key = day[1] if day else atom.key
    if not day and before in {"tháng", "ngày", "quý"} and key.isdigit():
        key = f"{before} {int(key)}"
    return Fact(kind="date", text=f"{before} {text}" if before in {"ngày", "tháng", "năm", "quý"} else text, key=key)


def _text(line: Sequence[Word], atom: Atom) -> str:
    return " ".join(word.text for word in line[atom.start : atom.end])


def _names(line: Sequence[Word]) -> Iterator[str]:
    """Give the names of a sentence; a country or acronym before a person's name apart (`Nga`, `Sergei Lavrov`)."""
    run: list[str] = []
    for at in range(len(line) + 1):
        if at < len(line) and is_name(line, at):
            run.append(line[at].text)
            continue
        if run and at < len(line) and _goes_on(run, line[at].text):
            run.append(line[at].text)
            if at + 1 < len(line) and line[at + 1].text not in COUNTRIES and is_name(line, at + 1):
                continue
        while len(run) > 1 and (run[0] in COUNTRIES or run[0].isupper()):
            yield run.pop(0)
        if run:
            yield " ".join(run)
        run = []


def _goes_on(run: list[str], word: str) -> bool:
    """Tell whether a small word belongs to the name before it: `Bộ Ngoại giao`, `Công an`."""
    return word[0].islower() and ((run[0] in ORGANISATIONS and len(run) > 1) or f"{run[-1].lower()} {word}" in _NOUNS)


def _key(text: str) -> str:
    return " ".join(place_tone(word.text).lower() for word in words(text) if word.text[0].isalnum())


def _in_sentence(sentence: str) -> Iterator[Fact]:
    line = words(sentence)
    for atom in atoms(line):
        if atom.kind == "date":
            yield _date(line, atom)
        elif atom.kind == "number":
            yield Fact(kind="number", text=_text(line, atom), key=atom.key)
    yield from (Fact(kind="name", text=name, key=one_spelling(_key(name))) for name in _names(line))


def facts(text: str) -> tuple[Fact, ...]:
    """Give the facts of a text, each key once, in order of appearance by kind of finding.

    >>> [(fact.kind, fact.text) for fact in facts("Ngày 21/1, ông Putin nói: “Chúng tôi không tấn công 2 nước”.")]
    [('date', 'ngày 21/1'), ('number', '2'), ('name', 'Putin'), ('quotation', 'Chúng tôi không tấn công 2 nước')]
    """
    found = [fact for sentence in sentences(text) for fact in _in_sentence(sentence)]
    for start, end in quoted(text):
        inside = text[start + 1 : end - 1].strip()
        if len(line := words(inside)) >= _QUOTATION and _key(inside).count(" ") + 1 >= _QUOTATION:
            key = " ".join(atom.key for atom in atoms(line) if line[atom.start].text[0].isalnum())
            found.append(Fact(kind="quotation", text=inside, key=key))
    return tuple({(fact.kind, fact.key): fact for fact in reversed(found)}.values())[::-1]
