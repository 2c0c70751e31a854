"""Each case: page in, expected article out (CONTRIBUTING.md tells how to add one)."""

import json
from pathlib import Path

import pytest

from archive.articlejson import to_json
from archive.values import Article
from pipeline.case import differences, load_case
from pipeline.extract import extract
from pipeline.outlet import load_outlets

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/*/case.toml"))
#: What the article of every case states; further fields where the case is about them.
STATED = {"title", "byline", "lead", "blocks", "source_line", "published", "section", "tags", "images", "canonical"}


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_page_gives_exactly_its_article(folder: Path) -> None:
    case = load_case(folder)
    assert differences(case, extract(case.capture, load_outlets()[case.outlet])) == []


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_a_case_is_small_and_states_its_article_whole(folder: Path) -> None:
    case = load_case(folder)
    assert len(case.page) < 40_000
    assert case.outlet == folder.parent.name
    assert (case.article is None) == (case.outcome not in ("ok", "suspect"))
    if case.article is not None:
        assert STATED <= case.article.keys() <= to_json(Article(title="")).keys()


def test_every_era_of_every_outlet_has_a_case() -> None:
    eras = {template.name for outlet in load_outlets().values() for template in outlet.templates}
    assert eras <= {load_case(folder).template for folder in CASES}


def test_every_era_of_the_four_mission_outlets_has_three_cases() -> None:
    templates = [load_case(folder).template for folder in CASES]
    mission = [load_outlets()[name] for name in ("dantri", "laodong", "vietnamplus", "baotintuc")]
    few = [one.name for outlet in mission for one in outlet.templates if templates.count(one.name) < 3]
    assert few == []


def test_no_two_cases_share_a_paragraph() -> None:
    texts = [text for folder in CASES for text in _paragraphs(folder)]
    assert sorted(text for text in set(texts) if texts.count(text) > 1) == []


def _paragraphs(folder: Path) -> set[str]:
    article = folder / "article.json"
    blocks = json.loads(article.read_text("utf-8"))["blocks"] if article.exists() else []
    return {block["text"] for block in blocks if len(block["text"]) > 60}
