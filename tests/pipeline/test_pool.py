import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from archive.values import Capture, Outcome, Purpose, Reading
from pipeline.feeds import FeedReading
from pipeline.pool import ExtractionPool
from tests.pipeline.making import capture, page

_T = TypeVar("_T")
#: What `STUCK`'s pattern never gets to the end of.
ENDLESS = page(f"<p>{'a' * 60}</p>")
STUCK = (
    'name = "dantri"\ndisplay = "Kẹt"\nhosts = ["dantri.com.vn"]\narticle = \'-(?P<id>\\d+)\\.htm\'\n'
    '[[templates]]\nera = "1"\nmatch = "article"\ntitle = "h1"\nbody = ".singular-content"\nstrip_text = \'(a+)+b\'\n'
)


def run(work: Coroutine[Any, Any, _T]) -> _T:
    return asyncio.run(work)


def test_pages_are_read_and_a_stuck_one_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "dantri.toml").write_text(STUCK, "utf-8")

    async def work() -> list[Reading]:
        with ExtractionPool(2, limit_seconds=4, outlets_folder=tmp_path) as pool:
            bodies = [page("<p>Đoạn một.</p>"), ENDLESS, page("<p>Đoạn hai.</p>")]
            first = await asyncio.gather(*(pool.read(capture(body), "dantri") for body in bodies))
            return [*first, await pool.read(capture(page("<p>Đoạn ba.</p>")), "dantri")]

    outcomes = [(reading.outcome, reading.reason) for reading in run(work())]
    late = (Outcome.EXTRACT_FAILED, "time limit of 4 seconds")
    assert outcomes == [(Outcome.OK, ""), late, (Outcome.OK, ""), (Outcome.OK, "")]


def a_list(body: str, purpose: Purpose = Purpose.FEED) -> Capture:
    return replace(capture(body, url="https://dantri.com.vn/rss/home.rss"), purpose=purpose)


def test_lists_are_read_and_a_stuck_one_costs_itself_alone() -> None:
    link = "https://dantri.com.vn/xa-hoi/tin-20261120073000111.htm"
    fine = a_list(f"<rss><channel><item><link>{link}</link></item></channel></rss>")
    deep = a_list("<rss>" + "<a>" * (2**20 // 3))

    async def work() -> list[FeedReading]:
        with ExtractionPool(2, limit_seconds=4) as pool:
            return await asyncio.gather(*(pool.read_list(one, "dantri") for one in (fine, deep, fine)))

    outcomes = [(reading.outcome, reading.problem, reading.urls) for reading in run(work())]
    late = (Outcome.EXTRACT_FAILED, "time limit of 4 seconds", ())
    assert outcomes == [(Outcome.OK, "", (link,)), late, (Outcome.OK, "", (link,))]


def test_a_body_of_the_largest_size_is_read() -> None:
    async def work() -> Reading:
        with ExtractionPool(1) as pool:
            whole = page("<p>Đoạn một.</p>")
            return await pool.read(capture(whole + " " * (16 * 2**20 - len(whole.encode()))), "dantri")

    assert run(work()).outcome is Outcome.OK


def test_a_users_outlet_is_known_to_the_workers(tmp_path: Path) -> None:
    (tmp_path / "thu.toml").write_text(
        'name = "thu"\ndisplay = "Thử"\nhosts = ["thu.example"]\narticle = \'-(?P<id>\\d+)\\.htm\'\n'
        '[[templates]]\nera = "1"\nmatch = "article"\ntitle = "h1"\nbody = ".singular-content"\n',
        "utf-8",
    )

    async def work() -> Reading:
        with ExtractionPool(1, outlets_folder=tmp_path) as pool:
            return await pool.read(capture(page("<p>Đoạn một.</p>")), "thu")

    assert run(work()).template == "thu/1"


@pytest.mark.skipif(sys.platform != "linux", reason="workers are found under /proc")
def test_a_worker_that_dies_costs_its_page_alone(tmp_path: Path) -> None:
    (tmp_path / "dantri.toml").write_text(STUCK, "utf-8")

    async def work() -> list[Reading]:
        with ExtractionPool(1, outlets_folder=tmp_path) as pool:
            others = _children_of_children(os.getpid())
            first = await pool.read(capture(page("<p>Đoạn một.</p>")), "dantri")
            [worker] = set(_children_of_children(os.getpid())).difference(others)
            stuck = asyncio.create_task(pool.read(capture(ENDLESS), "dantri"))
            await asyncio.sleep(0.5)
            os.kill(worker, signal.SIGKILL)
            return [first, await stuck, await pool.read(capture(page("<p>Đoạn hai.</p>")), "dantri")]

    outcomes = [(reading.outcome, reading.reason) for reading in run(work())]
    died = (Outcome.EXTRACT_FAILED, "the worker died (exit code -9)")
    assert outcomes == [(Outcome.OK, ""), died, (Outcome.OK, "")]


def test_a_page_given_up_frees_its_worker(tmp_path: Path) -> None:
    (tmp_path / "dantri.toml").write_text(STUCK, "utf-8")

    async def work() -> Reading:
        with ExtractionPool(1, limit_seconds=60, outlets_folder=tmp_path) as pool:
            stuck = asyncio.create_task(pool.read(capture(ENDLESS), "dantri"))
            await asyncio.sleep(1)
            stuck.cancel()
            return await pool.read(capture(page("<p>Đoạn một.</p>")), "dantri")

    assert run(work()).outcome is Outcome.OK


@pytest.mark.skipif(sys.platform != "linux", reason="workers follow their parent's death on Linux only")
def test_no_worker_outlives_a_killed_owner(tmp_path: Path) -> None:
    script = tmp_path / "owner.py"
    script.write_text(
        "import asyncio, os, time\n"
        "from tests.pipeline.making import capture, page\n"
        "from pipeline.pool import ExtractionPool\n"
        "async def work():\n"
        "    pool = ExtractionPool(2)\n"
        "    await asyncio.gather(*(pool.read(capture(page('<p>x</p>')), 'dantri') for _ in range(4)))\n"
        "    print('ready', flush=True)\n"
        "    time.sleep(60)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(work())\n",
        "utf-8",
    )
    mark = f"LUUCHIEU_TEST={os.getpid()}-{time.time_ns()}"
    name, value = mark.split("=")
    environment = {**os.environ, name: value, "PYTHONPATH": str(Path(__file__).parents[2])}
    with subprocess.Popen(
        [sys.executable, str(script)], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"ready\n"
        assert len(_alive(mark)) >= 3
        owner.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while _alive(mark) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert _alive(mark) == []


def _alive(mark: str) -> list[str]:
    """Give the processes that carry this mark in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (place / "environ").read_bytes().split(b"\0"):
                found.append(place.name)
        except OSError:
            continue
    return found


def _children_of_children(owner: int) -> list[int]:
    """Give the workers: children of the fork server, which is a child of ours; the resource tracker has none."""
    return [below for child in _children(owner) for below in _children(child)]


def _children(parent: int) -> list[int]:
    return [int(n) for file in Path(f"/proc/{parent}/task").glob("*/children") for n in file.read_text().split()]
