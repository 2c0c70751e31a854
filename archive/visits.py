"""When to look at an address again: pure, made without a database.

A page is revisited on a ladder keyed on its last change, so that fresh and restless pages are seen often. Failures back
off linearly and never end: nothing is given up silently.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from archive.values import Capture, Outcome, Purpose

#: Ages of the last change at which a page is looked at; beyond the last step, every last step.
LADDER = (
    timedelta(minutes=15),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
    timedelta(days=90),
)
#: How long a server may make us wait by Retry-After.
RETRY_AFTER_CAP = timedelta(hours=1)
#: A suspect text is confirmed by a second fetch at least ten minutes later.
_CONFIRM = timedelta(minutes=15)
_REDIRECT = timedelta(days=7)

_SEEN = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})
# (wait added per failure, longest wait, failures that cost no wait)
_BACK_OFF: dict[Outcome, tuple[timedelta, timedelta, int]] = {
    Outcome.BLOCKED: (timedelta(hours=1), timedelta(days=1), 0),
    Outcome.GATED: (timedelta(hours=1), timedelta(days=1), 0),
    Outcome.ROBOTS: (timedelta(hours=1), timedelta(days=1), 1),
    Outcome.GONE: (timedelta(days=1), timedelta(days=90), 0),
    Outcome.NOT_ARTICLE: (timedelta(days=1), timedelta(days=30), 0),
    Outcome.EXTRACT_FAILED: (timedelta(days=1), timedelta(days=7), 0),
    Outcome.TOO_LARGE: (timedelta(days=7), timedelta(days=90), 0),
    Outcome.REFUSED_ADDRESS: (timedelta(days=1), timedelta(days=30), 0),
}
# A network fault is tried again by the next crawl, then at growing distance.
_FAULT = (timedelta(minutes=15), timedelta(days=1), 1)


def is_failure(outcome: Outcome) -> bool:
    """Tell whether the outcome counts as a failed visit.

    >>> is_failure(Outcome.TIMEOUT), is_failure(Outcome.SUSPECT), is_failure(Outcome.INTERRUPTED)
    (True, False, False)
    """
    return outcome not in _SEEN | {Outcome.SUSPECT, Outcome.REDIRECT, Outcome.INTERRUPTED, Outcome.WITHDRAWN}


def is_polled(purpose: Purpose, found_in: str) -> bool:
    """Tell whether every crawl fetches this address: feeds, and the lists that the outlet file names itself.

    >>> is_polled(Purpose.SITEMAP, ""), is_polled(Purpose.SITEMAP, "https://a.vn/sitemap.xml")
    (True, False)
    """
    return purpose is Purpose.FEED or (purpose is not Purpose.PAGE and not found_in)


def next_visit(
    outcome: Outcome,
    now: datetime,
    *,
    last_change: datetime,
    failures: int = 0,
    polled: bool = False,
    held: bool = False,
) -> datetime:
    """Say when to look again after a visit; `failures` counts this one when it failed.

    `held` tells that a version stands behind the capture, however doubtful its page: nothing is to be confirmed.

    >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> next_visit(Outcome.OK, noon, last_change=noon) - noon
    datetime.timedelta(seconds=900)
    >>> next_visit(Outcome.NOT_MODIFIED, noon, last_change=noon - timedelta(hours=2)) - noon
    datetime.timedelta(seconds=3600)
    """
    if polled or outcome is Outcome.INTERRUPTED:
        return now
    if outcome in _SEEN or (outcome is Outcome.SUSPECT and held):
        return last_change + _step_after(now - last_change)
    if outcome is Outcome.SUSPECT:
        return now + _CONFIRM
    if outcome is Outcome.REDIRECT:
        return now + _REDIRECT
    step, longest, free = _BACK_OFF.get(outcome, _FAULT)
    return now + min(step * max(failures - free, 0), longest)


def retry_after(capture: Capture) -> timedelta | None:
    """Read how long the server asks us to stay away (RFC 9110 §10.2.3: seconds or a date), at most an hour.

    >>> busy = Capture(outlet="a", url="https://a.vn/", fetched_at=datetime(2026, 1, 1, tzinfo=UTC), status=503,
    ...     outcome=Outcome.ERROR, headers=(("Retry-After", "7"),))
    >>> retry_after(busy)
    datetime.timedelta(seconds=7)
    """
    value = (capture.header("Retry-After") or "").strip()
    if capture.status not in (429, 503) or not value:
        return None
    if value.isascii() and value.isdigit():
        return min(timedelta(seconds=int(value[:9])), RETRY_AFTER_CAP)
    try:
        until = parsedate_to_datetime(value)
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - capture.fetched_at
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(wait, timedelta(0)), RETRY_AFTER_CAP)


def _step_after(age: timedelta) -> timedelta:
    """Give the first age on the ladder after this one."""
    last = LADDER[-1]
    return next((step for step in LADDER if step > age), last * (age // last + 1))
