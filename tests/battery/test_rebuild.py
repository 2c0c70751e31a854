"""Rebuild and replay at length: equal to the original, killed at random moments too; rates printed.

The demo archive, and 2,000 captures of synthetic articles (BATTERY=full: 20,000), filed as a crawl files them.
"""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.dump import dump_digest
from archive.filing import Filing
from archive.folder import Folder
from archive.refile import counts
from archive.values import Article, Block, Kind
from tests.archive.builds import NOON, file, filing
from tests.pipeline.making import page

pytestmark = pytest.mark.battery

FULL = os.environ.get("BATTERY") == "full"
CAPTURES = 20_000 if FULL else 2_000
PAGES = 1_000 if FULL else 300
KILLS = 20 if FULL else 6
SEED = 20261121
#: Seconds before a kill at the most: a rebuild that is killed goes on where it was.
LONGEST = 20.0
#: Of three captures of a page one shows it edited, and one sees it unchanged.
EACH = 3
OUTLETS = ("dantri", "laodong", "vietnamplus")


def syllables(chance: random.Random, count: int) -> str:
    return " ".join(
        f"{chance.choice('bcdghklmnrtv')}{chance.choice('aeiouâêô')}{chance.choice('ntcm')}" for _ in range(count)
    )


def story(number: int, edit: int) -> Article:
    """Give a story of our making; every tenth repeats paragraphs of the one before it."""
    chance = random.Random(f"{SEED} {number if number % 10 else number - 1}")
    texts = [syllables(chance, 60) for _ in range(6)]
    texts[-1] += f" sửa {number} {edit}"
    blocks = tuple(Block(kind=Kind.PARAGRAPH, text=text) for text in texts)
    return Article(title=f"Bài {number}", byline=("An",), lead=syllables(chance, 20), blocks=blocks, tags=(str(edit),))


def file_one(at: Filing, number: int, turn: int) -> None:
    names = {"document": f"{at.outlet}:{number}", "url": f"https://{at.outlet}.vn/bai-{number}.htm"}
    body = f"<p>{number} {turn}</p>".encode() * 40
    file(at, story(number, min(turn, 1)), after=timedelta(hours=turn, seconds=number), body=body, **names)


@dataclass(frozen=True, slots=True)
class Took:
    """What something took: seconds on the wall, and seconds of CPU."""

    wall: float
    cpu: float

    def rates(self, count: int) -> dict[str, float]:
        return {"a second": round(count / self.wall, 1), "a second of CPU": round(count / self.cpu, 1)}


@contextmanager
def timed() -> Iterator[list[Took]]:
    """Time what is done inside, the processes started there included."""
    wall, cpu, taken = time.monotonic(), time.process_time() + _cpu(), list[Took]()
    yield taken
    taken.append(Took(time.monotonic() - wall, time.process_time() + _cpu() - cpu))


def fill(path: Path) -> Took:
    """File all captures, outlet by outlet, sixteen waiting at once."""
    with timed() as taken:
        _fill(path)
    return taken[0]


def _fill(path: Path) -> None:
    for outlet in OUTLETS:
        with filing(path, outlet) as at, ThreadPoolExecutor(16) as threads:
            for turn in range(EACH):
                numbers = range(CAPTURES // EACH // len(OUTLETS))
                for job in [threads.submit(file_one, at, number, turn) for number in numbers]:
                    job.result()


def digest(path: Path) -> str:
    folder = Folder.open(path)
    with folder.read() as connection:
        found = dump_digest(connection)
    folder.close()
    return found


def counted(path: Path) -> dict[str, int]:
    folder = Folder.open(path)
    with folder.read() as connection:
        found = counts(connection)
    folder.close()
    return found


def begin(module: str, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", module, *words]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def finish(module: str, *words: str) -> Took:
    """Run to the end, which must be a good one."""
    with timed() as taken:
        assert begin(module, *words).wait(3000) == 0
    return taken[0]


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def kill_at_random(chance: random.Random, longest: float, module: str, *words: str) -> bool:
    """Kill the process group at a random moment; tell whether it was still at work."""
    begun = begin(module, *words)
    try:
        begun.wait(chance.uniform(0.6, min(longest, LONGEST)))
    except subprocess.TimeoutExpired:
        os.killpg(begun.pid, signal.SIGKILL)
        begun.wait()
    return begun.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Took]]:
    path = tmp_path_factory.mktemp("filled") / "archive"
    yield path, fill(path)


