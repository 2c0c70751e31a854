"""Extraction: `extract(capture, outlet) -> Reading`, for any page, without raising.

Template by what matches → fields → body as the page shows it → trafilatura held against it → blocks.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from archive.text import squash
from archive.values import Article, BlockCounts, Capture, Outcome, Reading
from pipeline.address import host_of, path_of
from pipeline.aggregate import contained_articles, first_and_others
from pipeline.article import canonical, make_article
from pipeline.blocks import held
from pipeline.body import Shown
from pipeline.copies import is_private
from pipeline.fields import Fields, read_fields
from pipeline.format import format_of, needs_text
from pipeline.jsonld import Said, read_head
from pipeline.mojibake import letters_lost
from pipeline.notarticle import gate, link_share, not_article, other_language, says_missing, shown_text
from pipeline.outlet import Outlet, Template
from pipeline.page import Page, parse_page
from pipeline.parts import body_elements, read_parts
from pipeline.payload import decode_body
from pipeline.selector import all_elements, elements, forget

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Raise this with every change that makes another text of the same page.
EXTRACTION_VERSION = 6
GENERIC = "generic"


def extract(capture: Capture, outlet: Outlet) -> Reading:
    """Read what a capture of a page says. Never raises: what cannot be read is an outcome with its reason."""
    started = time.perf_counter()
    try:
        reading = _read(capture, outlet)
    except Exception as error:  # any page, whatever it does, costs itself only
        reading = _without(Outcome.EXTRACT_FAILED, f"{type(error).__name__}: {error}"[:300])
    finally:
        forget()
    return replace(reading, elapsed_ms=round((time.perf_counter() - started) * 1000))


@cache
def identity(template: Template | None) -> str:
    """Give the digest of all that decides an extraction: template, our version, trafilatura's and lxml's."""
    from importlib.metadata import version

    parts = [
        template.digest() if template else GENERIC,
        str(EXTRACTION_VERSION),
        version("trafilatura"),
        version("lxml"),
    ]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _without(outcome: Outcome, reason: str, template: Template | None = None) -> Reading:
    name = template.name if template else ""
    return Reading(outcome=outcome, identity=identity(template), template=name, reason=squash(reason))


def _read(capture: Capture, outlet: Outlet) -> Reading:
    payload = decode_body(capture)
    if payload.outcome is not Outcome.OK:
        return _without(payload.outcome, payload.reason)
    if not payload.text.strip():
        return _without(Outcome.NOT_ARTICLE, "an empty page")
    if why := gate(payload.text):
        return _without(Outcome.GATED, why)
    page = parse_page(payload.text)
    if page is None:
        return _without(Outcome.EXTRACT_FAILED, "no markup that can be read")
    said = read_head(page.root, page.json_ld)
    template = choose(page.root, outlet)
    if why := _elsewhere(capture.url, said, outlet):
        return _without(Outcome.NOT_ARTICLE, why, template)
    if template:
        reading = _legible(_by_template(page, said, template, outlet, url=capture.url), template)
    else:
        reading = _legible(_generic(page, said, outlet, capture.url), None)
    return replace(reading, noarchive=is_private(capture, said))


def _legible(reading: Reading, template: Template | None) -> Reading:
    """Hold back a text with lost letters until it is seen again; one that cannot be read is none."""
    if reading.article is None:
        return reading
    article = reading.article
    text = " ".join([article.title, article.lead, *(block.text for block in article.blocks)])
    lost, unreadable = letters_lost(text)
    if unreadable:
        return _without(Outcome.EXTRACT_FAILED, "the letters cannot be read in any known encoding", template)
    if not lost:
        return reading
    reason = "; ".join(filter(None, [reading.reason, f"letters lost in decoding: {lost}"]))
    return replace(reading, outcome=Outcome.SUSPECT, reason=reason)


def choose(root: HtmlElement, outlet: Outlet) -> Template | None:
    """Give the newest template that matches the page."""
    return next((template for template in outlet.templates if elements(root, template.match)), None)


def _elsewhere(url: str, said: Said, outlet: Outlet) -> str:
    """Tell when the page is a home or a listing: by its own address, or because it says so itself."""
    if url and path_of(url) in ("", "/"):
        return "a home page"
    own = canonical(url, said)
    if outlet.article_id(url) and host_of(own) in outlet.hosts and path_of(own) in ("", "/"):
        return f"the page calls itself {own}"
    return ""


def _by_template(page: Page, said: Said, template: Template, outlet: Outlet, *, url: str) -> Reading:
    url = url or canonical(url, said)
    fields = read_fields(page.root, said, template, outlet, url=url)
    bodies = body_elements(page.root, template)
    others: list[HtmlElement] = []
    if outlet.aggregator:
        bodies, others = first_and_others(bodies, template)
    parts = [*bodies, *all_elements(page.root, template.media)]
    shown = read_parts(page.root, parts, template, url, live=said.live)
    article = _article(page, said, template, outlet, url=url, fields=fields, shown=shown)
    if others:
        article = replace(article, contained=contained_articles(others, template, url))
    if not article.title and not article.blocks and not article.lead:
        return _without(Outcome.NOT_ARTICLE, not_article(page.root) or "an empty shell", template)
    if language := _foreign(article, said, outlet):
        return _without(Outcome.NOT_ARTICLE, f"another language edition ({language})", template)
    if why := says_missing(article):
        return _without(Outcome.NOT_ARTICLE, why, template)
    missing = tuple(part for part in template.promised if not _has(article, part))
    outcome = Outcome.SUSPECT if missing else Outcome.OK
    counts = held(article.blocks)
    reason = f"missing: {', '.join(missing)}" if missing else ""
    return Reading(
        outcome=outcome,
        identity=identity(template),
        template=template.name,
        article=article,
        missing=missing,
        counts=counts,
        reason=reason,
    )


def _article(
    page: Page, said: Said, template: Template, outlet: Outlet, *, url: str, fields: Fields, shown: Shown
) -> Article:
    own = canonical(url, said)
    own_id = outlet.article_id(url) or outlet.article_id(own) or ""
    article = make_article(fields, shown, template, canonical=own, own_id=own_id)
    return replace(article, format=format_of(page.root, article, template, said, url=url))


def _foreign(article: Article, said: Said, outlet: Outlet) -> str:
    """Tell which other language this is: by the page's own word and its first lines, or by what is printed alone."""
    first = [block.text for block in article.blocks[:4]]
    told = other_language(
        said.language, " ".join([article.title, article.lead or "".join(first[:1])]), outlet.languages
    )
    return told or other_language("", " ".join([article.title, article.lead, *first]), outlet.languages)


