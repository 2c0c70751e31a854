"""Who holds a lock, told without touching it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archive import locks

_TABLE = Path("/proc/locks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A lock that is held: the process id that its file names, and whether such a process runs."""

    path: Path
    pid: str
    alive: bool


def held(path: Path) -> Held | None:
    """Tell who holds the lock of this file; None when nobody does, or the system does not say (no /proc)."""
    try:
        inode = path.stat().st_ino
        lines = _TABLE.read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return None
    if not any(" FLOCK " in line and f":{inode} " in line and "->" not in line for line in lines):
        return None
    pid = locks.holder(path)
    return Held(path=path, pid=pid, alive=_runs(pid))


def outlet_held(folder: Path, outlet: str) -> Held | None:
    """Tell who holds the outlet's lock: its crawl."""
    return held(folder / "locks" / f"outlet-{outlet}.lock")


def _runs(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
