"""A disk that fails or is full, a lock that is held, readers beside a writer. The figures are printed."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive.folder import Folder
from archive.tables import captures, documents, versions
from archive.verify import open_unchanged, verify
from tests.archive.builds import article, file, filing
from tests.replica.server import Replica

pytestmark = pytest.mark.battery

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60
READERS = 8
OLD, NEW = "1 captures, versions 1", "2 captures, versions 1 2"
#: Acknowledged, and so was the same once more.
TWICE = "3 captures, versions 1 2"


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica() as server:
        yield server


def crawl(
    replica: Replica, folder: Path, limit: int | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "crawler", "run", "dantri", "--via", replica.url, "--delay", "0"]
    limited = None if limit is None else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    return subprocess.run(
        [*words, "--archive", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limited,
        env=os.environ | environment,
    )


def content_of(folder: Path) -> list[tuple[str, str]]:
    query = select(documents.c.name, versions.c.digest).join(versions).order_by(documents.c.name, versions.c.number)
    with Folder.open(folder) as opened, opened.read() as connection:
        return [(name, digest) for name, digest in connection.execute(query)]


def problems(folder: Path) -> list[str]:
    with open_unchanged(folder) as opened:
        return [f"{problem.kind}: {problem.where}: {problem.what}" for problem in verify(opened).problems]


def test_whichever_operation_fails_the_state_is_old_or_new(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("needs a C compiler to make operations fail")
    shim, work = tmp_path / "faults.so", tmp_path / "work"
    work.mkdir()
    source = Path(__file__).with_name("faults.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(shim), str(source), "-ldl"], check=True)
    faulty = [sys.executable, "-m", "tests.battery.faulty", str(work), str(shim)]
    preloaded = os.environ | {"LD_PRELOAD": str(shim), "FAULTS_UNDER": f"{work}/"}
    done = subprocess.run(faulty, capture_output=True, text=True, check=True, env=preloaded, cwd=ROOT)
    first, *faults = [json.loads(line) for line in done.stdout.splitlines()]
    words = ("acknowledged", "refused", "strange")
    came = Counter(f"{words[told['said']]}, then {words[told['again']]}, {told['state']}" for told in faults)
    print("\nfaults " + json.dumps(first | {"faults": len(faults)} | came))
    assert len(faults) == 4 * first["operations"] > 0
    allowed = {(0, 0): (TWICE,), (1, 1): (OLD, NEW)}
    assert [told for told in faults if told["state"] not in allowed.get((told["said"], told["again"]), ())] == []
    assert [told for told in faults if told["problems"]] == []


def full_and_then_free(crawl_once: Callable[[], subprocess.CompletedProcess[str]], free: Callable[[], None]) -> None:
    """Crawl on a full disk: exit 3 with one clear line; crawl again when it is free: done."""
    done = crawl_once()
    told = [line for line in done.stderr.splitlines() if "the disk is full at" in line]
    assert (done.returncode, len(told), "Traceback" in done.stderr) == (3, 1, False), done.stderr
    free()
    assert (again := crawl_once()).returncode == 0, again.stderr


@pytest.mark.parametrize("limit", [20_000, 120_000, 300_000, 600_000, 1_000_000])
def test_a_limit_of_file_size_is_a_full_disk(limit: int, replica: Replica, tmp_path: Path) -> None:
    limits = [limit, None]
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    assert crawl(replica, whole).returncode == 0
    full_and_then_free(lambda: crawl(replica, cut, limits[0]), lambda: limits.reverse())
    assert (content_of(cut), problems(cut)) == (content_of(whole), [])
    print(f"\nfile size limit {limit}: exit 3, resumed, nothing lost")


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[None]:
    path.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)], check=False).returncode:
        pytest.skip("needs the right to mount a tmpfs")
    try:
        yield
    finally:
        subprocess.run(["umount", str(path)], check=True)


@pytest.mark.skipif(os.getuid() != 0, reason="needs the right to mount a tmpfs")
@pytest.mark.parametrize("size", ["200k", "500k", "1m", "1500k"])
def test_a_full_disk_loses_nothing(size: str, replica: Replica, tmp_path: Path) -> None:
    whole, disk = tmp_path / "whole", tmp_path / "disk"
    assert crawl(replica, whole).returncode == 0
    with small_disk(disk, size):
        larger = ["mount", "-o", "remount,size=64m", str(disk)]
        full_and_then_free(lambda: crawl(replica, disk / "archive"), lambda: void(subprocess.run(larger, check=True)))
        assert (content_of(disk / "archive"), problems(disk / "archive")) == (content_of(whole), [])
    print(f"\ndisk of {size}: exit 3, resumed, nothing lost")


def void(_: object) -> None:
    """Take a value for nothing."""


@contextmanager
def holding(folder: Path, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Hold the write lock in another process for so long."""
    script = (
        "import sys, time; from pathlib import Path; from archive import locks\n"
        "with locks.hold(Path(sys.argv[1]) / 'locks' / 'write.lock', wait=5, busy=RuntimeError):\n"
        "    print('held', flush=True); time.sleep(float(sys.argv[2]))"
    )
    words = [sys.executable, "-c", script, str(folder), str(seconds)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        try:
            yield holder
        finally:
            holder.kill()


def test_a_held_write_lock_is_waited_for_and_then_named(replica: Replica, tmp_path: Path) -> None:
    folder = tmp_path / "archive"
    with filing(folder) as at:
        file(at, article("một"))
        with holding(folder, 8.0):
            began = time.monotonic()
            filed = file(at, article("hai"), after=timedelta(minutes=1))
            waited = time.monotonic() - began
    assert (filed.number, problems(folder)) == (2, [])
    assert 6 < waited < 20
    other = tmp_path / "other"
    assert crawl(replica, other).returncode == 0
    before = content_of(other)
    with holding(other, 120.0) as holder:
        done = crawl(replica, other, ARCHIVE_WRITE_WAIT="3")
    assert (done.returncode, f"process {holder.pid}" in done.stderr, "Traceback" in done.stderr) == (5, True, False)
    assert crawl(replica, other).returncode == 0
    assert (content_of(other), problems(other)) == (before, [])
    print(f"\nwrite lock: held 8 s, waited {waited:.1f} s; held longer than the wait: exit 5 naming the holder")


READER = """
import json, sys, time
from pathlib import Path
from sqlalchemy import func, select
from archive.documents import versions_of, resolve
from archive.folder import Folder
from archive.tables import captures, documents, versions
took = []
with Folder.open(Path(sys.argv[1])) as folder:
    until = time.monotonic() + float(sys.argv[2])
    while time.monotonic() < until:
        began = time.monotonic()
        with folder.read() as connection:
            name = connection.execute(select(documents.c.name).order_by(func.random()).limit(1)).scalar_one()
            assert versions_of(connection, resolve(connection, name))
            assert connection.execute(select(func.count(captures.c.id))).scalar_one() >= 50
        took.append(time.monotonic() - began)
        time.sleep(0.02)
took.sort()
print(json.dumps({"reads": len(took), "p99": took[len(took) * 99 // 100], "max": took[-1]}))
"""


def test_eight_readers_and_a_writer_never_find_the_database_busy(tmp_path: Path) -> None:
    with filing(tmp_path) as at:
        for number in range(50):
            file(at, article(f"bài {number}"), document=f"dantri:{number}", url=f"https://dantri.vn/{number}")
        words = [sys.executable, "-c", READER, str(tmp_path), str(SECONDS)]
        readers = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(READERS)]
        written, longest, until = 0, 0.0, time.monotonic() + SECONDS
        while time.monotonic() < until:
            began = time.monotonic()
            known = {"document": f"dantri:{written % 50}", "url": f"https://dantri.vn/{written % 50}"}
            file(at, article(f"bài {written % 50}, lần {written}"), after=timedelta(seconds=written), **known)
            longest, written = max(longest, time.monotonic() - began), written + 1
        told = []
        for reader in readers:
            with suppress(ValueError):
                told.append(json.loads(reader.communicate(timeout=60)[0]))
    reads, worst = sum(one["reads"] for one in told), max(one["p99"] for one in told) * 1000
    print(f"\n{READERS} readers: {reads} reads in {SECONDS} s (p99 {worst:.0f} ms at worst), {written} captures filed")
    print(f"longest filing {longest:.2f} s")
    assert [reader.returncode for reader in readers] == [0] * READERS
    assert (len(told), problems(tmp_path)) == (READERS, [])
    with Folder.open(tmp_path) as opened, opened.read() as connection:
        assert connection.execute(select(func.count(captures.c.id))).scalar_one() == 50 + written
