"""Extraction without a template: trafilatura finds the text, the page's own blocks around it are kept in order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.text import squash
from archive.values import Block, BlockCounts, Kind
from pipeline.body import Marks, Shown, read_body
from pipeline.notarticle import link_share
from pipeline.outlet import Template

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Names that the Vietnamese press gives its parts, from crawlers' code and saved pages; the best known first.
TEMPLATE = Template(
    outlet="generic",
    era="",
    match=(),
    body=("[itemprop=articleBody]",),
    title=("h1[itemprop=headline]", "article h1", "h1.title", "h1"),
    lead=(
        ".sapo", ".detail-sapo", "[class*=sapo]", "#chapeau", ".chapeau", ".chappeau", "p.description",
        "[data-role=sapo]", "[data-slot=sapo]",
    ),
    byline=(
        "[itemprop=author] [itemprop=name]", "[rel=author]", ".detail-author .name", ".author-name", ".author",
        ".article__author", ".author_mail",
    ),
    published=(
        "[itemprop=datePublished]@content", "[itemprop=datePublished]@datetime", "time@datetime",
        "[data-role=publishdate]", "article time", ".date", ".time", ".publish-date", ".post-date",
    ),
    section=(".breadcrumb a", ".breadcrumbs a", "[itemprop=articleSection]"),
    tags=("[rel=tag]", ".tags a", ".tag-list a"),
    captions=(
        "figcaption", ".wp-caption-text", ".PhotoCMS_Caption", ".caption", ".image-caption", ".desc_cation",
    ),
    source_pattern=r"\((?:TTXVN|Theo [^()]{2,40}|Vietnam\+)[^()]*\)",
    signoff="bold",
    promised=(),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an unknown page's text seems to be; `linked` is the share of it that stands in links."""

    shown: Shown = field(default_factory=lambda: Shown(blocks=(), images=()))
    counts: BlockCounts = field(default_factory=BlockCounts)
    linked: float = 0.0


def read_generic(root: HtmlElement, url: str) -> Found:
    """Find the text of an unknown page: the container that holds most of what trafilatura finds, in page order."""
    lines = _trafilatura_lines(root)
    container = _container(root, lines)
    if container is None:
        return Found()
    linked = link_share(container)
    shown = read_body([container], _marks(root, container, url))
    found = [n for n, block in enumerate(shown.blocks) if block.text in lines]
    if not found:
        return Found(shown=shown, counts=BlockCounts(restored=len(shown.blocks)), linked=linked)
    kept = _around(shown.blocks, found[0], found[-1])
    counts = BlockCounts(trafilatura=len(found), restored=len(kept) - len(found), refused=len(shown.blocks) - len(kept))
    return Found(shown=Shown(blocks=kept, images=shown.images), counts=counts, linked=linked)


def _around(blocks: tuple[Block, ...], first: int, last: int) -> tuple[Block, ...]:
    """Keep what stands between the first and the last block that trafilatura found, and captions just outside."""
    while first > 0 and blocks[first - 1].kind is Kind.CAPTION:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].kind is Kind.CAPTION:
        last += 1
    return blocks[first : last + 1]


def _marks(root: HtmlElement, container: HtmlElement, url: str) -> Marks:
    from pipeline.fields import field_elements
    from pipeline.selector import all_elements

    own = {container, *container.iterancestors()}
    return Marks(
        skipped=frozenset(set(field_elements(root, TEMPLATE)) - own),
        captions=frozenset(all_elements(container, TEMPLATE.captions)),
        base=url,
    )


def _trafilatura_lines(root: HtmlElement) -> frozenset[str]:
    from copy import deepcopy

    from lxml import html
    from trafilatura import extract

    try:
        text = extract(
            html.tostring(deepcopy(root), encoding="unicode"),
            output_format="txt",
            fast=True,
            include_comments=False,
            include_tables=True,
            include_formatting=False,
            deduplicate=False,
        )
    except Exception:  # trafilatura raises AssertionError and others on odd pages: our own walk goes on without it
        return frozenset()
    return frozenset(line for raw in (text or "").splitlines() if (line := squash(raw)))


def _container(root: HtmlElement, lines: frozenset[str]) -> HtmlElement | None:
    """Give the element whose paragraphs hold the most running text, those that trafilatura found counted thrice."""
    scores: Counter[HtmlElement] = Counter()
    for node in root.iter("p", "figcaption", "div", "td", "section", "article"):
        text = _running(node)
        if len(text) < 40:
            continue
        weight = len(text) * (3 if text in lines else 1)
        above = node.getparent() if node.tag in ("p", "figcaption") else node
        for share in (1.0, 0.7, 0.35):
            if above is None or above.tag in ("body", "html"):
                break
            scores[above] += int(weight * share)
            above = above.getparent()
    return scores.most_common(1)[0][0] if scores else next(root.iter("body"), None)


def _running(node: HtmlElement) -> str:
    if node.tag not in ("p", "figcaption"):
        return squash((node.text or "") + " ".join(child.tail or "" for child in node))
    whole = squash("".join(node.itertext()))
    linked = sum(len("".join(link.itertext())) for link in node.iter("a"))
    return whole if linked * 2 < len(whole) else ""
