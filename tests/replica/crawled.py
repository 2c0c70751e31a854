"""An archive made by crawling the replica as `make demo` does: three outlets, hours pass, three outlets again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from archive.folder import Folder
from archive.tables import documents, versions
from tests.replica.clock import read_time
from tests.replica.server import Replica

OUTLETS = ("dantri", "laodong", "vietnamplus")
TIME = read_time("2026-11-19T12:00:00+07:00")
HOURS = "12h"


def crawl(replica: Replica, folder: Path, *more: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run `crawl run` against the replica; check its exit code."""
    words = ["run", *OUTLETS, "--via", replica.url, "--delay", "0", "--archive", str(folder), *more]
    quiet = os.environ | {"NO_COLOR": "1"}
    command = [sys.executable, "-m", "crawler", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=quiet)
    assert done.returncode == code, f"exit {done.returncode}: {done.stderr[-2000:]}"
    return done


def make(folder: Path) -> Path:
    """Crawl twice, with hours between; give the archive's folder."""
    with Replica(time=TIME) as replica:
        crawl(replica, folder)
        replica.clock.advance(HOURS)
        crawl(replica, folder)
    return folder


def edited(folder: Path) -> list[str]:
    """Give the documents that were edited, those with the smallest change first."""
    query = select(documents.c.name, versions.c.content).join(versions).where(~versions.c.boring)
    texts: dict[str, list[str]] = {}
    with Folder.open(folder) as opened, opened.read() as connection:
        for name, content in connection.execute(query.order_by(versions.c.number)):
            texts.setdefault(name, []).append(content)
    changed = {name: abs(len(both[0]) - len(both[1])) for name, both in texts.items() if len(both) > 1}
    return sorted(changed, key=lambda name: (changed[name], name))
