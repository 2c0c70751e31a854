"""Planted noise: what an outlet's file strips, set between the paragraphs of its pages, never enters an article.

Pages are the replica's, the cases', and saved ones where ARCHIVE_REAL_PAGES names them. Each box that the page's
template strips is set into every gap of the page at once; then all of them together into each gap alone. Boxes of the
outlet's other eras, with links alone in them, are set into every gap, too.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pytest
from lxml import html

from archive.text import squash
from archive.values import Article, Capture, Outcome
from pipeline.extract import choose, extract
from pipeline.outlet import Template, load_outlets
from pipeline.selector import compiled, elements, forget, split_attribute
from tests.replica.sites import SITES
from tests.replica.stories import load
from tests.replica.world import World

pytestmark = pytest.mark.battery

NOW = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
OUTLETS = load_outlets()
CASES = Path(__file__).parents[1] / "outlets"
NOISE = "Tiếng ồn cắm vào giữa bài, không phải lời của bài báo này."
LABEL = "Một đầu đề khác đáng chú ý trong ngày, chẳng liên quan"
_COMPOUND = re.compile(r"""^([a-z][a-z0-9]*)?|\.([\w-]+)|\#([\w-]+)|\[([\w-]+)(?:[~|^$*]?=["']?([^"'\]]*)["']?)?\]""")
Node: TypeAlias = html.HtmlElement


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A page as a tree, the article it gives, and the elements after which its paragraphs end."""

    name: str
    capture: Capture
    root: Node
    before: Article
    gaps: tuple[str, ...]
    template: str


def pages() -> Iterator[tuple[str, str, str, bytes]]:
    """Give name, outlet, address and body of each page to plant into."""
    world = World(load(), {})
    for piece in world.pieces:
        if piece.shown(NOW):
            yield piece.url, piece.outlet, piece.url, world.answer(SITES[piece.outlet], piece.path, NOW).body
    for case in sorted(CASES.glob("*/*/case.toml")):
        told = tomllib.loads(case.read_text("utf-8"))
        if told["outlet"] in OUTLETS:
            yield str(case.parent), told["outlet"], told["url"], (case.parent / "page.html").read_bytes()
    for file in sorted(Path(os.environ.get("ARCHIVE_REAL_PAGES") or "/nonexistent").glob("*/*.html")):
        if file.parent.name in OUTLETS:
            yield f"{file.parent.name}/{file.name}", file.parent.name, "", file.read_bytes()


def prepare(name: str, outlet: str, url: str, body: bytes) -> Planted | None:
    """Give a page that a template reads; None for homes, lists and what is no article."""
    said = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture(outlet=outlet, url=url, fetched_at=NOW, outcome=Outcome.OK, status=200, headers=said)
    try:
        root = html.document_fromstring(re.sub(r"<%@.*?%>", "", body.decode("utf-8")))
    except (UnicodeDecodeError, ValueError):
        return None
    reading = extract(with_body(capture, root), OUTLETS[outlet])
    template = choose(root, OUTLETS[outlet])
    if reading.article is None or template is None or not reading.template.startswith(f"{outlet}/"):
        return None
    parts = elements(root, template.body)
    forget()
    texts = [block.text for block in reading.article.blocks]
    gaps = tuple(root.getroottree().getpath(node) for node in ends(parts, texts))
    return Planted(name=name, capture=capture, root=root, before=reading.article, gaps=gaps, template=reading.template)


def with_body(capture: Capture, root: Node) -> Capture:
    return replace(capture, body=html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>"))


def ends(parts: list[Node], texts: list[str]) -> list[Node]:
    """Give the outermost element of each block: a figure for its caption, a list for its last entry."""
    found: list[Node] = []
    for part in parts:
        for node in part.iterdescendants("p", "figure", "h2", "h3", "h4", "blockquote", "ul", "ol", "table", "div"):
            shown = squash(node.text_content())
            inner = any(above in found for above in node.iterancestors()) or node is part
            last = node.tag in ("ul", "ol", "figure", "table", "blockquote") and any(t in shown for t in texts)
            if not inner and shown and (shown in texts or last) and node.getparent() is not None:
                found.append(node)
    return found


def box(selector: str, number: int, *, links: bool = False) -> Node:
    """Build a box that a strip selector names: a link, running text, a picture, a list; or links alone."""
    whole = inner = None
    for compound in re.split(r"\s*[>\s]\s*", selector.strip()):
        made = element(compound)
        if inner is None:
            whole = inner = made
        else:
            inner.append(made)
            inner = made
    assert whole is not None and inner is not None
    parts = content(number)
    for part in parts[:1] if inner.tag in ("p", "a", "span") else parts[::3] if links else parts:
        inner.append(part)
    return whole


def element(compound: str) -> Node:
    """Build one element from a compound selector such as `article.story` or `[id^=sas_]`."""
    tag, attributes = "div", {}
    for found in _COMPOUND.finditer(compound):
        name, css, own, attribute, value = found.groups()
        tag = name or tag
        if css or own or attribute:
            key = "class" if css else "id" if own else attribute
            attributes[key] = " ".join(filter(None, (attributes.get(key), css or own or value)))
    return html.Element(tag, attributes)


def content(number: int) -> list[Node]:
    """Give what boxes hold, some of it long enough to be taken for an article's own text."""
    shown = (
        f"<a href='/khac-{number}.htm' title='{LABEL}'>{LABEL} {number}</a>",
        f"<p>{NOISE} {number}. " + f"{NOISE} " * 12 + "</p>",
        f"<figure><img src='/anh-{number}.jpg' alt='{LABEL}'><figcaption>{NOISE} {number}</figcaption></figure>",
        f"<ul><li><h4><a href='/nua-{number}.htm'>{LABEL} nữa {number}</a></h4></li></ul>",
    )
    return [html.fragment_fromstring(part) for part in shown]


