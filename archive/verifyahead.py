"""The captures of a file in the order in which they lie there, some ahead of the one that is being checked."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from archive import verifyrows

if TYPE_CHECKING:
    from archive.verifyfiles import Files

#: So many captures further on are looked at to tell where the bytes go on after some were lost.
AHEAD = 16


class Ahead:
    """The captures of one file that were filed when the pass began, fetched some at a time."""

    def __init__(self, files: Files, name: str, passed: int) -> None:
        """Begin behind so many captures, which an earlier run has passed."""
        self._files = files
        self._rows: deque[Row[Any]] = deque()
        with files.reading() as connection:
            self._ids = deque(verifyrows.ids_of_file(connection, name, files.going.bound)[passed:])

    def rows(self) -> list[Row[Any]]:
        """Give the next capture and those behind it, as many as are looked at together; none at the end."""
        while self._ids and len(self._rows) < AHEAD:
            self._fetch()
        return [self._rows[place] for place in range(min(AHEAD, len(self._rows)))]

    def passed(self) -> None:
        """Go on to the next capture."""
        self._rows.popleft()

    def _fetch(self) -> None:
        ids = [self._ids.popleft() for _ in range(min(verifyrows.TOGETHER, len(self._ids)))]
        files = self._files
        with files.reading() as connection:
            found = verifyrows.of_ids(connection, ids, since=files.since)
            if not files.quick:
                files.with_extractions(connection, list(found.values()))
        self._rows.extend(found[one] for one in ids if one in found)
