"""What happened to a document: states between captures, edits bounded by them. Says only what was seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, or_, select

from archive.documents import Document, Version, versions_of
from archive.tables import captures, versions
from archive.times import from_us
from archive.values import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A run of captures that showed the same: a version's number, or an outcome that is no version."""

    number: int | None
    outcome: Outcome
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
class History:
    """A document's versions in order of filing, its states and edits in order of capture."""

    document: Document
    versions: tuple[Version, ...]
    states: tuple[State, ...]
    edits: tuple[Edit, ...]


def history(connection: Connection, document: Document) -> History:
    """Tell what the captures of the document say."""
    known = tuple(versions_of(connection, document))
    states = tuple(_states(connection, document))
    return History(document=document, versions=known, states=states, edits=tuple(_edits(states, known)))


def _states(connection: Connection, document: Document) -> list[State]:
    query = (
        select(captures.c.fetched_at, captures.c.outcome, versions.c.number)
        .join(versions, versions.c.id == captures.c.version_id, isouter=True)
        .where(or_(captures.c.document_id == document.id, captures.c.url == document.url))
        .order_by(captures.c.fetched_at, captures.c.id)
    )
    found: list[State] = []
    for row in connection.execute(query):
        seen, outcome = from_us(row.fetched_at), Outcome(row.outcome)
        last = found[-1] if found else None
        if last and last.number == row.number and (row.number is not None or last.outcome is outcome):
            found[-1] = _longer(last, seen)
        else:
            state = State(number=row.number, outcome=outcome, first_seen=seen, last_seen=seen, captures=1)
            found.append(state)
    return found


def _longer(state: State, seen: datetime) -> State:
    return State(
        number=state.number,
        outcome=state.outcome,
        first_seen=state.first_seen,
        last_seen=seen,
        captures=state.captures + 1,
    )


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
    }


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
