"""What extraction in worker processes gives: pages a second by the number of workers, and memory of each."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from _pages import Case

#: Pages handed in at once for each worker, so that none waits.
AHEAD = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One round: pages a second, CPU ms a page, and each worker's memory."""

    rate: float
    owner_ms: float
    worker_ms: float
    weights: tuple[tuple[float, float], ...]


def workers(cases: list[Case], *, pages: int, rounds: int) -> None:
    """Print pages a second through the pool with one worker and with two, in turns, and what a worker weighs."""
    queue = [cases[at % len(cases)] for at in range(pages)]
    spent: dict[int, list[Spent]] = {1: [], 2: []}
    for _ in range(rounds):
        for count, found in spent.items():
            found.append(asyncio.run(_spent(queue, count)))
    one, two = (median(run.rate for run in runs) for runs in spent.values())
    load = os.getloadavg()[0]
    print(f"\nExtractionPool, {pages} pages a round, median of {rounds} rounds in turns, {os.cpu_count()} cores,")
    print(f"  load {load:.1f} at the end: one worker {one:.0f} pages/s, two {two:.0f}: {two / one:.2f} x (wanted 1.8)")
    alone, beside, owner = (median(ms) for ms in _costs(spent))
    bound = 2 * alone / (beside + owner)
    print(f"  CPU ms a page: one worker {alone:.2f}, each of two {beside:.2f}, their owner {owner:.2f};")
    print(f"  so two workers on two cores that do nothing else can give {bound:.2f} x")
    rss, own = (
        max(column) for column in zip(*(w for runs in spent.values() for r in runs for w in r.weights), strict=True)
    )
    print(f"  a worker after its pages: at most {rss:.0f} MB resident, {own:.0f} MB of it its own (wanted < 250)")


def _costs(spent: dict[int, list[Spent]]) -> tuple[list[float], list[float], list[float]]:
    return [r.worker_ms for r in spent[1]], [r.worker_ms for r in spent[2]], [r.owner_ms for r in spent[2]]


async def _spent(queue: list[Case], count: int) -> Spent:
    from pipeline.pool import ExtractionPool

    with ExtractionPool(count) as pool:
        await _read(pool, queue[: 20 * count], count)
        pids = _grandchildren(os.getpid())
        begun, own, theirs = time.perf_counter(), time.process_time(), sum(map(_cpu, pids))
        await _read(pool, queue, count)
        pages = len(queue)
        return Spent(
            rate=pages / (time.perf_counter() - begun),
            owner_ms=(time.process_time() - own) / pages * 1e3,
            worker_ms=(sum(map(_cpu, pids)) - theirs) / pages * 1e3,
            weights=tuple(map(_weight, pids)),
        )


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


def _cpu(pid: int) -> float:
    """Give the seconds of CPU that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _weight(pid: int) -> tuple[float, float]:
    """Give a process's resident memory and its private part, in MB (Linux)."""
    rows = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]]
    sizes = {row[0]: int(row[1]) / 1024 for row in rows}
    return sizes["Rss:"], sizes["Private_Clean:"] + sizes["Private_Dirty:"]
