"""From a parsed query to what the index is asked: what matches, and what of it comes first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

import tantivy
from tantivy import Occur

from archive.indexed import key
from archive.query import Query, Term

#: What a hit gains, beside its score in the text: a word in the title or the lead, two words or all side by side. Of
#: 200 runs of 3 to 6 syllables out of 9,870 articles .79 came first, .95 in the first ten; with ROW 1 .36 and .67.
TITLE, LEAD, PAIR, ROW = 1.5, 0.5, 1.0, 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query in the index's own terms: `match` decides what is found, `ranked` also in which order."""

    match: tantivy.Query
    ranked: tantivy.Query


def ask(schema: tantivy.Schema, query: Query, filters: list[tantivy.Query]) -> Asked:
    """Make the index's query of a parsed one, narrowed by filters that weigh nothing."""
    clauses = [(Occur.Must, _group(schema, group)) for group in query.groups]
    clauses += [(Occur.Must, _weightless(part)) for part in filters]
    clauses += [(Occur.MustNot, _term(schema, term)) for term in query.without]
    if not query.groups:
        # What only excludes is asked of all versions; the progress mark is none of them and has no `when`.
        clauses.append((Occur.Must, _weightless(tantivy.Query.exists_query("when"))))
    preferred = [(Occur.Should, part) for part in _preferred(schema, query)]
    return Asked(match=tantivy.Query.boolean_query(clauses), ranked=tantivy.Query.boolean_query(clauses + preferred))


def _group(schema: tantivy.Schema, group: tuple[Term, ...]) -> tantivy.Query:
    asked = [_term(schema, term) for term in group]
    return asked[0] if len(asked) == 1 else tantivy.Query.boolean_query([(Occur.Should, part) for part in asked])


def _term(schema: tantivy.Schema, term: Term, field: str | None = None) -> tantivy.Query:
    """Ask one term of its own field, or of another."""
    if term.field == "outlet":
        return _outlet(schema, term)
    name = field or term.field
    keys = [key(token) for token in term.tokens]
    if term.prefix:
        return _prefix(schema, name, keys)
    if len(keys) > 1:
        return tantivy.Query.phrase_query(schema, name, [*keys])
    return tantivy.Query.term_query(schema, name, keys[0], index_option="freq")


def _prefix(schema: tantivy.Schema, field: str, keys: list[str]) -> tantivy.Query:
    patterns = [re.escape(part) for part in keys]
    patterns[-1] += ".*"
    if len(patterns) > 1:
        return tantivy.Query.regex_phrase_query(schema, field, [*patterns])
    return tantivy.Query.regex_query(schema, field, patterns[0])


def _outlet(schema: tantivy.Schema, term: Term) -> tantivy.Query:
    name = "".join(token.folded for token in term.tokens)
    if term.prefix:
        return tantivy.Query.regex_query(schema, "outlet", re.escape(name) + ".*")
    return _weightless(tantivy.Query.term_query(schema, "outlet", name, index_option="basic"))


def _weightless(part: tantivy.Query) -> tantivy.Query:
    return tantivy.Query.const_score_query(part, 0.0)


def _preferred(schema: tantivy.Schema, query: Query) -> list[tantivy.Query]:
    """Give what makes a hit better: its words in title or lead, and side by side in the order typed."""
    words = [term for term in query.wanted() if term.field == "text"]
    made = [_weighed(_term(schema, term, "title"), TITLE) for term in words]
    made += [_weighed(_term(schema, term, "lead"), LEAD) for term in words]
    row = [group[0] for group in query.groups if len(group) == 1 and group[0].field == "text" and not group[0].prefix]
    made += [_weighed(_term(schema, _joined([a, b])), PAIR) for a, b in pairwise(row)]
    if len(row) > 1:
        together = _joined(row)
        made += [_weighed(_term(schema, together, field), ROW) for field in ("text", "title")]
    return made


def _joined(terms: list[Term]) -> Term:
    return Term(tokens=tuple(token for term in terms for token in term.tokens))


def _weighed(part: tantivy.Query, weight: float) -> tantivy.Query:
    return tantivy.Query.boost_query(part, weight)
