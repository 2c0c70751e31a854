"""Extraction without a template: trafilatura finds the text, the page's own blocks around it are kept in order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Any

from archive.text import squash
from archive.values import Article, Block, BlockCounts, Dated, Kind
from pipeline.blocks import extracted
from pipeline.body import Shown
from pipeline.container import find_container, find_headline, find_region, page_title, pictures_above
from pipeline.dates import has_clock, read_time
from pipeline.fields import Fields, read_fields, section_said, split_tags
from pipeline.notarticle import link_share
from pipeline.outlet import Outlet, Template
from pipeline.parts import read_parts
from pipeline.selector import first_value, text_of, values
from pipeline.stamps import Stamps

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.jsonld import Said

#: Names that the Vietnamese press gives its parts, from crawlers' code and saved pages; the best known first.
TEMPLATE = Template(
    outlet="generic",
    era="",
    match=(),
    body=("[itemprop=articleBody]",),
    title=("h1[itemprop=headline]", "article h1", "h1.title", "h1"),
    lead=(
        ".sapo", ".detail-sapo", "[data-role=sapo]", "[data-slot=sapo]", "[class*=sapo]", "#chapeau", ".chapeau",
        ".chappeau", "p.description", "h2.description", ".lead", "[class$=-lead]", ".summary", "[class$=-summary]",
        ".cms-desc",
    ),
    lead_prefix=r"(?:\([^()]{2,30}\)|[A-ZĐ]{2,5}(?:\.VN)?|\w+\.(?:vn|net|com(?:\.vn)?))\s*[-–—]\s*",
    byline=(
        "[itemprop=author] [itemprop=name]", "[rel=author]", ".detail-author .name", ".author-name", ".author",
        ".article__author", ".author_mail", ".byline", "[class$=-author]",
    ),
    published=(
        "[itemprop=datePublished]@content", "[itemprop=datePublished]@datetime", "time@datetime",
        "[data-role=publishdate]", "time", "[class*=publish]", ".date", ".time", ".post-date", "[class$=-time]",
        "[class$=-date]",
    ),
    source_line=(
        ".article__source .name", ".article__source", ".singular-source", ".detail-source", ".news-source",
        ".article-source", ".post-source", "[class$=-source]",
    ),
    note=(".notebox", ".cms-note"),
    section=(".breadcrumb a", ".breadcrumbs a", "[itemprop=articleSection]"),
    tags=("[rel=tag]", ".tags a", ".tag-list a"),
    captions=(
        "figcaption", ".wp-caption-text", ".PhotoCMS_Caption", ".VideoCMS_Caption", ".caption", ".image-caption",
        ".desc_cation", ".pCaption", ".fig-caption", ".cms-photo-caption", ".article-photo", ".photo-caption",
    ),
    source_pattern=r"\((?:TTXVN|Theo [^()]{2,40}|Vietnam\+)[^()]*\)",
    signoff="bold",
    promised=(),
)  # fmt: skip


#: Beyond this many elements, or so many in so deep a tree, a page is no article for trafilatura, whose time grows with
#: both and with their square.
_MOST, _MANY, _DEEP = 10_000, 1000, 50
#: Cells said to span a hundred others, which trafilatura fills in one by one.
_SPANS = re.compile(r' (?:row|col)span="\d{2,}"')
#: A printed time is shorter than this (characters).
_LONGEST_STAMP = 70
_STAMPED = ("p", "span", "i", "em", "div", "li", "small", "font", "b", "td")
_SOURCE = re.compile(r"\(?(?:Theo|Nguồn)\b|\(TTXVN")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What an unknown page's text seems to be: where it stands, and the share of it that stands in links.

    `teasers` counts cards of other pages; `scattered` tells that no element holds running text of its own.
    """

    region: HtmlElement
    headline: HtmlElement | None = None
    shown: Shown = field(default_factory=lambda: Shown(blocks=(), images=()))
    counts: BlockCounts = field(default_factory=BlockCounts)
    linked: float = 0.0
    teasers: int = 0
    scattered: bool = False