def _has(article: Article, part: str) -> bool:
    return bool(article.blocks) or not needs_text(article) if part == "body" else bool(getattr(article, part))


def _generic(page: Page, said: Said, outlet: Outlet, url: str) -> Reading:
    """Read a page that no template matches: an alarm for an outlet that has templates, the usual way for others."""
    from pipeline.generic import TEMPLATE, generic_fields, read_generic, with_lead
    from pipeline.story import not_story

    if why := not_article(page.root):
        return _without(Outcome.NOT_ARTICLE, why)
    if not outlet.generic and not outlet.article_id(url or canonical(url, said)) and not said.news:
        return _without(Outcome.NOT_ARTICLE, "no article lives at this address and no template matches")
    found = read_generic(page.root, said, url)
    fields = generic_fields(page.root, said, found, outlet, url=url)
    article = with_lead(_article(page, said, TEMPLATE, outlet, url=url, fields=fields, shown=found.shown), said)
    if why := not_story(page.root, article, said, found):
        told = said.article or said.first("og:type") == "article"
        failed = not article.blocks and bool(told) and len(shown_text(page.root)) > 1500 and link_share(page.root) < 0.6
        return _without(Outcome.EXTRACT_FAILED if failed else Outcome.NOT_ARTICLE, why)
    if language := _foreign(article, said, outlet):
        return _without(Outcome.NOT_ARTICLE, f"another language edition ({language})")
    missing = () if outlet.generic else ("template",)
    return Reading(
        outcome=Outcome.SUSPECT if missing or not article.title else Outcome.OK,
        identity=identity(None),
        template=GENERIC,
        article=article,
        missing=missing if article.title else (*missing, "title"),
        counts=found.counts,
        reason="no template matches" if missing else "",
    )


def failed(reason: str) -> Reading:
    """Give the reading of a page whose worker was stopped or died."""
    return Reading(outcome=Outcome.EXTRACT_FAILED, identity=identity(None), counts=BlockCounts(), reason=reason)
