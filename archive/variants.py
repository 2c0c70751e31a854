"""Spellings of one name (`variants.toml`): Moskva, Mátxcơva and Moscow find each other, at query time.

A word typed with marks is that spelling, typed without marks any that folds to it, as in a search. A name of up to
four letters (Mỹ, Bỉ, CIA) is the name only with its capital: `thẩm mỹ` is no country.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from itertools import product
from typing import NamedTuple

from archive.query import Query, Term
from archive.tokens import Token, tokens

#: Ways of writing one phrase that are looked up, when names in it have many.
MOST = 12
#: Names of so many letters are names only as listed, with their capital.
SHORT = 4

Row = tuple[Token, ...]


class Name(NamedTuple):
    """A spelling: its words as tokens, the group it belongs to, and its form as listed."""

    row: Row
    group: int
    printed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Widened:
    """A query with the other spellings of its names as alternatives; `applied` gives each name typed with them."""

    query: Query
    applied: tuple[tuple[str, ...], ...] = ()


def sections() -> dict[str, list[list[str]]]:
    """Give the data file: groups of spellings by section."""
    text = (resources.files("archive") / "variants.toml").read_text(encoding="utf-8")
    found: dict[str, list[list[str]]] = tomllib.loads(text)
    return found


@lru_cache(maxsize=1)
def groups() -> tuple[tuple[Name, ...], ...]:
    """Give every group, its names in the file's order."""
    listed = [group for part in sections().values() for group in part]
    return tuple(
        tuple(Name(tuple(tokens(printed)), number, printed) for printed in group) for number, group in enumerate(listed)
    )


def listed(words: Sequence[str] = ()) -> list[tuple[str, list[str]]]:
    """Give the groups of spellings with their section; with words only those that have one of them, however marked.

    >>> [names[0] for _, names in listed(["matxcova"])]
    ['Moskva']
    """
    asked = {tuple(token.folded for token in tokens(word)) for word in words}
    return [
        (section, group)
        for section, part in sections().items()
        for group in part
        if not asked or asked & {tuple(token.folded for token in tokens(name)) for name in group}
    ]


@lru_cache(maxsize=1)
def _by_first() -> dict[str, list[Name]]:
    """Give the names by their first word's folded form, the longest first."""
    found: dict[str, list[Name]] = {}
    for name in (name for group in groups() for name in group):
        found.setdefault(name.row[0].folded, []).append(name)
    return {first: sorted(names, key=lambda name: -len(name.row)) for first, names in found.items()}


def name_at(row: Sequence[Token], at: int, typed: str = "") -> Name | None:
    """Give the longest name that begins at this place of a row of tokens; `typed` is how its first word was typed.

    >>> name_at(tokens("ở Mat-xco-va"), 1).printed
    'Mát-xcơ-va'
    """
    for name in _by_first().get(row[at].folded, ()):
        here = row[at : at + len(name.row)]
        if len(here) == len(name.row) and all(map(_fits, here, name.row)) and _is_meant(here, name, typed):
            return name
    return None


def _fits(typed: Token, listed: Token) -> bool:
    return typed.text == listed.text or (typed.text == typed.folded == listed.folded)


def _is_meant(here: Sequence[Token], name: Name, typed: str) -> bool:
    """Take a short name only as listed, capital and marks: `thẩm mỹ` and `sec` name no country."""
    if len(here) > 1 or len(name.row[0].text) > SHORT:
        return True
    return typed[:1].isupper() == name.printed[:1].isupper() and here[0].text == name.row[0].text


def others(name: Name) -> list[Row]:
    """Give the other spellings of a name as rows of tokens, each once."""
    seen = {_key(name.row)}
    found = []
    for other in groups()[name.group]:
        if _key(other.row) not in seen:
            seen.add(_key(other.row))
            found.append(other.row)
    return found


def _key(row: Row) -> tuple[str, ...]:
    return tuple(token.text for token in row)


def widen(query: Query, typed: str) -> Widened:
    """Add the other spellings of the names in a query; `typed` is what it was parsed from."""
    applied: dict[int, Name] = {}
    made: list[tuple[Term, ...]] = []
    at = 0
    while at < len(query.groups):
        run = _run(query.groups[at:])
        name = name_at(run, 0, _printed(run[0], typed)) if run else None
        if name is not None:
            applied[name.group] = name
            made.append((_as_typed(run[: len(name.row)]), *(Term(tokens=row) for row in others(name))))
            at += len(name.row)
            continue
        made.append(tuple(wide for term in query.groups[at] for wide in _ways(term, typed, applied)))
        at += 1
    without = tuple(wide for term in query.without for wide in _ways(term, typed, applied))
    told = tuple((name.printed, *(other.printed for other in _rest(name))) for name in applied.values())
    return Widened(query=replace(query, groups=tuple(made), without=without), applied=told)


def _rest(name: Name) -> list[Name]:
    return [other for other in groups()[name.group] if other.printed != name.printed]


def _run(following: Sequence[tuple[Term, ...]]) -> Row:
    """Give the single words that a query begins with: those that may make a name together."""
    found: list[Token] = []
    for group in following:
        if len(group) > 1 or group[0].field != "text" or group[0].prefix or len(group[0].tokens) > 1:
            break
        found.append(group[0].tokens[0])
    return tuple(found)


def _as_typed(row: Row) -> Term:
    return Term(tokens=row, loose=len(row) > 1, named=True)


def _printed(token: Token, typed: str) -> str:
    """Give a token as it was typed: its own place is that within its word of the query, so it is looked for."""
    return next((typed[one.start : one.end] for one in tokens(typed) if one.text == token.text), "")


def _ways(term: Term, typed: str, applied: dict[int, Name]) -> Iterator[Term]:
    """Give a term and the same with the names in it spelled otherwise."""
    yield term
    if term.field == "outlet" or (term.prefix and len(term.tokens) == 1):
        return
    parts: list[list[Row]] = []
    at = 0
    while at < len(term.tokens):
        name = name_at(term.tokens, at, _printed(term.tokens[at], typed))
        if name is None:
            parts.append([(term.tokens[at],)])
            at += 1
            continue
        applied[name.group] = name
        parts.append([term.tokens[at : at + len(name.row)], *others(name)])
        at += len(name.row)
    for number, chosen in enumerate(product(*parts)):
        if 0 < number < MOST:
            yield replace(term, tokens=tuple(token for row in chosen for token in row))
