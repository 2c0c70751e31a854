"""2,000 unchanged articles fetched again, a day later, among changed counters, boxes and scripts: no version."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.archive.builds import problems_of
from tests.replica.many import many
from tests.replica.server import START, Replica

pytestmark = pytest.mark.battery

PAGES = 2000
OUTLETS = ("dantri", "laodong", "vietnamplus", "baotintuc")


def crawl(replica: Replica, folder: Path) -> dict[str, int]:
    """Crawl the outlets; give what it meant for the archive."""
    words = ["run", *OUTLETS, "--via", replica.url, "--delay", "0", "--archive", str(folder), "--json"]
    done = subprocess.run([sys.executable, "-m", "crawler", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    outlets = json.loads(done.stdout)["outlets"]
    return {word: sum(outlet[word] for outlet in outlets) for word in ("new", "revised", "seen")}


def test_changed_surroundings_make_no_version(tmp_path: Path) -> None:
    with Replica(stories=many(PAGES, now=START, outlets=OUTLETS)) as replica:
        first = crawl(replica, tmp_path)
        replica.clock.advance("25h")
        second = crawl(replica, tmp_path)
        fetched = sum(entry["status"] == 200 and entry["path"].count("-") > 2 for entry in replica.log)
    print("\n" + json.dumps({"pages": PAGES, "first": first, "a day later": second, "bodies fetched": fetched}))
    assert first["new"] >= PAGES
    assert (second["new"], second["revised"]) == (0, 0)
    assert second["seen"] >= PAGES
    assert problems_of(tmp_path) == []
