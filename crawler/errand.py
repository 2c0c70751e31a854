"""One crawl of one outlet, as the archive sees it: links pulled from it, captures filed into it, its row written."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive import crawls, links, outletnames
from archive.commit import Filed
from archive.config import config
from archive.errors import ArchiveError
from archive.filing import Filing
from archive.folder import Folder
from archive.values import Capture, Link, Outcome
from crawler.clock import Clock
from crawler.frontier import Frontier
from crawler.host import Host
from crawler.order import Order
from crawler.stop import Stop
from crawler.tally import Tally
from pipeline.ingest import ingest, redirected
from pipeline.outlet import Outlet
from pipeline.pool import ExtractionPool

if TYPE_CHECKING:
    from crawler.turns import Turns

log = logging.getLogger(__name__)
#: So many links are pulled at once.
BATCH = 200
Report = Callable[[Capture, Link, Filed], None]


class ArchiveErrand:
    """Feeds a spider from the archive and files what it brings."""

    def __init__(
        self,
        order: Order,
        outlet: Outlet,
        *,
        clock: Clock,
        filing: Filing,
        pool: ExtractionPool,
        turns: Turns | None = None,
    ) -> None:
        """Take what a crawl needs; `turns` of hosts where other machines crawl into the same archive."""
        self.order = order
        self.outlet = outlet
        self.folder = filing.folder
        self.filing = filing
        self.pool = pool
        self.turns = turns
        self.via = order.via
        self.clock = clock
        self.stop = Stop()
        self.tally = Tally(outlet.name)
        self.report: Report = lambda capture, link, filed: None
        self._given = [Link(outlet=outlet.name, url=url) for url in order.urls if links.is_fetchable(url)]
        self.frontier = Frontier(
            self.pull,
            hosts=outlet.hosts,
            new_host=self._new_host,
            stop=self.stop,
            limit=order.limit,
            turn=turns.wait if turns else lambda host: 0.0,
        )

    def poll(self) -> None:
        """Make the outlet's own lists due (or keep the pages asked for), before the first link is pulled."""
        feeds = [Link(outlet=self.outlet.name, url=feed.url, purpose=feed.purpose) for feed in self.outlet.feeds]
        with self.folder.write() as connection:
            if self.order.urls:
                self.tally.links += links.add(connection, self._given, self.clock.now())
            else:
                self.tally.links += links.poll(connection, self.outlet.name, feeds, self.clock.now())

    def pull(self, more: int) -> Iterable[Link]:
        """Give the links due now; for pages asked for by address, these and what they redirect to."""
        if self.order.urls:
            return list(self._given)
        if self.turns:
            return self.turns.claim(self.clock.now(), BATCH + more)
        with self.folder.read() as connection:
            return links.due(connection, self.outlet.name, self.clock.now(), BATCH + more)

    async def file(self, capture: Capture, link: Link) -> None:
        """Read and file a capture; durable when this returns."""
        try:
            if self.order.urls and capture.outcome is Outcome.REDIRECT:
                self._given += redirected(capture, link, self.outlet)
            filed = await self._ingest(capture, link)
        except (ArchiveError, OSError):
            raise
        except Exception as fault:
            # A fault of our own costs this page one visit, is told and is kept with it; the crawl goes on.
            told = " ".join(f"our own fault: {type(fault).__name__}: {fault}".split())[:300]
            log.error("%s: %s", capture.url, told)
            log.debug("this is how it came", exc_info=True)
            filed = await self._ingest(replace(capture, outcome=Outcome.ERROR, reason=told), link)
        self.tally.count(capture, filed)
        self.report(capture, link, filed)

    async def _ingest(self, capture: Capture, link: Link) -> Filed:
        return await ingest(
            capture, outlet=self.outlet, link=link, filing=self.filing, pool=self.pool, now=self.clock.now()
        )

    def hold(self, link: Link, seconds: float) -> None:
        """Leave the host's links alone for so long: its server asked for it."""
        until = self.clock.now() + timedelta(seconds=seconds)
        with self.folder.write() as connection:
            links.hold(connection, self.outlet.name, urlsplit(link.url).netloc, until)

    def _new_host(self) -> Host:
        delay = self.outlet.delay_seconds if self.order.delay is None else self.order.delay
        return Host(delay=delay, fixed=self.order.delay is not None)


@contextmanager
def open_errand(order: Order, outlet: Outlet, clock: Clock) -> Iterator[ArchiveErrand]:
    """Hold the outlet's lock and all that a crawl needs; write the crawl's row at both ends.

    Raises AlreadyRunning, UsageProblem when live and via captures would mix.
    """
    with Folder.open(order.archive, create=True) as folder, folder.lock_outlet(outlet.name):
        with folder.write() as connection:
            crawl = crawls.begin(connection, outlet.name, batch=order.batch, via=order.via, now=clock.now())
            outletnames.note(connection, outlet.name, outlet.display)
        with ExtractionPool(outlets_folder=order.outlets) as pool:
            keep_all = config().keep == "all"
            filing = Filing(folder, outlet=outlet.name, crawl_id=crawl, batch=order.batch, keep_all=keep_all)
            with _turns(folder, outlet.name) as turns:
                errand = ArchiveErrand(order, outlet, clock=clock, filing=filing, pool=pool, turns=turns)
                yield errand
            with folder.write() as connection:
                crawls.end(connection, crawl, now=errand.clock.now(), summary=summary_of(errand))


def _turns(folder: Folder, outlet: str) -> AbstractContextManager[Turns | None]:
    if not folder.is_shared:
        return nullcontext()
    from crawler.turns import Turns

    return Turns(folder.server, outlet)


def summary_of(errand: ArchiveErrand) -> dict[str, Any]:
    """Give what the crawl did, as plain values."""
    return errand.tally.summary(
        via=errand.via, left=errand.frontier.left, interrupted=errand.stop.asked.is_set(), crawl=errand.order.batch
    )
