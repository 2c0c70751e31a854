"""Mutated pages through the worker pool: no exception, exactly one outcome each, none too slow, half still give text.

Parents are the replica's pages and, where ARCHIVE_REAL_PAGES names them, saved ones. Page n of a run comes from the
seed and n alone, so that one that fails can be made again. BATTERY=full reads 100,000 instead of 10,000. What the bound
leaves no time for is left out, and the count says so.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from random import Random
from statistics import quantiles

import pytest

from archive.articlejson import from_json, to_json
from archive.values import Capture, Outcome, Reading
from pipeline.outlet import load_outlets
from pipeline.pool import ExtractionPool
from tests.battery.mutate import mutated
from tests.replica.sites import SITES
from tests.replica.stories import load
from tests.replica.world import World

pytestmark = pytest.mark.battery

FULL = os.environ.get("BATTERY") == "full"
COUNT = 100_000 if FULL else 10_000
SEED = 20261121
WORKERS, AHEAD = 2, 4
LIMIT_SECONDS, BOUND_MINUTES = 10.0, 150 if FULL else 15
NOW = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
#: What a page can come to once its body is here.
POSSIBLE = {
    Outcome.OK,
    Outcome.SUSPECT,
    Outcome.NOT_ARTICLE,
    Outcome.GATED,
    Outcome.EXTRACT_FAILED,
    Outcome.TOO_LARGE,
}
#: A reason that names an exception: the page was saved by the last resort, which should never be needed.
RAISED = re.compile(r"[A-Z]\w*(?:Error|Exception|Warning|Iteration|Interrupt): ")


@dataclass(slots=True)
class Figures:
    """What the run found; the numbers of pages that went wrong."""

    outcomes: Counter[str] = field(default_factory=Counter)
    millis: list[int] = field(default_factory=list)
    texts: int = 0
    raised: dict[int, str] = field(default_factory=dict)
    late: dict[int, str] = field(default_factory=dict)
    died: dict[int, str] = field(default_factory=dict)
    unstorable: list[int] = field(default_factory=list)

    def add(self, number: int, reading: Reading) -> None:
        self.outcomes[reading.outcome] += 1
        self.millis.append(reading.elapsed_ms)
        self.texts += bool(reading.article and reading.article.blocks)
        if RAISED.match(reading.reason):
            self.raised[number] = reading.reason
        if reading.reason.startswith("time limit") or reading.elapsed_ms > LIMIT_SECONDS * 1000:
            self.late[number] = reading.reason
        if reading.reason.startswith(("the worker died", "over ")):
            self.died[number] = reading.reason
        if not _storable(reading):
            self.unstorable.append(number)


def _storable(reading: Reading) -> bool:
    """Tell whether an article passes through UTF-8 JSON unchanged, as the archive keeps it, and holds no NUL."""
    if reading.article is None:
        return True
    text = json.dumps(to_json(reading.article), ensure_ascii=False)
    try:
        again = text.encode().decode()
    except UnicodeEncodeError:
        return False
    return "\\u0000" not in text and from_json(json.loads(again)) == reading.article


def parents() -> list[tuple[str, str, bytes]]:
    """Give outlet, address and body of each page to mutate."""
    world = World(load(), {})
    pages = [
        (piece.outlet, piece.url, world.answer(SITES[piece.outlet], piece.path, NOW).body)
        for piece in world.pieces
        if piece.shown(NOW)
    ]
    folder = os.environ.get("ARCHIVE_REAL_PAGES")
    saved = sorted(Path(folder).glob("*/*.html")) if folder else []
    # Without an address, as every page of it may be an article.
    return pages + [(file.parent.name, "", file.read_bytes()) for file in saved]


def capture(number: int, pages: list[tuple[str, str, bytes]]) -> Capture:
    """Make page `number` of the run; one in twelve comes from a host without an outlet file."""
    chance = Random(f"{SEED}/{number}")
    outlet, url, page = chance.choice(pages)
    body, said = mutated(page, chance)
    known = outlet in load_outlets() and chance.random() > 1 / 12
    return Capture(
        outlet=outlet if known else "example.vn",
        url=url if known else "https://example.vn/bai-bao",
        fetched_at=NOW,
        outcome=Outcome.OK,
        status=200,
        headers=(("Content-Type", said),),
        body=body,
    )


async def read_all(figures: Figures) -> None:
    pages = parents()
    end = time.monotonic() + BOUND_MINUTES * 60
    numbers: Iterator[int] = takewhile(lambda _: time.monotonic() < end, range(COUNT))
    with ExtractionPool(WORKERS, limit_seconds=LIMIT_SECONDS) as pool:

        async def lane() -> None:
            for number in numbers:
                page = capture(number, pages)
                figures.add(number, await pool.read(page, page.outlet))

        await asyncio.gather(*(lane() for _ in range(WORKERS * AHEAD)))


@pytest.mark.timeout(BOUND_MINUTES * 60 + 60)
def test_mutated_pages_cost_nothing_but_themselves() -> None:
    figures, begun = Figures(), time.monotonic()
    asyncio.run(read_all(figures))
    minutes = (time.monotonic() - begun) / 60
    cuts = quantiles(figures.millis, n=100)
    print(f"\n{len(figures.millis)} of {COUNT} mutated pages, seed {SEED}, {len(parents())} parents, {minutes:.1f} min")
    print(json.dumps({"outcomes": figures.outcomes, "with text": figures.texts}))
    print(f"ms a page: p50 {cuts[49]:.0f}, p99 {cuts[98]:.0f}, max {max(figures.millis)}")
    for name in ("raised", "late", "died", "unstorable"):
        print(name, getattr(figures, name))
    # A machine with other work gets through fewer in the time: the count printed tells how many were shown.
    assert len(figures.millis) > COUNT / 4
    assert set(figures.outcomes) <= POSSIBLE
    assert (figures.raised, figures.late, figures.died, figures.unstorable) == ({}, {}, {}, [])
    assert figures.texts >= len(figures.millis) / 2
