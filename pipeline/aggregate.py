"""An aggregator's page: the first article is the article, those printed in full below it are contained parts."""

from __future__ import annotations

from copy import deepcopy
from itertools import groupby
from typing import TYPE_CHECKING

from archive.values import Article, Kind
from pipeline.closing import without_noise
from pipeline.fields import read_lead
from pipeline.noise import is_noise_box
from pipeline.parts import read_parts, unique
from pipeline.selector import all_elements, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.outlet import Template


#: Wrappers within wrappers that are dissolved, at most.
_DEEPEST = 12


def first_and_others(bodies: list[HtmlElement], template: Template) -> tuple[list[HtmlElement], list[HtmlElement]]:
    """Part the bodies of a page: the first article's, and one for each further article below it.

    A further article begins a body of its own, or at a heading that the template's `contained` finds in a body.
    """
    parted = [part for body in bodies for part in _parted(body, template)]
    return parted[:1], parted[1:]


def _parted(body: HtmlElement, template: Template) -> list[HtmlElement]:
    heads = _heads(body, template)
    _unwrap(body, heads)
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


def _heads(body: HtmlElement, template: Template) -> set[HtmlElement]:
    """Give the headings of further articles; a headline in a box of related links is none."""
    furniture = set(all_elements(body, template.strip))
    found = all_elements(body, template.contained)
    within = ({node, *node.iterancestors()} for node in found)
    return {
        node
        for node, around in zip(found, within, strict=True)
        if not around & furniture and not any(is_noise_box(above) for above in around - {body, *body.iterancestors()})
    }


def _unwrap(body: HtmlElement, heads: set[HtmlElement]) -> None:
    """Dissolve what wraps the end of one article together with the head of the next."""
    for _ in range(_DEEPEST):
        mixed = [child for child in body if child not in heads and _holds_more_before(child, heads)]
        if not mixed:
            return
        for child in mixed:
            child.drop_tag()


def _holds_more_before(child: HtmlElement, heads: set[HtmlElement]) -> bool:
    if not isinstance(child.tag, str) or (child.text or "").strip():
        return any(below in heads for below in child.iterdescendants())
    found = 0
    for below in child.iterdescendants():
        if below in heads:
            found += 1
            if found > 1 or _text_before(child, below):
                return True
    return False


def _text_before(child: HtmlElement, head: HtmlElement) -> bool:
    for below in child.iterdescendants():
        if below is head:
            return False
        if (below.text or "").strip():
            return True
    return False


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
