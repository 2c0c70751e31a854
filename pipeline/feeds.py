"""Feeds, sitemaps and section pages to links: whatever outlets get wrong in them, and nothing fetched on the way."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any
from urllib.parse import urljoin

from archive.text import squash
from archive.values import Capture, Outcome, Purpose
from pipeline.address import canonical_address, host_of
from pipeline.dates import read_time
from pipeline.notarticle import gate
from pipeline.outlet import Outlet, load_outlets, outlet_for
from pipeline.payload import decode_body, decode_stream

#: Bytes of one sitemap or section page that are read (the sitemap protocol allows 50 MB; ours are far smaller).
MOST_BYTES = 16 * 2**20
#: Bytes of one feed that are read: feedparser takes its time.
MOST_FEED_BYTES = 4 * 2**20
#: Links taken from one list.
MOST_LINKS = 50_000
_MOST_ENTRIES = 2_000
_TITLE = 500
# Longer addresses are kept by nobody (archive/links.py), and patterns would take their time with them.
_LONGEST = 2083


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """A link that a list shows, for a page or for a further sitemap."""

    url: str
    title: str = ""
    published: datetime | None = None
    purpose: Purpose = Purpose.PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedReading:
    """The links of one list, each once, in its order; `problem` says in words what was wrong with it.

    `outcome` is what came of its capture: a body cut or corrupt, or a gate in its place, is no list at all.
    """

    links: tuple[FeedEntry, ...] = ()
    problem: str = ""
    outcome: Outcome = Outcome.OK

    @property
    def urls(self) -> tuple[str, ...]:
        """Give the addresses of pages alone."""
        return tuple(entry.url for entry in self.links if entry.purpose is Purpose.PAGE)


def read_list(capture: Capture, outlet: Outlet) -> FeedReading:
    """Read a capture of a feed, sitemap, section page or robots.txt, which shows no links. Never raises."""
    payload = decode_body(capture)
    # What is read of a robots.txt may be cut on purpose.
    if payload.outcome is not Outcome.OK and capture.purpose is not Purpose.ROBOTS:
        return FeedReading(outcome=payload.outcome, problem=payload.reason)
    if why := gate(payload.text):
        return FeedReading(outcome=Outcome.GATED, problem=why)
    if capture.purpose is Purpose.ROBOTS:
        return FeedReading(problem=capture.reason)
    return read_feed(payload.body, capture.url, capture.purpose, outlet)


def read_feed(body: bytes, url: str, purpose: Purpose, outlet: Outlet | None = None) -> FeedReading:
    """Read a feed, sitemap or section page that was fetched from `url`. Never raises, fetches nothing."""
    most = MOST_FEED_BYTES if purpose is Purpose.FEED else MOST_BYTES
    if len(body) > most:
        return FeedReading(problem=f"over {most} bytes")
    if not body.strip():
        return FeedReading(problem="empty")
    readers = {Purpose.SITEMAP: _sitemap, Purpose.SECTION: _section}
    try:
        found, problem = readers.get(purpose, _feed)(_utf8(body, purpose), url, outlet)
        links = _once(found, url)
    except Exception as error:  # one broken list costs itself only
        return FeedReading(problem=f"{type(error).__name__}: {error}"[:200])
    return FeedReading(links=links, problem=problem or ("" if links else "no links found"))


def _utf8(body: bytes, purpose: Purpose) -> bytes:
    """Give the list in UTF-8 without BOM or encoding declaration: outlets declare what they do not write."""
    if purpose is Purpose.SITEMAP and body.startswith(b"\x1f\x8b"):
        body = decode_stream(body, ["gzip"], limit=MOST_BYTES)
    from pipeline.charset import decode_text

    text = decode_text(body).text.lstrip("\ufeff \t\r\n")
    return re.sub(r"^<\?xml[^>]*\?>\s*", "", text).encode("utf-8", "replace")


def _once(found: Iterator[FeedEntry], url: str) -> tuple[FeedEntry, ...]:
    links: dict[str, FeedEntry] = {}
    for entry in found:
        if len(links) >= MOST_LINKS:
            break
        if len(entry.url) > _LONGEST:
            continue
        key = canonical_address(entry.url)
        if entry.url and key != canonical_address(url):
            links.setdefault(key, entry)
    return tuple(links.values())


def repair_link(link: str, base: str) -> str:
    """Give a link absolute; a link glued behind a bare host is cut free; anything but http gives an empty string.

    >>> repair_link("https://vnanet.vnhttps://vnanet.vn/Frontend/TrackingView.aspx?IID=7", "")
    'https://vnanet.vn/Frontend/TrackingView.aspx?IID=7'
    >>> repair_link(" /the-gioi/a.htm\\n", "https://dantri.com.vn/rss/home.rss"), repair_link("javascript:x", "")
    ('https://dantri.com.vn/the-gioi/a.htm', '')
    """
    bare = "".join(unescape(unescape(link)).split())
    glued = [place.start() for place in re.finditer(r"https?://", bare)]
    # A second scheme inside a query is a parameter, one inside the host is a mistake.
    if len(glued) > 1 and "/" not in bare[glued[0] + 8 : glued[1]] and "?" not in bare[: glued[1]]:
        bare = bare[glued[1] :]
    try:
        whole = urljoin(base, bare)
    except ValueError:
        return ""
    return whole if whole.startswith(("http://", "https://")) and host_of(whole) else ""


def read_feed_time(text: str) -> datetime | None:
    """Read a feed's time: RFC 822 with its usual mistakes (colon in the zone, two-digit years), else as pages print it.

    >>> read_feed_time("Mon, 14 Sep 2026 19:44:41 +07:00").isoformat()
    '2026-09-14T12:44:41+00:00'
    >>> read_feed_time("Mon, 14 Sep 26 19:44:41 +0700").isoformat()
    '2026-09-14T12:44:41+00:00'
    """
    plain = re.sub(r"([+-]\d{2}):(\d{2})\s*$", r"\1\2", squash(text))
    plain = re.sub(r"(?:GMT|UTC)\s*([+-])(\d{1,2})\s*$", lambda m: f"{m[1]}{int(m[2]):02}00", plain)
    try:
        found = parsedate_to_datetime(plain)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return read_time(text)


def _feed(body: bytes, url: str, outlet: Outlet | None) -> tuple[Iterator[FeedEntry], str]:
    import feedparser

    if body[:2000].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return iter(()), "an HTML page, no feed"
    # Always a stream: given text or bytes that name a file, feedparser opens the file.
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)
    problem = ""
    if parsed.bozo and not parsed.entries:
        problem = squash(f"no feed: {parsed.get('bozo_exception', 'unknown form')}")[:200]
    return (_feed_entry(entry, url) for entry in parsed.entries[:_MOST_ENTRIES]), problem


def _feed_entry(entry: dict[str, Any], url: str) -> FeedEntry:
    link = repair_link(str(entry.get("link") or entry.get("id") or ""), url)
    # Not `get("updated")`: feedparser answers that with the publication and a warning.
    told = str(dict.get(entry, "published") or dict.get(entry, "updated") or "")
    title = squash(re.sub(r"<[^<>]*>", "", unescape(unescape(str(entry.get("title") or "")))))[:_TITLE]
    return FeedEntry(url=link, title=title, published=read_feed_time(told) if told else None)


def _sitemap(body: bytes, url: str, outlet: Outlet | None) -> tuple[Iterator[FeedEntry], str]:
    from lxml import etree

    if b"<!ENTITY" in body:
        return iter(()), "declares entities"
    context = etree.iterparse(
        io.BytesIO(body), events=("end",), recover=True, resolve_entities=False, no_network=True, huge_tree=False
    )
    return _sitemap_entries(context, url), ""


def _sitemap_entries(context: Iterator[tuple[str, object]], url: str) -> Iterator[FeedEntry]:
    count = 0
    for _, node in context:
        name = _local(node)
        if name not in ("url", "sitemap"):
            continue
        told = {_local(part): part.text or "" for part in node.iter() if isinstance(part.tag, str)}  # type: ignore[attr-defined]  # lxml
        node.clear()  # type: ignore[attr-defined]  # lxml
        link = repair_link(told.get("loc", ""), url)
        when = told.get("publication_date") or told.get("lastmod") or ""
        purpose = Purpose.SITEMAP if name == "sitemap" else Purpose.PAGE
        yield FeedEntry(
            url=link, title=squash(told.get("title", ""))[:_TITLE], published=read_time(when), purpose=purpose
        )
        count += 1
        if count >= MOST_LINKS:
            return


def _local(node: object) -> str:
    tag = getattr(node, "tag", "")
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _section(body: bytes, url: str, outlet: Outlet | None) -> tuple[Iterator[FeedEntry], str]:
    from pipeline.page import parse_page

    page = parse_page(body.decode("utf-8"))
    known = outlet or outlet_for(url, load_outlets())
    if page is None or known is None:
        return iter(()), "no page that can be read" if page is None else "no outlet file for this host"
    links = (
        FeedEntry(url=link, title=squash("".join(node.itertext()) or node.get("title") or "")[:_TITLE])
        for node in page.root.iter("a")
        if (link := repair_link(node.get("href") or "", url)) and known.article_id(link)
    )
    return links, ""
