"""Tables as rows of cells: what a data table says, and whether a table only sets captions to pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.text import squash
from pipeline.selector import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    Rows = list[list[HtmlElement]]


def holds_table(table: HtmlElement) -> bool:
    """Tell whether a table stands within a table."""
    return next(table.iterdescendants("table"), None) is not None


def sets_picture(table: HtmlElement) -> bool:
    """Tell whether a table that holds tables only lays out a picture: one stands in it, and hardly a text.

    Linear in the table's size: a page may hold tables within tables by the hundred.
    """
    pictured = any(next(picture.iterancestors("td", "th"), None) is not None for picture in table.iter("img"))
    if not pictured:
        return False
    filled, counted = _filled(table), 0
    for cell in table.iter("td", "th"):
        # A cell within a cell stands in the rows of both.
        counted += sum(1 for above in cell.iterancestors("tr") if above in filled) if cell in filled else 0
        if counted > 2:
            return False
    return True


def _filled(table: HtmlElement) -> set[HtmlElement]:
    """Give the elements that hold text."""
    found: set[HtmlElement] = set()
    for node in table.iter():
        holder = node if node.text and squash(node.text) else None
        if node is not table and node.tail and squash(node.tail):
            holder = holder if holder is not None else node.getparent()
        while holder is not None and holder not in found:
            found.add(holder)
            holder = holder.getparent() if holder is not table else None
    return found


def rows_of(table: HtmlElement) -> Rows:
    """Give the cells of a table by row; rows that hold neither text nor a picture are left out."""
    rows = [list(_outermost(row, ("td", "th"))) for row in _outermost(table, ("tr",))]
    return [row for row in rows if any(text_of(cell) or _pictured(cell) for cell in row)]


def _outermost(within: HtmlElement, tags: tuple[str, ...]) -> Iterator[HtmlElement]:
    for child in within:
        if child.tag in tags:
            yield child
        else:
            yield from _outermost(child, tags)


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
