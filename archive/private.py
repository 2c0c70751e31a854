"""SQL of privacy: documents whose outlet asked for no copy to be shown (`noarchive`). They are filed and found by their
owner, and left out of whatever leaves the archive unless it is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, func, select

from archive.tables import observations

_TOGETHER = 500


def private_of(connection: Connection, documents: Iterable[int]) -> frozenset[int]:
    """Give those of these documents that their newest capture with anything observed calls private."""
    wanted, found = sorted(set(documents)), set()
    for begin in range(0, len(wanted), _TOGETHER):
        for document, fields in _last(connection, wanted[begin : begin + _TOGETHER]):
            if '"noarchive"' in fields and json.loads(fields).get("noarchive"):
                found.add(document)
    return frozenset(found)


def _last(connection: Connection, wanted: list[int]) -> Iterator[tuple[int, str]]:
    mine = observations.c.document_id.in_(wanted)
    last = select(func.max(observations.c.capture_id)).where(mine).group_by(observations.c.document_id)
    query = select(observations.c.document_id, observations.c.fields).where(observations.c.capture_id.in_(last))
    yield from ((row.document_id, row.fields) for row in connection.execute(query))
