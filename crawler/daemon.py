"""Crawls on a schedule: each outlet by its own interval, each crawl a process of its own, at most two at once.

The schedule lives in memory, made anew from the outlet files at each start: after an hour's absence each outlet is
crawled once. One daemon per archive (a lock that goes with the process), one crawl per outlet (a lock that the crawl
holds, so that crawls left over from a killed daemon are never doubled).
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from archive.terminal import err
from crawler.choice import new_batch
from crawler.order import Order
from crawler.run import Crawls, Done
from pipeline.outlet import Outlet

#: Minutes between two crawls of an outlet that names no feed.
DEFAULT_MINUTES = 30
#: A run may begin so many seconds late (the machine slept) and still count; several late ones are one.
GRACE_SECONDS = 24 * 3600
#: Seconds of indexing after a crawl; what is left is done after the next, or by a search.
INDEX_SECONDS = 8.0
_LOCKED = 6
_STOPPED = (130, 143)


class Daemon:
    """Keeps the schedule until it is asked to stop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.crawls = Crawls(self._watch)
        self.scheduler = AsyncIOScheduler(timezone=UTC)
        self._asked = asyncio.Event()
        self._jobs: set[asyncio.Task[Any] | None] = set()

    def add(self, outlet: Outlet, order: Order, *, minutes: float | None = None) -> None:
        """Crawl the outlet now and then by its interval."""
        every = (minutes if minutes is not None else interval(outlet)) * 60
        self.scheduler.add_job(
            self._crawl,
            "interval",
            seconds=every,
            jitter=round(every / 10) or None,
            args=[order],
            id=outlet.name,
            next_run_time=datetime.now(UTC),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=GRACE_SECONDS,
        )

    async def serve(self) -> None:
        """Run until asked to stop; then no new crawl, and those under way end in good order."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        self.scheduler.start()
        _log(f"daemon of {self.folder} begun: {len(self.scheduler.get_jobs())} outlets")
        await self._asked.wait()
        while under_way := [job for job in self._jobs if job is not None]:
            await asyncio.wait(under_way)
        # Last: it cancels the jobs, and a cancelled job kills its crawl.
        self.scheduler.shutdown(wait=False)
        _log("daemon ended")

    def _stop(self) -> None:
        if not self._asked.is_set():
            self.scheduler.pause()
            _log("asked to stop: no new crawl; those under way have 30 seconds")
        self._asked.set()
        self.crawls.stop()

    async def _crawl(self, order: Order) -> None:
        job = asyncio.current_task()
        self._jobs.add(job)
        try:
            done = await self.crawls.one(replace(order, batch=new_batch()))
            if done is not None:
                _log(_told(done))
            if not self.crawls.stopping:
                await asyncio.to_thread(_catch_up, self.folder)
        finally:
            self._jobs.discard(job)

    def _watch(self, outlet: str, event: dict[str, Any]) -> None:
        if event["event"] == "said":
            _log(f"{outlet}: {event['line']}")


def interval(outlet: Outlet) -> float:
    """Give the minutes between two crawls: the shortest that one of its feeds asks for."""
    return float(min((feed.min_minutes for feed in outlet.feeds), default=DEFAULT_MINUTES))


async def serve(folder: Path, jobs: Iterable[tuple[Outlet, Order]], *, minutes: float | None = None) -> None:
    """Crawl these outlets on a schedule until asked to stop. The caller holds the daemon's lock."""
    daemon = Daemon(folder)
    for outlet, order in jobs:
        daemon.add(outlet, order, minutes=minutes)
    await daemon.serve()


def _catch_up(folder: Path) -> None:
    from archive.errors import ArchiveError
    from archive.folder import Folder
    from archive.index import catch_up

    try:
        with Folder.open(folder) as opened:
            catch_up(opened, seconds=INDEX_SECONDS)
    except ArchiveError as error:
        # The index is a cache: the next crawl or search tries again.
        _log(f"the index is behind: {error}")


def _told(done: Done) -> str:
    if done.code == _LOCKED:
        return f"{done.order.outlet}: skipped, being crawled already"
    if done.summary is None:
        return f"{done.order.outlet}: " + ("stopped" if done.code in _STOPPED else f"failed with {done.code}")
    summary = done.summary
    counts = ", ".join(f"{summary[name]} {name}" for name in ("new", "revised", "seen"))
    how = "stopped: " if done.code in _STOPPED else "failed: " if done.code else ""
    return f"{done.order.outlet}: {how}{sum(summary['captures'].values())} captures, {counts}"


def _log(line: str) -> None:
    err(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {line}")