def read_generic(root: HtmlElement, said: Said, url: str) -> Found:
    """Find the text of an unknown page: the container that holds most of what trafilatura finds, in page order."""
    lines = _trafilatura_lines(root)
    headline = find_headline(root, said)
    container, teasers = find_container(root, lines, headline)
    if container is None:
        return Found(region=root)
    region = find_region(container, headline)
    parts = [*pictures_above(region, container, headline), container]
    shown = read_parts(region, parts, TEMPLATE, url)
    found = [n for n, block in enumerate(shown.blocks) if block.text in lines]
    kept = _around(shown.blocks, found[0], found[-1]) if found else shown.blocks
    counts = BlockCounts(trafilatura=len(found), restored=len(kept) - len(found), refused=len(shown.blocks) - len(kept))
    shown = replace(shown, blocks=kept)
    return Found(
        region=region,
        headline=headline,
        shown=shown,
        counts=counts,
        linked=link_share(container),
        teasers=teasers,
        scattered=container.tag == "body",
    )


def generic_fields(root: HtmlElement, said: Said, found: Found, outlet: Outlet, *, url: str) -> Fields:
    """Read the fields of an unknown page where its text stands; section and tags from the whole page."""
    fields = read_fields(found.region, said, TEMPLATE, _with_own_names(outlet, said), url=url)
    title = "" if found.headline is None else text_of(found.headline)
    told = unescape(said.text("headline") or said.first("og:title", "title"))
    return replace(
        fields,
        source_line=fields.source_line if _SOURCE.match(fields.source_line) else fields.byline.source,
        title=title or told or page_title(root),
        stamps=fields.stamps if fields.stamps.published else _near_title(found, fields.stamps),
        section=first_value(root, TEMPLATE.section) or section_said(said),
        tags=split_tags(values(root, TEMPLATE.tags)) or fields.tags,
    )


def _with_own_names(outlet: Outlet, said: Said) -> Outlet:
    """Add what the page calls its site to the names that are no writers."""
    names = (said.first("og:site_name"), said.text("publisher"), outlet.display, *outlet.hosts)
    return replace(outlet, own_names=(*outlet.own_names, *(name for name in names if name)))


def _near_title(found: Found, stamps: Stamps) -> Stamps:
    """Take the first short text with day and clock between headline and running text."""
    begun = False
    for node in found.region.iter("h1", "h2", *_STAMPED):
        begun = begun or node is found.headline
        if not begun or len(node) > 4 or _only_wraps(node):
            continue
        text = _beginning(node)
        if node.tag == "p" and len(text) > _LONGEST_STAMP:
            break
        if 8 <= len(text) <= _LONGEST_STAMP and has_clock(text) and (time := read_time(text)):
            published = Dated(what="published", rule="selector", time=time, raw=text)
            return replace(stamps, published=published, told=(published, *stamps.told))
    return stamps


def _only_wraps(node: HtmlElement) -> bool:
    """Tell whether all text of an element is that of the one element in it, which is looked at next."""
    inner = node[0] if len(node) == 1 and node.tag != "p" else None
    if inner is None or inner.tag not in _STAMPED or len(inner) > 4:
        return False
    return not (node.text or "").strip() and not (inner.tail or "").strip()


def _beginning(node: HtmlElement) -> str:
    """Give an element's text, or dots for one too long for a printed time: much may stand in each of many."""
    size = 0
    for piece in node.itertext():
        size += len(piece.strip())
        if size > 4 * _LONGEST_STAMP:
            return "…" * size
    return text_of(node)


def with_lead(article: Article, said: Said) -> Article:
    """Take the first paragraph for the lead where the page's head calls just these words its description."""
    told = squash(unescape(said.first("og:description", "description"))).casefold()
    first = article.blocks[0] if article.blocks else None
    if article.lead or first is None or first.kind is not Kind.PARAGRAPH or first.text.casefold() != told:
        return article
    prefix = re.match(TEMPLATE.lead_prefix, first.text)
    return replace(article, lead=first.text, lead_prefix=prefix[0] if prefix else "", blocks=article.blocks[1:])


def _around(blocks: tuple[Block, ...], first: int, last: int) -> tuple[Block, ...]:
    """Keep what stands between the first and the last block that trafilatura found, and captions just outside."""
    while first > 0 and blocks[first - 1].kind is Kind.CAPTION:
        first -= 1
    while last + 1 < len(blocks) and blocks[last + 1].kind is Kind.CAPTION:
        last += 1
    return blocks[first : last + 1]


@cache
def _deeper() -> Any:
    from lxml.etree import XPath

    return XPath(f"boolean({'/*' * _DEEP})")


def _trafilatura_lines(root: HtmlElement) -> frozenset[str]:
    from lxml import html

    count = sum(1 for _ in root.iter())
    if count > _MOST or (count > _MANY and _deeper()(root)):
        return frozenset()
    text = extracted(_SPANS.sub("", html.tostring(root, encoding="unicode")))
    return frozenset(line for raw in text.splitlines() if (line := squash(raw)))
