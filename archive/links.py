"""SQL of links: addresses to fetch and their next visit. The caller owns the transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection, Row, case, insert, select, update

from archive.tables import links
from archive.text import clean
from archive.times import from_us, to_us
from archive.values import Capture, Link, Outcome, Purpose
from archive.visits import RETRY_AFTER_CAP, is_failure, is_polled, next_visit, retry_after

#: Longer addresses (bytes) are traps, not articles; an index of PostgreSQL takes 2,704 bytes.
MAX_URL = 2083
_HOST = re.compile(r"[\w-]+(\.[\w-]+)*\.?|[0-9a-f:.]*:[0-9a-f:.]*", re.IGNORECASE)
# Statements are kept under SQLite's limit of bound values.
_CHUNK = 400
_ORDER = (Purpose.FEED, Purpose.SITEMAP, Purpose.SECTION)


def add(connection: Connection, found: Sequence[Link], now: datetime) -> int:
    """Keep the links not yet known, due at once; return how many were new. Other than http(s) is left out."""
    fresh = {link.url: link for link in reversed(found) if is_fetchable(link.url)}
    for known in _known(connection, list(fresh)):
        del fresh[known]
    rows = [_row(link, now) for link in reversed(fresh.values())]
    if rows:
        connection.execute(insert(links), rows)
    return len(rows)


def is_fetchable(url: str) -> bool:
    """Tell whether an address is one we would ever ask for: http(s), a host, no user name, not too long.

    >>> is_fetchable("https://dantri.com.vn/a.htm"), is_fetchable("file:///etc/passwd"), is_fetchable("https://u@a.vn/")
    (True, False, False)
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url and "\\" not in url and "@" not in parts.netloc
    # A host names folders and locks too: no empty labels, no separators.
    named = bool(host) and _HOST.fullmatch(host or "") is not None
    return (
        parts.scheme in ("http", "https") and named and plain and len(url.encode("utf-8", "surrogatepass")) <= MAX_URL
    )


def poll(connection: Connection, outlet: str, feeds: Sequence[Link], now: datetime) -> int:
    """Make the outlet's own lists due, but those whose server asked to wait; put to rest lists no longer named.

    An address known as something else (fetched as a page, found in another list) becomes the list that it is. Returns
    how many links were new.
    """
    new = add(connection, feeds, now)
    _own(connection, outlet, feeds, now)
    own = (links.c.outlet == outlet) & (links.c.purpose != Purpose.PAGE) & (links.c.found_in == "")
    named = links.c.url.in_([feed.url for feed in feeds])
    # Further ahead than any Retry-After: put to rest before, or the clock went backwards.
    asleep = links.c.next_visit.is_(None) | (links.c.next_visit > to_us(now + RETRY_AFTER_CAP))
    connection.execute(update(links).where(own, named, asleep).values(next_visit=to_us(now)))
    connection.execute(update(links).where(own, ~named).values(next_visit=None))
    return new


def due(connection: Connection, outlet: str, now: datetime, limit: int, *, claiming: bool = False) -> list[Link]:
    """Give the outlet's links due by now: lists first, then pages never seen, then by lateness.

    Those that another machine is `claiming` in this moment are passed over.
    """
    rank = case(
        {purpose.value: place for place, purpose in enumerate(_ORDER)}, value=links.c.purpose, else_=len(_ORDER)
    )
    query = (
        select(links)
        .where(links.c.outlet == outlet, links.c.next_visit <= to_us(now))
        .order_by(rank, links.c.visits > 0, links.c.next_visit, links.c.id)
        .limit(limit)
    )
    if claiming:
        query = query.with_for_update(skip_locked=True)
    return [_link(row) for row in connection.execute(query)]


def visited(
    connection: Connection,
    link: Link,
    capture: Capture,
    *,
    changed: bool | None,
    now: datetime,
    held: bool = False,
) -> None:
    """Record a visit and when the next is due; `changed` is None when the visit told nothing of the content.

    The capture's outcome is the final one; `held` tells that a version stands behind it. ETag and Last-Modified are
    kept only of content we hold, so that a later 304 always speaks of that content.
    """
    row = connection.execute(select(links).where(links.c.url == link.url)).one_or_none()
    if row is None:
        return
    failures = row.failures + 1 if is_failure(capture.outcome) else 0
    last_change = now if changed or row.last_change is None else from_us(row.last_change)
    polled = is_polled(Purpose(row.purpose), row.found_in)
    then = next_visit(capture.outcome, now, last_change=last_change, failures=failures, polled=polled, held=held)
    if wait := retry_after(capture):
        then = max(then, now + wait)
    values: dict[str, object] = {
        "last_visit": to_us(now),
        "last_outcome": capture.outcome.value,
        "visits": row.visits + 1,
        "failures": row.failures if capture.outcome is Outcome.INTERRUPTED else failures,
        "last_change": to_us(last_change) if changed is not None else row.last_change,
        "next_visit": None if capture.outcome is Outcome.WITHDRAWN else to_us(then),
    }
    if capture.purpose == row.purpose:
        # A list fetched as a page was not read as a list: a 304 would hide what it shows.
        values |= _validators(capture, held=held)
    connection.execute(update(links).where(links.c.id == row.id).values(values))


def hold(connection: Connection, outlet: str, host: str, until: datetime) -> None:
    """Leave a host's links alone until then (its server asked for it by Retry-After)."""
    mine = (links.c.outlet == outlet) & (links.c.next_visit < to_us(until))
    for scheme in ("https", "http"):
        here = links.c.url.startswith(f"{scheme}://{host}/", autoescape=True)
        connection.execute(update(links).where(mine, here).values(next_visit=to_us(until)))


def _own(connection: Connection, outlet: str, feeds: Sequence[Link], now: datetime) -> None:
    fresh = {"found_in": "", "depth": 0, "etag": "", "last_modified": "", "failures": 0, "next_visit": to_us(now)}
    for purpose in {feed.purpose for feed in feeds}:
        mine = [feed.url for feed in feeds if feed.purpose is purpose]
        other = (links.c.purpose != purpose.value) | (links.c.found_in != "") | (links.c.outlet != outlet)
        as_named = {"outlet": outlet, "purpose": purpose.value} | fresh
        connection.execute(update(links).where(links.c.url.in_(mine), other).values(as_named))


def _known(connection: Connection, urls: list[str]) -> Iterable[str]:
    for start in range(0, len(urls), _CHUNK):
        some = urls[start : start + _CHUNK]
        yield from connection.execute(select(links.c.url).where(links.c.url.in_(some))).scalars().all()


def _row(link: Link, now: datetime) -> dict[str, object]:
    return {
        "outlet": link.outlet,
        "url": link.url,
        "purpose": link.purpose.value,
        "found_at": to_us(now),
        "found_in": link.found_in,
        "depth": link.depth,
        "next_visit": to_us(now),
    }


def _link(row: Row[tuple[object, ...]]) -> Link:
    return Link(
        outlet=row.outlet,
        url=row.url,
        purpose=Purpose(row.purpose),
        etag=row.etag,
        last_modified=row.last_modified,
        found_in=row.found_in,
        depth=row.depth,
        attempts=row.failures,
    )


def _validators(capture: Capture, *, held: bool) -> dict[str, object]:
    if capture.outcome is not Outcome.OK and not (capture.outcome is Outcome.SUSPECT and held):
        return {}
    return {
        "etag": clean(capture.header("ETag") or ""),
        "last_modified": clean(capture.header("Last-Modified") or ""),
    }
