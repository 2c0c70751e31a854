"""Relations of all documents made anew, in the order of their filing, some at a time: what a rebuild ends with.

Each document's text is held against those before it once, as it is now, and not once for each of its versions.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, select

from archive import related
from archive.articlejson import from_json
from archive.documents import current
from archive.tables import documents, versions
from archive.tombstone import digest_kept

#: Documents in one transaction: what a kill costs.
TOGETHER = 200


def relate(connection: Connection, after: int) -> int | None:
    """Relate the next documents behind this id; give the last one's, None when there are no more."""
    following = select(documents.c.id).where(documents.c.id > after).order_by(documents.c.id).limit(TOGETHER)
    ids = list(connection.execute(following).scalars())
    shown = current(connection, ids)
    wanted = select(versions.c.id, versions.c.content).where(versions.c.id.in_(shown.values()))
    texts = {row.id: row.content for row in connection.execute(wanted)}
    for document in ids:
        content = json.loads(texts[shown[document]]) if document in shown else None
        if content and not digest_kept(content):
            related.update(connection, document, from_json(content))
    return ids[-1] if ids else None
