"""An aggregator's page: the first article is the article, those printed in full below it are contained parts."""

from __future__ import annotations

from copy import deepcopy
from itertools import groupby
from typing import TYPE_CHECKING

from archive.values import Article, Kind
from pipeline.closing import without_noise
from pipeline.fields import read_lead
from pipeline.parts import read_parts, unique
from pipeline.selector import all_elements, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.outlet import Template


def first_and_others(bodies: list[HtmlElement], template: Template) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """Part the bodies of a page: the first article's, and one for each further article below it.

    A further article begins a body of its own, or at a heading that the template's `contained` finds in a body.
    """
    parted = [part for body in bodies for part in _parted(body, template)]
    return parted[:1], parted[1:]


def _parted(body: HtmlElement, template: Template) -> list[HtmlElement]:
    heads = set(all_elements(body, template.contained))
    begins = [child for child in body if child in heads or any(below in heads for below in child.iterdescendants())]
    if not begins:
        return [body]
    parts = []
    for number, children in groupby(body, key=lambda child: sum(_stands_before(begin, child) for begin in begins)):
        part = body.makeelement("div", {"class": body.get("class") or ""})
        part.text = body.text if number == 0 else None
        part.extend(deepcopy(child) for child in children)
        parts.append(part)
    return parts


def _stands_before(begin: HtmlElement, child: HtmlElement) -> bool:
    parent = child.getparent()
    return bool(parent.index(begin) <= parent.index(child))


def contained_articles(bodies: list[HtmlElement], template: Template, url: str) -> tuple[Article, ...]:
    """Read the further articles of an aggregator's page: each with the heading that stands over it."""
    return tuple(article for body in bodies if (article := _contained(body, template, url)).blocks)


def _contained(body: HtmlElement, template: Template, url: str) -> Article:
    heading, inside = _heading(body)
    lead, prefix = read_lead(body, template)
    shown = read_parts(body, [body], template, url)
    blocks = without_noise(shown.blocks, title=heading, patterns=template.strip_text)
    if inside and blocks and blocks[0].kind is Kind.SUBHEAD and blocks[0].text == heading:
        blocks = blocks[1:]
    return Article(title=heading, lead=lead, lead_prefix=prefix, blocks=blocks, images=unique(shown.images, heading))


def _heading(body: HtmlElement) -> tuple[str, bool]:
    """Give the heading over a contained article, and whether it stands inside its body."""
    for node in body.iter("h1", "h2", "h3"):
        return text_of(node), True
    before = body.getprevious()
    while before is not None:
        if found := [text_of(node) for node in before.iter("h1", "h2", "h3")]:
            return found[-1], False
        before = before.getprevious()
    return "", False
