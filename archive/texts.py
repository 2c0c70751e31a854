"""What the database adds to the hits of a search: their texts, and which documents say nearly the same.

An archive in a folder is read with the standard library alone: SQLAlchemy would cost a search most of its time. What
cannot be read is left out: the hit then has no snippet.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.config import config

_TEXTS = "SELECT document_id, number, content FROM versions WHERE document_id IN ({})"
_NEAR = "SELECT a, b FROM relations WHERE kind IN ('same_text', 'near_duplicate') AND (a IN ({0}) OR b IN ({0}))"


def contents(path: Path, wanted: Iterable[tuple[int, int]]) -> dict[tuple[int, int], dict[str, Any]]:
    """Give the contents (`articlejson`) of versions, by document's row id and number; of some none may be there."""
    chosen = set(wanted)
    rows = _rows(path, _TEXTS.format(_list(document for document, _ in chosen))) if chosen else []
    return {(row[0], row[1]): json.loads(row[2]) for row in rows if (row[0], row[1]) in chosen}


def alike(path: Path, documents: Sequence[int]) -> dict[int, set[int]]:
    """Give for each document (row ids) those that are nearly the same, and no entry where there are none."""
    found: dict[int, set[int]] = {}
    chosen = set(documents)
    for a, b in _rows(path, _NEAR.format(_list(chosen))) if chosen else []:
        for one, other in ((a, b), (b, a)):
            if one in chosen:
                found.setdefault(one, set()).add(other)
    return found


def _list(numbers: Iterable[int]) -> str:
    return ",".join(str(int(number)) for number in numbers)


def _rows(path: Path, statement: str) -> list[Any]:
    if config().database_url:
        return _from_server(path, statement)
    file = path / "archive.db"
    try:
        with closing(sqlite3.connect(_address(file), uri=True, timeout=5)) as raw:
            raw.execute("PRAGMA query_only=ON")
            return raw.execute(statement).fetchall()
    except (sqlite3.Error, ValueError):
        return []


def _address(file: Path) -> str:
    """Address the file for reading; in a folder that takes no files (a copy, a CD) as it stands."""
    log = file.with_name(file.name + "-wal")
    still = not (log.exists() and log.stat().st_size) and not os.access(file.parent, os.W_OK)
    return f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if still else ''}"


def _from_server(path: Path, statement: str) -> list[Any]:
    from sqlalchemy import text

    from archive.folder import Folder

    with Folder.open(path) as folder, folder.read() as connection:
        return list(connection.execute(text(statement)))
