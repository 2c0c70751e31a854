"""Extraction in worker processes: a stuck, greedy or crashed worker costs one page, recorded, and no more."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from archive.values import Capture, Outcome, Reading
from pipeline.worker import MEMORY, Work, Worker

if TYPE_CHECKING:
    from pipeline.feeds import FeedReading
    from pipeline.outlet import Outlet

#: Pages that a worker reads before a fresh one takes its place.
RECYCLE = 2000
#: Seconds that a worker may take to begin.
_BEGIN = 60.0


class Reader(Protocol):
    """Whatever reads captures for `ingest`."""

    async def read(self, capture: Capture, outlet_name: str) -> Reading:
        """Read one capture."""

    async def read_list(self, capture: Capture, outlet_name: str) -> FeedReading:
        """Read one capture of a feed, sitemap, section page or robots.txt."""


class _Lost(Exception):
    """A worker gave nothing back, after so many seconds when it was stopped."""

    def __init__(self, reason: str, seconds: float = 0.0) -> None:
        super().__init__(reason)
        self.seconds = seconds


class ExtractionPool:
    """Workers that read captures; `read` gives a Reading for every one of them, whatever the page does."""

    def __init__(self, workers: int = 2, limit_seconds: float = 10.0, outlets_folder: Path | None = None) -> None:
        self.limit_seconds = limit_seconds
        self._folder = outlets_folder
        self._turns = asyncio.Semaphore(workers)
        self._idle: list[Worker] = []
        self._all: list[Worker] = []

    async def read(self, capture: Capture, outlet_name: str) -> Reading:
        """Read one capture in a worker; a stopped or dead worker gives `extract_failed` with the reason."""
        from pipeline.extract import failed

        try:
            reading: Reading = await self._done(_work, capture, outlet_name)
        except _Lost as loss:
            return replace(failed(str(loss)), elapsed_ms=round(loss.seconds * 1000))
        return reading

    async def read_list(self, capture: Capture, outlet_name: str) -> FeedReading:
        """Read one capture of a list in a worker, under the same limits."""
        from pipeline.feeds import FeedReading

        try:
            reading: FeedReading = await self._done(_work_list, capture, outlet_name)
        except _Lost as loss:
            return FeedReading(outcome=Outcome.EXTRACT_FAILED, problem=str(loss))
        return reading

    async def _done(self, work: Work, capture: Capture, outlet_name: str) -> Any:
        """Have a worker do this. Raises _Lost with the reason when it was stopped or died."""
        async with self._turns:
            worker = self._idle.pop() if self._idle else await self._begun()
            try:
                async with asyncio.timeout(self.limit_seconds):
                    answer = await worker.ask(work, capture, outlet_name)
            except TimeoutError:
                self._end(worker)
                raise _Lost(f"time limit of {self.limit_seconds:g} seconds", self.limit_seconds) from None
            except MemoryError:
                self._end(worker)
                raise _Lost(f"over {MEMORY // 2**20} MiB of memory") from None
            except (EOFError, OSError):
                raise _Lost(f"the worker died (exit code {self._end(worker, patience=1)})") from None
            except BaseException:
                self._end(worker)
                raise
            self._rest(worker)
            return answer

    async def _begun(self) -> Worker:
        """Begin a worker; its time to begin is no page's."""
        worker = Worker(self._folder)
        self._all.append(worker)
        try:
            await asyncio.wait_for(worker.ready(), _BEGIN)
        except (TimeoutError, EOFError, OSError):
            raise _Lost(f"no worker begins (exit code {self._end(worker)})") from None
        except BaseException:
            self._end(worker)
            raise
        return worker

    def _rest(self, worker: Worker) -> None:
        if worker.answered < RECYCLE:
            self._idle.append(worker)
        else:
            self._end(worker)

    def _end(self, worker: Worker, *, patience: float = 0.0) -> int | None:
        self._all.remove(worker)
        return worker.end(patience=patience)

    def close(self) -> None:
        """Stop the workers at once; pages being read are given up."""
        self._idle.clear()
        while self._all:
            self._end(self._all[-1])

    def __enter__(self) -> ExtractionPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _work(capture: Capture, outlet: Outlet) -> Reading:
    from pipeline.extract import extract

    return extract(capture, outlet)


def _work_list(capture: Capture, outlet: Outlet) -> FeedReading:
    from pipeline.feeds import read_list

    return read_list(capture, outlet)
