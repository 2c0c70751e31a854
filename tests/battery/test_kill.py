"""Kill -9 of `crawl run` in every stage of filing: nothing acknowledged is lost or doubled, `archive verify` is clean.

BATTERY=full kills 100 times instead of 20. The figures are printed.
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
from archive.verify import verify
from tests.battery.stages.sitecustomize import STAGES
from tests.replica.server import Replica

pytestmark = pytest.mark.battery

KILLS = 100 if os.environ.get("BATTERY") == "full" else 20
OUTLETS = ("dantri", "vietnamplus", "baotintuc")
SEED = 20261121
#: Kills of one archive before it is let run to its end.
ROUND = 5


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica() as server:
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
    with Folder.open(folder).read() as connection:
        for name, digest in connection.execute(query):
            found.setdefault(name, []).append(digest)
    return found


def lost(folder: Path, acks: Path) -> list[str]:
    """Give the acknowledged captures that the database does not hold."""
    with Folder.open(folder).read() as connection:
        held = {f"{row.id} {row.url}" for row in connection.execute(select(captures.c.id, captures.c.url))}
    return [line for line in acks.read_text().splitlines() if line not in held]


def kills(chance: random.Random) -> list[tuple[str, str, float]]:
    """Give for each kill its stage, the hook's order and the seconds to wait; every fifth falls at a random time."""
    orders = []
    for number in range(KILLS):
        if number % ROUND == ROUND - 1:
            orders.append(("random time", "never:0", chance.uniform(1.5, 5.0)))
        else:
            stage = STAGES[number % len(STAGES)]
            orders.append((stage, f"{stage}:{chance.randint(3, 18)}", 120.0))
    return orders


def die(replica: Replica, folder: Path, acks: Path, order: str, seconds: float) -> bool:
    """Run a crawl that is to be killed; tell whether it was."""
    begun = crawl(replica, folder, acks, order)
    try:
        begun.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(begun.pid, signal.SIGKILL)
        begun.wait()
    time.sleep(0.5)  # the leash takes the other children with it
    return begun.returncode == -signal.SIGKILL


def test_a_killed_crawl_loses_and_doubles_nothing(replica: Replica, tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    assert crawl(replica, whole, tmp_path / "other").wait(300) == 0
    fell: Counter[str] = Counter()
    acknowledged = problems = 0
    missing: list[str] = []
    orders = kills(random.Random(SEED))
    for begin in range(0, KILLS, ROUND):
        broken, acks = tmp_path / f"broken-{begin}", tmp_path / f"acks-{begin}"
        for stage, order, seconds in orders[begin : begin + ROUND]:
            fell[stage if die(replica, broken, acks, order, seconds) else "ran to its end"] += 1
            missing += lost(broken, acks) if acks.exists() else []
        assert crawl(replica, broken, acks).wait(300) == 0
        missing += lost(broken, acks)
        acknowledged += len(acks.read_text().splitlines())
        problems += len(verify(Folder.open(broken)).problems)
        assert content_of(broken) == content_of(whole)
    figures = {"kills": KILLS, "seed": SEED, "fell": dict(fell), "acknowledged": acknowledged}
    print("\n" + json.dumps(figures | {"lost": missing, "problems of verify": problems}))
    assert (missing, problems) == ([], 0)
    assert set(STAGES) <= set(fell)
