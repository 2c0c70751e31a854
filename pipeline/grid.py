"""Tables as rows of cells: what a data table says, and whether a table only sets captions to pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.text import squash
from pipeline.selector import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    Rows = list[list[HtmlElement]]


def rows_of(table: HtmlElement) -> Rows:
    """Give the cells of a table by row; rows that hold neither text nor a picture are left out."""
    rows = [list(row.iter("td", "th")) for row in table.iter("tr")]
    return [row for row in rows if any(text_of(cell) or _pictured(cell) for cell in row)]


def told_in(rows: Rows) -> str:
    """Give the text of rows, a line for each; empty cells are kept, so that columns do not shift."""
    lines = ([text_of(cell) for cell in row] for row in rows)
    return "\n".join(squash(" | ".join(line)) for line in lines if any(line))


def sets_captions(rows: Rows) -> bool:
    """Tell whether each text stands in, beside or under a picture's cell: the table lays out pictures."""
    pictured = [[_pictured(cell) for cell in row] for row in rows]
    if not any(map(any, pictured)):
        return False
    return all(
        not text_of(cell) or _stands_by(pictured, y, x) for y, row in enumerate(rows) for x, cell in enumerate(row)
    )


def _stands_by(pictured: list[list[bool]], y: int, x: int) -> bool:
    row, above = pictured[y], pictured[y - 1] if y else []
    beside = any(row[max(x - 1, 0) : x + 2])
    return beside or (bool(above) and (all(above) or (x < len(above) and above[x])))


def in_pairs(rows: Rows) -> Iterator[HtmlElement]:
    """Give cells in reading order, each caption of a row right after the picture over it."""
    waiting: list[HtmlElement] = []
    for row in rows:
        if len(waiting) == len(row) and not any(map(_pictured, row)):
            yield from (cell for pair in zip(waiting, row, strict=True) for cell in pair)
            waiting = []
            continue
        yield from waiting
        waiting = row
    yield from waiting


def _pictured(cell: HtmlElement) -> bool:
    return next(cell.iter("img"), None) is not None
