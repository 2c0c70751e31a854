"""SQL of crawls: one row per crawl of one outlet; its summary says what it did."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from archive.errors import UsageProblem
from archive.tables import crawls, facts
from archive.times import to_us


def begin(connection: Connection, outlet: str, *, batch: str, via: str | None, now: datetime) -> int:
    """Note that a crawl of the outlet begins; give its id. Raises UsageProblem when via and live would mix."""
    claim_origin(connection, origin_of(via))
    row = insert(crawls).values(outlet=outlet, batch=batch, started_at=to_us(now))
    return int(connection.execute(row.returning(crawls.c.id)).scalar_one())


def end(connection: Connection, crawl_id: int, *, now: datetime, summary: dict[str, Any]) -> None:
    """Note that the crawl has ended, with its summary."""
    changed = {"ended_at": to_us(now), "summary": json.dumps(summary, ensure_ascii=False)}
    connection.execute(update(crawls).where(crawls.c.id == crawl_id).values(**changed))


def origin_of(via: str | None) -> str:
    """Tell whether captures marked so are live or came via a stand-in server; replayed ones say both.

    >>> origin_of(None), origin_of("warc:a.warc.gz"), origin_of("http://127.0.0.1:80"), origin_of("warc:a via http://b")
    ('live', 'live', 'via', 'via')
    """
    if via is None or (via.startswith("warc:") and " via " not in via):
        return "live"
    return "via"


def claim_origin(connection: Connection, origin: str) -> None:
    """Mark the archive as live or via a stand-in server; captures of the two are never mixed in one archive."""
    found = connection.execute(select(facts.c.value).where(facts.c.key == "origin")).scalar_one_or_none()
    if found is None:
        connection.execute(insert(facts).values(key="origin", value=origin))
    elif found != origin:
        words = {"via": "captures made --via a stand-in server", "live": "live captures"}
        raise UsageProblem(
            f"this archive holds {words[found]} and takes no {words[origin]}: choose another folder by --archive"
        )
