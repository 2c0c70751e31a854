"""WARC-Date (ISO 28500:2017, 5.4): a time in UTC, to the second or finer, or a part of one."""

from __future__ import annotations

import re
from datetime import UTC, datetime

#: The year of the first web pages.
_FIRST = 1990


def read_date(text: str) -> datetime | None:
    """Read a WARC-Date: UTC, to the second or finer; None when it is none, or of before the Web.

    >>> read_date("2019-03-01T12:00:00Z").isoformat(), read_date("2019").isoformat()
    ('2019-03-01T12:00:00+00:00', '2019-01-01T00:00:00+00:00')
    >>> read_date("soon"), read_date("0001-01-01")
    (None, None)
    """
    # WARC 1.1 takes shorter forms: a year, a month, a day.
    whole = text + "-01" * (2 - text.count("-")) if re.fullmatch(r"\d{4}(-\d\d)?", text) else text
    try:
        time = datetime.fromisoformat(whole)
        time = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return time if time.year >= _FIRST else None
