"""What extraction in worker processes gives: pages a second by the number of workers, and memory of each."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path
from statistics import median

from _pages import Case

#: Pages handed in at once for each worker, so that none waits.
AHEAD = 4


def workers(cases: list[Case], *, pages: int, rounds: int) -> None:
    """Print pages a second through the pool with one worker and with two, in turns, and what a worker weighs."""
    queue = [cases[at % len(cases)] for at in range(pages)]
    rates: dict[int, list[float]] = {1: [], 2: []}
    weights: list[tuple[float, float]] = []
    for _ in range(rounds):
        for count, found in rates.items():
            rate, weight = asyncio.run(_rate(queue, count))
            found.append(rate)
            weights += weight
    one, two = median(rates[1]), median(rates[2])
    load = os.getloadavg()[0]
    print(f"\nExtractionPool, {pages} pages a round, median of {rounds} rounds in turns, {os.cpu_count()} cores,")
    print(f"  load {load:.1f} at the end: one worker {one:.0f} pages/s, two {two:.0f}: {two / one:.2f} x (wanted 1.8)")
    rss, own = (max(column) for column in zip(*weights, strict=True))
    print(f"  a worker after its pages: at most {rss:.0f} MB resident, {own:.0f} MB of it its own (wanted < 250)")


async def _rate(queue: list[Case], count: int) -> tuple[float, list[tuple[float, float]]]:
    from pipeline.pool import ExtractionPool

    with ExtractionPool(count) as pool:
        await _read(pool, queue[: 20 * count], count)
        begun = time.perf_counter()
        await _read(pool, queue, count)
        taken = time.perf_counter() - begun
        return len(queue) / taken, [_weight(worker) for worker in _grandchildren(os.getpid())]


async def _read(pool: object, queue: list[Case], count: int) -> None:
    waiting = iter(queue)

    async def lane() -> None:
        for case in waiting:
            await pool.read(case.capture, case.capture.outlet)  # type: ignore[attr-defined]  # ExtractionPool

    await asyncio.gather(*(lane() for _ in range(AHEAD * count)))


def _grandchildren(owner: int) -> list[int]:
    """Give the workers: children of the fork server, which is a child of ours."""
    return [below for child in _children(owner) for below in _children(child)]


def _children(parent: int) -> list[int]:
    return [int(n) for file in Path(f"/proc/{parent}/task").glob("*/children") for n in file.read_text().split()]


def _weight(pid: int) -> tuple[float, float]:
    """Give a process's resident memory and its private part, in MB (Linux)."""
    rows = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
    sizes = {row[0]: int(row[1]) / 1024 for row in rows}
    return sizes["Rss:"], sizes["Private_Clean:"] + sizes["Private_Dirty:"]
