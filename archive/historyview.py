"""A document's history in plain words, in Vietnam's time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from archive.history import Absence, Edit, History
from archive.options import VIETNAM
from archive.states import Move, State
from archive.values import Outcome

_WORDS = {
    Outcome.SUSPECT: "a suspect text, not filed until a second fetch says the same",
    Outcome.GATED: "a gate page instead of the article",
    Outcome.BLOCKED: "refused by the server",
    Outcome.NOT_ARTICLE: "a page that is no article",
    Outcome.WITHDRAWN: "withdrawn from this archive: its content is not kept",
    Outcome.EXTRACT_FAILED: "a page that could not be read",
}
_HOW = {"front page": "sent to the front page", "says not found": "a page that says so, seen again"}
#: The same change is told so often; then it is counted.
TOLD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A state as it is told: what changed before it, in words, and what makes two such changes the same."""

    at: datetime
    changes: tuple[str, ...]
    same: frozenset[tuple[object, ...]]
    names: tuple[str, ...]
    line: str


def lines(told: History) -> Iterator[str]:
    """Tell the history, a line each."""
    yield told.document.name
    yield told.document.url
    yield ""
    yield _summary(told)
    if told.document.withdrawn_at is not None:
        yield f"withdrawn on {local(told.document.withdrawn_at)}: {told.document.withdrawn_reason}"
    yield from _now(told)
    if list(told.order) != sorted(told.order):
        order = ", ".join(f"@{number}" for number in told.order)
        yield f"numbers are the order of filing, which is not that of time: first seen in the order {order}"
    yield ""
    moves = [(move.first_seen, _move(move)) for move in told.moves]
    for at, line in _told(steps(told)):
        while moves and moves[0][0] <= at:
            yield f"  {moves.pop(0)[1]}"
        yield f"  {line}"
    for _, line in moves:
        yield f"  {line}"


def local(time: datetime) -> str:
    """Give the time as a Vietnamese reader expects it: 20/11/2026 10:05:00."""
    return f"{time.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}"


def steps(told: History) -> Iterator[Step]:
    """Give the states in order of capture, each with what changed before it."""
    edits = {(edit.to_version, edit.before): edit for edit in told.edits}
    gone = {away.absent_at: away for away in told.absences}
    back = {away.back_at: away for away in told.absences if away.back_at}
    before: State | None = None
    for state in told.states:
        changes: dict[tuple[object, ...], str] = {}
        if state.number is None and state.removed and state.first_seen in gone:
            changes["removed",] = _removed(gone[state.first_seen])
        if state.number is not None and state.first_seen in back:
            changes["returned",] = _returned(back[state.first_seen])
        if edit := edits.get((state.number or 0, state.first_seen)):
            changes["edit", frozenset((edit.from_version, edit.to_version))] = _edit(edit)
        pair = ("states", frozenset((_name(before), _name(state))))
        yield Step(
            at=state.first_seen,
            changes=tuple(changes.values()),
            same=frozenset(changes or ([pair] if before else [])),
            names=(_name(before), _name(state)) if before else (_name(state),),
            line=_state(told, state),
        )
        before = state


def _told(all_steps: Iterable[Step]) -> Iterator[tuple[datetime, str]]:
    """Tell each change twice at most; of those between, how many there were, until when, and which came last."""
    often: Counter[tuple[object, ...]] = Counter()
    untold: list[Step] = []
    for step in all_steps:
        often.update(step.same)
        if step.same and all(often[one] > TOLD for one in step.same):
            untold.append(step)
            continue
        yield from _counted(untold)
        untold = []
        for line in (*step.changes, step.line):
            yield step.at, line
    yield from _counted(untold)


def _counted(untold: list[Step]) -> Iterator[tuple[datetime, str]]:
    if not untold:
        return
    last = untold[-1]
    names = list(dict.fromkeys(name for step in untold for name in step.names))
    times = f"{len(untold)} more time{'' if len(untold) == 1 else 's'}"
    yield last.at, f"… to and fro between {' and '.join(names)}, and {times} until {local(last.at)}; at last:"
    yield last.at, last.line


