"""`crawl run` and `crawl get` against the replica: real processes, a real archive."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.folder import Folder
from archive.tables import captures, links
from tests.replica.server import Replica

HOST = "vnexpress.net"


def crawl(*words: str, archive: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crawler", *words, "--archive", str(archive)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVE_")} | more
    return subprocess.run(command, capture_output=True, text=True, timeout=100, env=environment, check=False)


def start(*words: str, archive: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "crawler", *words, "--archive", str(archive)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def rows(archive: Path) -> list[Any]:
    with Folder.open(archive) as folder, folder.read() as connection:
        return list(connection.execute(select(captures).order_by(captures.c.id)))


def asked(replica: Replica, host: str = HOST) -> list[str]:
    return [entry["path"] for entry in replica.log if entry["host"] == host]


def until(happens: Callable[[], bool], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica() as running:
        yield running


@pytest.fixture(scope="module")
def crawled(replica: Replica, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    archive = tmp_path_factory.mktemp("crawl") / "archive"
    done = crawl("run", "vnexpress", "--via", replica.url, "--delay", "0", "--json", archive=archive)
    assert done.returncode == 0, done.stderr
    return archive, json.loads(done.stdout)["outlets"][0]


def test_one_request_is_one_capture(replica: Replica, crawled: tuple[Path, dict[str, Any]]) -> None:
    archive, summary = crawled
    filed = [row.url.removeprefix(f"https://{HOST}") for row in rows(archive)]
    assert "/robots.txt" in filed and asked(replica)[0] == "/robots.txt"  # asked first; filed when it is its turn
    assert sum(summary["captures"].values()) == len(filed)
    assert sorted(path for path in asked(replica) if path in filed) == sorted(filed)


def test_the_summary_tells_what_was_new(crawled: tuple[Path, dict[str, Any]]) -> None:
    archive, summary = crawled
    pages = [row for row in rows(archive) if row.purpose == "page"]
    assert summary["new"] == len({row.document_id for row in pages if row.document_id}) > 3
    assert (summary["revised"], summary["failed"], summary["interrupted"]) == (0, False, False)
    assert all(row.via is not None for row in pages)


def test_the_next_crawl_asks_with_conditions_and_fetches_no_page_not_due(
    replica: Replica, crawled: tuple[Path, dict[str, Any]]
) -> None:
    before = len(asked(replica))
    done = crawl("run", "vnexpress", "--via", replica.url, "--delay", "0", "--json", archive=crawled[0])
    summary = json.loads(done.stdout)["outlets"][0]
    assert (summary["new"], summary["revised"]) == (0, 0)
    assert summary["captures"]["not_modified"] >= 1
    assert not [path for path in asked(replica)[before:] if path.endswith(".html")]


def test_live_and_via_captures_never_mix(crawled: tuple[Path, dict[str, Any]]) -> None:
    done = crawl("run", "vnexpress", archive=crawled[0], ARCHIVE_CONTACT="test@bao.example")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "choose another folder" in done.stderr


def test_an_outlet_is_crawled_by_one_at_a_time(replica: Replica, crawled: tuple[Path, dict[str, Any]]) -> None:
    with Folder.open(crawled[0]) as folder, folder.lock_outlet("vnexpress"):
        done = crawl("run", "vnexpress", "--via", replica.url, "--delay", "0", archive=crawled[0])
    assert done.returncode == 6
    assert str(os.getpid()) in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["run", "vnexpres"], "did you mean vnexpress?"),
        (["run", "vnexpress", "--delay", "0"], "--delay needs --via"),
        (["run", "vnexpress", "--via", "ftp://x"], "is no server"),
        (["run", "vnexpress", "--via", "http://127.0.0.1:1"], "no server answers"),
        (["get", "file:///etc/passwd"], "is no page's address"),
        (["get", "dantri.com.vn/x.htm"], "is no page's address"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(tmp_path: Path, words: list[str], said: str) -> None:
    done = crawl(*words, archive=tmp_path / "archive")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert said in done.stderr


def test_get_archives_these_pages_now(replica: Replica, crawled: tuple[Path, dict[str, Any]]) -> None:
    page = next(row.url for row in rows(crawled[0]) if row.purpose == "page" and row.document_id)
    missing = f"https://{HOST}/khong-co-4999999.html"
    done = crawl("get", page, missing, "--via", replica.url, "--json", archive=crawled[0])
    assert done.returncode == 8
    first, second = json.loads(done.stdout)
    assert (first["url"], first["outcome"], first["number"]) == (page, "ok", 1)
    assert first["document"].startswith("vnexpress:")
    assert (second["url"], second["outcome"], second["document"]) == (missing, "gone", None)


def test_an_outlet_behind_a_gate_failed_as_a_whole(replica: Replica, tmp_path: Path) -> None:
    replica.fault(host="nhandan.vn", path="/", gate=True)
    done = crawl("run", "nhandan", "--via", replica.url, "--delay", "0", "--json", archive=tmp_path / "archive")
    replica.faults.clear()
    summary = json.loads(done.stdout)["outlets"][0]
    assert (done.returncode, summary["failed"], summary["new"]) == (7, True, 0)


def test_asked_to_stop_it_files_what_is_under_way_and_goes_on_next_time(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    before = len(asked(replica))
    replica.fault(host=HOST, path="/", slow=0.6)
    running = start("run", "vnexpress", "--via", replica.url, "--delay", "0", archive=archive)
    until(lambda: any(path.endswith(".html") for path in asked(replica)[before:]))
    began = time.monotonic()
    running.send_signal(signal.SIGTERM)
    _, said = running.communicate(timeout=40)
    replica.faults.clear()
    assert running.returncode == 143, said
    assert time.monotonic() - began < 30
    filed = rows(archive)
    assert len(filed) == len(asked(replica)[before:])
    assert {row.outcome for row in filed} == {"ok"}
    done = crawl("run", "vnexpress", "--via", replica.url, "--delay", "0", "--json", archive=archive)
    assert done.returncode == 0
    pages = [row.url for row in rows(archive) if row.purpose == "page"]
    assert len(pages) == len(set(pages)) > 3


def test_a_crawl_ends_with_its_killed_parent(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    before = len(asked(replica))
    replica.fault(host=HOST, path="/", slow=0.5)
    running = start("run", "vnexpress", "--via", replica.url, "--delay", "0", archive=archive)
    until(lambda: len(asked(replica)) > before + 2)
    running.kill()
    running.communicate()
    replica.faults.clear()
    time.sleep(1)
    done = crawl("run", "vnexpress", "--via", replica.url, "--delay", "0", archive=archive)
    assert done.returncode == 0, done.stderr
    pages = [row.url for row in rows(archive) if row.purpose == "page"]
    assert len(pages) == len(set(pages)) > 3


def test_a_server_that_asks_for_patience_is_left_in_peace(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    replica.fault(host=HOST, path="/rss", status=503, retry_after="600")
    before = len(asked(replica))
    crawl("run", "vnexpress", "--via", replica.url, "--delay", "0", archive=archive)
    replica.faults.clear()
    assert len([path for path in asked(replica)[before:] if path.startswith("/rss")]) == 1
    with Folder.open(archive) as folder, folder.read() as connection:
        due = connection.execute(select(links.c.next_visit)).scalars().all()
    waited = min(due) - max(row.fetched_at for row in rows(archive))
    assert waited == 600 * 1_000_000


def test_a_retried_host_waits_as_long_as_it_was_asked(replica: Replica, tmp_path: Path) -> None:
    replica.fault(host=HOST, path="/rss", status=429, retry_after="2", count=1)
    began = time.monotonic()
    done = crawl(
        "run", "vnexpress", "--via", replica.url, "--delay", "0", "--limit", "2", "--json", archive=tmp_path / "archive"
    )
    replica.faults.clear()
    summary = json.loads(done.stdout)["outlets"][0]
    assert summary["captures"]["blocked"] == 1
    assert time.monotonic() - began > 2
    assert summary["new"] <= 2
