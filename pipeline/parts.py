"""The parts of a page that a template calls its body, read together in page order."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.values import Image
from pipeline.body import Marks, Shown, read_body
from pipeline.bracket import cut_bracketed
from pipeline.closing import without_alt
from pipeline.fields import field_elements
from pipeline.live import find_entries, time_of
from pipeline.noise import own_text
from pipeline.quiz import open_quiz
from pipeline.selector import all_elements, elements

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.outlet import Template


#: Captions by the names that content systems give them, whatever the template.
_CAPTIONS = (
    ".caption",
    ".fig-caption",
    ".figcaption",
    ".image-caption",
    ".img-caption",
    ".photo-caption",
    ".video-caption",
    ".fig",
    ".PhotoCMS_Caption",
    ".VideoCMS_Caption",
    ".StarNameCaption",
    ".note_images",
    ".ImgDes",
)


def body_elements(root: HtmlElement, template: Template) -> list[HtmlElement]:
    """Give the body's elements: what the first body selector that matches finds, none inside another."""
    found = elements(root, template.body)
    inside = set(found)
    return [node for node in found if not any(above in inside for above in node.iterancestors())]


def read_parts(
    root: HtmlElement, parts: list[HtmlElement], template: Template, url: str, *, live: bool = False
) -> Shown:
    """Read body and media as one, without what the template strips and without what went into fields.

    `live` tells that the page's head calls it a live blog.
    """
    skipped = {node for part in parts for node in all_elements(part, template.strip)}
    skipped |= {
        node for part in parts for node in all_elements(part, template.strip_also) if not _is_most_of(part, node)
    }
    for whole in (root, *(part for part in parts if part.getparent() is None)):
        skipped |= set(field_elements(whole, template))
    skipped |= {link for part in parts for link in cut_bracketed(part)}
    open_quiz(parts)
    entries = find_entries(parts, template, url, live=live)
    notes = [node for part in parts for node in all_elements(part, template.note)]
    skipped |= {timer for timer in entries.values() if timer is not None} | set(notes)
    marks = Marks(
        skipped=frozenset(skipped - set(parts)),
        captions=_marked(parts, (*template.captions, *_CAPTIONS)),
        subheads=_marked(parts, template.subheads),
        unwrapped=_marked(parts, template.unwrap),
        entries={entry: time_of(timer) for entry, timer in entries.items()},
        base=url,
    )
    shown = read_body(in_page_order(root, parts), marks)
    return replace(shown, note=_text(notes, url)) if notes else shown


def _is_most_of(part: HtmlElement, node: HtmlElement) -> bool:
    """Tell whether an element that another era calls a box holds most of a part's running text: then it is none."""
    return own_text(node) * 2 > own_text(part)


def _text(notes: list[HtmlElement], url: str) -> str:
    return "\n".join(block.text for block in read_body(notes, Marks(base=url)).blocks)


def _marked(parts: list[HtmlElement], selectors: tuple[str, ...]) -> frozenset[HtmlElement]:
    return frozenset(node for part in parts for node in all_elements(part, selectors))


def in_page_order(root: HtmlElement, parts: list[HtmlElement]) -> list[HtmlElement]:
    """Sort elements as they stand in the page, each once."""
    if len(parts) < 2:
        return parts
    wanted = set(parts)
    return [node for node in root.iter() if node in wanted] or parts


def unique(images: tuple[Image, ...], title: str) -> tuple[Image, ...]:
    """Give each picture once, by its address, the alternative text cut off its caption."""
    first: dict[str, Image] = {}
    for image in images:
        first.setdefault(image.url, replace(image, caption=without_alt(image.caption, title)))
    return tuple(first.values())
