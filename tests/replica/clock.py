"""The replica's clock: what time it is at the outlets. Tests move it; it stands still unless given a rate."""

from __future__ import annotations

import re
import threading
import time
from datetime import UTC, datetime, timedelta

from tests.replica.stories import duration


class Clock:
    """A clock that tests set; `rate` says how many of its seconds pass in one real second (0: it stands still)."""

    def __init__(self, start: datetime, *, rate: float = 0.0) -> None:
        self._lock = threading.Lock()
        self._rate = rate
        self._start = _aware(start)
        self._since = time.monotonic()

    def now(self) -> datetime:
        """Give the time at the outlets, in UTC."""
        with self._lock:
            return self._start + timedelta(seconds=self._rate * (time.monotonic() - self._since))

    def set(self, moment: datetime) -> None:
        """Set the clock to an aware time."""
        with self._lock:
            self._start, self._since = _aware(moment), time.monotonic()

    def advance(self, by: timedelta | str) -> None:
        """Move the clock on by a length of time, or by a text such as 90m, 3h or 1d."""
        self.set(self.now() + (duration(by) if isinstance(by, str) else by))

    def command(self, text: str) -> datetime:
        """Obey what was posted: `+3h`, or an ISO time (of Hà Nội when it names no zone); give the time it is then."""
        if re.fullmatch(r"\+\d+[mhd]", text):
            self.advance(text[1:])
        else:
            self.set(read_time(text))
        return self.now()


def read_time(text: str) -> datetime:
    """Read an ISO time; without a zone it is Hà Nội's.

    >>> read_time("2026-11-19T08:00").isoformat()
    '2026-11-19T08:00:00+07:00'
    """
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.fromisoformat("2026-01-01T00:00+07:00").tzinfo)


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("the replica's clock wants a time with its zone")
    return moment.astimezone(UTC)
