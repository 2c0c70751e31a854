"""Tokens: one rule for index, query, snippet and fingerprint."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.tokens import LONGEST, tokens, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hòa bình, thúy quý", "hoà bình thuý quý"),
        ("1.500.000 đồng, tăng 12,5% và 3 %", "1.500.000 đồng tăng 12,5% và 3%"),
        ("ngày 12.1, 12/1/2022, 12-01-2022 và 12/1", "ngày 12.1 12/1/2022 12/1/2022 và 12/1"),
        ("TP.HCM, TPHCM, TP HCM, Tp. HCM, tp.hcm", "tphcm tphcm tphcm tphcm tphcm"),
        ("U.S. và T.Ư", "us và tư"),
        ("Hà Nội.Ngày mai", "hà nội ngày mai"),
        ("Nga-Ukraine, Covid-19, tỷ số 3-0", "nga ukraine covid 19 tỷ số 3 0"),
        ("dantri.com.vn", "dantri com vn"),
        ("Москва 日本 12h30 5G", "москва 日 本 12h30 5g"),
        ("một_hai “ba”… – (bốn)", "một hai ba bốn"),
        ("", ""),
    ],
)
def test_a_text_gives_these_tokens(text: str, expected: str) -> None:
    assert " ".join(words(text)) == expected


def test_the_other_normal_form_gives_the_same_tokens_at_their_own_places() -> None:
    text = "Đàm phán hoà bình ở Thuỵ Sĩ"
    apart = unicodedata.normalize("NFD", text)
    assert words(apart) == words(text)
    assert unicodedata.normalize("NFC", "".join(apart[t.start : t.end] for t in tokens(apart)[:1])) == "Đàm"


def test_a_date_folds_to_its_day_and_a_share_to_its_number() -> None:
    assert [(t.text, t.folded) for t in tokens("12/01/2022 12,5%")] == [("12/1/2022", "12/1"), ("12,5%", "12,5")]


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=80))
def test_no_text_is_refused_and_places_are_in_order(text: str) -> None:
    found = tokens(text)
    ends = [place for token in found for place in (token.start, token.end)]
    assert ends == sorted(ends)
    assert all(token.text and token.folded and len(token.text) <= LONGEST for token in found)
    assert [token.text for token in found] == words(text)


@given(st.text(alphabet="aàáảoòuyúýqhđ́", max_size=12))
def test_a_token_is_its_own_token(text: str) -> None:
    once = words(text)
    assert words(" ".join(once)) == once
