"""Locks name their holder and are gone with it, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from archive.locks import hold, holder

HOLDER = """
import sys, time
from pathlib import Path
from archive.locks import hold
with hold(Path(sys.argv[1]), wait=0, busy=RuntimeError):
    print("held", flush=True)
    time.sleep(60)
"""


class HeldBy(Exception):
    """Says who holds the lock."""


def held_elsewhere(path: Path) -> subprocess.Popen[str]:
    """Hold the lock in a process of its own; give it once it holds."""
    other = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    return other


def test_the_file_names_the_holder_while_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "locks" / "a.lock"
    assert holder(path) == "unknown"
    with hold(path, wait=0, busy=HeldBy):
        assert holder(path) == str(os.getpid())


def test_a_second_is_told_who_holds_and_at_once_when_it_does_not_wait(tmp_path: Path) -> None:
    with hold(tmp_path / "a.lock", wait=0, busy=HeldBy):
        begun = time.monotonic()
        with pytest.raises(HeldBy, match=f"^{os.getpid()}$"), hold(tmp_path / "a.lock", wait=0, busy=HeldBy):
            pass
        assert time.monotonic() - begun < 1


def test_a_second_waits_as_long_as_it_was_told_and_no_longer(tmp_path: Path) -> None:
    with hold(tmp_path / "a.lock", wait=0, busy=HeldBy):
        begun = time.monotonic()
        with pytest.raises(HeldBy), hold(tmp_path / "a.lock", wait=0.3, busy=HeldBy):
            pass
        assert 0.3 <= time.monotonic() - begun < 3


def test_a_second_that_waits_takes_over_when_the_first_lets_go(tmp_path: Path) -> None:
    done = threading.Event()
    first = hold(tmp_path / "a.lock", wait=0, busy=HeldBy)
    with first:
        waiter = threading.Thread(target=_take, args=(tmp_path / "a.lock", done))
        waiter.start()
        assert not done.wait(0.2)
    assert done.wait(10)
    waiter.join()


def _take(path: Path, done: threading.Event) -> None:
    with hold(path, wait=10, busy=HeldBy):
        done.set()


def test_a_killed_holder_leaves_no_lock_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with held_elsewhere(path) as other:
        try:
            with pytest.raises(HeldBy, match=f"^{other.pid}$"), hold(path, wait=0, busy=HeldBy):
                pass
        finally:
            other.send_signal(signal.SIGKILL)
            other.wait()
    assert holder(path) == str(other.pid)  # the file stays and still names the dead
    with hold(path, wait=5, busy=HeldBy):
        assert holder(path) == str(os.getpid())


def test_an_error_inside_lets_go(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), hold(tmp_path / "a.lock", wait=0, busy=HeldBy):
        raise ZeroDivisionError
    with hold(tmp_path / "a.lock", wait=0, busy=HeldBy):
        pass


def test_a_program_that_the_holder_starts_does_not_hold(tmp_path: Path) -> None:
    with hold(tmp_path / "a.lock", wait=0, busy=HeldBy):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    with child:
        with hold(tmp_path / "a.lock", wait=5, busy=HeldBy):  # it may take the child a moment to let go
            assert child.poll() is None
        assert child.stdin is not None
        child.stdin.write(b"\n")


def test_a_file_that_names_nobody_is_no_error(tmp_path: Path) -> None:
    for said in (b"", b"\n", b"\xff\n"):
        (tmp_path / "a.lock").write_bytes(said)
        assert holder(tmp_path / "a.lock") in ("unknown", "\ufffd")
        with hold(tmp_path / "a.lock", wait=0, busy=HeldBy):
            assert holder(tmp_path / "a.lock") == str(os.getpid())
