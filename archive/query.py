"""Queries: from what a person types to what the index is asked (`docs/search.md`). No input is an error.

words, all of which must match · "phrases" · -without · this OR that · title:word · outlet:name · prefix*
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archive.text import clean
from archive.tokens import Token, tokens

#: Tokens of a query that are looked up; the rest is left out, so that no query is slow by its length.
LONGEST = 64

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_PIECE = re.compile(
    r'(?P<minus>(?<![^\s(])-)?(?:(?P<field>title|outlet):\s*)?(?:"(?P<phrase>[^"]*)"?(?P<star>\*)?|(?P<word>[^\s"]+))',
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Tokens that stand side by side in text, title or outlet's name; the last of a prefix is a beginning."""

    tokens: tuple[Token, ...]
    field: str = "text"
    prefix: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Groups of alternatives, one of each of which must match, and what must not."""

    groups: tuple[tuple[Term, ...], ...] = ()
    without: tuple[Term, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is asked."""
        return not self.groups and not self.without

    def wanted(self) -> list[Term]:
        """Give the terms whose places in a text are marked: all that may match text or title."""
        return [term for group in self.groups for term in group if term.field != "outlet"]


def parse(typed: str) -> Query:
    """Read a query as typed.

    >>> parse('"đàm phán" -Nga').without[0].tokens[0].text
    'nga'
    >>> [[term.tokens[0].text for term in group] for group in parse("mưa OR bão lũ").groups]
    [['mưa', 'bão'], ['lũ']]
    """
    groups: list[tuple[Term, ...]] = []
    without: list[Term] = []
    joins, left = False, LONGEST
    for piece in _PIECE.finditer(clean(typed).translate(_QUOTES)):
        if piece[0] in {"OR", "|"}:
            joins = bool(groups)
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
    return Query(groups=tuple(groups), without=tuple(without))


def _term(piece: re.Match[str], left: int) -> Term | None:
    """Make the term of a piece, or None when no token is in it, or none may be added."""
    typed = piece["phrase"] if piece["phrase"] is not None else piece["word"]
    found = tuple(tokens(typed)[:left])
    if not found:
        return None
    prefix = bool(piece["star"]) or typed.rstrip(")").endswith("*")
    return Term(tokens=found, field=(piece["field"] or "text").lower(), prefix=prefix)
