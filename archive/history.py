"""What happened to a document: states between captures, edits bounded by them. Says only what was seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import pairwise

from sqlalchemy import Connection

from archive.digest import is_boring
from archive.documents import Document, Version, versions_of
from archive.states import Move, Sighting, State, moves_of, sightings, states_of
from archive.values import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change between versions, bounded: `after` the last capture of one, `before` the first of the other.

    `boring` holds the two against each other, whichever was filed first; `is_return` says that the later was seen
    before.
    """

    from_version: int
    to_version: int
    after: datetime
    before: datetime
    boring: bool
    is_return: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A time without the article: last `present_at`, first `absent_at`, last `still_absent_at`, `back_at` or None.

    `how` names what told it, in order: "404", "410", "front page", "says not found".
    """

    present_at: datetime | None
    absent_at: datetime
    still_absent_at: datetime
    back_at: datetime | None
    how: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A document's versions in order of filing, its states, edits, absences and moves in order of capture."""

    document: Document
    versions: tuple[Version, ...]
    states: tuple[State, ...]
    edits: tuple[Edit, ...]
    absences: tuple[Absence, ...]
    moves: tuple[Move, ...]

    @property
    def order(self) -> tuple[int, ...]:
        """The versions' numbers in the order in which they were first seen."""
        return tuple(dict.fromkeys(state.number for state in self.states if state.number is not None))

    @property
    def captures(self) -> int:
        """How many captures there are of the document."""
        return sum(state.captures for state in self.states) + sum(move.captures for move in self.moves)


def history(connection: Connection, document: Document) -> History:
    """Tell what the captures of the document say."""
    known = tuple(versions_of(connection, document))
    seen = sightings(connection, document)
    states = tuple(states_of(seen))
    return History(
        document=document,
        versions=known,
        states=states,
        edits=tuple(_edits(states, _judge(known, seen))),
        absences=tuple(_absences(states)),
        moves=tuple(moves_of(seen)),
    )


def _judge(known: tuple[Version, ...], seen: list[Sighting]) -> Callable[[int, int], bool]:
    """Give the judge of whether two neighbouring versions differ in typography only.

    Where one was held against the other when it was filed, that holds: both were read by the same extraction then.
    """
    by_number = {version.number: version for version in known}
    against = {frozenset((number, other)): number for number, other in _held_against(seen)}

    @cache
    def boring(one: int, other: int) -> bool:
        filed = against.get(frozenset((one, other)))
        if filed is not None:
            return by_number[filed].boring
        return is_boring(by_number[one].article, by_number[other].article)

    return boring


def _held_against(seen: list[Sighting]) -> Iterator[tuple[int, int]]:
    """Give each version with the one that it was held against when filed: what stood at its time, as then known."""
    gave: dict[int, Sighting] = {}
    for one in sorted(seen, key=lambda one: one.id):
        if one.filed is None or one.filed in gave:
            continue
        gave[one.filed] = one
        known = [other for other in seen if other.filed is not None and other.id < one.id]
        before = [other for other in known if other.at <= one.at]
        standing = before[-1:] or known[:1]
        if standing and standing[0].filed is not None:
            yield one.filed, standing[0].filed


def _edits(states: tuple[State, ...], boring: Callable[[int, int], bool]) -> Iterator[Edit]:
    seen: set[int] = set()
    shown = [(state.number, state) for state in states if state.number is not None]
    for (old, before), (new, after) in pairwise(shown):
        seen.add(old)
        if old != new:
            yield Edit(
                from_version=old,
                to_version=new,
                after=before.last_seen,
                before=after.first_seen,
                boring=boring(old, new),
                is_return=new in seen,
            )


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
            how = tuple(dict.fromkeys((*found[-1].how, removed_by(state))))
            found[-1] = replace(found[-1], still_absent_at=state.last_seen, how=how)
        elif state.removed:
            away = True
            bounds = {"absent_at": state.first_seen, "still_absent_at": state.last_seen, "back_at": None}
            found.append(Absence(present_at=present, how=(removed_by(state),), **bounds))  # type: ignore[arg-type]  # by name
    return found


def removed_by(state: State) -> str:
    """Name what told that the article was not there."""
    if state.outcome is Outcome.REDIRECT:
        return "front page"
    return "says not found" if state.outcome is Outcome.NOT_ARTICLE else str(state.status or "gone")
