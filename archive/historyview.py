"""A document's history in plain words, in Vietnam's time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from archive.history import Edit, History, State
from archive.options import VIETNAM
from archive.values import Outcome

_WORDS = {
    Outcome.GONE: "removed (the address answered that it is gone)",
    Outcome.REDIRECT: "redirected elsewhere",
    Outcome.SUSPECT: "a suspect text, not filed until a second fetch says the same",
    Outcome.GATED: "a gate page instead of the article",
    Outcome.NOT_ARTICLE: "a page that is no article",
    Outcome.EXTRACT_FAILED: "a page that could not be read",
}


def lines(told: History) -> Iterator[str]:
    """Tell the history, a line each."""
    yield told.document.name
    yield told.document.url
    yield ""
    yield _summary(told)
    edits = {(edit.to_version, edit.before): edit for edit in told.edits}
    for state in told.states:
        edit = edits.get((state.number or 0, state.first_seen))
        if edit:
            yield f"  {_edit(edit)}"
        yield f"  {_state(told, state)}"


def local(time: datetime) -> str:
    """Give the time as a Vietnamese reader expects it: 20/11/2026 10:05:00."""
    return f"{time.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"


def _summary(told: History) -> str:
    edits = sum(not edit.boring for edit in told.edits)
    captures = sum(state.captures for state in told.states)
    plural = "" if edits == 1 else "s"
    return f"{len(told.versions)} version(s), {edits} edit{plural}, {captures} capture(s); times in Vietnam (UTC+7)"


def _state(told: History, state: State) -> str:
    span = local(state.first_seen)
    if state.captures > 1:
        span += f" to {local(state.last_seen)}"
    if state.number is None:
        return f"{span}  {_WORDS.get(state.outcome, f'no text: {state.outcome.value}')}{_times(state.captures)}"
    version = next(version for version in told.versions if version.number == state.number)
    flags = ", confirmed by a second fetch" if version.confirmed else ""
    return f"{span}  @{state.number} {version.article.title}{_times(state.captures)}{flags}"


def _times(captures: int) -> str:
    return f" (seen {captures} times)" if captures > 1 else " (seen once)"


def _edit(edit: Edit) -> str:
    what = "returned to" if edit.is_return else "changed in typography only to" if edit.boring else "edited to"
    return f"{what} @{edit.to_version} between {local(edit.after)} and {local(edit.before)}"
