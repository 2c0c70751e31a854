"""Three workers on one PostgreSQL archive against the replica: every link once, no host visited by two at once, one
worker killed: nothing lost, nothing doubled, its links done within the lease. And `migrate-database` killed at random.

The figures are printed.
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
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from archive.folder import Folder
from archive.leases import SECONDS
from archive.migratedb import sums
from archive.tables import captures
from tests.archive.builds import problems_of
from tests.archive.test_postgres import free_port
from tests.battery.killing import content_of, doubled
from tests.postgres import Databases, running
from tests.replica.many import many
from tests.replica.server import START, Replica

pytestmark = pytest.mark.battery

OUTLETS = ("dantri", "laodong", "vietnamplus")
PAGES = int(os.environ.get("BATTERY_PG_PAGES", "300"))
KILLS = int(os.environ.get("BATTERY_PG_KILLS", "20"))
SEED = 20261121
# Two outlets on one site: nothing but a lease keeps their crawls apart.
SHARED = """
name = "{name}"
display = "Chung"
hosts = ["{host}"]
article = '-(?P<id>\\d{{17}})\\.htm$'
delay_seconds = 1.0
[[feeds]]
url = "https://{host}/rss/{feed}.rss"
purpose = "feed"
min_minutes = 5
max_minutes = 60
[[templates]]
era = "all"
match = ["h1"]
promised = ["title"]
title = ["h1"]
body = ["div.singular-content"]
"""


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(stories=many(PAGES, now=START, outlets=OUTLETS)) as server:
        yield server


@pytest.fixture
def url(postgres: Databases, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with postgres.fresh() as fresh:
        monkeypatch.setenv("ARCHIVE_DATABASE_URL", fresh)
        yield fresh


def worker(replica: Replica, folder: Path, *words: str, name: str = "one") -> subprocess.Popen[bytes]:
    """Begin `crawl run` of a machine of its own: its folder, its process group, its name in the user agent.

    What it says stands in NAME.log beside the folder.
    """
    command = [sys.executable, "-m", "crawler", "run", *words, "--via", replica.url, "--delay", "0"]
    own = os.environ | {"ARCHIVE_CONTACT": f"https://{name}.example/"}
    with (folder.parent / f"{name}.log").open("wb") as said:
        quiet = {"stdout": subprocess.DEVNULL, "stderr": said, "start_new_session": True, "env": own}
        return subprocess.Popen([*command, "--archive", str(folder)], **quiet)  # type: ignore[call-overload,no-any-return]  # options as a mapping


def asked_twice(replica: Replica) -> list[str]:
    """Give the pages that were asked for more than once; lists and robots.txt are asked for by each crawl."""
    pages = Counter(
        f"{entry['host']}{entry['path']}" for entry in replica.log if entry["path"].endswith((".htm", ".ldo", ".vnp"))
    )
    return [page for page, count in pages.items() if count > 1]


def hands(replica: Replica) -> dict[str, list[str]]:
    """Give for each host who asked it, in the order of the replica's log, each as long as nobody else came between."""
    found: dict[str, list[str]] = {}
    for entry in replica.log:
        asked = found.setdefault(entry["host"], [])
        if asked[-1:] != [entry["user_agent"]]:
            asked.append(entry["user_agent"])
    return found


def count(folder: Path) -> int:
    with Folder.open(folder) as opened, opened.read() as connection:
        return len(connection.execute(select(captures.c.id)).all())


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_workers_share_the_outlets_and_ask_for_every_page_once(
    replica: Replica, url: str, tmp_path: Path, workers: int
) -> None:
    folder, began = tmp_path / "shared", time.monotonic()
    begun = [worker(replica, folder, *OUTLETS[number::workers], name=f"machine{number}") for number in range(workers)]
    assert [one.wait(900) for one in begun] == [0] * workers
    seconds = time.monotonic() - began
    filed = count(folder)
    print("\n" + json.dumps({"workers": workers, "captures": filed, "per_second": round(filed / seconds, 1)}))
    assert asked_twice(replica) == []
    assert {len(asked) for asked in hands(replica).values()} == {1}
    assert len({asked[0] for asked in hands(replica).values()}) == workers
    assert (doubled(folder, replica.log), problems_of(folder)) == ([], [])


