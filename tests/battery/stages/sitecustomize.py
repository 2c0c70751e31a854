"""Loaded by a crawl's child under test: notes what was acknowledged, and kills the whole crawl at a stage of filing.

BATTERY_KILL is `stage:n`: at the n-th time that filing reaches the stage, SIGKILL the parent and the child's group.
BATTERY_ACKS is the file that gets a line per acknowledged capture.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STAGES = ("before WARC", "after fsync", "filing again", "in the transaction", "after commit")


def _die() -> None:
    os.kill(os.getppid(), signal.SIGKILL)
    os.killpg(os.getpgid(0), signal.SIGKILL)


def _arm(stage: str, at: int, acks: int) -> None:
    from archive import commit, filing, folder, refile
    from archive.times import to_us

    counts = dict.fromkeys(STAGES, 0)

    def reach(now: str) -> None:
        counts[now] += 1
        if now == stage and counts[now] == at:
            _die()

    append, commit_one, file, write = filing.append, commit.commit, filing.Filing.file, folder.Folder.write
    refile_one = refile.refile

    def append_staged(*args: Any, **kwargs: Any) -> Any:
        reach("before WARC")
        place = append(*args, **kwargs)
        reach("after fsync")
        return place

    def commit_staged(*args: Any, **kwargs: Any) -> Any:
        done = commit_one(*args, **kwargs)
        reach("in the transaction")
        return done

    def refile_staged(*args: Any, **kwargs: Any) -> Any:
        done = refile_one(*args, **kwargs)
        reach("filing again")
        return done

    @contextmanager
    def write_staged(self: folder.Folder) -> Iterator[Any]:
        with write(self) as connection:
            yield connection
        reach("after commit")

    def file_noted(self: filing.Filing, entry: Any) -> Any:
        done = file(self, entry)
        capture = entry.capture
        os.write(acks, f"{capture.outlet} {to_us(capture.fetched_at)} {capture.url}\n".encode())
        return done

    filing.append, commit.commit, refile.refile = append_staged, commit_staged, refile_staged
    folder.Folder.write, filing.Filing.file = write_staged, file_noted  # type: ignore[method-assign]  # staged here only


if "crawler.child" in sys.orig_argv and "BATTERY_ACKS" in os.environ:
    _stage, _, _at = os.environ.get("BATTERY_KILL", "never:0").rpartition(":")
    _arm(_stage, int(_at), os.open(os.environ["BATTERY_ACKS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644))
