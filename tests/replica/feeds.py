"""RSS and news sitemaps, each outlet's with its own quirks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape

from tests.replica.pages.baotintuc import coded
from tests.replica.pages.parts import Teaser, iso, local
from tests.replica.site import Site

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
NEWS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def rss(style: str, title: str, link: str, teasers: Sequence[Teaser]) -> bytes:
    """Print a feed.

    Styles: `plain`; `bom` (Dân trí: a byte order mark before the declaration); `colon` (VietnamPlus, Nhân Dân: CDATA
    titles, `+07:00`); `html` (VnExpress: a picture and HTML in the description); `odd` (as Thanh Niên: no declaration,
    two-digit years, entities encoded twice).
    """
    items = "".join(_item(style, teaser) for teaser in teasers)
    channel = f"<title>{escape(title)}</title>\n<link>{link}</link>\n{items}"
    body = f'<rss version="2.0">\n<channel>\n{channel}</channel>\n</rss>'
    if style == "odd":
        return body.encode()
    standalone = DECLARATION.replace("?>", ' standalone="no"?>') if style == "colon" else DECLARATION
    return ("\ufeff" if style == "bom" else "").encode() + (standalone + body).encode()


def _item(style: str, teaser: Teaser) -> str:
    return (
        f"<item>\n<title>{_title(style, teaser.title)}</title>\n<link>{teaser.url}</link>\n"
        f"<pubDate>{_date(style, teaser.published)}</pubDate>\n<description>{_text(style, teaser)}"
        "</description>\n</item>\n"
    )


def _title(style: str, title: str) -> str:
    if style == "colon":
        return f"<![CDATA[{title}]]>"
    return escape(coded(title)) if style == "odd" else escape(title, quote=False)


def _date(style: str, published: datetime) -> str:
    text = format_datetime(local(published))
    if style == "colon":
        return text[:-2] + ":" + text[-2:]
    year = local(published).year
    return text.replace(f" {year} ", f" {year % 100:02d} ") if style == "odd" else text


def _text(style: str, teaser: Teaser) -> str:
    if style == "html":
        picture = '<img src="https://vcdn1-vnexpress.vnecdn.net/anh.jpg?w=1200&h=0" >'
        return f'<![CDATA[<a href="{teaser.url}">{picture}</a></br>{escape(teaser.lead, quote=False)}]]>'
    return escape(coded(teaser.lead)) if style == "odd" else escape(teaser.lead, quote=False)


def sitemap(site: Site, teasers: Iterable[Teaser]) -> bytes:
    """Print a news sitemap."""
    entries = "".join(
        f"<url><loc>{escape(teaser.url)}</loc><news:news><news:publication><news:name>{site.display}</news:name>"
        f"<news:language>vi</news:language></news:publication><news:publication_date>{iso(teaser.published)}"
        f"</news:publication_date><news:title>{escape(teaser.title, quote=False)}</news:title></news:news></url>\n"
        for teaser in teasers
    )
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{DECLARATION}<urlset xmlns="{space}" {NEWS}>\n{entries}</urlset>\n'.encode()


def index(site: Site, parts: Iterable[str]) -> bytes:
    """Print a sitemap index that names other sitemaps by their paths."""
    entries = "".join(f"<sitemap><loc>{site.home}{path}</loc></sitemap>\n" for path in parts)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{DECLARATION}<sitemapindex xmlns="{space}">\n{entries}</sitemapindex>\n'.encode()
