"""`crawl status` after an outlet is redesigned between two crawls of the replica."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from tests.replica.answer import Answer, digest
from tests.replica.crawled import TIME
from tests.replica.server import Replica
from tests.replica.site import Site
from tests.replica.stories import load
from tests.replica.world import World


class Redesigned(World):
    """The outlets after a redesign: what was called one name in every page is now called another."""

    def __init__(self, names: dict[bytes, bytes]) -> None:
        super().__init__(load(), {})
        self.names = names

    def _answer(self, site: Site, path: str, now: datetime) -> Answer:
        answer = super()._answer(site, path, now)
        body = answer.body
        for old, new in self.names.items():
            body = body.replace(old, new)
        return answer if body == answer.body else replace(answer, body=body, tag=digest(body))


def crawl(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "crawler", *words, "--archive", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)


def test_outlets_that_only_print_news_do_not_drift(demo_folder: Path) -> None:
    told = crawl("status", "--json", "--exit-code", folder=demo_folder)
    outlets = json.loads(told.stdout)["outlets"]
    assert (told.returncode, [outlet["outlet"] for outlet in outlets]) == (0, ["dantri", "laodong", "vietnamplus"])
    for outlet in outlets:
        assert outlet["alarms"] == []
        assert min(outlet["pages"]["now"]["pages"], outlet["links"]["known"]) > 0
        assert outlet["last_crawl"]["ended_at"]


def test_a_redesign_between_two_crawls_is_an_alarm(tmp_path: Path) -> None:
    redesigned = Redesigned({b"singular-content": b"noi-dung-bai", b'data-slot="sapo"': b'data-slot="dan"'})
    with Replica(time=TIME) as replica:
        words = ["run", "dantri", "--via", replica.url, "--delay", "0"]
        assert crawl(*words, folder=tmp_path).returncode == 0
        replica.world = redesigned
        replica.clock.advance("12h")
        assert crawl(*words, folder=tmp_path).returncode == 0
    told = crawl("status", "dantri", "--json", "--exit-code", folder=tmp_path)
    alarms = json.loads(told.stdout)["outlets"][0]["alarms"]
    found = {(alarm["kind"], alarm["template"], alarm["what"]) for alarm in alarms}
    assert (told.returncode, found) == (8, {("template", "", ""), ("field", "dantri/2026", "lead")})
    assert all(len(alarm["examples"]) == 3 for alarm in alarms)
