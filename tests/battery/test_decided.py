"""`crawl replay --own --accept` and `--reject` killed at every step that reaches the disk: decided whole or not at all.

Each step is a real SIGKILL of the command's own process, before its n-th fsync, rename, removal or commit. Then a
foreign file of 4,000 records (BATTERY=full: 20,000) is replayed, killed twice on its way: nothing doubled, memory flat.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import func, select
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import announced, readings
from archive.dump import dump_digest
from archive.errors import ArchiveError
from archive.folder import Folder
from archive.tables import captures, documents, facts, versions
from pipeline.case import load_case
from pipeline.outlet import BUILT_IN
from tests.archive.builds import NOON, problems_of
from tests.pipeline.making import TEXT, page

pytestmark = pytest.mark.battery

SEED = 20261121
RECORDS = 20_000 if os.environ.get("BATTERY") == "full" else 4_000
OUTLETS = ("dantri", "laodong", "vietnamplus")
CASES = Path(__file__).parent.parent / "outlets"
#: KiB that memory may grow by for each thousand captures filed.
SLOPE = 512
# Dies before the n-th step; the workers of the pool are processes of their own and count nothing.
STEPS = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from sqlalchemy.engine import Engine
last, steps, log = int(sys.argv.pop(1)), 0, os.open(sys.argv.pop(1), os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def step(name):
    global steps
    steps += 1
    os.write(log, (name + "\\n").encode())
    if steps == last:
        os.kill(os.getpid(), signal.SIGKILL)
def staged(name, real):
    def call(*args, **kwargs):
        step(name)
        return real(*args, **kwargs)
    return call
os.fsync = staged("fsync", os.fsync)
Path.replace, Path.unlink = staged("rename", Path.replace), staged("remove", Path.unlink)
event.listen(Engine, "commit", lambda connection: step("commit"))
from crawler.cli import main
main()
"""


def record(writer: WARCWriter, url: str, body: bytes, at: timedelta, **more: str) -> None:
    status, kind = more.get("status", "200 OK"), more.get("kind", "text/html; charset=utf-8")
    said = [("Content-Type", kind), *([("Location", more["to"])] if "to" in more else [])]
    http = StatusAndHeaders(status, said, protocol="HTTP/1.1")
    dated = {"WARC-Date": f"{NOON + at:%Y-%m-%dT%H:%M:%SZ}"}
    content = {"payload": BytesIO(body), "length": len(body), "http_headers": http}
    writer.write_record(writer.create_warc_record(url, "response", warc_headers_dict=dated, **content))


def replay(*words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "crawler", "replay", *words], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of several outlets' case pages, and their files, which another extraction reads by, in `outlets/`."""
    path = tmp_path / "some.warc.gz"
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number, name in enumerate(sorted(CASES.glob("*/*/case.toml"))):
            case = load_case(name.parent)
            if case.outlet in OUTLETS:
                record(writer, case.capture.url, case.capture.body, timedelta(minutes=number))
    folder = tmp_path / "outlets"
    folder.mkdir()
    for outlet in OUTLETS:
        said = (BUILT_IN / f"{outlet}.toml").read_text(encoding="utf-8")
        (folder / f"{outlet}.toml").write_text(said.replace("strip = [", 'strip = [".never",'), encoding="utf-8")
    replay(str(path), "--archive", str(tmp_path / "archive"))
    return tmp_path / "archive"


def state(path: Path) -> tuple[str, int]:
    """Give the digest of all that the archive says, and how many extractions it rejected."""
    with Folder.open(path) as folder, folder.read() as connection:
        rejected = select(func.count()).where(facts.c.key.startswith("rejected:"))
        return dump_digest(connection), int(connection.execute(rejected).scalar_one())


def decided(path: Path, outlets: Path, how: str, last: int, log: Path) -> int:
    words = ["replay", "--own", f"--{how}", "--outlets", str(outlets), "--archive", str(path)]
    command = [sys.executable, "-c", STEPS, str(last), str(log), *words]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.parametrize("how", ["accept", "reject"])
