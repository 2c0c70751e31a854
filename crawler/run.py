"""Crawls side by side, each in a process of its own, at most two at once."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from crawler.order import Order

#: Crawls at once, on one machine.
AT_ONCE = 2
#: Seconds from the wish to stop to the end of patience with a child (its own grace is shorter).
PATIENCE = 29.0
#: When several children end badly, the first of these that one of them gave is the exit code of all.
_GRAVEST = (3, 4, 5, 2, 6, 7)

#: Told (outlet, event): `captured`, `done` as the child says them; `began`; `said` with a line of its stderr.
Watch = Callable[[str, dict[str, Any]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a crawl ended: its exit code, its summary unless it was cut off, what it said on stderr."""

    order: Order
    code: int
    summary: dict[str, Any] | None
    said: tuple[str, ...] = ()
    captured: tuple[dict[str, Any], ...] = ()


@dataclass(slots=True)
class _Child:
    process: asyncio.subprocess.Process
    captured: list[dict[str, Any]] = field(default_factory=list)
    summary: dict[str, Any] | None = None
    said: list[str] = field(default_factory=list)


class Crawls:
    """Runs crawls as child processes and ends them together."""

    def __init__(self, watch: Watch) -> None:
        self.watch = watch
        self.stopping = False
        self._room = asyncio.Semaphore(AT_ONCE)
        self._children: dict[int, _Child] = {}

    async def one(self, order: Order) -> Done | None:
        """Run one crawl when there is room; None when asked to stop before it began."""
        async with self._room:
            if self.stopping:
                return None
            child = _Child(await _spawn(order))
            pid = child.process.pid
            self._children[pid] = child
            try:
                self.watch(order.outlet, {"event": "began", "pid": pid})
                return await self._follow(order, child)
            finally:
                # Also when cancelled: a child never outlives the one who waits for it.
                if child.process.returncode is None:
                    _kill_group(pid)
                del self._children[pid]

    def stop(self) -> None:
        """Begin no crawl any more and ask those under way to end; asked again, end them at once."""
        again, self.stopping = self.stopping, True
        for pid in self._children:
            if again:
                _kill_group(pid)
            else:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
        if not again:
            asyncio.get_running_loop().call_later(PATIENCE, self._lose_patience)

    def _lose_patience(self) -> None:
        for pid in self._children:
            _kill_group(pid)

    async def _follow(self, order: Order, child: _Child) -> Done:
        assert child.process.stdout is not None
        assert child.process.stderr is not None
        await asyncio.gather(
            self._events(order, child, child.process.stdout), self._words(order, child, child.process.stderr)
        )
        code = await child.process.wait()
        return Done(
            order=order,
            code=code if code >= 0 else 128 - code,
            summary=child.summary,
            said=tuple(child.said),
            captured=tuple(child.captured) if order.urls else (),
        )

    async def _events(self, order: Order, child: _Child, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            with suppress(ValueError):
                event = json.loads(line)
                if event["event"] == "done":
                    child.summary = event["summary"]
                elif order.urls:
                    child.captured.append(event)
                self.watch(order.outlet, event)

    async def _words(self, order: Order, child: _Child, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            said = line.decode("utf-8", "replace").rstrip()
            child.said = [*child.said, said][-20:]
            self.watch(order.outlet, {"event": "said", "line": said})


async def run_all(orders: Iterable[Order], watch: Watch) -> tuple[list[Done], int]:
    """Run all crawls; give how each ended and the exit code of all (128 + n when signal n asked to stop)."""
    crawls = Crawls(watch)
    received: list[int] = []
    loop = asyncio.get_running_loop()

    def hear(number: int) -> None:
        received.append(number)
        crawls.stop()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, hear, number)
    ended = await asyncio.gather(*(crawls.one(order) for order in orders))
    done = [one for one in ended if one is not None]
    return done, 128 + received[0] if received else worst(one.code for one in done)


def worst(codes: Iterable[int]) -> int:
    """Give the gravest of the exit codes; a child that crashed is an outlet that failed.

    >>> worst([0, 7, 3]), worst([0, 0]), worst([0, 139])
    (3, 0, 7)
    """
    given = set(codes)
    return next((code for code in _GRAVEST if code in given), 7 if given - {0} else 0)


async def _spawn(order: Order) -> asyncio.subprocess.Process:
    """Start the child in a session of its own, so that a terminal's Ctrl-C reaches it through us alone."""
    return await asyncio.create_subprocess_exec(
        *order.command(),
        stdin=asyncio.subprocess.PIPE if order.leashed else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        limit=2**20,
    )


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
