"""A version's permanent id: `lc` and letters made from its document's name and its content's digest.

The same content of the same document has the same id in every copy of the archive, after a rebuild and on another
database. It is shown short; when two versions begin alike it is shown longer, as git does with its commits.
"""

from __future__ import annotations

import hashlib
import re

from sqlalchemy import ColumnElement, Connection, func, select

from archive.tables import documents, versions

#: Letters shown: 80 bits; in ten million versions two begin alike with a probability of four in a hundred thousand
#: million. All of them are kept.
SHOWN = 16
KEPT = 32
_FEWEST = 8
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: none is taken for another
_ID = re.compile(rf"lc([{_LETTERS}]{{{_FEWEST},{KEPT}}})", re.IGNORECASE)


def permanent_id(document: str, digest: str) -> str:
    """Give the whole id of the version of this document with this content digest.

    >>> permanent_id("dantri:1", "ab12")[:10], len(permanent_id("dantri:1", "ab12"))
    ('lcjbqd46n1', 34)
    """
    number = int.from_bytes(hashlib.sha256(f"{document}\n{digest}".encode()).digest()[: KEPT * 5 // 8])
    return "lc" + "".join(_LETTERS[number >> 5 * place & 31] for place in reversed(range(KEPT)))


def read_id(text: str) -> str:
    """Give the id as it is kept, or the beginning of one; '' when the text is none.

    >>> read_id(" LC08KRZKWE "), read_id("dantri:1"), read_id("lc08")
    ('lc08krzkwe', '', '')
    """
    found = _ID.fullmatch(text.strip())
    return found[0].lower() if found else ""


def found(connection: Connection, text: str) -> list[tuple[str, int]]:
    """Give the document's name and number of each version whose permanent id begins so."""
    wanted = read_id(text)
    if not wanted:
        return []
    query = select(documents.c.name, versions.c.number).join_from(versions, documents).where(_begins(wanted))
    return [(name, number) for name, number in connection.execute(query.order_by(documents.c.name).limit(50))]


def shown(connection: Connection, whole: str) -> str:
    """Give as much of an id as no other version's begins with, at least 16 letters of it."""
    for length in (*range(SHOWN, KEPT, 4), KEPT):
        short = whole[: length + 2]
        if connection.execute(select(func.count(versions.c.id)).where(_begins(short))).scalar_one() <= 1:
            return short
    return whole


def _begins(short: str) -> ColumnElement[bool]:
    """Ask for the ids that begin so, by the index: in every order of letters, digits stand before a and z is last."""
    # two comparisons: PostgreSQL cannot read a collation inside BETWEEN
    return (versions.c.permanent_id >= short) & (versions.c.permanent_id <= short.ljust(KEPT + 2, "z"))
