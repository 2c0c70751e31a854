"""Crawls of the replica that are killed: begun with a stage to die at, and what of them is acknowledged and held."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from archive.folder import Folder
from archive.members import Record, records
from archive.tables import captures, documents, versions
from tests.replica.server import Replica

OUTLETS = ("dantri", "laodong")
_STAGES = Path(__file__).parent / "stages"


def crawl(replica: Replica, folder: Path, acks: Path, kill: str = "never:0") -> subprocess.Popen[bytes]:
    """Begin `crawl run`; it notes what it acknowledged in `acks`, and dies at the stage that `kill` names."""
    words = [sys.executable, "-m", "crawler", "run", *OUTLETS, "--via", replica.url, "--delay", "0"]
    noted = {"BATTERY_KILL": kill, "BATTERY_ACKS": str(acks)}
    environment = os.environ | {"PYTHONPATH": f"{_STAGES}{os.pathsep}."} | noted
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "start_new_session": True}
    return subprocess.Popen([*words, "--archive", str(folder)], env=environment, **quiet)  # type: ignore[call-overload,no-any-return]  # options as a mapping


def die(begun: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a crawl to be killed, and kill it after so many seconds; tell whether it died and did not end."""
    try:
        begun.wait(seconds)
    except subprocess.TimeoutExpired:
        os.killpg(begun.pid, signal.SIGKILL)
        begun.wait()
    time.sleep(0.3)  # the leash takes the other child with it
    return begun.returncode == -signal.SIGKILL


def wait_for(begun: subprocess.Popen[bytes], acks: Path, more: int) -> None:
    """Wait until a crawl has acknowledged so many captures more than now, or has ended."""
    until = len(noted(acks)) + more
    while begun.poll() is None and len(noted(acks)) < until:
        time.sleep(0.01)


def noted(acks: Path) -> list[str]:
    """Give the lines noted: one for each acknowledged capture."""
    return acks.read_text(encoding="utf-8").splitlines() if acks.exists() else []


def held(folder: Path) -> Counter[str]:
    """Give the captures that the database holds, as they are noted when acknowledged."""
    query = select(captures.c.outlet, captures.c.fetched_at, captures.c.url)
    with Folder.open(folder) as opened, opened.read() as connection:
        return Counter(f"{row.outlet} {row.fetched_at} {row.url}" for row in connection.execute(query))


def lost(folder: Path, acks: Path) -> list[str]:
    """Give the acknowledged captures that the database does not hold as often as they were acknowledged."""
    return sorted((Counter(noted(acks)) - held(folder)).elements())


def doubled(folder: Path, log: list[dict[str, Any]]) -> list[str]:
    """Give what stands twice: a capture in the database or in the WARC files; more captures than requests were made.

    `log` is the replica's own, of all that was asked for this archive.
    """
    with Folder.open(folder) as opened, opened.read() as connection:
        chains = Counter(connection.execute(select(captures.c.chain)).scalars())
        urls = Counter(connection.execute(select(captures.c.url).where(captures.c.status.is_not(None))).scalars())
    asked = Counter(f"{entry['host']}{entry['path']}" for entry in log)
    more = Counter({url.partition("://")[2]: count for url, count in urls.items()}) - asked
    written = Counter(_chains(folder / "warc"))
    return [*more, *(one for counted in (chains, written) for one, count in counted.items() if count > 1)]


def _chains(warc_dir: Path) -> Iterator[str]:
    for path in warc_dir.glob("*/*.warc.gz"):
        with path.open("rb") as file:
            for one in records(file):
                if isinstance(one, Record) and one.kind == "metadata":
                    yield json.loads(one.content)["filed"]["chain"]


def content_of(folder: Path) -> dict[str, list[str]]:
    """Give each document's version digests, in order."""
    query = select(documents.c.name, versions.c.digest).join(versions).order_by(documents.c.name, versions.c.number)
    found: dict[str, list[str]] = {}
    with Folder.open(folder) as opened, opened.read() as connection:
        for name, digest in connection.execute(query):
            found.setdefault(name, []).append(digest)
    return found
