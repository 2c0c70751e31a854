"""Verify beside a process that files: what is filed meanwhile is no damage, whatever the moment."""

from __future__ import annotations

import json
import multiprocessing
import random
from datetime import timedelta
from pathlib import Path

import pytest

from archive import index
from archive.folder import Folder
from archive.verify import Asked, open_unchanged, verify
from tests.archive.builds import article, file, filing

pytestmark = pytest.mark.battery

CAPTURES = 300
#: A crawl ends and another begins after so many captures; the index follows after each.
EACH = 30


def story(number: int) -> object:
    chance = random.Random(number)
    words = " ".join(chance.choice(["mưa", "nắng", "sông", "núi", "phố", "chợ"]) for _ in range(80))
    return article(f"Chuyện số {number}|{words}|{words[::-1]}", tags=(str(number),))


def crawl(path: Path) -> None:
    """File captures as crawls of two outlets in turn, each with its lock, a third of them seen before."""
    for begin in range(0, CAPTURES, EACH):
        outlet = ("dantri", "laodong")[begin // EACH % 2]
        with filing(path, outlet=outlet) as at:
            for number in range(begin, begin + EACH):
                named = {"document": f"{outlet}:{number // 3}", "url": f"https://{outlet}.vn/a-{number // 3}.htm"}
                more = {"identity": f"e{number % 2}", "body": random.Random(number).randbytes(3000)}
                file(at, story(number // 3 + number % 3 // 2), after=timedelta(seconds=number), **named, **more)
        with Folder.open(path) as folder:
            index.catch_up(folder)


def test_verify_beside_a_filing_process_finds_nothing(tmp_path: Path) -> None:
    crawl_of = multiprocessing.get_context("spawn").Process(target=crawl, args=(tmp_path,))
    with filing(tmp_path) as at:
        file(at, article("đầu tiên"))
    crawl_of.start()
    checks, kinds, found = 0, [Asked(), Asked(quick=True), Asked(seconds=0.05), Asked()], []
    while crawl_of.is_alive():
        with open_unchanged(tmp_path) as folder:
            found += verify(folder, kinds[checks % len(kinds)]).problems
        checks += 1
    assert crawl_of.exitcode == 0
    with open_unchanged(tmp_path) as folder:
        last = verify(folder)
    print("\nbeside " + json.dumps({"captures filed": CAPTURES, "checks meanwhile": checks, "found": len(found)}))
    assert (found, last.problems, last.captures) == ([], [], CAPTURES + 1)
    assert checks > 3
