import doctest
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.seeds import Seed, load
from archive.seedtext import parse, parts, render
from archive.values import Article, Block, Kind

# Spaces, breaks, marks that join, controls and the words the guesses look for, beside any character at all.
_odd = st.sampled_from(
    [
        "\n",
        "\n\n",
        "\r\n",
        " ",
        "\u00a0",
        "\u200b",
        "\u0301",
        "\u2028",
        "\x00",
        "\ud800",
        ", ",
        ",",
        "Theo ",
        "Ảnh: ",
        "(",
    ]
)
texts = st.lists(st.one_of(_odd, st.text(max_size=8), st.characters()), max_size=8).map("".join)
blocks = st.builds(Block, kind=st.sampled_from(Kind), text=texts)
articles = st.builds(
    Article,
    title=texts,
    byline=st.lists(texts, max_size=3).map(tuple),
    lead=texts,
    blocks=st.lists(blocks, max_size=5).map(tuple),
    source_line=texts,
)


@given(articles)
def test_rendered_text_read_and_rendered_again_is_the_same(article: Article) -> None:
    text = render(article)
    assert render(parse(text)) == text


@given(articles)
def test_rendered_text_is_nfc_without_empty_parts_and_ends_in_one_newline(article: Article) -> None:
    text = render(article)
    assert unicodedata.is_normalized("NFC", text)
    assert text.encode("utf-8").decode("utf-8") == text
    assert text == "" or (text.endswith("\n") and not text.endswith("\n\n"))
    assert "\n\n\n" not in text and not text.startswith("\n")


@given(articles)
def test_each_part_is_one_line_in_seed_format_order(article: Article) -> None:
    assert [line for line in render(article).split("\n") if line] == [text for _, text in parts(article)]


@given(texts)
def test_reading_never_fails(text: str) -> None:
    parse(text)


@pytest.mark.parametrize("seed", load(), ids=lambda seed: seed.name)
def test_the_seeds_parts_are_guessed_right(seed: Seed) -> None:
    article = seed.article
    assert parts(parse(render(article))) == parts(article)


def test_what_only_json_carries_is_not_in_the_text() -> None:
    plain = Article(title="Tin", lead="Mở đầu.")
    full = Article(title="Tin", lead="Mở đầu.", published=datetime(2026, 1, 1, tzinfo=UTC), tags=("Nga",), section="A")
    assert render(plain) == render(full) == "Tin\n\nMở đầu.\n"


def test_text_without_blank_lines_has_one_part_a_line() -> None:
    article = parse("Tin\nMinh Phương\nMở đầu.\nThân bài.\n(TTXVN/Vietnam+)\n")
    assert render(article) == "Tin\n\nMinh Phương\n\nMở đầu.\n\nThân bài.\n\n(TTXVN/Vietnam+)\n"
    assert (article.byline, article.source_line) == (("Minh Phương",), "(TTXVN/Vietnam+)")


def test_a_lead_keeps_its_printed_prefix_and_names_it() -> None:
    article = parse("Tin\n\n(Dân trí) - Mở đầu.\n\nThân bài.\n")
    assert (article.lead, article.lead_prefix) == ("(Dân trí) - Mở đầu.", "(Dân trí) - ")


def test_the_examples_in_the_documentation_are_true() -> None:
    page = Path(__file__).parents[2] / "docs" / "seed-format.md"
    tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert (tried.failed, tried.attempted > 5) == (0, True)
