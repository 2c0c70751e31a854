"""Kill -9 of `crawl run` in every stage of filing, on a replica of 2,000 pages: nothing acknowledged lost or doubled,
the content ends equal to an undisturbed crawl's, `archive verify` is clean. The figures are printed.
"""

from __future__ import annotations

import json
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.unfiled import unfiled
from tests.archive.builds import problems_of
from tests.battery.killing import OUTLETS, content_of, crawl, die, doubled, lost, noted, wait_for
from tests.battery.stages.sitecustomize import STAGES
from tests.replica.many import many
from tests.replica.server import START, Replica

pytestmark = pytest.mark.battery

KILLS = int(os.environ.get("BATTERY_KILLS", "100"))
PAGES = 20 * KILLS
SEED = 20261121
RANDOM = "random time"
#: One kill after the other: what is filed again is what the kill before it left behind the last commit.
ROUND = ("before WARC", "after fsync", "filing again", RANDOM, "in the transaction", "filing again", "after commit")
#: Of so many kills at most this many may find the crawl at its end already.
ENDED = KILLS // 20


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(stories=many(PAGES, now=START, outlets=OUTLETS)) as server:
        yield server


def killed(replica: Replica, folder: Path, acks: Path, stage: str, chance: random.Random) -> bool:
    """Run a crawl that is killed in this stage, its n-th time, early enough to leave work for the next; or anywhere."""
    if stage != RANDOM:
        return die(
            crawl(replica, folder, acks, f"{stage}:{1 if stage == 'filing again' else chance.randint(1, 12)}"), 120
        )
    begun = crawl(replica, folder, acks)
    wait_for(begun, acks, chance.randint(0, 24))
    time.sleep(chance.uniform(0, 0.05))
    return die(begun, 0)


def test_a_killed_crawl_loses_and_doubles_nothing(replica: Replica, tmp_path: Path) -> None:
    whole, broken, acks = tmp_path / "whole", tmp_path / "broken", tmp_path / "acks"
    assert crawl(replica, whole, tmp_path / "other").wait(3600) == 0
    asked_before = len(replica.log)
    chance, fell, missing = random.Random(SEED), Counter[str](), list[str]()
    for number in range(KILLS):
        stage = ROUND[number % len(ROUND)]
        fell[stage if killed(replica, broken, acks, stage, chance) else "ran to its end"] += 1
        missing += lost(broken, acks) if (broken / "archive.db").exists() else []
    assert crawl(replica, broken, acks).wait(3600) == 0
    missing += lost(broken, acks)
    problems, twice = problems_of(broken), doubled(broken, replica.log[asked_before:])
    figures = {"pages": len(content_of(whole)), "kills": KILLS, "seed": SEED, "fell": dict(fell)}
    found = {"lost": missing, "doubled": twice, "problems": len(problems), "aside": len(unfiled(broken / "warc"))}
    print("\n" + json.dumps(figures | {"acknowledged": len(noted(acks))} | found))
    assert (missing, twice, problems) == ([], [], [])
    assert content_of(broken) == content_of(whole)
    assert fell["ran to its end"] <= ENDED
    assert set(STAGES) | {RANDOM} <= set(fell)
