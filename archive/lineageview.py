"""A story's lineage as plain JSON values, and as a matrix of paragraphs and outlets for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from archive.lineage import Cell, Line, State
from archive.options import VIETNAM
from archive.origin import Found, Origin, claim

#: How each cell is drawn.
MARKS = {
    "first": "●",
    "verbatim": "=",
    "shortened": "<",
    "reworded": "~",
    "moved": "↕",
    "dropped": "-",
    "": " ",
}
LEGEND = "● first   = verbatim   < shortened   ~ reworded   ↕ elsewhere   - dropped   (blank: none to drop)"
_SNIPPET = 60


def to_json(cluster: str, lines: Sequence[Line], origins: Sequence[Origin]) -> dict[str, Any]:
    """Give the whole lineage; shares are 0 to 1, times ISO 8601."""
    documents = [_origin(one) for one in origins]
    names = {one.state.document.id: one.state.document.name for one in origins}
    return {"cluster": cluster, "documents": documents, "paragraphs": [_line(line, names) for line in lines]}


def _origin(one: Origin) -> dict[str, Any]:
    document = one.state.document
    return document.plain | {
        "outlet": document.outlet,
        "published": one.state.article.published.isoformat() if one.state.article.published else None,
        "captured": one.state.captured_at.isoformat(),
        "at": one.state.at.isoformat(),
        "at_by": one.state.by,
        "versions": list(document.versions),
        "credit": {"text": one.credit, "names": list(one.names), "verdict": one.verdict, "claim": claim(one)},
        "nearest": _found(one.nearest),
        "claimed": _found(one.claimed),
    }


def _found(one: Found | None) -> dict[str, Any] | None:
    if one is None:
        return None
    minutes = round(one.earlier.total_seconds() / 60)
    return {"document": one.document.name, "share": round(one.share, 3), "minutes_earlier": minutes}


def _line(line: Line, names: dict[int, str]) -> dict[str, Any]:
    return {
        "text": line.text,
        "kind": line.kind,
        "first": {
            "document": line.first.document.name,
            "version": line.first.number,
            "at": line.first.at.isoformat(),
            "at_by": line.first.by,
        },
        "cells": [{"document": name, **_cell(line.cells[document])} for document, name in names.items()],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {
        "how": cell.how,
        "moved": cell.is_moved,
        "versions": list(cell.versions),
        "changes": list(cell.changes),
        "text": cell.text,
    }


def mark(cell: Cell) -> str:
    """Give the signs of a cell: what became of the paragraph, and whether it stands elsewhere."""
    return MARKS[cell.how] + ("↕" if cell.is_moved and cell.how != "moved" else "")


def when(state: State) -> str:
    """Give a state's time as a Vietnamese reader expects it."""
    return f"{state.at.astimezone(VIETNAM):%d/%m %H:%M}"


def drawn(lines: Sequence[Line], origins: Sequence[Origin]) -> Iterator[str]:
    """Draw the matrix, a column per document in order of time, then each document's credit and claim."""
    documents = [one.state.document.id for one in origins]
    for number, one in enumerate(origins, 1):
        by = "" if one.state.by == "published" else " (captured)"
        yield f"{number:>2}  {when(one.state)}{by}  {one.state.document.name}  {one.state.article.title}"
    yield ""
    yield " " * 4 + "".join(f"{number:>3}" for number in range(1, len(documents) + 1))
    for at, line in enumerate(lines, 1):
        cells = "".join(f"{mark(line.cells[document]):>3}" for document in documents)
        cut = line.text if len(line.text) <= _SNIPPET else line.text[: _SNIPPET - 1].rstrip() + "…"
        kind = "" if line.kind == "paragraph" else f"[{line.kind.replace('_', ' ')}] "
        yield f"{at:>3} {cells}   {kind}{cut}"
    yield ""
    yield LEGEND
    yield ""
    for number, one in enumerate(origins, 1):
        credit = f" {one.credit!r}" if one.credit else ""
        yield f"{number:>2}  credit {one.verdict}{credit}: {claim(one)}"
