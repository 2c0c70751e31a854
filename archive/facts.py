"""The facts that a Vietnamese text states: dates, numbers, names, quotations, each with a key to compare them by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from archive.sentences import Word, quoted, sentences, words
from archive.text import place_tone
from archive.wordkinds import COUNTRIES, ORGANISATIONS, is_date, is_name, is_number

_DATE = re.compile(r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{2,4}))?$|(\d{1,2})[/.-](\d{4})$")
#: Words that a quotation needs to be a fact; shorter ones are single words in quotes.
_QUOTATION = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A date, number, name or quotation as printed, and the `key` by which two texts are held together."""

    kind: str
    text: str
    key: str


def _date(line: Sequence[Word], at: int) -> Fact | None:
    """Give the date with the word before it (`tháng 12/2021`), or None for a relative one (`tuần trước`)."""
    text, before = line[at].text, line[at - 1].text.lower() if at else ""
    if not text[0].isdigit():
        return None
    found = _DATE.match(text)
    if found and found[4]:
        key = f"tháng {int(found[4])}/{found[5]}"
    elif found and int(found[2]) <= 12:
        key = f"{int(found[1])}/{int(found[2])}"
    elif found:
        key = text
    else:
        key = f"{before} {text.lstrip('0')}" if before in {"tháng", "ngày", "quý"} else text
    shown = f"{before} {text}" if before in {"ngày", "tháng", "năm", "quý"} else text
    return Fact(kind="date", text=shown, key=key)


def _number(text: str) -> Fact:
    """Give the figure; its key has no dots of thousands and a point before decimals.

    >>> _number("1.500").key, _number("12,5%").key
    ('1500', '12.5%')
    """
    plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", text).replace(",", ".").replace(" ", "")
    return Fact(kind="number", text=text, key=plain)


def _names(line: Sequence[Word]) -> Iterator[str]:
    """Give the names of a sentence; a country or acronym before a person's name apart (`Nga`, `Sergei Lavrov`)."""
    run: list[str] = []
    for at in range(len(line) + 1):
        if at < len(line) and is_name(line, at):
            run.append(line[at].text)
            continue
        if run and run[0] in ORGANISATIONS and at < len(line) and line[at].text[0].islower():
            run.append(line[at].text)
        while len(run) > 1 and (run[0] in COUNTRIES or run[0].isupper()):
            yield run.pop(0)
        if run:
            yield " ".join(run)
        run = []


def _key(text: str) -> str:
    return " ".join(place_tone(word.text).lower() for word in words(text) if word.text[0].isalnum())


def _in_sentence(sentence: str) -> Iterator[Fact]:
    line = words(sentence)
    for at in range(len(line)):
        if is_date(line, at):
            date = _date(line, at)
            if date:
                yield date
        elif is_number(line, at):
            yield _number(line[at].text)
    yield from (Fact(kind="name", text=name, key=_key(name)) for name in _names(line))


def facts(text: str) -> tuple[Fact, ...]:
    """Give the facts of a text, each key once, in order of appearance by kind of finding.

    >>> [(fact.kind, fact.text) for fact in facts("Ngày 21/1, ông Putin nói: “Chúng tôi không tấn công 2 nước”.")]
    [('date', 'ngày 21/1'), ('number', '2'), ('name', 'Putin'), ('quotation', 'Chúng tôi không tấn công 2 nước')]
    """
    found = [fact for sentence in sentences(text) for fact in _in_sentence(sentence)]
    for start, end in quoted(text):
        inside = text[start + 1 : end - 1].strip()
        if len(key := _key(inside)) and key.count(" ") + 1 >= _QUOTATION:
            found.append(Fact(kind="quotation", text=inside, key=key))
    return tuple({(fact.kind, fact.key): fact for fact in reversed(found)}.values())[::-1]
