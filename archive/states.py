"""SQL of a document's states: runs of its captures, in order of capture, that showed the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urljoin, urlsplit

from sqlalchemy import Connection, Row, and_, or_, select

from archive.decide import CONFIRM_AFTER
from archive.documents import Document
from archive.tables import captures, versions
from archive.times import from_us
from archive.values import Outcome, Purpose

#: What a page with status 200 is told to be that only says that there is nothing (`pipeline/notarticle.py`).
NOT_FOUND = "a page that says it was not found"
_FRONT = frozenset({"", "/home", "/trang-chu"})
_ENDINGS = (".html", ".htm", ".php", ".aspx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One capture of a document: what it showed. `id` is the order of filing; `target` where a redirect leads.

    `number` is the version shown, also by a suspect text that was confirmed later (`suspect`); `filed` the version that
    the capture was filed with. `left` says that the article had gone from this address, then `target`, to another.
    """

    id: int
    at: datetime
    url: str
    outcome: Outcome
    status: int | None
    reason: str
    number: int | None
    filed: int | None
    target: str = ""
    moved: bool = False
    removed: bool = False
    left: bool = False

    @property
    def suspect(self) -> bool:
        """Tell whether this is a suspect text that was not filed by itself."""
        return self.number is not None and self.filed is None


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A run of captures that showed the same: a version's number, or an outcome that is no version.

    `removed` says that the article was not there: gone (404, 410), sent to the front page, or, seen again at least ten
    minutes later, a page of status 200 that says so. `confirmed_at` is when a second fetch confirmed a suspect text.
    `left` says that only the address `target` lost it, which had led to the article's new one before.
    """

    number: int | None
    outcome: Outcome
    removed: bool
    status: int | None
    reason: str
    target: str
    first_seen: datetime
    last_seen: datetime
    captures: int
    confirmed_at: datetime | None = None
    left: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A redirect from one address of the document to another of the same document."""

    from_url: str
    to_url: str
    first_seen: datetime
    last_seen: datetime
    captures: int


def sightings(connection: Connection, document: Document) -> list[Sighting]:
    """Give all captures of the document in order of capture, those of its addresses that showed no document too."""
    addresses = select(captures.c.url).where(captures.c.document_id == document.id).distinct()
    unnamed = and_(captures.c.document_id.is_(None), or_(captures.c.url == document.url, captures.c.url.in_(addresses)))
    query = (
        select(captures, versions.c.number)
        .join(versions, versions.c.id == captures.c.version_id, isouter=True)
        .where(or_(captures.c.document_id == document.id, unnamed), captures.c.purpose == Purpose.PAGE)
        .order_by(captures.c.fetched_at, captures.c.id)
    )
    rows = connection.execute(query).all()
    known = select(versions.c.digest, versions.c.number).where(versions.c.document_id == document.id)
    numbers = {version.digest: version.number for version in connection.execute(known)}
    urls = {row.url for row in rows} | {document.url}
    return _with_removals(_left_behind([_sighting(row, document, numbers, urls) for row in rows]))


def _sighting(row: Row[Any], document: Document, numbers: dict[str, int], urls: set[str]) -> Sighting:
    outcome = Outcome(row.outcome)
    suspect = outcome is Outcome.SUSPECT and row.number is None
    target = leads_to(row.url, row.reason) if outcome is Outcome.REDIRECT else ""
    front = bool(target) and is_front(target)
    return Sighting(
        id=row.id,
        at=from_us(row.fetched_at),
        url=row.url,
        outcome=outcome,
        status=row.status,
        reason=row.reason,
        number=numbers.get(row.reading_digest or "") if suspect else row.number,
        filed=row.number,
        target=target,
        moved=target not in ("", row.url) and not front and (target in urls or is_same(target, document.name)),
        removed=outcome is Outcome.GONE or front,
    )


def leads_to(url: str, reason: str) -> str:
    """Give the address that a redirect, whose reason is `to ADDRESS`, leads to.

    >>> leads_to("https://a.vn/tin-1.htm", "to /tin-moi-1.htm")
    'https://a.vn/tin-moi-1.htm'
    """
    try:
        return urljoin(url, reason.removeprefix("to ").strip())
    except ValueError:
        return reason.removeprefix("to ").strip()


