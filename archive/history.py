"""What happened to a document: states between captures, edits bounded by them. Says only what was seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin, urlsplit

from sqlalchemy import ColumnElement, Connection, or_, select

from archive.documents import Document, Version, versions_of
from archive.tables import captures, versions
from archive.times import from_us
from archive.values import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A run of captures that showed the same: a version's number, or an outcome that is no version.

    `removed` says that the article was not there: gone (404, 410), or sent to the front page.
    """

    number: int | None
    outcome: Outcome
    removed: bool
    first_seen: datetime
    last_seen: datetime
    captures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change between versions, bounded: `after` the last capture of one, `before` the first of the other."""

    from_version: int
    to_version: int
    after: datetime
    before: datetime
    boring: bool
    is_return: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A time without the article: last `present_at`, first `absent_at`, last `still_absent_at`, `back_at` or None."""

    present_at: datetime | None
    absent_at: datetime
    still_absent_at: datetime
    back_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A document's versions in order of filing, its states, edits and absences in order of capture."""

    document: Document
    versions: tuple[Version, ...]
    states: tuple[State, ...]
    edits: tuple[Edit, ...]
    absences: tuple[Absence, ...]


def history(connection: Connection, document: Document) -> History:
    """Tell what the captures of the document say."""
    known = tuple(versions_of(connection, document))
    states = tuple(_states(connection, document))
    return History(
        document=document,
        versions=known,
        states=states,
        edits=tuple(_edits(states, known)),
        absences=tuple(_absences(states)),
    )


def _states(connection: Connection, document: Document) -> list[State]:
    query = (
        select(captures.c.fetched_at, captures.c.outcome, captures.c.reason, captures.c.url, versions.c.number)
        .join(versions, versions.c.id == captures.c.version_id, isouter=True)
        .where(or_(captures.c.document_id == document.id, _unnamed(document)))
        .order_by(captures.c.fetched_at, captures.c.id)
    )
    found: list[State] = []
    for row in connection.execute(query):
        seen, outcome = from_us(row.fetched_at), Outcome(row.outcome)
        removed = outcome is Outcome.GONE or (outcome is Outcome.REDIRECT and leads_home(row.url, row.reason))
        last = found[-1] if found else None
        if last and (last.number, last.removed) == (row.number, removed) and (row.number or last.outcome is outcome):
            found[-1] = replace(last, last_seen=seen, captures=last.captures + 1)
        else:
            found.append(
                State(number=row.number, outcome=outcome, removed=removed, first_seen=seen, last_seen=seen, captures=1)
            )
    return found


def _unnamed(document: Document) -> ColumnElement[bool]:
    """Captures of the document's address that showed no document at all: errors, gates, removals before its first."""
    return (captures.c.url == document.url) & captures.c.document_id.is_(None)


def leads_home(url: str, reason: str) -> bool:
    """Tell whether a redirect, whose reason is `to ADDRESS`, leads to the front page instead of the article.

    >>> leads_home("https://a.vn/tin-1.htm", "to /"), leads_home("https://a.vn/tin-1.htm", "to /tin-moi-1.htm")
    (True, False)
    """
    return urlsplit(urljoin(url, reason.removeprefix("to "))).path.rstrip("/") in ("", "/index.html", "/index.htm")


def _edits(states: tuple[State, ...], known: tuple[Version, ...]) -> list[Edit]:
    boring = {version.number: version.boring for version in known}
    shown = [state for state in states if state.number is not None]
    seen: set[int] = set()
    found: list[Edit] = []
    for before, after in pairwise(shown):
        assert before.number is not None and after.number is not None
        seen.add(before.number)
        if before.number != after.number:
            edit = Edit(
                from_version=before.number,
                to_version=after.number,
                after=before.last_seen,
                before=after.first_seen,
                boring=boring.get(after.number, False),
                is_return=after.number in seen,
            )
            found.append(edit)
    return found


def _absences(states: tuple[State, ...]) -> list[Absence]:
    """Join the states that showed no article: what other answers stood between (errors, gates) says nothing of it."""
    found: list[Absence] = []
    present: datetime | None = None
    away = False
    for state in states:
        if state.number is not None:
            if away:
                found[-1] = replace(found[-1], back_at=state.first_seen)
            present, away = state.last_seen, False
        elif state.removed and away:
            found[-1] = replace(found[-1], still_absent_at=state.last_seen)
        elif state.removed:
            away = True
            found.append(
                Absence(present_at=present, absent_at=state.first_seen, still_absent_at=state.last_seen, back_at=None)
            )
    return found


def to_json(told: History) -> dict[str, Any]:
    """Give the history as plain JSON values."""
    return {
        "document": told.document.name,
        "outlet": told.document.outlet,
        "url": told.document.url,
        "versions": [_version_json(version) for version in told.versions],
        "states": [
            {
                "version": state.number,
                "outcome": state.outcome.value,
                "removed": state.removed,
                "first_seen": state.first_seen.isoformat(),
                "last_seen": state.last_seen.isoformat(),
                "captures": state.captures,
            }
            for state in told.states
        ],
        "edits": [
            {
                "from": edit.from_version,
                "to": edit.to_version,
                "after": edit.after.isoformat(),
                "before": edit.before.isoformat(),
                "boring": edit.boring,
                "return": edit.is_return,
            }
            for edit in told.edits
        ],
        "absences": [
            {
                "present_at": _iso(away.present_at),
                "absent_at": _iso(away.absent_at),
                "still_absent_at": _iso(away.still_absent_at),
                "back_at": _iso(away.back_at),
            }
            for away in told.absences
        ],
    }


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _version_json(version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "digest": version.digest,
        "captured_at": version.captured_at.isoformat(),
        "title": version.article.title,
        "boring": version.boring,
        "confirmed": version.confirmed,
        "template": version.template,
    }