def _name(state: State | None) -> str:
    if state is None:
        return ""
    if state.number is not None:
        return f"@{state.number}"
    return "removed" if state.removed else state.outcome.value.replace("_", " ")


def _summary(told: History) -> str:
    edits = sum(not edit.boring and not edit.is_return for edit in told.edits)
    boring = sum(edit.boring and not edit.is_return for edit in told.edits)
    back = sum(edit.is_return for edit in told.edits)
    counted = [(len(told.versions), "version"), (told.captures, "capture"), (edits, "edit")]
    said = ", ".join(f"{count} {word}{'' if count == 1 else 's'}" for count, word in counted)
    more = [f"{boring} of typography only"] if boring else []
    more += [f"{back} back to an earlier text"] if back else []
    beside = f" (and {', '.join(more)})" if more else ""
    return f"{said}{beside}; times in Vietnam (UTC+7)"


def _now(told: History) -> Iterator[str]:
    """Say when the article was first and last seen, and whether it was there when last looked for."""
    shown = [state for state in told.states if state.number is not None]
    if not shown:
        return
    yield f"first seen {local(shown[0].first_seen)}, last seen {local(shown[-1].last_seen)} as @{shown[-1].number}"
    away = told.absences[-1] if told.absences else None
    if away and away.back_at is None:
        yield f"removed since: absent when last looked for, {local(away.still_absent_at)}"


def _removed(away: Absence) -> str:
    how = ", ".join(_HOW.get(one, f"the address answers {one}") for one in away.how)
    if away.present_at:
        return f"removed: present at {local(away.present_at)}, absent at {local(away.absent_at)} ({how})"
    return f"removed before it was ever seen: absent at {local(away.absent_at)} ({how})"


def _returned(away: Absence) -> str:
    assert away.back_at is not None
    return f"returned: still absent at {local(away.still_absent_at)}, present at {local(away.back_at)}"


def _state(told: History, state: State) -> str:
    span = local(state.first_seen)
    if state.captures > 1:
        span += f" to {local(state.last_seen)}"
    times = f"seen {state.captures} times" if state.captures > 1 else "seen once"
    if state.number is None:
        return f"{span}  {_no_text(state)} ({times})"
    version = next(version for version in told.versions if version.number == state.number)
    flags = ""
    if state.confirmed_at:
        flags = f"; a suspect text at first, confirmed by a second fetch at {local(state.confirmed_at)}"
    elif state.outcome is Outcome.SUSPECT:
        flags = "; a suspect text then, confirmed by a later fetch" if state.first_seen < version.captured_at else ""
    return f"{span}  @{state.number} {version.article.title} ({times}){flags}"


def _no_text(state: State) -> str:
    """Say what was seen in the article's place."""
    if state.left:
        return f"its former address {state.target} shows nothing any more (status {state.status})"
    if state.outcome is Outcome.REDIRECT:
        return "sent to the front page" if state.removed else f"sent elsewhere: to {state.target}"
    if state.outcome is Outcome.GONE:
        return f"gone: the address answers {state.status}"
    what = _WORDS.get(state.outcome, f"no text: {state.outcome.value.replace('_', ' ')}")
    return f"{what}: {state.reason}" if state.reason else what


def _move(move: Move) -> str:
    span = local(move.first_seen)
    if move.captures > 1:
        span += f" to {local(move.last_seen)}"
    return f"{span}  moved: {move.from_url} leads to the article's new address {move.to_url}"


def _edit(edit: Edit) -> str:
    if edit.is_return:
        what = f"went back to @{edit.to_version}"
    elif edit.boring:
        what = f"changed in typography only to @{edit.to_version}"
    else:
        what = f"edited to @{edit.to_version}"
    return f"{what} between {local(edit.after)} and {local(edit.before)}"
