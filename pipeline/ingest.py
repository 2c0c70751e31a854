"""The whole system in one function: extract → known → decide → file.

`decide` never sees a database, `file` never decides. A capture of a feed shows links; of a redirect, one link.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from archive.decide import Known, decide
from archive.entry import Entry
from archive.links import is_fetchable
from archive.values import Article, Capture, Decision, Link, Outcome, Purpose, Reading, Verdict
from pipeline.address import canonical_address, host_of

if TYPE_CHECKING:
    from archive.commit import Filed
    from archive.filing import Filing
    from pipeline.feeds import FeedEntry
    from pipeline.outlet import Outlet
    from pipeline.pool import Reader

#: A chain of redirects longer than this is a loop.
MAX_REDIRECTS = 5
#: An article of more characters than this is none.
LONGEST = 2**20
#: Of a sitemap index a crawl follows so many parts, the newest, so many levels deep; older ones are for a backfill.
NEWEST_PARTS = 3
DEEPEST_LIST = 3
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


async def ingest(
    capture: Capture, *, outlet: Outlet, link: Link | None, filing: Filing, pool: Reader, now: datetime
) -> Filed:
    """Read a capture, decide what it means for its document, and file it; durable when this returns."""
    entry = Entry(capture=capture, link=link, now=now, document=outlet.document_name(capture.url), url=capture.url)
    if capture.outcome is Outcome.REDIRECT:
        return await _file(filing, replace(entry, found=redirected(capture, link, outlet)))
    if capture.purpose is not Purpose.PAGE:
        return await _file(filing, await listed(entry, outlet, pool))
    if capture.outcome is not Outcome.OK:
        return await _file(filing, _unmodified(filing, entry))
    reading = bounded(await pool.read(capture, outlet.name))
    entry = _named(replace(entry, reading=reading), outlet, reading)
    async with filing.turn(entry.document):
        known = _known(filing, entry, reading.identity)
        reread = await _reread(filing, pool, entry, known)
        decision = decide(known, reading, now=capture.fetched_at, reread=reread)
        outcome = Outcome.SUSPECT if decision is None and reading.article else reading.outcome
        seen = replace(capture, outcome=outcome, reason=reading.reason or capture.reason)
        return await _file(filing, replace(entry, capture=seen, decision=decision))


def bounded(reading: Reading) -> Reading:
    """Refuse an article too long to be one: its comparison would hold up the whole archive."""
    article = reading.article
    size = sum(len(block.text) for block in article.blocks) + len(article.lead) + len(article.title) if article else 0
    if size <= LONGEST:
        return reading
    return replace(reading, outcome=Outcome.TOO_LARGE, article=None, reason=f"its text has {size:,} characters")


def _unmodified(filing: Filing, entry: Entry) -> Entry:
    """Say what a 304 means: what this address showed last was seen again; other outcomes mean nothing for a version."""
    if entry.capture.outcome is not Outcome.NOT_MODIFIED or not (then := filing.standing(entry.capture.url)):
        return entry
    seen = Decision(verdict=Verdict.SEEN, number=then.number, digest=then.digest)
    return replace(entry, document=then.document, decision=seen)


def redirect_target(capture: Capture) -> str:
    """Give the address that a redirect names, or an empty string when it is none that we would ever ask for."""
    try:
        target = urljoin(capture.url, capture.header("location") or "")
    except ValueError:
        return ""
    return target if is_fetchable(target) else ""


def redirected(capture: Capture, link: Link | None, outlet: Outlet) -> tuple[Link, ...]:
    """Give the link that a redirect shows: within the outlet's hosts, the chain not too long, not to itself."""
    target = redirect_target(capture)
    depth = (link.depth if link else 0) + 1
    if target in ("", capture.url) or depth > MAX_REDIRECTS or capture.purpose is Purpose.ROBOTS:
        return ()
    if host_of(target) not in outlet.hosts:
        return ()
    return (Link(outlet=capture.outlet, url=target, purpose=capture.purpose, found_in=capture.url, depth=depth),)


async def _file(filing: Filing, entry: Entry) -> Filed:
    """File away from the event loop: fsync and commit take milliseconds that other pages can use."""
    return await asyncio.to_thread(filing.file, entry)


def _known(filing: Filing, entry: Entry, identity: str) -> Known | None:
    if entry.document is None:
        return None
    capture = entry.capture
    return filing.known(entry.document, url=capture.url, identity=identity, at=capture.fetched_at)


async def _reread(filing: Filing, pool: Reader, entry: Entry, known: Known | None) -> Article | None:
    """Read the current version's own payload again when another extraction read it: a new extractor makes no edit."""
    reading = entry.reading
    if known is None or not known.current_number or reading is None or known.identity == reading.identity:
        return None
    assert entry.document is not None
    kept = await asyncio.to_thread(filing.kept, entry.document, known.current_number)
    if kept is None:
        return None
    again = await pool.read(kept, entry.capture.outlet)
    return again.article


def _named(entry: Entry, outlet: Outlet, reading: Reading) -> Entry:
    """Name the document by its address's own id; where that has none, by the page's canonical address.

    A page whose canonical names another article is no edit of that one. An article at an address that fits none of the
    outlet's is named by its address, as on hosts without an outlet file.
    """
    canonical = reading.article.canonical if reading.article else ""
    name = outlet.document_name(canonical) if canonical else None
    if name and entry.document in (None, name):
        return replace(entry, document=name, url=canonical)
    if entry.document is None and reading.article:
        return replace(entry, document=replace(outlet, generic=True).document_name(entry.capture.url))
    return entry


async def listed(entry: Entry, outlet: Outlet, pool: Reader) -> Entry:
    """Add the links that a feed, sitemap or section page shows; a list that cannot be read says why."""
    capture = entry.capture
    if capture.outcome is not Outcome.OK:
        return entry
    read = await pool.read_list(capture, outlet.name)
    depth = entry.link.depth if entry.link else 0
    # A sitemap's fifty thousand addresses take a while to look at.
    found = await asyncio.to_thread(lambda: tuple(_shown(read.links, capture, outlet, depth)))
    # An outlet that changes its addresses must not look like one that prints nothing.
    other = f"none of its {len(read.links)} links is an article of {outlet.name}" if read.links and not found else ""
    seen = replace(capture, outcome=read.outcome, reason=read.problem or other)
    return replace(entry, found=found, capture=seen)


def _shown(entries: Iterable[FeedEntry], capture: Capture, outlet: Outlet, depth: int) -> Iterator[Link]:
    """Give the links of a list: the outlet's articles, and of a sitemap index the newest parts, three levels deep."""
    here = [entry for entry in entries if host_of(entry.url) in outlet.hosts]
    lists = [entry for entry in here if entry.purpose is not Purpose.PAGE]
    newest = sorted(lists, key=lambda entry: entry.published or _LONG_AGO, reverse=True)
    pages = [entry for entry in here if entry.purpose is Purpose.PAGE and outlet.document_name(entry.url)]
    for entry in pages:
        yield Link(outlet=outlet.name, url=canonical_address(entry.url), found_in=capture.url)
    for entry in newest[:NEWEST_PARTS] if depth < DEEPEST_LIST else ():
        yield Link(outlet=outlet.name, url=entry.url, purpose=entry.purpose, found_in=capture.url, depth=depth + 1)
