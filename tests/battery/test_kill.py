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


def kills(chance: random.Random) -> Iterator[tuple[str, str, float]]:
    """Give for each kill its stage, the hook's order and the seconds to wait; every fifth falls at a random time."""
    for number in range(KILLS):
        if number % 5 == 4:
            yield "random time", "never:0", chance.uniform(1.0, 12.0)
        else:
            stage = STAGES[number % 4]
            yield stage, f"{stage}:{chance.randint(2, 40)}", 120.0


def test_a_killed_crawl_loses_and_doubles_nothing(replica: Replica, tmp_path: Path) -> None:
    whole, broken, acks = tmp_path / "whole", tmp_path / "broken", tmp_path / "acks"
    assert crawl(replica, whole, tmp_path / "other").wait(300) == 0
    fell: Counter[str] = Counter()
    for stage, order, seconds in kills(random.Random(SEED)):
        begun = crawl(replica, broken, acks, order)
        try:
            begun.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(begun.pid, signal.SIGKILL)
            begun.wait()
        fell[stage if begun.returncode == -signal.SIGKILL else "ran to its end"] += 1
        time.sleep(0.5)  # the leash takes the other children with it
        assert not acks.exists() or lost(broken, acks) == []
    assert crawl(replica, broken, acks).wait(300) == 0
    report = verify(Folder.open(broken))
    figures = {"kills": KILLS, "seed": SEED, "fell": dict(fell), "acknowledged": len(acks.read_text().splitlines())}
    print("\n" + json.dumps(figures | {"lost": lost(broken, acks), "problems": len(report.problems)}))
    assert report.problems == []
    assert lost(broken, acks) == []
    assert content_of(broken) == content_of(whole)
    assert set(STAGES) <= set(fell)
