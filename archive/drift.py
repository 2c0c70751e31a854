"""SQL of drift: what was crawled of each outlet, and how its pages were read, now against before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, case, func, or_, select

from archive.tables import captures, crawls, links
from archive.times import from_us, to_us
from archive.values import Outcome, Purpose

#: Outcomes of pages that came whole, so that what was read of them speaks of the outlet's templates.
CAME = (Outcome.OK, Outcome.SUSPECT, Outcome.EXTRACT_FAILED, Outcome.NOT_ARTICLE, Outcome.GATED)
#: `now` is the newest crawls until so many captures, while at least `LEFT` are left to compare them with.
NOW = 20
LEFT = 10
#: Captures looked at on either side, the newest: an alarm ends when the new way has become the usual one.
MOST = 1000
_COLUMNS = ("crawl_id", "url", "fetched_at", "outcome", "template", "fields", "blocks", "characters")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One capture of a page and how it was read: `fields` that it had, its blocks and their characters."""

    url: str
    fetched_at: datetime
    outcome: Outcome
    template: str
    fields: frozenset[str]
    blocks: int
    characters: int

    @property
    def format(self) -> str:
        """Give what kind of article it is, as `Article.format` says it."""
        return next((name[7:] for name in self.fields if name.startswith("format:")), "article")


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """An outlet's pages now and before, each address once by its newest capture, newest first."""

    now: tuple[Page, ...]
    before: tuple[Page, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawled:
    """What was crawled of an outlet: its last crawl (`ended_at` None: under way or killed), captures, links."""

    outlet: str
    started_at: datetime | None = None
    ended_at: datetime | None = None
    summary: dict[str, Any]
    outcomes: dict[str, int]
    links: int
    due: int


def crawled(connection: Connection, *, now: datetime, since: datetime | None = None) -> dict[str, Crawled]:
    """Give what was crawled, by outlet in order of name; captures count from `since` on, links are due at `now`."""
    outcomes = _outcomes(connection, since)
    kept = _links(connection, now)
    newest = select(func.max(crawls.c.id)).group_by(crawls.c.outlet)
    last = {row.outlet: row for row in connection.execute(select(crawls).where(crawls.c.id.in_(newest)))}
    return {
        name: _crawled(name, last.get(name), outcomes.get(name, {}), kept.get(name, (0, 0)))
        for name in sorted({*outcomes, *kept, *last})
    }


def _crawled(name: str, last: Row[Any] | None, outcomes: dict[str, int], kept: tuple[int, int]) -> Crawled:
    return Crawled(
        outlet=name,
        started_at=from_us(last.started_at) if last else None,
        ended_at=from_us(last.ended_at) if last and last.ended_at is not None else None,
        summary=json.loads(last.summary) if last else {},
        outcomes=outcomes,
        links=kept[0],
        due=kept[1],
    )


def _outcomes(connection: Connection, since: datetime | None) -> dict[str, dict[str, int]]:
    query = select(captures.c.outlet, captures.c.outcome, func.count().label("number"))
    if since is not None:
        query = query.where(captures.c.fetched_at >= to_us(since))
    counted: dict[str, dict[str, int]] = {}
    for row in connection.execute(query.group_by(captures.c.outcome, captures.c.outlet).order_by(captures.c.outcome)):
        counted.setdefault(row.outlet, {})[row.outcome] = int(row.number)
    return counted


def _links(connection: Connection, now: datetime) -> dict[str, tuple[int, int]]:
    due = func.sum(case((links.c.next_visit <= to_us(now), 1), else_=0))
    query = select(links.c.outlet, func.count(), due).group_by(links.c.outlet)
    return {outlet: (int(known), int(ripe)) for outlet, known, ripe in connection.execute(query)}


def last_capture(connection: Connection) -> datetime | None:
    """Give the time of the newest capture, or None."""
    newest = connection.execute(select(func.max(captures.c.fetched_at))).scalar()
    return from_us(newest) if newest is not None else None


def windows(connection: Connection, outlet: str, *, since: datetime | None = None) -> tuple[Window, ...]:
    """Give the outlet's pages now and before: from `since` on, or those of the newest crawls and of the newest alone.

    A crawl of few pages must not hide behind the crawls before it, with which it makes up a number to judge by.
    """
    query = (
        select(*(captures.c[name] for name in _COLUMNS))
        .where(captures.c.outlet == outlet, captures.c.purpose == Purpose.PAGE, captures.c.outcome.in_(CAME))
        # What was replayed out of a WARC may be years old: it says nothing of the site now.
        .where(or_(captures.c.via.is_(None), captures.c.via.not_like("warc:%")))
        .order_by(captures.c.id.desc())
    )
    if since is None:
        rows = list(connection.execute(query.limit(2 * MOST)))
        cuts = _cuts([row.crawl_id for row in rows])
        return tuple(Window(now=_pages(rows[:cut]), before=_pages(rows[cut : cut + MOST])) for cut in cuts)
    start = to_us(since)
    before = connection.execute(query.where(captures.c.fetched_at < start).limit(MOST))
    now = connection.execute(query.where(captures.c.fetched_at >= start))
    return (Window(now=_pages(now), before=_pages(before)),)


def _cuts(crawl_ids: list[int | None]) -> list[int]:
    """Give how many of the newest captures are `now`: whole crawls, but of one without end its newest; the last alone.

    >>> _cuts([3] * 5 + [2] * 6 + [1] * 30), _cuts([2] * 5 + [1] * 15), _cuts([1] * 8), _cuts([1] * 2000)
    ([11, 5], [5], [8], [1000])
    """
    ends = [at for at in range(1, len(crawl_ids)) if crawl_ids[at] != crawl_ids[at - 1]]
    last = cut = ends[0] if ends else len(crawl_ids)
    for end in [*ends[1:], len(crawl_ids)]:
        if cut >= NOW or len(crawl_ids) - end < LEFT:
            break
        cut = end
    return list(dict.fromkeys(min(size, MOST) for size in (cut, last)))


def _pages(rows: Iterable[Row[Any]]) -> tuple[Page, ...]:
    newest: dict[str, Page] = {}
    for row in rows:
        newest.setdefault(row.url, _page(row))
    return tuple(newest.values())


def _page(row: Row[Any]) -> Page:
    return Page(
        url=row.url,
        fetched_at=from_us(row.fetched_at),
        outcome=Outcome(row.outcome),
        template=row.template or "",
        fields=frozenset((row.fields or "").split()),
        blocks=row.blocks or 0,
        characters=row.characters or 0,
    )
