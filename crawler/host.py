"""The turns of one host: one request at a time, its delay, its Retry-After, and when to leave it in peace."""

from __future__ import annotations

from collections import deque
from math import inf
from time import monotonic

from archive.leases import host_of
from archive.values import Capture, Link, Outcome
from archive.visits import retry_after
from crawler.robots import Rules, next_hop, rules_of
from crawler.settings import BREAK_AFTER, LONGEST_CRAWL_DELAY, PATIENCE, SLOWEST_DELAY

# Captures of these were made without a request.
_UNASKED = frozenset({Outcome.ROBOTS, Outcome.REFUSED_ADDRESS})


def host_key(url: str) -> str:
    """Give the host and port whose turns an address takes; http and https are one.

    >>> host_key("https://Dantri.com.vn/a.htm")
    'dantri.com.vn'
    """
    return host_of(url)


class Host:
    """What waits for this host, whether a request is out, when the next may go; `left` says why it is left alone."""

    def __init__(self, *, delay: float, fixed: bool) -> None:
        self.waiting: deque[Link] = deque()
        self.rules: Rules | None = None
        self.robots: Link | None = None
        self.asked_again = False
        self.busy = False
        self.left = ""
        self._delay = delay
        self._fixed = fixed
        self._free_at = 0.0
        self._silent = 0

    @property
    def wait(self) -> float:
        """Give the seconds until the next turn, 0 or less when it has come."""
        return self._free_at - monotonic()

    def put_off(self, seconds: float) -> None:
        """Take no turn for so long: another crawl visits the host. Infinity leaves it to that crawl."""
        if seconds == inf:
            self.left = "another crawl visits it"
        elif seconds > 0:
            self._free_at = monotonic() + seconds

    def landed(self, capture: Capture) -> float:
        """End the turn; give the seconds for which the server wants to be left alone beyond this crawl, else 0."""
        self.busy = False
        if capture.outcome in _UNASKED:
            return 0.0
        asked = retry_after(capture)
        pause = asked.total_seconds() if asked else 0.0
        self._free_at = monotonic() + max(pause, self._delay_after(capture))
        self._silent = 0 if capture.status is not None else self._silent + 1
        if self._silent >= BREAK_AFTER:
            self.left = f"no answer {self._silent} times in a row"
        if pause <= PATIENCE:
            return 0.0
        self.left = f"its server asks to wait {pause:.0f} seconds"
        return pause

    def learn(self, link: Link, capture: Capture, own_hosts: tuple[str, ...]) -> None:
        """Take the rules from a capture of robots.txt, or note where to ask for them next.

        A connection that broke is tried once more: one lost packet shall not cost the whole crawl.
        """
        self.robots = next_hop(capture, link, own_hosts)
        if capture.outcome is Outcome.ERROR and capture.status is None and not self.asked_again:
            self.asked_again = True
            self.robots = link
        self.rules = rules_of(capture) if self.robots is None else None

    def _delay_after(self, capture: Capture) -> float:
        """Take longer with a slow server, and as long as its robots.txt asks."""
        if self._fixed:
            return self._delay
        asked = min(self.rules.delay, LONGEST_CRAWL_DELAY) if self.rules else 0.0
        return max(self._delay, asked, min(capture.elapsed_ms / 1000, SLOWEST_DELAY))