def test_a_killed_workers_links_are_done_within_the_lease(replica: Replica, url: str, tmp_path: Path) -> None:
    folder = tmp_path / "shared"
    begun = [worker(replica, folder, outlet, name=outlet) for outlet in OUTLETS]
    while count(folder) < PAGES // 6:
        time.sleep(0.05)
    os.killpg(begun[0].pid, signal.SIGKILL)
    killed_at = time.monotonic()
    begun[0].wait()
    heir = worker(replica, folder, OUTLETS[0], name="heir")
    asked = len(replica.log)
    while not any(entry["host"] == "dantri.com.vn" for entry in replica.log[asked:]):
        assert heir.poll() is None or heir.returncode == 6
        if heir.poll() == 6:  # the killed worker's child had not ended yet
            heir = worker(replica, folder, OUTLETS[0], name="heir")
        time.sleep(0.05)
    returned = time.monotonic() - killed_at
    assert [one.wait(900) for one in (heir, *begun[1:])] == [0, 0, 0]
    print("\n" + json.dumps({"lease": SECONDS, "returned_after": round(returned, 1), "captures": count(folder)}))
    assert returned < SECONDS + 15
    assert [len(hands(replica)[host]) for host in ("dantri.com.vn", "laodong.vn")] == [2, 1]
    assert (doubled(folder, replica.log), problems_of(folder)) == ([], [])
    whole = tmp_path / "whole"
    os.environ.pop("ARCHIVE_DATABASE_URL")
    assert worker(replica, whole, *OUTLETS).wait(900) == 0
    expected = content_of(whole)
    os.environ["ARCHIVE_DATABASE_URL"] = url
    assert content_of(folder) == expected


def test_one_site_is_visited_by_one_crawl_at_a_time(replica: Replica, url: str, tmp_path: Path) -> None:
    folder, begun = tmp_path / "shared", []
    for name, feed in (("mot", "home"), ("hai", "the-gioi")):
        own = tmp_path / name  # each machine has outlet files of its own
        own.mkdir()
        for file, host in ((name, "dantri.com.vn"), ("dantri", "dantri.invalid")):
            text = SHARED.format(name=file, feed=feed, host=host)
            (own / f"{file}.toml").write_text(text, encoding="utf-8")
        begun.append(worker(replica, folder, name, "--outlets", str(own), name=name))
    assert {one.wait(900) for one in begun} <= {0, 7}
    with Folder.open(folder) as opened, opened.read() as connection:
        rows = connection.execute(select(captures.c.outlet, captures.c.fetched_at).order_by(captures.c.id)).all()
    changes = sum(a.outlet != b.outlet for a, b in pairwise(rows))
    print("\n" + json.dumps({"captures": dict(Counter(row.outlet for row in rows)), "changes_of_hands": changes}))
    assert len({row.outlet for row in rows}) == 2
    assert changes == 1
    assert len(hands(replica)["dantri.com.vn"]) == 2


@pytest.mark.parametrize("at_once", [False, True])
def test_a_server_that_restarts_ends_the_crawl_and_the_next_one_goes_on(
    replica: Replica, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: bool
) -> None:
    folder = tmp_path / "shared"
    with running(port=free_port()) as server:
        monkeypatch.setenv("ARCHIVE_DATABASE_URL", server.url)
        with Folder.open(folder, create=True):
            pass
        begun = worker(replica, folder, "dantri", "laodong")
        while count(folder) < PAGES // 6:
            time.sleep(0.05)
        server.stop(at_once=at_once)
        begun.wait(300)
        said = (tmp_path / "one.log").read_text("utf-8")
        server.start()
        filed = count(folder)
        print(
            "\n"
            + json.dumps({"at once": at_once, "code": begun.returncode, "filed before": filed, "said": said[-300:]})
        )
        assert begun.returncode == 5
        assert "Traceback" not in said
        assert "ARCHIVE_DATABASE_URL" in said or "server" in said
        assert worker(replica, folder, "dantri", "laodong").wait(900) == 0
        assert (doubled(folder, replica.log), problems_of(folder)) == ([], [])
        assert count(folder) > filed


def test_a_killed_migration_leaves_the_old_or_the_new(postgres: Databases, replica: Replica, tmp_path: Path) -> None:
    folder, chance, ended = tmp_path / "archive", random.Random(SEED), Counter[str]()
    assert worker(replica, folder, *OUTLETS).wait(900) == 0
    with Folder.open(folder) as opened, opened.read() as connection:
        expected = sums(connection)
    longest = 6.0
    for number in range(KILLS):
        with postgres.fresh(empty=True) as url:
            words = [sys.executable, "-m", "archive", "migrate-database", str(folder), url]
            begun = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                began = time.monotonic()
                begun.wait(None if not number else chance.uniform(0, longest))
                longest = time.monotonic() - began if not number else longest
            except subprocess.TimeoutExpired:
                begun.kill()
                begun.wait()
            with psycopg.connect(url) as raw:
                found = raw.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
            if found == (0,):
                ended["old"] += 1
                continue
            ended["new"] += 1
            with Folder.open(folder, url=url) as opened, opened.read() as connection:
                assert sums(connection) == expected
    print("\n" + json.dumps({"kills": KILLS, "seed": SEED, **ended}))
    assert ended["new"] >= 1
    assert ended["old"] >= 1