def test_a_rebuilt_demo_archive_equals_the_original(demo_folder: Path, tmp_path: Path) -> None:
    finish("archive", "rebuild", "--archive", str(demo_folder), "--into", str(tmp_path / "rebuilt"))
    assert digest(tmp_path / "rebuilt") == digest(demo_folder)
    assert finish("archive", "verify", "--archive", str(tmp_path / "rebuilt"))


def test_a_large_archive_is_rebuilt_equal(filled: tuple[Path, Took]) -> None:
    path, filed = filled
    before, held = digest(path), counted(path)
    for old in path.glob("archive.db*"):
        old.unlink()
    rebuilt = finish("archive", "rebuild", "--archive", str(path))
    assert (digest(path), counted(path)) == (before, held)
    verified = finish("archive", "verify", "--archive", str(path))
    took = {"filing": filed, "rebuild with index": rebuilt, "verify": verified}
    rates = {name: each.rates(held["captures"]) for name, each in took.items()}
    print("\n" + json.dumps({"held": held, "captures": rates}))


def test_a_rebuild_killed_at_random_moments_ends_equal(filled: tuple[Path, Took]) -> None:
    path, _ = filled
    before, held = digest(path), counted(path)
    began = time.monotonic()
    finish("archive", "rebuild", "--archive", str(path))
    longest = time.monotonic() - began
    chance = random.Random(SEED)
    killed = sum(kill_at_random(chance, longest, "archive", "rebuild", "--archive", str(path)) for _ in range(KILLS))
    assert finish("archive", "rebuild", "--archive", str(path))
    print("\n" + json.dumps({"kills of rebuild": killed, "tried": KILLS, "seed": SEED}))
    assert killed
    assert (digest(path), counted(path)) == (before, held)
    assert finish("archive", "verify", "--archive", str(path))


def write_foreign(path: Path) -> Path:
    """Write pages as an archive of the web would, each address at two times."""
    chance = random.Random(SEED)
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(PAGES):
            paragraphs = "".join(f"<p>{syllables(chance, 80)} {number}.</p>" for _ in range(8))
            body = page(paragraphs, title=f"Bài số {number} của hôm nay").encode()
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            url = f"https://dantri.com.vn/xa-hoi/bai-{number // 2}-2022122314{number // 2:07}.htm"
            dated = {"WARC-Date": f"{(NOON - timedelta(minutes=7 * number)):%Y-%m-%dT%H:%M:%SZ}"}
            content = {"payload": BytesIO(body), "length": len(body), "http_headers": http}
            writer.write_record(writer.create_warc_record(url, "response", warc_headers_dict=dated, **content))
    return path


def test_a_replay_killed_at_random_moments_ends_equal(tmp_path: Path) -> None:
    foreign = write_foreign(tmp_path / "news.warc.gz")
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    took = finish("crawler", "replay", str(foreign), "--archive", str(whole))
    chance = random.Random(SEED)
    words = ("replay", str(foreign), "--archive", str(broken))
    killed = sum(kill_at_random(chance, 3 + took.wall / 3, "crawler", *words) for _ in range(KILLS))
    finish("crawler", *words)
    print("\n" + json.dumps({"pages": PAGES, "replayed": took.rates(PAGES), "kills": killed, "seed": SEED}))
    assert killed
    assert counted(broken) == counted(whole)
    assert counted(whole)["captures"] == PAGES
    assert statements(broken) == statements(whole)
    assert finish("archive", "verify", "--archive", str(broken))
    finish("archive", "rebuild", "--archive", str(broken), "--into", str(tmp_path / "rebuilt"))
    assert digest(tmp_path / "rebuilt") == digest(broken)


def statements(path: Path) -> list[tuple[object, ...]]:
    """Give what the archive says of each capture, without where its bytes lie."""
    query = (
        "SELECT c.url, c.fetched_at, c.outcome, c.payload_sha256, c.payload_kept, c.chain, d.name, v.number, v.digest"
        " FROM captures c LEFT JOIN documents d ON d.id = c.document_id LEFT JOIN versions v ON v.id = c.version_id"
        " ORDER BY c.id"
    )
    folder = Folder.open(path)
    with folder.read() as connection:
        found = [tuple(row) for row in islice(connection.exec_driver_sql(query), None)]
    folder.close()
    return found
