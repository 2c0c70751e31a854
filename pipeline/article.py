"""An article put together: fields and body, source line and sign-off taken off the end of the body."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from archive.values import Article
from pipeline.address import canonical_address
from pipeline.body import Shown
from pipeline.byline import agency_in
from pipeline.closing import close, with_signed, without_noise
from pipeline.fields import Fields
from pipeline.jsonld import Said
from pipeline.outlet import Template
from pipeline.parts import unique


def canonical(url: str, said: Said) -> str:
    """Give the page's own address as it tells it, absolute; an empty string when it tells none that is http."""
    told = said.canonical or said.first("og:url")
    try:
        whole = urljoin(url, told) if told else ""
        return canonical_address(whole) if urlsplit(whole).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def make_article(fields: Fields, shown: Shown, template: Template, *, canonical: str, own_id: str) -> Article:
    """Put fields and body together: noise lines, sign-off and source line taken off the body."""
    blocks = without_noise(shown.blocks, title=fields.title, patterns=template.strip_text)
    closed = close(
        blocks,
        byline=fields.byline,
        source_line=fields.source_line,
        source_pattern=template.source_pattern,
        signoff=template.signoff,
    )
    byline = with_signed(fields.byline, closed.signed, fields.own_names)
    published, modified = fields.stamps.published, fields.stamps.modified
    return Article(
        title=fields.title,
        byline=byline.authors,
        lead=fields.lead,
        blocks=closed.blocks,
        source_line=closed.source_line,
        lead_prefix=fields.lead_prefix,
        byline_raw=byline.raw,
        agency=fields.agency or agency_in(closed.source_line) or agency_in(byline.raw),
        published=published.time if published else None,
        published_raw=published.raw if published else "",
        published_rule=published.rule if published else "",
        modified=modified.time if modified else None,
        modified_raw=modified.raw if modified else "",
        modified_rule=modified.rule if modified else "",
        dates=fields.stamps.told,
        section=fields.section,
        event=fields.event,
        tags=fields.tags,
        images=unique(shown.images, fields.title),
        canonical=canonical,
        own_id=own_id,
        note=shown.note,
    )
