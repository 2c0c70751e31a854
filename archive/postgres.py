"""PostgreSQL: engines on a database named by a URL, and its errors told as the archive's, never with the password.

The writer keeps one connection. Its session holds the advisory locks of the outlets that it files, so what has lost its
lock can write no more (`archive/advisory.py`).
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.pool import StaticPool

from archive.errors import ArchiveError, Busy, Damaged, DiskFull, Unreachable, UsageProblem

#: Seconds to wait for the server when a connection is made, unless the URL says otherwise.
CONNECT_TIMEOUT = 10
# A machine that vanishes is noticed in half a minute: the server then lets go of its locks, we of our hopes.
_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 30_000}
# Whatever the server's configuration says: no limit may end a session that holds a lock.
_LIMITS = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "idle_session_timeout")
# An acknowledged commit is on the server's disk, whatever its configuration says.
_DURABLE = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
# What libpq says when asking again would not help; a connection that fails has no SQLSTATE.
_REFUSED = (
    "authentication failed",
    "no password supplied",
    "does not exist",
    "pg_hba.conf",
    "not permitted to log in",
    "resolve host",
    "translate host name",
    "SSL",
)


def url_of(text: str) -> URL:
    """Read the address of a PostgreSQL database. Raises UsageProblem, which never repeats a password.

    >>> url_of("postgres://press@db.example.org/press").render_as_string()
    'postgresql+psycopg://press@db.example.org/press'
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise UsageProblem("that is no address of a database: write it as postgresql://USER@HOST/NAME") from None
    if url.drivername not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise UsageProblem(f"{url.drivername!r} is no database of ours: write postgresql://USER@HOST/NAME")
    return url.set(drivername="postgresql+psycopg")


def name_of(url: URL) -> str:
    """Give the address as it may be shown: without password and options.

    >>> name_of(url_of("postgresql://press:secret@db.example.org/press?password=secret"))
    'postgresql://press@db.example.org/press'
    """
    shown = URL.create("postgresql", url.username, None, url.host, url.port, url.database)
    return shown.render_as_string()


def engine_of(url: URL, *, writer: bool, kept: bool = True) -> Engine:
    """Make an engine: readers see one state of the database in each transaction and write nothing.

    A writer has one connection, which is `kept` with all its locks, unless it shall be made anew when it was lost.
    """
    options: dict[str, Any] = {"poolclass": StaticPool} if writer and kept else {"pool_pre_ping": True}
    isolation = "READ COMMITTED" if writer else "REPEATABLE READ"
    arguments = {"connect_timeout": CONNECT_TIMEOUT, **_ALIVE, "application_name": who(), "client_encoding": "utf8"}
    said = {name: value for name, value in arguments.items() if name not in url.query}
    engine = create_engine(url, isolation_level=isolation, connect_args=said, **options)

    @event.listens_for(engine, "connect")
    def _prepare(raw: Any, _record: object) -> None:
        raw.autocommit = True
        for limit in _LIMITS:
            raw.execute(f"SET {limit} = 0")
        raw.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit')='off'"
        )
        raw.execute(f"SET default_transaction_read_only = {'off' if writer else 'on'}")
        raw.autocommit = False

    return engine


def who() -> str:
    """Say which process of which machine we are, as other machines are told (at most 63 bytes).

    >>> who().endswith(f":{os.getpid()}")
    True
    """
    return f"luuchieu {socket.gethostname()[:40]}:{os.getpid()}"


@contextmanager
def clear_errors(url: URL) -> Iterator[None]:
    """Turn the database's own errors into the archive's; a broken rule of the schema is passed on as it is."""
    try:
        yield
    except IntegrityError:
        raise
    except DBAPIError as error:
        raise told(error, name_of(url)) from error


def told(error: DBAPIError, name: str) -> ArchiveError:
    """Give the archive's error for one of the database's."""
    state = getattr(error.orig, "sqlstate", None) or ""
    said = " ".join(str(error.orig).split())
    if state.startswith("53") and state not in ("53300", "53400"):
        return DiskFull(name)
    if state in ("55P03", "57014"):
        return Busy(name, "unknown")
    if state.startswith(("28", "3D", "42501", "25006")) or (not state and any(hint in said for hint in _REFUSED)):
        return UsageProblem(f"the database {name} refuses us ({said}): mend ARCHIVE_DATABASE_URL or what it allows")
    lost = isinstance(error, (OperationalError, InterfaceError)) and not state
    if lost or state.startswith(("08", "57P", "53")) or error.connection_invalidated:
        return Unreachable(name, said)
    return Damaged(f"the database {name} answers {said!r}: run `archive verify`")
