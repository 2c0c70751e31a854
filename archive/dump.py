"""The canonical dump: what the archive says, line by line, by names instead of row ids, in one order.

Two archives with equal dumps hold the same captures, documents, versions, extractions and observations. Links, crawls,
the change log and what is derived (fingerprints, relations, the index) are not part of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, select

from archive.tables import captures, documents, extractions, observations, versions

#: Rows fetched at once: what a dump of any archive costs in memory.
_ROWS = 500
#: Columns that hold JSON: a dump shows what they mean, whatever the order of their keys.
_JSON = frozenset({"content", "fields"})


def canonical_dump(connection: Connection) -> Iterator[str]:
    """Give the dump's lines: each a JSON array that begins with the table's name."""
    for table, query in _queries().items():
        for row in connection.execution_options(yield_per=_ROWS).execute(query):
            yield json.dumps([table, *(_plain(table, *pair) for pair in row._mapping.items())], ensure_ascii=False)


def dump_digest(connection: Connection) -> str:
    """Give the sha256 (hex) of the dump's lines."""
    digest = hashlib.sha256()
    for line in canonical_dump(connection):
        digest.update(line.encode("utf-8", "surrogateescape") + b"\n")
    return digest.hexdigest()


def plain_columns(table: Table) -> list[ColumnElement[Any]]:
    """Give the columns that say something by themselves: neither the row's id nor another's."""
    return [column for column in table.columns if not column.primary_key and not column.foreign_keys]


def _plain(table: str, name: str, value: Any) -> Any:
    """Give the value as JSON can hold it; JSON that cannot be read stays text, bytes are told as such."""
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if name in _JSON and table != "captures" and isinstance(value, str):
        try:
            return json.dumps(json.loads(value), ensure_ascii=False, sort_keys=True)
        except ValueError:
            return value
    return value


def _queries() -> dict[str, Select[Any]]:
    name, number = documents.c.name.label("document"), versions.c.number
    place = (captures.c.warc_file, captures.c.warc_offset)
    of_version = select(name, number).join_from(extractions, versions, isouter=True)
    return {
        "documents": select(*plain_columns(documents)).order_by(documents.c.name),
        "versions": select(name, *plain_columns(versions))
        .join_from(versions, documents, isouter=True)
        .order_by(name, number),
        "extractions": of_version.join(documents, documents.c.id == versions.c.document_id, isouter=True)
        .add_columns(*plain_columns(extractions))
        .order_by(name, number, extractions.c.identity),
        "captures": _captures().order_by(*place),
        "observations": select(*place, name, *plain_columns(observations))
        .join_from(observations, captures, isouter=True)
        .join(documents, documents.c.id == observations.c.document_id, isouter=True)
        .order_by(*place, name),
    }


def _captures() -> Select[Any]:
    """Ask for the captures with the names of their document and of the version that they showed."""
    shown = documents.alias("shown")
    return (
        select(
            *plain_columns(captures), documents.c.name.label("document"), shown.c.name.label("shown"), versions.c.number
        )
        .join_from(captures, documents, documents.c.id == captures.c.document_id, isouter=True)
        .join(versions, versions.c.id == captures.c.version_id, isouter=True)
        .join(shown, shown.c.id == versions.c.document_id, isouter=True)
    )
