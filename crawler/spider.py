"""The one spider: links due → captures → filed. An outlet is a file, never a spider class."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Protocol
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.values import Capture, Link, Outcome, Purpose
from crawler.clock import Clock
from crawler.frontier import Frontier
from crawler.stop import Stop


class Errand(Protocol):
    """What a spider is sent for: where its links come from and where its captures go."""

    clock: Clock
    stop: Stop
    via: str | None
    frontier: Frontier

    async def file(self, capture: Capture, link: Link) -> None:
        """Take a capture; when this returns it is kept."""

    def hold(self, link: Link, seconds: float) -> None:
        """Leave the link's host alone for so long, beyond this crawl."""


class OutletSpider(Spider):
    """Fetches what its errand's frontier hands out, one request at a time per host."""

    name = "outlet"

    def __init__(self, errand: Errand, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.errand = errand
        self.clock = errand.clock
        self.stop = errand.stop
        self.via = errand.via
        self.frontier = errand.frontier
        self.problem: Exception | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> OutletSpider:
        """Make the spider, with its errand as a keyword; Scrapy's own `crawl` command has none to give."""
        if "errand" not in kwargs:
            raise SystemExit(f"error: a spider needs an archive to fill: run `crawl run {cls.name}`")
        return super().from_crawler(crawler, *args, **kwargs)

    async def start(self) -> AsyncIterator[Request]:
        """Give one request after another, as the hosts' turns come."""
        while (link := await self._next()) is not None:
            if refusal := self.frontier.forbids(link):
                await self.take(link, self._unasked(link, self.frontier.refused_as(link), refusal))
                continue
            try:
                request = self._request(link)
            except ValueError as problem:
                await self.take(link, self._unasked(link, Outcome.ERROR, f"no address to ask: {problem}"))
                continue
            yield request

    async def parse(self, response: Response) -> None:
        """Take the capture that the download handler made."""
        await self.take(response.meta["link"], response.meta["capture"])

    async def failed(self, failure: Failure) -> None:
        """Take note of a request that never reached the download handler, or that it could not carry out."""
        link: Link = failure.request.meta["link"]  # type: ignore[attr-defined]  # Scrapy adds it
        reason = f"{type(failure.value).__name__}: {failure.getErrorMessage()}"
        await self.take(link, self._unasked(link, Outcome.ERROR, " ".join(reason.split())[:300]))

    async def take(self, link: Link, capture: Capture) -> None:
        """File a capture. What keeps it from being filed (a full disk) ends the crawl: the link is still due."""
        try:
            away = self.frontier.landed(link, capture)
            await self.errand.file(capture, link)
            if away:
                self.errand.hold(link, away)
        except Exception as problem:
            self.problem = self.problem or problem
            self.stop.ask()
        finally:
            self.frontier.filed(link)

    async def _next(self) -> Link | None:
        """Give the next link. What keeps it from being known (a database that is away) ends the crawl."""
        try:
            return await self.frontier.next()
        except Exception as problem:
            self.problem = self.problem or problem
            self.stop.ask()
            return None

    def _request(self, link: Link) -> Request:
        headers = {"Accept-Encoding": b"identity"} if link.purpose is Purpose.ROBOTS else {}
        if link.etag:
            headers["If-None-Match"] = link.etag.encode("latin-1", "replace")
        if link.last_modified:
            headers["If-Modified-Since"] = link.last_modified.encode("latin-1", "replace")
        back: dict[str, Any] = {"callback": self.parse, "errback": self.failed}
        return Request(link.url, headers=headers, meta={"link": link}, dont_filter=True, **back)

    def _unasked(self, link: Link, outcome: Outcome, reason: str) -> Capture:
        return Capture(
            outlet=link.outlet,
            url=link.url,
            fetched_at=self.clock.now(),
            outcome=outcome,
            purpose=link.purpose,
            reason=reason,
            via=self.via,
        )


def via_settings(via: str | None) -> dict[str, Any]:
    """Give the settings that let the stand-in server, and it alone, be at a private address."""
    return {"VIA_HOST": urlsplit(via).hostname} if via else {}


def run_spider(errand: Errand, settings: dict[str, Any], on_start: Any = None) -> None:
    """Run one spider to its end in this process, which must not have run one before.

    `on_start` is called inside the running event loop. Raises what kept a capture from being filed.
    """
    from scrapy import signals
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    chosen = Settings()
    chosen.setmodule("crawler.settings")
    chosen.setdict(settings, priority="cmdline")
    process = AsyncCrawlerProcess(chosen)
    crawler: Crawler = process.create_crawler(OutletSpider)
    if on_start is not None:
        crawler.signals.connect(on_start, signals.engine_started, weak=False)
    process.crawl(crawler, errand=errand)
    process.start(install_signal_handlers=False)
    if isinstance(crawler.spider, OutletSpider) and crawler.spider.problem is not None:
        raise crawler.spider.problem
