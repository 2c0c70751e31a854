"""Real saved pages, reached by ARCHIVE_REAL_PAGES: counts and invariants only; nothing of them is kept here."""

import os
import re
from pathlib import Path

import pytest
from lxml import html

from archive.values import Outcome, Reading
from pipeline.extract import extract
from pipeline.outlet import load_outlets
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
BOXES = [
    '<div class="article-related"><p>ồn ào</p></div>',
    '<div class="article-event"><a href="/e">ồn ào</a> 1 giờ trước</div>',
    '<section data-module="comment"><p>ồn ào</p></section>',
    '<div class="rennab"><p>ồn ào</p></div>',
    '<div class="widget"><p>ồn ào</p></div>',
    "<div>Video đang HOT</div>",
    '<ul class="list-concern"><li><a href="/x">Một bài báo khác ồn ào lắm</a></li></ul>',
]


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
def test_planted_boxes_do_not_enter(path: Path) -> None:
    before = read(path).article
    assert before is not None
    for box in BOXES:
        tree = html.document_fromstring(_text(path))
        container = _container(path, tree)
        container.insert(max(1, len(container) // 2), html.fragment_fromstring(box))
        after = read(path, html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")).article
        assert after is not None, box
        assert before.blocks == after.blocks, box


def _text(path: Path) -> str:
    return re.sub(r"<%@.*?%>", "", path.read_text("utf-8"))


def _container(path: Path, tree: html.HtmlElement) -> html.HtmlElement:
    found = (node for css in BODIES[path.parent.name] for node in tree.cssselect(css))
    return next(found)


def _is_paragraph(node: html.HtmlElement) -> bool:
    inside = {above.tag for above in node.iterancestors()}
    return bool(node.text_content().strip()) and not inside & {"figure", "figcaption", "blockquote", "li"}
