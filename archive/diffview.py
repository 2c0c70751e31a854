"""A diff for reading: coloured words for a terminal, unified lines for a pipe. The unit of both is the sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from archive.change import Diff, Row
from archive.terminal import safe

if TYPE_CHECKING:
    from rich.text import Text

#: Unchanged sentences shown on each side of a change.
CONTEXT = 1
_NOTES = {
    "moved": "stood elsewhere",
    "split": "a paragraph begins here now",
    "joined": "the paragraph before goes on here now",
    "recast": "a block of another kind now",
}
_OLD_ROWS = frozenset({"equal", "changed", "removed", "moved_away"})
_NEW_ROWS = frozenset({"equal", "changed", "added", "moved"})


def hunks(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Give the runs of rows to show: every change with CONTEXT rows around it, near ones joined."""
    found: list[tuple[int, int]] = []
    for at, row in enumerate(rows):
        if row.op == "equal":
            continue
        start, end = max(0, at - CONTEXT), min(len(rows), at + 1 + CONTEXT)
        if found and start <= found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
    return found


def notes(row: Row) -> list[str]:
    """Say what happened to a sentence beside its words."""
    return [_NOTES[change.op] for change in row.changes if change.op in _NOTES]


def unified(diff: Diff, old: str, new: str) -> Iterator[str]:
    """Give the diff in the unified format, one sentence a line; a line that begins with a backslash is a remark."""
    if not diff.changes:
        return
    yield f"--- {old}"
    yield f"+++ {new}"
    for start, end in hunks(diff.rows):
        before, shown = diff.rows[:start], diff.rows[start:end]
        yield f"@@ -{_range(before, shown, _OLD_ROWS)} +{_range(before, shown, _NEW_ROWS)} @@ {_place(shown)}"
        for row in shown:
            yield from _lines(row)


def _range(before: Sequence[Row], shown: Sequence[Row], ops: frozenset[str]) -> str:
    first = sum(row.op in ops for row in before)
    count = sum(row.op in ops for row in shown)
    return f"{first + 1 if count else first},{count}"


def _place(shown: Sequence[Row]) -> str:
    places = [row.where.replace("_", " ") for row in shown if row.op != "equal"]
    return ", ".join(dict.fromkeys(places))


def _lines(row: Row) -> Iterator[str]:
    if row.op == "moved_away":
        yield f"-{row.old}"
        yield "\\ stands elsewhere now"
        return
    if row.op == "equal" or (row.op == "changed" and row.old == row.new):
        yield f" {row.new}"
    else:
        if row.old and row.op != "moved":
            yield f"-{row.old}"
        if row.new:
            yield f"+{row.new}"
    for note in notes(row):
        yield f"\\ {note}"


def coloured(diff: Diff) -> Iterator[Text]:
    """Give the diff as lines for a terminal: what went red and struck out, what came green, unchanged text dim."""
    from rich.text import Text

    shown, place = 0, ""
    for start, end in hunks(diff.rows):
        if start > shown:
            yield Text(f"   ⋯ {start - shown} unchanged", style="dim")
        for row in diff.rows[start:end]:
            if row.where != place:
                place = row.where
                yield Text(place.replace("_", " "), style="bold")
            yield _line(row)
        shown = end
    if shown < len(diff.rows):
        yield Text(f"   ⋯ {len(diff.rows) - shown} unchanged", style="dim")


_SIGNS = {"equal": " ", "changed": "~", "added": "+", "removed": "-", "moved": "→", "moved_away": "←"}


def _line(row: Row) -> Text:
    from rich.text import Text

    line = Text(f" {_SIGNS[row.op]} ")
    if row.op in {"equal", "moved_away"}:
        line.append(safe(row.new or row.old), style="dim")
    elif row.segments:
        for old, new, is_equal in row.segments:
            _append(line, old, new, is_equal=is_equal)
    else:
        line.append(safe(row.old), style="red strike")
        line.append(safe(row.new), style="green")
    if told := remarks(row):
        line.append(f"  [{', '.join(told)}]", style="cyan")
    return line


def remarks(row: Row) -> list[str]:
    """Give the types of a row's changes, "other" left out, and what happened to the sentence as a whole."""
    types = list(dict.fromkeys(change.type for change in row.changes if change.type != "other"))
    return [*types, *notes(row), *(["moved away"] if row.op == "moved_away" else [])]


def _append(line: Text, old: str, new: str, *, is_equal: bool) -> None:
    if is_equal:
        line.append(safe(new))
        return
    line.append(safe(old), style="red strike")
    # where both sides begin without a space, one keeps them apart
    if old and new and not new[:1].isspace():
        line.append(" ")
    line.append(safe(new), style="green bold")


def summary(diff: Diff) -> str:
    """Say in one line how much changed and of what type.

    >>> summary(Diff(rows=()))
    'no difference'
    """
    counts = diff.counts()
    if not counts:
        return "no difference"
    total = sum(counts.values())
    listed = ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda row: -row[1]))
    return f"{total} change{'s' if total > 1 else ''}: {listed}"


def stat(diff: Diff) -> Iterator[str]:
    """Give the counts of changes by type and of sentences by what became of them, one a line.

    >>> list(stat(Diff(rows=(Row(op="equal", where="body", old="Có.", new="Có."),))))
    ['no difference', 'sentences: 1 equal']
    """
    yield summary(diff)
    ops = Counter(row.op for row in diff.rows if row.op != "moved_away")
    yield "sentences: " + ", ".join(f"{count} {op}" for op, count in ops.most_common())
