"""`crawl daemon`: one per archive, by its schedule, ended in good order."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crawler.test_crawl import asked, crawl, rows, start, until
from tests.replica.server import Replica


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica() as running:
        yield running


def test_it_crawls_by_its_schedule_alone_and_stops_in_good_order(replica: Replica, tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    words = ("daemon", "vnexpress", "nhandan", "--via", replica.url, "--delay", "0", "--every", "0.1")
    running = start(*words, archive=archive)
    try:
        until(lambda: asked(replica).count("/robots.txt") >= 2, 60)
        began = time.monotonic()
        second = crawl("daemon", "--via", replica.url, archive=archive)
        assert second.returncode == 6
        assert str(running.pid) in second.stderr
        assert time.monotonic() - began < 10  # it never waits for the first; the bound leaves room for a busy machine
        running.send_signal(signal.SIGTERM)
        _, said = running.communicate(timeout=35)
    finally:
        running.kill()
    assert running.returncode == 0, said
    requests = len(asked(replica)) + len(asked(replica, "nhandan.vn"))
    assert len(rows(archive)) == requests
    assert "Traceback" not in said


def test_it_does_not_start_without_a_contact(tmp_path: Path) -> None:
    done = crawl("daemon", archive=tmp_path / "archive")
    assert done.returncode == 2
    assert "ARCHIVE_CONTACT" in done.stderr


def test_a_second_signal_ends_it_at_once(replica: Replica, tmp_path: Path) -> None:
    replica.fault(host="baotintuc.vn", path="/", slow=6)
    running = start("daemon", "baotintuc", "--via", replica.url, "--delay", "0", archive=tmp_path / "archive")
    try:
        until(lambda: bool(asked(replica, "baotintuc.vn")), 60)
        running.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        assert running.poll() is None
        running.send_signal(signal.SIGTERM)
        assert running.wait(timeout=8) == 0
    except subprocess.TimeoutExpired:
        running.kill()
        raise
    finally:
        replica.faults.clear()
        running.communicate()
