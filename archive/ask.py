"""From a parsed query to what the index is asked: what matches, and what of it comes first.

What matches is asked in steps, each of which leaves out what is better: the words as a row in the order typed, then two
of them side by side, then all of them anywhere. Within a step BM25 decides, title and lead weighing more. So the best
ten of common words are found without reading the positions of all who have them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product

import tantivy
from tantivy import Occur

from archive.indexed import is_plain, key
from archive.query import Query, Term

#: What a hit gains, beside its score in the text: a word in the title, in the lead, or printed without marks as typed.
TITLE, LEAD, PLAIN = 1.5, 0.5, 0.2
#: Spellings of a whole row of words that are looked up, when names in it have many.
ROWS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A query in the index's own terms: `match` decides what is found, `steps` in which order: best first."""

    match: tantivy.Query
    steps: tuple[tantivy.Query, ...]


def ask(schema: tantivy.Schema, query: Query, filters: list[tantivy.Query]) -> Asked:
    """Make the index's query of a parsed one, narrowed by filters that weigh nothing."""
    wanted = [_any([_term(schema, term) for term in group]) for group in query.groups]
    rest = [(Occur.Must, _weightless(part)) for part in filters]
    rest += [(Occur.MustNot, _term(schema, term)) for term in query.without]
    if not query.groups:
        # What only excludes is asked of all versions; the progress mark is none of them and has no `when`.
        rest.append((Occur.Must, _weightless(tantivy.Query.exists_query("when"))))
    clauses = [(Occur.Must, part) for part in wanted] + rest
    match = tantivy.Query.boolean_query(clauses)
    better = [(Occur.Should, part) for part in _better(schema, query)]
    last = wanted + [part for _, part in better] if len(wanted) == 1 and not rest else None
    everything = _any(last) if last else tantivy.Query.boolean_query(clauses + better)
    nearer = [tantivy.Query.boolean_query([(Occur.Must, near), *clauses, *better]) for near in _near(schema, query)]
    return Asked(match=match, steps=(*nearer, everything))


def _any(parts: Sequence[tantivy.Query]) -> tantivy.Query:
    return parts[0] if len(parts) == 1 else tantivy.Query.boolean_query([(Occur.Should, part) for part in parts])


def _term(schema: tantivy.Schema, term: Term, field: str | None = None) -> tantivy.Query:
    """Ask one term of its own field, or of another."""
    if term.field == "outlet":
        return _outlet(schema, term)
    name = field or term.field
    keys = [key(token) for token in term.tokens]
    if term.prefix:
        return _prefix(schema, name, keys)
    if len(keys) > 1:
        if term.loose:
            return tantivy.Query.boolean_query([(Occur.Must, _word(schema, name, one)) for one in keys])
        return tantivy.Query.phrase_query(schema, name, [*keys], slop=term.near)
    return _word(schema, name, keys[0])


def _word(schema: tantivy.Schema, field: str, word: str) -> tantivy.Query:
    return tantivy.Query.term_query(schema, field, word, index_option="freq")


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


def _better(schema: tantivy.Schema, query: Query) -> list[tantivy.Query]:
    """Give what makes a hit better within its step: its words in title or lead, or printed without marks as typed."""
    words = [term for term in query.wanted() if term.field == "text" and not term.prefix]
    made = [_weighed(_term(schema, term, "title"), TITLE) for term in words]
    made += [_weighed(_term(schema, term, "lead"), LEAD) for term in words]
    plain = dict.fromkeys(token.text for term in words for token in term.tokens if is_plain(token))
    return made + [_weighed(_weightless_one(schema, word), PLAIN) for word in plain]


def _weightless_one(schema: tantivy.Schema, word: str) -> tantivy.Query:
    return tantivy.Query.const_score_query(tantivy.Query.term_query(schema, "plain", word, index_option="basic"), 1.0)


def _near(schema: tantivy.Schema, query: Query) -> list[tantivy.Query]:
    """Give what of the matches is nearer to what was typed: all words in a row, then any two of them side by side."""
    rows = _rows(query)
    if not rows:
        return []
    made = [_any([_term(schema, _joined(row)) for row in rows])]
    if len(rows[0]) > 2:
        pairs = [_term(schema, _joined(pair)) for pair in pairwise(rows[0])]
        made.append(_any(pairs))
    return made


def _rows(query: Query) -> list[tuple[Term, ...]]:
    """Give the single words and names of the query as rows, in every spelling of its names; none of fewer than two."""
    plain = [
        [term for term in group if term.field == "text" and not term.prefix and not term.near]
        for group in query.groups
        if len(group) == 1 or group[0].named
    ]
    places = [group for group in plain if group]
    rows = [tuple(row) for row in islice(product(*places), ROWS)]
    return [row for row in rows if sum(len(term.tokens) for term in row) > 1 and (len(row) > 1 or row[0].loose)]


def _joined(terms: Sequence[Term]) -> Term:
    return Term(tokens=tuple(token for term in terms for token in term.tokens))


def _weighed(part: tantivy.Query, weight: float) -> tantivy.Query:
    return tantivy.Query.boost_query(part, weight)
