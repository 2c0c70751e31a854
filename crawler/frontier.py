"""Which link next, and when: a host's robots.txt first, its turns kept, nothing handed out twice in one crawl."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from archive.values import Capture, Link, Outcome, Purpose
from crawler.host import Host, host_key
from crawler.robots import robots_link
from crawler.settings import OPEN_ENDS
from crawler.stop import Stop


class Frontier:
    """Hands out links one by one. `pull(n)` gives links due now, at least n more than it gave before, lists first.

    `turn(host)` gives the seconds to wait for a host that another machine's crawl visits: 0 when it is ours.
    """

    def __init__(
        self,
        pull: Callable[[int], Iterable[Link]],
        *,
        hosts: tuple[str, ...],
        new_host: Callable[[], Host],
        stop: Stop,
        limit: int | None = None,
        turn: Callable[[str], float] = lambda host: 0.0,
    ) -> None:
        self.pull = pull
        self.turn = turn
        self.own_hosts = hosts
        self.new_host = new_host
        self.stop = stop
        self.pages_left = limit
        self.hosts: dict[str, Host] = {}
        self._taken: set[str] = set()
        self._asking: dict[str, list[Host]] = {}
        self._open = 0
        self._stale = True
        self._news = asyncio.Event()

    async def next(self) -> Link | None:
        """Give the next link when its host is free; None when nothing is left or the crawl was asked to stop."""
        while not self.stop.asked.is_set():
            self._news.clear()
            self._refill()
            link, wait = self._choose()
            if link is not None:
                self._open += 1
                return link
            if wait is None and not self._open:
                return None
            await self._pause(wait)
        return None

    def forbids(self, link: Link) -> str:
        """Say why robots.txt forbids this link, or give an empty string."""
        rules = self.hosts[host_key(link.url)].rules
        return "" if rules is None or link.purpose is Purpose.ROBOTS else rules.forbids(link.url)

    def refused_as(self, link: Link) -> Outcome:
        """Give the outcome of a page that `forbids` refuses."""
        rules = self.hosts[host_key(link.url)].rules
        return rules.outcome if rules else Outcome.ROBOTS

    def landed(self, link: Link, capture: Capture) -> float:
        """End the turn of the link's host; give the seconds it wants to be left alone beyond this crawl, else 0."""
        host = self._asking[link.url].pop(0) if link.purpose is Purpose.ROBOTS else self.hosts[host_key(link.url)]
        try:
            away = host.landed(capture)
            if link.purpose is Purpose.ROBOTS:
                host.learn(link, capture, self.own_hosts)
        except Exception as fault:
            # One strange answer must not end the crawl of the other hosts, nor be asked for again and again.
            host.left = f"our own fault: {type(fault).__name__}: {fault}"
            away = 0.0
        self._news.set()
        return away

    def filed(self, link: Link) -> None:
        """Note that the link's capture is filed: it may have shown new links."""
        self._open -= 1
        self._stale = self._stale or link.purpose is not Purpose.PAGE
        self._news.set()

    @property
    def left(self) -> dict[str, str]:
        """Give the hosts that were left alone, and why."""
        return {name: host.left for name, host in self.hosts.items() if host.left}

    def _refill(self) -> None:
        if not self._stale and any(host.waiting for host in self.hosts.values()):
            return
        self._stale = False
        for link in self.pull(len(self._taken)):
            if link.url not in self._taken:
                self._taken.add(link.url)
                self.hosts.setdefault(host_key(link.url), self.new_host()).waiting.append(link)

    def _choose(self) -> tuple[Link | None, float | None]:
        """Give a link whose turn has come, or the seconds until one comes (None: no host waits for the clock)."""
        if self._open >= OPEN_ENDS:
            return None, None
        waits: list[float] = []
        for name, host in self.hosts.items():
            if host.busy or not self._wanted(host):
                continue
            if host.wait <= 0:
                host.put_off(self.turn(host_key(self._robots(host).url if host.rules is None else host.waiting[0].url)))
            if host.left:
                continue
            if host.wait <= 0:
                return self._take(name, host), None
            waits.append(host.wait)
        return None, min(waits, default=None)

    def _robots(self, host: Host) -> Link:
        return host.robots or robots_link(host.waiting[0])

    def _wanted(self, host: Host) -> bool:
        """Tell whether the host has a link to hand out; what this crawl will not fetch is let go and stays due."""
        while host.waiting and (host.left or self._is_beyond_limit(host.waiting[0])):
            host.waiting.popleft()
        return bool(host.waiting)

    def _is_beyond_limit(self, link: Link) -> bool:
        return link.purpose is Purpose.PAGE and self.pages_left is not None and self.pages_left <= 0

    def _take(self, name: str, host: Host) -> Link:
        host.busy = True
        if host.rules is None:
            robots = self._robots(host)
            self._asking.setdefault(robots.url, []).append(host)
            return robots
        link = host.waiting.popleft()
        if link.purpose is Purpose.PAGE and self.pages_left is not None:
            self.pages_left -= 1
        return link

    async def _pause(self, wait: float | None) -> None:
        """Wait for news, or until a host's turn comes, or for the wish to stop."""
        news = asyncio.ensure_future(self._news.wait())
        stop = asyncio.ensure_future(self.stop.asked.wait())
        try:
            await asyncio.wait({news, stop}, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (news, stop):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