def is_front(address: str) -> bool:
    """Tell whether an address is a site's front page.

    >>> is_front("https://a.vn/"), is_front("https://a.vn/index.php"), is_front("https://a.vn/tin-moi-1.htm")
    (True, True, False)
    """
    try:
        path = urlsplit(address).path.lower().rstrip("/")
    except ValueError:
        return False
    bare = next((path.removesuffix(ending) for ending in _ENDINGS if path.endswith(ending)), path)
    return bare.removesuffix("/index").removesuffix("/default") in _FRONT


def is_same(address: str, name: str) -> bool:
    """Tell whether an address carries the document's own id: a number that the outlet gave it.

    >>> is_same("https://a.vn/xa-hoi/moi-20261120113000123.htm", "a:20261120113000123")
    True
    >>> is_same("https://a.vn/xa-hoi/moi-120261120113000123.htm", "a:20261120113000123")
    False
    """
    own = name.partition(":")[2]
    digits = ["".join(run) for is_digit, run in groupby(address, str.isdigit) if is_digit]
    return own.isdigit() and len(own) >= 5 and own in digits


def _left_behind(seen: Iterable[Sighting]) -> Iterator[Sighting]:
    """Take no answer of an address for the article's removal once it led to another one that showed the article."""
    leads, left = set[str](), set[str]()
    for one in seen:
        if one.moved:
            leads.add(one.url)
        if one.number is not None:
            leads.discard(one.url)
            left = (left | leads) - {one.url}
        away = one.url in left and (one.removed or _says_missing(one))
        yield replace(one, removed=False, target=one.url, left=True) if away else one


def _with_removals(seen: Iterable[Sighting]) -> list[Sighting]:
    """Mark pages that say the article is missing as a removal, where another answer or a second look confirms it."""
    told: list[Sighting] = []
    for is_shown, run in groupby(seen, lambda one: one.number is not None):
        part = list(run)
        told += part if is_shown or not _is_missing(part) else [_removed(one) for one in part]
    return told


def _is_missing(part: Sequence[Sighting]) -> bool:
    soft = [one.at for one in part if _says_missing(one)]
    return bool(soft) and (any(one.removed for one in part) or soft[-1] - soft[0] >= CONFIRM_AFTER)


def _says_missing(one: Sighting) -> bool:
    return one.outcome is Outcome.NOT_ARTICLE and one.reason == NOT_FOUND and not one.left


def _removed(one: Sighting) -> Sighting:
    return replace(one, removed=True) if _says_missing(one) else one


def states_of(seen: Iterable[Sighting]) -> Iterator[State]:
    """Join the captures that showed the same; a redirect to the document's own new address is no state of it."""
    for _, run in groupby((one for one in seen if not one.moved), _shown):
        yield _state(list(run))


def _shown(one: Sighting) -> tuple[object, ...]:
    if one.number is not None:
        return (one.number,)
    if one.removed and one.target:  # the front page, by whatever address
        return (one.outcome, one.removed)
    return (one.outcome, one.removed, one.status, one.target, one.reason if one.removed else "")


def _state(run: list[Sighting]) -> State:
    first = next((one for one in run if not one.suspect), run[0])
    suspect = run[0].suspect
    return State(
        number=first.number,
        outcome=first.outcome,
        removed=first.removed,
        status=first.status,
        reason=first.reason,
        target=first.target,
        first_seen=run[0].at,
        last_seen=run[-1].at,
        captures=len(run),
        confirmed_at=first.at if suspect and not first.suspect else None,
        left=first.left,
    )


def moves_of(seen: Iterable[Sighting]) -> list[Move]:
    """Give the document's changes of address, each with when it was seen."""
    found: dict[tuple[str, str], Move] = {}
    for one in seen:
        if one.moved:
            new = Move(from_url=one.url, to_url=one.target, first_seen=one.at, last_seen=one.at, captures=1)
            old = found.get((one.url, one.target))
            found[one.url, one.target] = replace(old, last_seen=one.at, captures=old.captures + 1) if old else new
    return list(found.values())
