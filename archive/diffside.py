"""A diff side by side on a wide terminal: the old text left, the new one right, a row a sentence, types between."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archive.change import Diff, Row
from archive.diffview import hunks, remarks
from archive.terminal import safe

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

#: Columns of a terminal from which two texts stand side by side.
WIDE = 120


def side_by_side(diff: Diff, old: str, new: str) -> Table:
    """Give the diff as a table; unchanged sentences but those around a change are counted, not shown."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, expand=True, padding=(0, 1), show_lines=False)
    table.add_column(safe(old.replace("\t", "  ")), ratio=5, overflow="fold")
    table.add_column("", width=12, overflow="fold", style="cyan")
    table.add_column(safe(new.replace("\t", "  ")), ratio=5, overflow="fold")
    for left, middle, right in _rows(diff):
        table.add_row(left, middle, right)
    return table


def _rows(diff: Diff) -> Iterator[tuple[Text, str, Text]]:
    from rich.text import Text

    shown, place = 0, ""
    for start, end in hunks(diff.rows):
        if start > shown:
            yield Text(f"⋯ {start - shown} unchanged", style="dim"), "", Text("")
        for row in diff.rows[start:end]:
            if row.where != place:
                place = row.where
                yield Text(place.replace("_", " "), style="bold"), "", Text(place.replace("_", " "), style="bold")
            yield _side(row, is_new=False), ", ".join(remarks(row)), _side(row, is_new=True)
        shown = end
    if shown < len(diff.rows):
        yield Text(f"⋯ {len(diff.rows) - shown} unchanged", style="dim"), "", Text("")


def _side(row: Row, *, is_new: bool) -> Text:
    """Give one side of a row: what was taken out red and struck, what was put in green, the rest plain or dim."""
    from rich.text import Text

    if row.op == "equal":
        return Text(safe(row.new if is_new else row.old), style="dim")
    if row.op == "moved_away":
        return Text("" if is_new else safe(row.old), style="dim italic")
    if row.op == "moved" and not is_new and row.old == row.new:
        return Text("")
    changed = "green bold" if is_new else "red strike"
    if not row.segments:
        return Text(safe(row.new if is_new else row.old), style=changed)
    found = Text()
    for old, new, is_equal in row.segments:
        found.append(safe(new if is_new else old), style="" if is_equal else changed)
    return found
