"""The download handler: every attempt ends here as one capture, failures included.

The body is taken exactly as received (de-chunked, still content-encoded). With a stand-in server (`--via`) the request
goes there with the outlet's own Host; the addresses that all else sees stay the outlet's own.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from time import monotonic
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.exceptions import StopDownload
from scrapy.http import Headers, Response

from archive.values import Capture, Link, Outcome, Purpose
from crawler.outcome import by_body, by_error, by_status
from crawler.resolver import is_public, literal
from crawler.robots import CAP
from crawler.spider import OutletSpider


class CaptureHandler(HTTP11DownloadHandler):
    """Downloads for http and https; the response it gives is empty, its `meta["capture"]` holds what came."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        # One request is one attempt: Twisted would quietly repeat one whose kept connection broke.
        self._pool.retryAutomatically = False
        crawler.signals.connect(self._enough, signals.bytes_received)

    @property
    def _spider(self) -> OutletSpider:
        assert isinstance(self._crawler.spider, OutletSpider)
        return self._crawler.spider

    async def download_request(self, request: Request) -> Response:
        """Make one attempt and give its capture as `meta["capture"]`; never raises but when cancelled."""
        capture = await self._attempt(request)
        request.meta["capture"] = capture
        return Response(request.url, status=capture.status or 0)

    async def _attempt(self, request: Request) -> Capture:
        host = urlsplit(request.url).hostname or ""
        written = literal(host)
        if written is not None and not is_public(written):
            return self._capture(request, Outcome.REFUSED_ADDRESS, f"{written} is not a public address")
        if self._spider.stop.asked.is_set():
            return self._capture(request, Outcome.INTERRUPTED, "not sent: the crawl was asked to stop")
        began = monotonic()
        capture = await self._download(request)
        return replace(capture, elapsed_ms=round((monotonic() - began) * 1000))

    async def _download(self, request: Request) -> Capture:
        sent = _via(request, self._spider.via) if self._spider.via else request
        sent.meta["sender"] = self
        download = asyncio.ensure_future(super().download_request(sent))
        deadline = asyncio.ensure_future(self._spider.stop.deadline.wait())
        try:
            await asyncio.wait({download, deadline}, return_when=asyncio.FIRST_COMPLETED)
            if not download.done():
                return self._capture(request, Outcome.INTERRUPTED, "no answer before the crawl had to stop")
            return self._answered(request, download.result())
        except Exception as error:
            return self._capture(request, *self._failed(request, error))
        finally:
            deadline.cancel()
            download.cancel()
            await asyncio.wait({download, deadline}, timeout=1)

    def _answered(self, request: Request, response: Response) -> Capture:
        headers = _pairs(response.headers)
        bare = self._capture(request, Outcome.OK, "", status=response.status, headers=headers, body=response.body)
        self._spider.clock.hear(bare.header("Date"))
        conditional = "If-None-Match" in request.headers or "If-Modified-Since" in request.headers
        outcome, reason = by_status(response.status, conditional=conditional, location=bare.header("Location"))
        capture = replace(bare, outcome=outcome, reason=reason, fetched_at=self._spider.clock.now())
        if "download_stopped" in response.flags:
            return replace(capture, reason=reason or f"the first {len(response.body)} bytes")
        return by_body(capture, cut="dataloss" in response.flags)

    def _failed(self, request: Request, error: Exception) -> tuple[Outcome, str]:
        from twisted.internet import reactor

        refused = getattr(reactor.resolver, "refused", {}).get(urlsplit(request.url).hostname)
        return (Outcome.REFUSED_ADDRESS, refused) if refused else by_error(error)

    def _capture(self, request: Request, outcome: Outcome, reason: str, **more: Any) -> Capture:
        link: Link = request.meta["link"]
        host = ("Host", urlsplit(request.url).netloc)
        return Capture(
            outlet=link.outlet,
            url=request.url,
            fetched_at=self._spider.clock.now(),
            outcome=outcome,
            purpose=link.purpose,
            method=request.method,
            request_headers=(host, *_pairs(request.headers)),
            reason=reason,
            via=self._spider.via,
            **more,
        )

    def _enough(self, data: bytes, request: Request) -> None:
        """Stop a robots.txt that goes on beyond what we read of it."""
        if request.meta.get("sender") is self and request.meta["link"].purpose is Purpose.ROBOTS:
            request.meta["received"] = request.meta.get("received", 0) + len(data)
            if request.meta["received"] >= CAP:
                raise StopDownload(fail=False)


def _via(request: Request, via: str) -> Request:
    """Give the request as it goes to the stand-in server."""
    stand_in, wanted = urlsplit(via), urlsplit(request.url)
    url = urlunsplit((stand_in.scheme, stand_in.netloc, wanted.path or "/", wanted.query, ""))
    headers = request.headers.copy()
    headers["Host"] = wanted.netloc
    headers["X-Forwarded-Proto"] = wanted.scheme
    return request.replace(url=url, headers=headers)


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    """Copy Scrapy's headers: canonical names, repeated ones kept."""
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1")) for name, values in headers.items() for value in values
    )