def test_a_decision_killed_at_every_step_is_whole_or_none(archive: Path, tmp_path: Path, how: str) -> None:
    outlets, log = tmp_path / "outlets", tmp_path / "log"
    before = state(archive)
    shutil.copytree(archive, tmp_path / "done")
    assert decided(tmp_path / "done", outlets, how, 0, log) == 0
    steps, after = log.read_text().split(), state(tmp_path / "done")
    assert after != before
    with Folder.open(tmp_path / "done") as folder:
        outlets_decided = [one for one in OUTLETS if readings.verdicts(folder.path, one)]
    assert len(outlets_decided) > 1
    fell: Counter[str] = Counter()
    quiet: Any = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    for last in range(1, len(steps) + 1):
        path = tmp_path / "killed"
        shutil.copytree(archive, path)
        assert decided(path, outlets, how, last, log) == -signal.SIGKILL
        is_made = announced.announced(path) != []
        seen = state(path)
        assert seen in (before, after)
        assert problems_of(path) == []
        replay("--own", "--outlets", str(outlets), "--archive", str(path))
        is_made = is_made or seen == after
        assert state(path) == (after if is_made else before)
        fell[f"{steps[last - 1]}, {'made' if is_made else 'not made'}"] += 1
        done = subprocess.run([sys.executable, "-m", "archive", "rebuild", "--archive", str(path)], **quiet)
        assert (done.returncode, state(path)) == (0, after if is_made else before)
        shutil.rmtree(path)
    print("\n" + json.dumps({"decision": how, "kills": len(steps), "whole or none": len(steps), "fell": dict(fell)}))
    assert len(steps) >= 10


def write(path: Path) -> Counter[str]:
    """Write a foreign file as an archive of the web has it; tell what must be filed of it."""
    chance, due = Random(SEED), Counter[str]()
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for number in range(RECORDS):
            url = f"https://dantri.com.vn/xa-hoi/bai-202611201{number // 2:07}.htm"
            at = timedelta(minutes=-number)
            kind = chance.choices(["page", "gone", "moved", "picture", "other"], [70, 5, 5, 10, 10])[0]
            due[kind] += 1
            if kind == "page":
                words = " ".join(chance.choices(TEXT.split(), k=150))
                body = page(f"<p>{TEXT} {words} {number}.</p><p>{words}</p>", title=f"Bài số {number} hôm nay").encode()
                record(writer, url, body, at)
            elif kind in ("gone", "moved"):
                more = {"status": "404 Not Found"} if kind == "gone" else {"status": "302 Found", "to": "/"}
                record(writer, url, b"", at, **more)
            else:
                of_picture = {"kind": "image/jpeg"} if kind == "picture" else {}
                record(writer, url if kind == "picture" else "https://example.org/", os.urandom(2000), at, **of_picture)
    return due


def filed(path: Path) -> int:
    if not (path / "archive.db").exists():
        return 0
    with Folder.open(path) as folder, folder.read() as connection:
        return int(connection.execute(select(func.count(captures.c.id))).scalar_one())


def memory(pid: int) -> int:
    """Give the KiB that a process holds."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def watched(path: Path, foreign: Path, until: int | None) -> Iterator[tuple[int, int]]:
    """Replay, killed when so many captures are filed; give captures and memory as it goes."""
    words = [sys.executable, "-m", "crawler", "replay", str(foreign), "--archive", str(path)]
    begun = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    while begun.poll() is None:
        time.sleep(0.5)
        try:
            now = filed(path)
            yield now, memory(begun.pid)
        except (OSError, ArchiveError, ValueError):  # the database is being made, or the process has just ended
            continue
        if until is not None and now >= until:
            os.killpg(begun.pid, signal.SIGKILL)
            begun.wait()
            return
    assert begun.returncode == 0


def slope(points: list[tuple[int, int]]) -> float:
    """Give the KiB that memory grew by for each thousand captures, by least squares."""
    count, mean_x = len(points), sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    return 1000 * sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0


def test_a_large_foreign_file_costs_no_memory_and_nothing_twice(tmp_path: Path) -> None:
    foreign, path = tmp_path / "news.warc.gz", tmp_path / "archive"
    due = write(foreign)
    wanted = due["page"] + due["gone"] + due["moved"]
    began = time.monotonic()
    for share in (0.2, 0.4):
        list(watched(path, foreign, int(wanted * share)))
    points = list(watched(path, foreign, None))
    took = time.monotonic() - began
    # Until the last capture: then the index is made, which holds what it is told to hold.
    warm = [(count, size) for count, size in points if wanted * 0.5 < count < wanted]
    with Folder.open(path) as folder, folder.read() as connection:
        twice = select(captures.c.id).group_by(captures.c.url, captures.c.fetched_at).having(func.count() > 1)
        doubled = len(connection.execute(twice).all())
        counted = [connection.execute(select(func.count(table.c.id))).scalar_one() for table in (documents, versions)]
    figures = {"records": RECORDS, "due": dict(due), "filed": filed(path), "doubled": doubled, "seconds": round(took)}
    grown = {"KiB a thousand captures": round(slope(warm), 1), "KiB": [warm[0][1], warm[-1][1], points[-1][1]]}
    more = {"documents, versions": counted, "memory": grown, "largest child KiB": _largest(), "seed": SEED}
    print("\n" + json.dumps(figures | more))
    assert (filed(path), doubled) == (wanted, 0)
    assert counted[1] == due["page"]
    assert slope(warm) < SLOPE
    assert problems_of(path) == []


def _largest() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
