"""Snippets and the words marked in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.query import parse
from archive.snippet import WIDTH, marks, snippet


def found(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in marks(text, parse(query))]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("dam phan", ["Đàm", "phán", "đạm"]),
        ("đàm phán", ["Đàm", "phán"]),
        ('"dam phan"', ["Đàm phán"]),
        ("đạm -phán", ["đạm"]),
        ("ph*", ["phán"]),
        ("hòa", ["hoà"]),
        ("title:đàm outlet:phán", ["Đàm"]),
        ("12,5", ["12,5%"]),
    ],
)
def test_what_matches_is_marked(query: str, expected: list[str]) -> None:
    assert found("Đàm phán hoà bình, chất đạm 12,5%", query) == expected


def test_the_window_holds_most_of_what_was_asked() -> None:
    text = "Nga. " + "Chuyện khác hẳn đã xảy ra. " * 40 + "Nga và Ukraine đàm phán tại Minsk. " + "Rồi thôi. " * 40
    piece = snippet([text], parse("Nga Ukraine dam phan"))
    assert "Nga và Ukraine đàm phán tại Minsk" in piece.text
    assert [piece.text[start:end] for start, end in piece.marks] == ["Nga", "Ukraine", "đàm", "phán"]
    assert piece.text.startswith("… ")
    assert piece.text.endswith(" …")


def test_a_text_without_the_words_is_shown_from_its_beginning() -> None:
    piece = snippet(["Mở đầu bài viết này."] * 30, parse("bão"))
    assert piece.text.startswith("Mở đầu")
    assert piece.marks == ()


@given(st.lists(st.text(alphabet="aăn bđ.", max_size=40), max_size=30), st.integers(50, 300))
def test_marks_lie_in_the_snippet_and_hold_the_words(parts: list[str], width: int) -> None:
    piece = snippet(parts, parse("an đa"), width=width)
    assert len(piece.text) <= width + 50
    assert all(piece.text[start:end].lower().replace(".", "") in {"an", "ăn", "đa"} for start, end in piece.marks)


def test_a_snippet_of_one_endless_word_stays_short() -> None:
    assert len(snippet(["x" * 5000], parse("y")).text) <= WIDTH + 4
