"""SQL of clusters: documents that share text, directly or through others, as one group."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from archive.tables import relations

#: Kinds of relation that make two texts one and the same story told once: not a shared passage.
SAME = ("same_text", "near_duplicate", "contains", "contained_in")


def groups(connection: Connection, kinds: Iterable[str] | None = None) -> dict[int, int]:
    """Give for each document that shares text the smallest id of its group; by default every kind of sharing counts.

    A document that shares none is not named.
    """
    query = select(relations.c.a, relations.c.b)
    wanted = query if kinds is None else query.where(relations.c.kind.in_(list(kinds)))
    above: dict[int, int] = {}
    for a, b in connection.execute(wanted):
        low, high = sorted((_root(above, a), _root(above, b)))
        above[high] = low
    return {one: _root(above, one) for one in list(above)}


def _root(above: dict[int, int], one: int) -> int:
    while (up := above.setdefault(one, one)) != one:
        above[one] = above[up]
        one = up
    return one
