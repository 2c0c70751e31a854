"""A document's history in plain words, in Vietnam's time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from archive.history import Absence, Edit, History, State
from archive.options import VIETNAM
from archive.values import Outcome

_WORDS = {
    Outcome.GONE: "gone: the address answers that there is nothing",
    Outcome.REDIRECT: "redirected elsewhere",
    Outcome.SUSPECT: "a suspect text, not filed until a second fetch says the same",
    Outcome.GATED: "a gate page instead of the article",
    Outcome.BLOCKED: "refused by the server",
    Outcome.NOT_ARTICLE: "a page that is no article",
    Outcome.EXTRACT_FAILED: "a page that could not be read",
}
#: A change to and fro between the same two versions is told so often; then it is counted.
FLAPS = 2


def lines(told: History) -> Iterator[str]:
    """Tell the history, a line each."""
    yield told.document.name
    yield told.document.url
    yield ""
    yield _summary(told)
    for away in told.absences:
        yield f"  {_absence(away)}"
    edits = {(edit.to_version, edit.before): edit for edit in told.edits}
    told_of: dict[frozenset[int], int] = {}
    for state in told.states:
        edit = edits.get((state.number or 0, state.first_seen))
        if edit:
            pair = frozenset((edit.from_version, edit.to_version))
            told_of[pair] = told_of.get(pair, 0) + 1
            if told_of[pair] > FLAPS:
                continue
            yield f"  {_edit(edit)}"
        yield f"  {_state(told, state)}"
    for pair, times in told_of.items():
        if times > FLAPS:
            both = " and ".join(f"@{number}" for number in sorted(pair))
            yield f"  … to and fro between {both}, {times - FLAPS} more times"


def local(time: datetime) -> str:
    """Give the time as a Vietnamese reader expects it: 20/11/2026 10:05:00."""
    return f"{time.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"


def _summary(told: History) -> str:
    edits = sum(not edit.boring and not edit.is_return for edit in told.edits)
    captures = sum(state.captures for state in told.states)
    counted = [(len(told.versions), "version"), (edits, "edit"), (captures, "capture")]
    said = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counted)
    return f"{said}; times in Vietnam (UTC+7)"


def _absence(away: Absence) -> str:
    removed = f"removed: absent at {local(away.absent_at)}"
    if away.present_at:
        removed = f"removed: present at {local(away.present_at)}, absent at {local(away.absent_at)}"
    if away.back_at:
        return f"{removed}; returned: still absent at {local(away.still_absent_at)}, present at {local(away.back_at)}"
    return f"{removed}, still absent at {local(away.still_absent_at)}"


def _state(told: History, state: State) -> str:
    span = local(state.first_seen)
    if state.captures > 1:
        span += f" to {local(state.last_seen)}"
    if state.number is None:
        what = "sent to the front page" if state.removed and state.outcome is Outcome.REDIRECT else None
        return f"{span}  {what or _WORDS.get(state.outcome, f'no text: {state.outcome.value}')}{_times(state.captures)}"
    version = next(version for version in told.versions if version.number == state.number)
    flags = ", a suspect text confirmed by a second fetch" if version.confirmed else ""
    return f"{span}  @{state.number} {version.article.title}{_times(state.captures)}{flags}"


def _times(captures: int) -> str:
    return f" (seen {captures} times)" if captures > 1 else " (seen once)"


def _edit(edit: Edit) -> str:
    change = "changed in typography only" if edit.boring else "edited"
    what = "went back" if edit.is_return else change
    return f"{what} to @{edit.to_version} between {local(edit.after)} and {local(edit.before)}"
