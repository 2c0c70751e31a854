"""Locks between machines: PostgreSQL's advisory locks, which go with the session that holds them, however it ends."""

from __future__ import annotations

import time

from sqlalchemy import Connection, text

#: The turn of whoever writes: commits follow each other, so that the change log's numbers appear in their order.
WRITE = "write"
_PAUSE = 0.05
# One number for each lock of each archive: several archives may be schemas of one database.
_KEY = "hashtextextended('luuchieu:' || current_schema() || ':' || :name, 0)"
_TRY = text(f"SELECT pg_try_advisory_lock({_KEY})")
#: Waits for the lock `:name` and holds it until the transaction ends; those who wait come in order.
TURN = text(f"SELECT pg_advisory_xact_lock({_KEY})")
_UNLOCK = text(f"SELECT pg_advisory_unlock({_KEY})")
_HOLDER = text(
    "SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
    f" WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 AND l.database = a.datid"
    f" AND (l.classid::bigint << 32 | l.objid::bigint) = {_KEY} AND a.datname = current_database()"
)


def outlet_key(outlet: str) -> str:
    """Give the name of an outlet's lock."""
    return f"outlet:{outlet}"


def acquire(connection: Connection, name: str, *, wait: float) -> str | None:
    """Take a lock for the session, waiting so many seconds; give None when it is ours, else who holds it."""
    deadline = time.monotonic() + wait
    while not connection.execute(_TRY, {"name": name}).scalar_one():
        if time.monotonic() >= deadline:
            return holder(connection, name) or "unknown"
        time.sleep(_PAUSE)
    return None


def release(connection: Connection, name: str) -> None:
    """Let a lock of the session go."""
    connection.execute(_UNLOCK, {"name": name})


def holder(connection: Connection, name: str) -> str | None:
    """Say who holds a lock, as `PID on MACHINE`; None when nobody does."""
    found: str | None = connection.execute(_HOLDER, {"name": name}).scalar()
    if found is None:
        return None
    machine, _, pid = found.removeprefix("luuchieu ").rpartition(":")
    return f"{pid} on {machine}" if machine else found or "unknown"
