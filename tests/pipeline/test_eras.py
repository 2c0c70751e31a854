"""Every era of every outlet on a page of our own making, and each box it strips planted into that page."""

import pytest
from lxml import html

from archive.values import Kind, Outcome, Reading
from pipeline.extract import extract
from pipeline.outlet import Template, load_outlets
from pipeline.selector import elements, forget
from tests.pipeline.boxes import LOUD, boxes
from tests.pipeline.eras import CAPTION, ERAS, LEAD, LOOSE, PARAGRAPHS, TITLE, era_page
from tests.pipeline.making import capture

OUTLETS = load_outlets()
TEMPLATES = {template.name: template for outlet in OUTLETS.values() for template in outlet.templates}
BODY = [
    (Kind.PARAGRAPH, PARAGRAPHS[0]),
    (Kind.CAPTION, CAPTION),
    (Kind.PARAGRAPH, PARAGRAPHS[1]),
    (Kind.PARAGRAPH, PARAGRAPHS[2]),
]


def read(era: str, page: str) -> Reading:
    return extract(capture(page, url=ERAS[era][0]), OUTLETS[era.split("/")[0]])


def blocks(reading: Reading) -> list[tuple[Kind, str]]:
    assert reading.article is not None, reading.reason
    return [(block.kind, block.text) for block in reading.article.blocks]


def test_every_era_has_a_page_here() -> None:
    assert ERAS.keys() == TEMPLATES.keys()


@pytest.mark.parametrize("era", ERAS)
def test_an_era_is_read_by_its_own_template(era: str) -> None:
    reading = read(era, era_page(era))
    assert (reading.outcome, reading.template) == (Outcome.OK, era), reading.reason
    assert reading.article is not None
    lead = "" if era.startswith("vietgiaitri") else LEAD
    assert (reading.article.title, reading.article.lead) == (TITLE, lead)
    assert blocks(reading) == BODY
    assert reading.article.own_id == OUTLETS[era.split("/")[0]].article_id(ERAS[era][0])
    assert [image.credit for image in reading.article.images] == ["Tô Lan"]


@pytest.mark.parametrize("era", [era for era, template in TEMPLATES.items() if "published" in template.promised])
def test_a_promised_time_is_found(era: str) -> None:
    article = read(era, era_page(era)).article
    assert article is not None
    assert (article.published_rule, article.published is not None) == ("selector", True)


@pytest.mark.parametrize("era", ERAS)
def test_text_without_paragraphs_is_read_too(era: str) -> None:
    assert [text for _, text in blocks(read(era, era_page(era, LOOSE)))] == list(PARAGRAPHS)


@pytest.mark.parametrize("era", ERAS)
def test_no_box_that_an_era_strips_enters_between_paragraphs(era: str) -> None:
    entered = [
        (selector, page)
        for selector in TEMPLATES[era].strip
        for page in _planted(TEMPLATES[era], era, selector)
        if blocks(read(era, page)) != BODY
    ]
    assert entered == []


def _planted(template: Template, era: str, selector: str) -> list[str]:
    return [_with(template, era, box, selector) for box in boxes(selector)]


def _with(template: Template, era: str, box: html.HtmlElement, selector: str) -> str:
    tree = html.document_fromstring(era_page(era))
    body = elements(tree, template.body)[0]
    body.insert(2, box)
    forget()
    found = elements(tree, (selector,))
    assert any(node is box or box in node.iterancestors() for node in found) or " > " in selector, selector
    assert LOUD in html.tostring(box, encoding="unicode") or LOUD in box.text_content()
    return str(html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>"))
