"""Extraction in worker processes: a stuck, greedy or crashed worker costs one page, recorded, and no more."""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable
from concurrent.futures import TimeoutError as LateError
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from archive.values import Capture, Outcome, Reading

if TYPE_CHECKING:
    from pipeline.feeds import FeedReading
    from pipeline.outlet import Outlet

#: Address space that one worker may take, in bytes.
MEMORY = 2**30
#: Pages that a worker reads before a fresh one takes its place.
RECYCLE = 2000
_PR_SET_PDEATHSIG = 1
_outlets: dict[str, Outlet] = {}


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
        from pebble import ProcessPool

        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pipeline.warm"])
        self.limit_seconds = limit_seconds
        self._pool: Any = ProcessPool(
            max_workers=workers,
            max_tasks=RECYCLE,
            initializer=_begin,
            initargs=(outlets_folder, os.getpid()),
            context=context,
        )

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

    async def _done(self, work: Callable[[Capture, str], Any], capture: Capture, outlet_name: str) -> Any:
        """Have a worker do this. Raises _Lost with the reason when it was stopped or died."""
        from pebble import ProcessExpired

        future: Any = self._pool.schedule(work, args=(capture, outlet_name), timeout=self.limit_seconds)
        try:
            return await asyncio.wrap_future(future)
        except (LateError, TimeoutError):
            raise _Lost(f"time limit of {self.limit_seconds:g} seconds", self.limit_seconds) from None
        except ProcessExpired as death:
            raise _Lost(f"the worker died ({death})") from None
        except MemoryError:
            raise _Lost(f"over {MEMORY // 2**20} MiB of memory") from None
        except asyncio.CancelledError:
            future.cancel()
            raise

    def close(self) -> None:
        """Stop the workers at once; pages being read are given up."""
        self._pool.stop()
        self._pool.join()

    def __enter__(self) -> ExtractionPool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _begin(outlets_folder: Path | None, owner: int) -> None:
    """Prepare a worker: it dies with its parent, leaves Ctrl-C to the owner, and takes a bounded share of memory."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _die_with_parent(owner)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    from pipeline.outlet import load_outlets

    _outlets.update(load_outlets(outlets_folder))


def _die_with_parent(owner: int) -> None:
    # The parent is the fork server, which ends when its owner does, also by kill -9. Linux only; elsewhere the closed
    # pipe ends the worker after its page.
    if hasattr(ctypes, "CDLL") and os.uname().sysname == "Linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        os.kill(owner, 0)
    except ProcessLookupError:
        os._exit(1)


def _work(capture: Capture, outlet_name: str) -> Reading:
    from pipeline.extract import extract
    from pipeline.outlet import generic_outlet

    return extract(capture, _outlets.get(outlet_name) or generic_outlet(outlet_name))


def _work_list(capture: Capture, outlet_name: str) -> FeedReading:
    from pipeline.feeds import read_list
    from pipeline.outlet import generic_outlet

    return read_list(capture, _outlets.get(outlet_name) or generic_outlet(outlet_name))
