"""SQL of leases: which crawl visits a host now, on an archive that several machines fill.

A crawl claims its links together with their hosts: rows that another crawl is claiming are passed over (SKIP LOCKED),
and a host that another holds is left to it. The links of a crawl that died are free when its leases end, which the
database's clock decides. A link is done when its visit is filed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection, and_, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from archive import links
from archive.tables import leases
from archive.values import Link

#: Seconds that a host stays with a crawl that says nothing more.
SECONDS = 30
_NOW = text("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint")


def claim(
    connection: Connection, outlet: str, holder: str, *, now: datetime, limit: int
) -> tuple[list[Link], set[str]]:
    """Claim the outlet's links due by `now`; give them and the hosts that are ours: of others nothing may be asked."""
    found = links.due(connection, outlet, now, limit, claiming=True)
    return found, take(connection, (host_of(link.url) for link in found), holder)


def host_of(url: str) -> str:
    """Give the host and port whose turns an address takes; http and https are one.

    >>> host_of("https://Dantri.com.vn/a.htm")
    'dantri.com.vn'
    """
    return urlsplit(url).netloc.lower()


def take(connection: Connection, hosts: Iterable[str], holder: str) -> set[str]:
    """Lease these hosts, or lease them for longer; give those that are ours now."""
    wanted = sorted(set(hosts))
    if not wanted:
        return set()
    # In one order for everybody, so that nobody waits for a host while another waits for him.
    connection.execute(insert(leases).on_conflict_do_nothing(), [{"host": host} for host in wanted])
    now = int(connection.execute(_NOW).scalar_one())
    free = select(leases.c.host).where(leases.c.host.in_(wanted), or_(leases.c.holder == holder, leases.c.until < now))
    ours = set(connection.execute(free.with_for_update(skip_locked=True)).scalars())
    until = now + SECONDS * 1_000_000
    connection.execute(update(leases).where(leases.c.host.in_(ours)).values(holder=holder, until=until))
    return ours


def renew(connection: Connection, holder: str) -> set[str]:
    """Lease all that this holder still has for longer; give these hosts."""
    now = int(connection.execute(_NOW).scalar_one())
    mine = and_(leases.c.holder == holder, leases.c.until >= now)
    query = update(leases).where(mine).values(until=now + SECONDS * 1_000_000).returning(leases.c.host)
    return set(connection.execute(query).scalars())


def give_back(connection: Connection, holder: str) -> None:
    """Let go of everything that this holder has."""
    connection.execute(delete(leases).where(leases.c.holder == holder))


def held(connection: Connection) -> dict[str, str]:
    """Give the hosts that are leased now, each with its holder."""
    now = int(connection.execute(_NOW).scalar_one())
    query = select(leases.c.host, leases.c.holder).where(leases.c.until >= now).order_by(func.length(leases.c.host))
    return {row.host: row.holder for row in connection.execute(query)}