def planted(page: Planted, boxes: list[Node], gaps: tuple[str, ...]) -> Article | None:
    """Read the page with these boxes set after each of these elements."""
    root = deepcopy(page.root)
    for node in [found for path in gaps for found in root.xpath(path)]:
        for made in reversed(boxes):
            node.addnext(deepcopy(made))
            made_here = node.getnext()
            made_here.tail, node.tail = node.tail, None
    return extract(with_body(page.capture, root), OUTLETS[page.capture.outlet]).article


def content_of(article: Article | None) -> tuple[object, ...]:
    return (article.title, article.byline, article.lead, article.blocks, article.source_line) if article else ()


def unlike(page: Planted, after: Article | None) -> list[str]:
    """Tell what entered and what was lost."""
    if content_of(after) == content_of(page.before):
        return []
    given = [block.text for block in after.blocks] if after else []
    known = [block.text for block in page.before.blocks]
    entered = [f"+ {text[:60]}" for text in given if text not in known]
    lost = [f"- {text[:60]}" for text in known if text not in given]
    return entered + lost or [f"! other parts: {content_of(after)[:3]}"]


def plants(page: Planted) -> Iterator[tuple[str, list[Node], tuple[str, ...]]]:
    """Give what is planted where, with its name."""
    templates = OUTLETS[page.capture.outlet].templates
    own = boxes_of(next(template for template in templates if template.name == page.template))
    others = sorted({css for template in templates for css in boxes_of(template)} - set(own))
    boxes = {css: box(css, number) for number, css in enumerate(own)}
    yield from ((css, [made], page.gaps) for css, made in boxes.items())
    yield from ((f"of another era: {css}", [box(css, 0, links=True)], page.gaps) for css in others)
    yield from ((f"all in gap {number}", list(boxes.values()), (gap,)) for number, gap in enumerate(page.gaps))


def boxes_of(template: Template) -> list[str]:
    """Give what a template strips, without the fields that its pages print inside the body: those are read."""
    fields = (*template.title, *template.lead, *template.byline, *template.published, *template.source_line)
    named = {split_attribute(css)[0].split(" ")[-1] for css in fields}
    return [css for css in template.strip if css.split(" ")[-1] not in named]


@pytest.mark.parametrize("outlet", sorted(OUTLETS))
def test_a_box_is_built_for_every_strip_selector(outlet: str) -> None:
    for selector in {css for template in OUTLETS[outlet].templates for css in template.strip}:
        holder = html.Element("div")
        holder.append(box(selector, 0))
        assert compiled(selector)(holder), selector


def test_a_box_that_nothing_strips_does_enter() -> None:
    page = next(filter(None, (prepare(*told) for told in pages())))
    assert len(unlike(page, planted(page, [box("div.thuong", 0)], page.gaps))) >= len(page.gaps)


@pytest.mark.timeout(1800)
def test_planted_boxes_enter_nowhere_and_nothing_is_lost() -> None:
    read, gaps, wrong = Counter[str](), Counter[str](), Counter[str]()
    reasons: dict[str, str] = {}
    sets = 0
    for page in filter(None, (prepare(*told) for told in pages())):
        read[page.template] += 1
        gaps[page.template] += len(page.gaps)
        for what, boxes, where in plants(page):
            sets += 1
            if found := unlike(page, planted(page, boxes, where)):
                name = f"{page.template}: {what}"
                wrong[name] += 1
                reasons.setdefault(name, f"{page.name[-70:]} {found[:3]}")
    print("\n" + json.dumps({"planted pages": sets, "unlike": wrong.total(), "pages": read, "gaps": gaps}))
    for name, count in wrong.most_common():
        print(f"  {count:4} {name}: {reasons[name]}")
    assert wrong == {}
    assert all(gaps.values())
