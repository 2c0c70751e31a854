"""Queries: from what a person types to what the index is asked (`docs/search.md`). No input is an error.

words, all of which must match · "phrases" · "near"~5 · -without · this OR that · title:word · since:7d · prefix*
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from archive.text import clean
from archive.tokens import Token, tokens

#: Tokens of a query that are looked up; the rest is left out, so that no query is slow by its length.
LONGEST = 64
#: Words that may stand between those of `"…"~N`, at most.
FARTHEST = 40

_FIELDS = ("title", "lead", "caption", "author", "source", "section", "tag", "outlet", "since", "until")
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PIECE = re.compile(
    rf"(?P<minus>(?<![^\s(])-)?(?:(?P<field>{'|'.join(_FIELDS)}):\s*)?"
    r'(?:"(?P<phrase>[^"]*)"?(?:~(?P<near>\d{1,3})|(?P<star>\*))?|(?P<word>[^\s"]+))',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Tokens that stand side by side in text, a field or an outlet's name; the last of a prefix is a beginning.

    With `near` as many other words may stand between them; those of a `loose` term stand anywhere in the text.
    A `named` one is a name, whose other spellings are the alternatives that follow it.
    """

    tokens: tuple[Token, ...]
    field: str = "text"
    prefix: bool = False
    near: int = 0
    loose: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Groups of alternatives, one of each of which must match, what must not, and the times between which to look."""

    groups: tuple[tuple[Term, ...], ...] = ()
    without: tuple[Term, ...] = ()
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is asked."""
        return not (self.groups or self.without or self.since or self.until)

    @property
    def has_marks(self) -> bool:
        """Tell whether a spelling is asked for that leaves others out."""
        terms = [term for group in self.groups for term in group]
        return any(token.text != token.folded for term in terms for token in term.tokens)

    def wanted(self) -> list[Term]:
        """Give the terms whose places in a text are marked: all that may match text or title."""
        return [term for group in self.groups for term in group if term.field != "outlet"]

    def folded(self) -> Query:
        """Give the same query without tone and letter marks."""
        groups = tuple(tuple(map(_folded, group)) for group in self.groups)
        return replace(self, groups=groups, without=tuple(map(_folded, self.without)))


def parse(typed: str, *, now: datetime | None = None) -> Query:
    """Read a query as typed; `now` is what an age such as `since:7d` counts from.

    >>> parse('"đàm phán" -Nga').without[0].tokens[0].text
    'nga'
    >>> [[term.tokens[0].text for term in group] for group in parse("mưa OR bão lũ").groups]
    [['mưa', 'bão'], ['lũ']]
    """
    groups: list[tuple[Term, ...]] = []
    without: list[Term] = []
    times: dict[str, datetime] = {}
    joins, left = False, LONGEST
    for piece in _PIECE.finditer(clean(typed).translate(_QUOTES)):
        if piece[0] in {"OR", "|"}:
            joins = bool(groups)
            continue
        if time := _time(piece, now):
            times |= time
            continue
        term = _term(piece, left)
        if term is None:
            continue
        left -= len(term.tokens)
        if piece["minus"]:
            without.append(term)
        elif joins:
            groups[-1] = (*groups[-1], term)
        else:
            groups.append((term,))
        joins = False
    return Query(groups=tuple(groups), without=tuple(without), since=times.get("since"), until=times.get("until"))


def _time(piece: re.Match[str], now: datetime | None) -> dict[str, datetime] | None:
    """Read `since:` and `until:`; None when the piece is no such field or no time, and so is words."""
    field = (piece["field"] or "").lower()
    if field not in {"since", "until"} or piece["minus"]:
        return None
    from archive.options import read_time

    try:
        return {field: read_time(piece["phrase"] or piece["word"] or "", now=now or datetime.now(UTC))}
    except (ValueError, OverflowError):
        return None


def _term(piece: re.Match[str], left: int) -> Term | None:
    """Make the term of a piece, or None when no token is in it, or none may be added."""
    typed = piece["phrase"] if piece["phrase"] is not None else piece["word"]
    found = tuple(tokens(typed)[:left])
    if not found:
        return None
    prefix = bool(piece["star"]) or typed.rstrip(")").endswith("*")
    field = (piece["field"] or "text").lower()
    if field in {"since", "until"}:
        field = "text"
    near = min(int(piece["near"] or 0), FARTHEST) if len(found) > 1 else 0
    return Term(tokens=found, field=field, prefix=prefix, near=near)


def _folded(term: Term) -> Term:
    return replace(term, tokens=tuple(token._replace(text=token.folded) for token in term.tokens))
