"""Queries as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.query import LONGEST, Query, Term, parse


def said(term: Term) -> str:
    """Write a term down: field:words, with its star."""
    words = " ".join(token.text for token in term.tokens)
    return f"{'' if term.field == 'text' else term.field + ':'}{words}{'*' if term.prefix else ''}"


def shape(query: Query) -> str:
    """Write a query down: groups by |, alternatives by /, what must not match by -."""
    groups = ["/".join(map(said, group)) for group in query.groups]
    return " | ".join([*groups, *(f"-{said(term)}" for term in query.without)])


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("đàm phán", "đàm | phán"),
        ('"đàm phan" Nga', "đàm phan | nga"),
        ("“đàm phán” «hoà bình»", "đàm phán | hoà bình"),
        ("Nga-Ukraine", "nga ukraine"),
        ("bão -lũ -'lụt'", "bão | -lũ | -lụt"),
        ('-"nước ngoài"', "-nước ngoài"),
        ("Nga - Ukraine", "nga | ukraine"),
        ("bão OR lũ miền OR trung", "bão/lũ | miền/trung"),
        ("OR bão OR", "bão"),
        (
            "title:bão TITLE:\"số 9\" outlet:dantri outlet: 'Dân trí'",
            "title:bão | title:số 9 | outlet:dantri | outlet:dân | trí",
        ),
        ('đảm* "dam ph*" "dam ph"*', "đảm* | dam ph* | dam ph*"),
        ('* - : "" () title: ', "title"),
        ('"chưa đóng', "chưa đóng"),
        ("http://vov.vn/a 12:30", "http vov vn a | 12 30"),
        ("", ""),
    ],
)
def test_a_query_is_read_so(typed: str, expected: str) -> None:
    assert shape(parse(typed)) == expected


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=200))
def test_no_input_is_an_error(typed: str) -> None:
    parse(typed)


@given(st.text(alphabet='aă "-*:()OR|title', max_size=60))
def test_no_arrangement_of_signs_is_an_error(typed: str) -> None:
    query = parse(typed)
    assert all(term.tokens for group in query.groups for term in group)


def test_a_query_without_end_is_cut() -> None:
    query = parse('"' + "một " * 5000)
    assert sum(len(term.tokens) for group in query.groups for term in group) == LONGEST
