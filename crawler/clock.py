"""The crawl's clock: the machine's, or the stand-in server's when the crawl goes by one."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from archive.errors import UsageProblem


class Clock:
    """Tells the time. With a stand-in server it is the last `Date` that the server gave, to the second."""

    def __init__(self, *, by_server: bool) -> None:
        self.by_server = by_server
        self._heard: datetime | None = None

    @property
    def is_set(self) -> bool:
        """Tell whether the time is known already."""
        return not self.by_server or self._heard is not None

    def hear(self, date: str | None) -> None:
        """Take note of a response's `Date` header."""
        if not self.by_server or not date:
            return
        try:
            said = parsedate_to_datetime(date)
            self._heard = (said if said.tzinfo else said.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            return

    def now(self) -> datetime:
        """Give the time, aware and in UTC."""
        return self._heard or datetime.now(UTC)


def ask_server(via: str) -> str | None:
    """Ask the stand-in server for its time, before anything is fetched. Raises UsageProblem when it does not answer."""
    parts = urlsplit(via)
    connection = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=10)
    try:
        connection.request("HEAD", "/")
        return connection.getresponse().getheader("Date")
    except (OSError, HTTPException) as error:
        raise UsageProblem(f"no server answers at {via}: start it, or leave out --via ({error})") from None
    finally:
        connection.close()
