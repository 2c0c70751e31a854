"""Locks between processes: flock on a file that names its holder; gone with the process, however it ends."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PAUSE = 0.02
#: What to raise when a lock cannot be had, given who holds it.
Busy = Callable[[str], Exception]


def holder(path: Path) -> str:
    """Give the process id that the lock's file names, or 'unknown'."""
    try:
        return path.read_text(encoding="ascii", errors="replace").strip() or "unknown"
    except OSError:
        return "unknown"


@contextmanager
def hold(path: Path, *, wait: float, busy: Busy) -> Iterator[None]:
    """Hold the lock of this file, waiting up to `wait` seconds; raise `busy(holder)` when another keeps it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _acquire(descriptor, path, wait, busy)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, path: Path, wait: float, busy: Busy) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise busy(holder(path)) from None
        time.sleep(_PAUSE)
