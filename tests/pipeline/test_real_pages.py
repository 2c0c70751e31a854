"""Real saved pages, reached by ARCHIVE_REAL_PAGES: counts and invariants only; nothing of them is kept here."""

import os
import re
from pathlib import Path

import pytest
from lxml import html

from archive.values import Outcome, Reading
from pipeline.extract import extract
from pipeline.outlet import load_outlets
from tests.pipeline.boxes import boxes
from tests.pipeline.making import capture

PAGES = os.environ.get("ARCHIVE_REAL_PAGES")
pytestmark = pytest.mark.skipif(not PAGES, reason="ARCHIVE_REAL_PAGES names no folder of saved pages")
OUTLETS = load_outlets()
SAVED = [path for path in sorted(Path(PAGES or "/nonexistent").glob("*/*.html")) if path.parent.name in OUTLETS]
LISTS = re.compile(r"home|sec_|section_|d1n")
ARTICLES = [path for path in SAVED if not LISTS.search(path.name)]
#: Where each outlet's body stands, said apart from the outlet files.
BODIES = {
    "dantri": ["div.singular-content", "div.e-magazine__body", "div[data-slot=content]"],
    "baotintuc": ["div.contents"],
    "nhandan": ["div.article__body"],
    "vietnamplus": ["div.article__body", "div.article-body"],
    "vnexpress": ["article.fck_detail"],
}
#: What each outlet strips, of all its eras: none of it may enter any outlet's page.
STRIPPED = sorted({css for outlet in OUTLETS.values() for template in outlet.templates for css in template.strip})
LABELS = ["<div>Video đang HOT</div>", '<div class="article-event"><a href="/e">ồn ào</a> 1 giờ trước</div>']


def read(path: Path, text: str | None = None) -> Reading:
    body = path.read_bytes() if text is None else text.encode()
    return extract(capture(body, url=""), OUTLETS[path.parent.name])


def named(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=[f"{path.parent.name}/{path.name[:40]}" for path in paths])


@named(ARTICLES)
def test_a_saved_article_is_read_by_its_template_and_nothing_shown_is_lost(path: Path) -> None:
    reading = read(path)
    assert reading.article is not None
    assert reading.template.startswith(path.parent.name)
    assert reading.outcome is (Outcome.SUSPECT if "snippet" in path.name else Outcome.OK)
    container = _container(path, html.document_fromstring(_text(path)))
    paragraphs = [node for node in container.iter("p") if _is_paragraph(node)]
    found = [block for block in reading.article.blocks if block.kind.value == "paragraph"]
    # A signature, a source line or a box may stand in a paragraph of its own.
    assert len(paragraphs) - 6 <= len(found)
    captions = [node for node in container.iter("figcaption") if node.text_content().strip()]
    assert len(captions) <= sum(1 for block in reading.article.blocks if block.kind.value == "caption")
    assert reading.counts.refused == 0


@named([path for path in SAVED if path not in ARTICLES])
def test_a_saved_list_is_no_article(path: Path) -> None:
    expected = Outcome.GATED if "d1n" in path.name else Outcome.NOT_ARTICLE
    assert read(path).outcome is expected


@named(ARTICLES)
def test_planted_boxes_of_any_outlet_do_not_enter(path: Path) -> None:
    before = read(path).article
    assert before is not None
    made = [box for css in STRIPPED for box in boxes(css)[:2]] + [html.fragment_fromstring(label) for label in LABELS]
    entered = []
    # Ten at a time, to be done before the next crawl.
    for start in range(0, len(made), 10):
        tree = html.document_fromstring(re.sub(r"(?is)<style\b.*?</style>", "", _text(path)))
        container = _container(path, tree)
        for place, box in enumerate(made[start : start + 10]):
            container.insert(min(1 + place * 2, len(container) - 1), box)
        after = read(path, html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")).article
        entered += [] if after is not None and before.blocks == after.blocks else [start]
    assert entered == [], [html.tostring(box)[:80] for start in entered for box in made[start : start + 10]]


def _text(path: Path) -> str:
    return re.sub(r"<%@.*?%>", "", path.read_text("utf-8"))


def _container(path: Path, tree: html.HtmlElement) -> html.HtmlElement:
    found = (node for css in BODIES[path.parent.name] for node in tree.cssselect(css))
    return next(found)


def _is_paragraph(node: html.HtmlElement) -> bool:
    inside = {above.tag for above in node.iterancestors()}
    return bool(node.text_content().strip()) and not inside & {"figure", "figcaption", "blockquote", "li"}
