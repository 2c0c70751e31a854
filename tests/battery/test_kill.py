"""Kill -9 of `crawl run` in every stage of filing, on a replica of 2,000 pages: nothing acknowledged lost or doubled,
the content ends equal to an undisturbed crawl's, `archive verify` is clean. The figures are printed.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.folder import Folder
from archive.tables import captures, documents, versions
from tests.archive.builds import problems_of
from tests.battery.stages.sitecustomize import STAGES
from tests.replica.many import many
from tests.replica.server import START, Replica

pytestmark = pytest.mark.battery

KILLS = int(os.environ.get("BATTERY_KILLS", "100"))
PAGES = 20 * KILLS
OUTLETS = ("dantri", "laodong")
SEED = 20261121


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(stories=many(PAGES, now=START, outlets=OUTLETS)) as server:
        yield server


def crawl(replica: Replica, folder: Path, acks: Path, kill: str = "never:0") -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "crawler", "run", *OUTLETS, "--via", replica.url, "--delay", "0"]
    stages = Path(__file__).parent / "stages"
    environment = os.environ | {"PYTHONPATH": f"{stages}{os.pathsep}.", "BATTERY_KILL": kill, "BATTERY_ACKS": str(acks)}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    return subprocess.Popen([*words, "--archive", str(folder)], env=environment, **quiet)  # type: ignore[call-overload,no-any-return]  # options as a mapping


def content_of(folder: Path) -> dict[str, list[str]]:
    """Give each document's version digests, in order."""
    query = select(documents.c.name, versions.c.digest).join(versions).order_by(documents.c.name, versions.c.number)
    found: dict[str, list[str]] = {}
    with Folder.open(folder) as opened, opened.read() as connection:
        for name, digest in connection.execute(query):
            found.setdefault(name, []).append(digest)
    return found


def lost(folder: Path, acks: Path) -> list[str]:
    """Give the acknowledged captures that the database does not hold."""
    with Folder.open(folder) as opened, opened.read() as connection:
        held = {f"{row.id} {row.url}" for row in connection.execute(select(captures.c.id, captures.c.url))}
    return [line for line in acks.read_text().splitlines() if line not in held]


def kills(chance: random.Random) -> Iterator[tuple[str, str, float]]:
    """Give for each kill its stage, the hook's order and the seconds to wait; every fifth falls at a random time."""
    for number in range(KILLS):
        if number % 5 == 4:
            yield "random time", "never:0", chance.uniform(1.5, 6.0)
        else:
            stage = STAGES[number % len(STAGES)]
            yield stage, f"{stage}:{chance.randint(3, 40)}", 120.0


def die(replica: Replica, folder: Path, acks: Path, order: str, seconds: float) -> bool:
    """Run a crawl that is to be killed; tell whether it was."""
    begun = crawl(replica, folder, acks, order)
    try:
        begun.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(begun.pid, signal.SIGKILL)
        begun.wait()
    time.sleep(0.3)  # the leash takes the other child with it
    return begun.returncode == -signal.SIGKILL


def test_a_killed_crawl_loses_and_doubles_nothing(replica: Replica, tmp_path: Path) -> None:
    whole, broken, acks = tmp_path / "whole", tmp_path / "broken", tmp_path / "acks"
    assert crawl(replica, whole, tmp_path / "other").wait(900) == 0
    fell: Counter[str] = Counter()
    missing: list[str] = []
    for stage, order, seconds in kills(random.Random(SEED)):
        fell[stage if die(replica, broken, acks, order, seconds) else "ran to its end"] += 1
        missing += lost(broken, acks) if acks.exists() else []
    assert crawl(replica, broken, acks).wait(900) == 0
    missing += lost(broken, acks)
    problems = problems_of(broken)
    figures = {"pages": len(content_of(whole)), "kills": KILLS, "seed": SEED, "fell": dict(fell)}
    acknowledged = len(acks.read_text().splitlines())
    print("\n" + json.dumps(figures | {"acknowledged": acknowledged, "lost": missing, "problems": len(problems)}))
    assert (missing, problems) == ([], [])
    assert content_of(broken) == content_of(whole)
    assert set(STAGES) <= set(fell)
