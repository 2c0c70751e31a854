"""Options that the commands share, and how dates are read on the command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.config import config

#: Vietnam's time since 13 June 1975 (tzdata, Asia/Ho_Chi_Minh): fixed, so that no machine needs zone data to show it.
VIETNAM = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
_F = TypeVar("_F", bound=Callable[..., Any])
_DAYS_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ T](\d{1,2}):(\d{2}))?$")
_AGO = re.compile(r"(\d+)([mhdw])$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def archive_option(function: _F) -> _F:
    """Add `--archive DIR` (ARCHIVE_DIR, else ./var/archive) as `folder: Path`."""
    return click.option(
        "--archive",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=lambda: config().archive,
        help="The archive's folder (else ARCHIVE_DIR, else ./var/archive).",
    )(function)


def json_option(function: _F) -> _F:
    """Add `--json` as `as_json: bool`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(function)


def read_time(text: str, *, now: datetime) -> datetime:
    """Read a time from the command line: ISO, dd/mm/yyyy, or an age such as 7d; without a zone it is Vietnam's.

    Raises ValueError when it is none of these.

    >>> read_time("21/1/2022", now=datetime.now(UTC)).isoformat()
    '2022-01-20T17:00:00+00:00'
    >>> read_time("2022-01-21T07:00:00Z", now=datetime.now(UTC)).isoformat()
    '2022-01-21T07:00:00+00:00'
    >>> read_time("36h", now=datetime(2026, 1, 3, 12, tzinfo=UTC)).isoformat()
    '2026-01-02T00:00:00+00:00'
    """
    text = text.strip()
    if ago := _AGO.match(text):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    if day := _DAYS_FIRST.match(text):
        parsed = datetime(int(day[3]), int(day[2]), int(day[1]), int(day[4] or 0), int(day[5] or 0))
    else:
        parsed = datetime.fromisoformat(text)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=VIETNAM)).astimezone(UTC)


class TimeParam(click.ParamType[datetime]):
    """A time on the command line (`read_time`)."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the time or fail with what is accepted."""
        if isinstance(value, datetime):
            return value
        try:
            return read_time(value, now=datetime.now(UTC))
        except (ValueError, OverflowError):
            self.fail(f"{value!r} is no time: write 2026-11-21, 2026-11-21T08:30, 21/11/2026 or an age such as 7d")


TIME = TimeParam()
