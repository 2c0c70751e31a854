"""A document's history as plain JSON values, whole."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from archive.documents import Version
from archive.history import Absence, Edit, History
from archive.states import State


def to_json(told: History) -> dict[str, Any]:
    """Give the history as plain JSON values; times are ISO 8601 in UTC."""
    order = told.order
    return {
        "document": told.document.name,
        "outlet": told.document.outlet,
        "url": told.document.url,
        "withdrawn": _withdrawn(told),
        "captures": told.captures,
        "order": list(order),
        "filed_in_order": list(order) == sorted(order),
        "versions": [_version(told, version) for version in told.versions],
        "states": [_state(state) for state in told.states],
        "edits": [_edit(edit) for edit in told.edits],
        "absences": [_absence(away) for away in told.absences],
        "moves": [
            {
                "from": move.from_url,
                "to": move.to_url,
                "first_seen": move.first_seen.isoformat(),
                "last_seen": move.last_seen.isoformat(),
                "captures": move.captures,
            }
            for move in told.moves
        ],
    }


def _withdrawn(told: History) -> dict[str, str] | None:
    at = told.document.withdrawn_at
    return {"at": at.isoformat(), "reason": told.document.withdrawn_reason} if at else None


def seen_json(told: History, number: int) -> dict[str, Any]:
    """Give when and how often a version was seen, and whether it came by a change of typography only."""
    states = [state for state in told.states if state.number == number]
    came = [edit.boring for edit in told.edits if edit.to_version == number and not edit.is_return]
    return {
        "first_seen": _iso(min((state.first_seen for state in states), default=None)),
        "last_seen": _iso(max((state.last_seen for state in states), default=None)),
        "captures": sum(state.captures for state in states),
        "boring": bool(came and came[0]),
    }


def _version(told: History, version: Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "digest": version.digest,
        "captured_at": version.captured_at.isoformat(),
        "title": version.article.title,
        "confirmed": version.confirmed,
        "template": version.template,
        **seen_json(told, version.number),
    }


def _state(state: State) -> dict[str, Any]:
    times = ("first_seen", "last_seen", "confirmed_at")
    said = {"version": state.number, **{name: value for name, value in asdict(state).items() if name != "number"}}
    return said | {"outcome": state.outcome.value} | {name: _iso(said[name]) for name in times}


def _edit(edit: Edit) -> dict[str, Any]:
    return {
        "from": edit.from_version,
        "to": edit.to_version,
        "after": edit.after.isoformat(),
        "before": edit.before.isoformat(),
        "boring": edit.boring,
        "return": edit.is_return,
    }


def _absence(away: Absence) -> dict[str, Any]:
    return {
        "present_at": _iso(away.present_at),
        "absent_at": away.absent_at.isoformat(),
        "still_absent_at": away.still_absent_at.isoformat(),
        "back_at": _iso(away.back_at),
        "how": list(away.how),
    }


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
