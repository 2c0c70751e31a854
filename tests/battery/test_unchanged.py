"""2,000 unchanged articles fetched again, a day later, everything around them changed: no version.

The same on saved pages of the outlets themselves, where `ARCHIVE_REAL_PAGES` names a folder of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from archive.digest import content_digest
from archive.values import Capture, Outcome
from pipeline.extract import extract
from pipeline.outlet import load_outlets
from tests.archive.builds import NOON, problems_of
from tests.battery.surroundings import MADE, changed
from tests.replica import saved
from tests.replica.answer import Answer, digest
from tests.replica.many import many
from tests.replica.server import START, Replica

pytestmark = pytest.mark.battery

PAGES = 2000
OUTLETS = ("dantri", "laodong", "vietnamplus", "baotintuc")
SEED = 20261121
REAL = os.environ.get("ARCHIVE_REAL_PAGES")
TIMES = 10


def crawl(replica: Replica, folder: Path) -> dict[str, int]:
    """Crawl the outlets; give what it meant for the archive."""
    words = ["run", *OUTLETS, "--via", replica.url, "--delay", "0", "--archive", str(folder), "--json"]
    done = subprocess.run([sys.executable, "-m", "crawler", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    outlets = json.loads(done.stdout)["outlets"]
    return {word: sum(outlet[word] for outlet in outlets) for word in ("new", "revised", "seen")}


def around(answer: Callable[..., Answer]) -> Callable[..., Answer]:
    """Change what stands around the text of every page that is answered."""

    def other(*asked: Any) -> Answer:
        said = answer(*asked)
        if said.status != 200 or not said.type.startswith("text/html"):
            return said
        body = changed(said.body.decode(), Random(f"{SEED} {asked[1]}")).encode()
        return replace(said, body=body, tag=digest(body), changed=asked[2])

    return other


def test_changed_surroundings_make_no_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    MADE.clear()
    with Replica(stories=many(PAGES, now=START, outlets=OUTLETS)) as replica:
        first = crawl(replica, tmp_path)
        replica.clock.advance("25h")
        monkeypatch.setattr(replica.world, "answer", around(replica.world.answer))
        replica.log.clear()
        second = crawl(replica, tmp_path)
        fetched = sum(entry["status"] == 200 and entry["path"].count("-") > 2 for entry in replica.log)
    figures = {"pages": PAGES, "first": first, "a day later": second, "bodies fetched again": fetched}
    print("\n" + json.dumps(figures | {"changes made": dict(MADE), "seed": SEED}, ensure_ascii=False))
    assert first["new"] >= PAGES
    assert (second["new"], second["revised"]) == (0, 0)
    assert second["seen"] >= PAGES
    assert fetched >= PAGES
    assert problems_of(tmp_path) == []


@pytest.mark.skipif(not REAL, reason="ARCHIVE_REAL_PAGES names no folder of saved pages")
def test_changed_surroundings_of_real_pages_change_no_digest() -> None:
    MADE.clear()
    outlets, wrong, pages = load_outlets(), [], 0
    for page in saved.load(Path(REAL or "")).values():
        outlet, text = outlets[page.site.name], page.body.decode("utf-8", "replace")
        taken = Capture(
            outlet=outlet.name,
            url=page.teaser.url,
            fetched_at=NOON,
            outcome=Outcome.OK,
            status=200,
            headers=(("Content-Type", "text/html; charset=utf-8"),),
            body=text.encode(),
        )
        expected = extract(taken, outlet)
        pages += expected.article is not None
        for turn in range(TIMES):
            other = changed(text, Random(f"{SEED} {page.teaser.url} {turn}"))
            again = extract(replace(taken, body=other.encode()), outlet)
            if (again.article and content_digest(again.article)) != (
                expected.article and content_digest(expected.article)
            ):
                wrong.append(f"{page.teaser.url} {turn}")
    figures = {"pages": pages, "readings": pages * TIMES, "differ": len(wrong), "changes made": dict(MADE)}
    print("\n" + json.dumps(figures | {"seed": SEED}, ensure_ascii=False))
    assert wrong == []
