"""A hostile server costs itself only: every attempt leaves a capture, and the crawl ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from archive.values import Capture, Link, Outcome
from crawler.clock import Clock
from crawler.order import Order
from pipeline.ingest import redirected
from pipeline.outlet import Outlet
from tests.crawler import site as at
from tests.crawler.site import Answer
from tests.crawler.test_crawl import crawl, rows
from tests.crawler.test_frontier import HOST, NOON, answer, drain, frontier, page
from tests.crawler.test_replay import answer as warc_answer
from tests.crawler.test_replay import text, write
from tests.pipeline.making import URL

HERE = "https://baothu.vn"
FAR = "Fri, 20 Nov 99999999999999999999 12:00:07 GMT"
CRAWL = Path(sys.executable).with_name("crawl")
RSS = "<rss><channel>{}</channel></rss>"


NOWHERE = ["", "http://[", f"ftp://{HOST}/y.htm", "http://a b/", f"https://u:p@{HOST}/", f"https://{HOST}:99999/"]


def moved(link: Link, location: str) -> Capture:
    return answer(link, 301, outcome=Outcome.REDIRECT, headers=(("Location", location),))


@pytest.mark.parametrize("location", NOWHERE)
def test_a_redirect_to_nowhere_gives_no_link(location: str) -> None:
    outlet = Outlet(name="bao", display="Báo", hosts=(HOST, "a", ""), article="")
    assert redirected(moved(page(1), location), page(1), outlet) == ()
    assert redirected(moved(page(1), "/2.htm"), page(1), outlet)[0].url == page(2).url


@pytest.mark.parametrize("location", NOWHERE)
def test_a_robots_txt_that_leads_nowhere_forbids(location: str) -> None:
    front = frontier([page(1)])
    assert drain(front, robots=lambda link: moved(link, location)) == ["/robots.txt", "/1.htm"]
    assert "cannot be read" in front.forbids(page(1))


def test_a_redirect_to_nowhere_costs_its_page_alone(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with at.running() as site:
        site.special["", "/x.html"] = at.status(301, Location="http://[")
        done = crawl("get", f"{HERE}/x.html", f"{HERE}/z.html", "--via", site.url, archive=archive)
    assert (done.returncode, "Traceback" in done.stderr) == (8, False)
    filed = [(row.url.removeprefix(HERE), row.outcome) for row in rows(archive)]
    assert filed == [("/robots.txt", "gone"), ("/x.html", "redirect"), ("/z.html", "ok")]


@pytest.mark.parametrize("date", [FAR, "Fri, 31 Dec 9999 23:59:59 -2359", "Fri,", ""])
def test_a_date_that_no_calendar_holds_sets_no_clock(date: str) -> None:
    clock = Clock(by_server=True)
    clock.hear("Fri, 20 Nov 2026 12:00:00 GMT")
    clock.hear(date)
    assert clock.now() == NOON


def test_an_outlet_whose_robots_txt_turns_everyone_away_has_failed(tmp_path: Path) -> None:
    archive = tmp_path / "archive"
    with at.running() as site:
        site.special["", "/robots.txt"] = at.status(503, Retry_After="3600")
        done = crawl("run", "vnexpress", "--via", site.url, "--delay", "0", "--json", archive=archive)
    (summary,) = json.loads(done.stdout)["outlets"]
    assert (done.returncode, summary["failed"], summary["captures"]) == (7, True, {"error": 1})
    assert "asks to wait" in summary["left"]["vnexpress.net"]


def test_a_feed_fetched_as_a_page_is_still_polled_as_a_feed(tmp_path: Path) -> None:
    archive, feed = tmp_path / "archive", "https://vnexpress.net/rss/tin-moi-nhat.rss"
    article = "<item><link>https://vnexpress.net/tin-moi-4954454.html</link></item>"
    with at.running() as site:
        site.special["", "/rss/tin-moi-nhat.rss"] = at.status(200, RSS.format(article).encode(), ETag='"1"')
        crawl("get", feed, "--via", site.url, archive=archive)
        crawl("run", "vnexpress", "--via", site.url, "--delay", "0", archive=archive)
    filed = [(row.purpose, row.outcome) for row in rows(archive) if row.url == feed]
    assert filed[1] == ("feed", "ok")
    assert "https://vnexpress.net/tin-moi-4954454.html" in [row.url for row in rows(archive)]


def stuck(answer: Answer) -> None:
    answer.give(200, RSS.format("<a>" * 2**20).encode())


def test_a_feed_that_takes_for_ever_is_given_up_and_the_others_are_read(tmp_path: Path) -> None:
    archive, stuck_at = tmp_path / "archive", "/rss/tin-moi-nhat.rss"
    with at.running() as site:
        site.special["", stuck_at] = stuck
        began = monotonic()
        done = crawl("run", "vnexpress", "--via", site.url, "--delay", "0", "--limit", "1", archive=archive)
        assert monotonic() - began < 60
    (filed,) = [row for row in rows(archive) if row.url.endswith(stuck_at)]
    assert (filed.outcome, filed.reason) == ("extract_failed", "time limit of 10 seconds")
    assert "extract_failed" in done.stderr


def test_a_fault_of_our_own_in_the_turns_leaves_that_host_and_goes_on() -> None:
    front = frontier([page(1), page(2), page(3, "khac.vn")])

    def strange(link: Link) -> Capture:
        # Not what the type allows: stands for whatever nobody thought of.
        return answer(link, elapsed_ms="soon" if link == page(1) else 0)

    for host in ("khac.vn", HOST):
        front.hosts[host] = front.new_host()
        front.hosts[host]._fixed = False
    paths = drain(front, strange)
    assert "/2.htm" not in paths
    assert "https://khac.vn/3.htm" in paths
    assert "our own fault" in front.left[HOST]


SPIDER = """
import sys
from archive.values import Link
from crawler.fetch import Errand
from crawler.spider import run_spider, via_settings

errand = Errand(["https://bao.example/x"], sys.argv[1])
errand.links.append(Link(outlet="bao.example", url="ftp://bao.example/y"))
run_spider(errand, via_settings(sys.argv[1]))
print([(one.url, str(one.outcome), one.reason) for one in errand.captures if one.purpose == "page"])
"""


def test_a_request_that_no_handler_takes_is_a_capture_too() -> None:
    with at.running() as site:
        done = subprocess.run(
            [sys.executable, "-c", SPIDER, site.url], capture_output=True, text=True, timeout=40, check=True
        )
    assert "('https://bao.example/x', 'ok', '')" in done.stdout
    assert "('ftp://bao.example/y', 'error', \"NotSupported: Unsupported URL scheme 'ftp'" in done.stdout


def test_a_crawl_imports_nothing_from_the_working_directory(tmp_path: Path) -> None:
    for name in ("archive", "json", "click"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')", "utf-8")
    order = Order(outlet="dantri", archive=tmp_path / "a", batch="x", via="http://127.0.0.1:1")
    done = subprocess.run(order.command(), capture_output=True, text=True, cwd=tmp_path, timeout=40, check=False)
    assert (done.returncode, "no server answers" in done.stderr) == (2, True)


@pytest.mark.skipif(not CRAWL.exists(), reason="the command is not installed beside this Python")
def test_the_workers_import_nothing_from_the_working_directory(tmp_path: Path) -> None:
    for name in ("archive", "selectors", "socket"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('taken over')", "utf-8")
    write(tmp_path / "a.warc.gz", warc_answer(URL, text("một"), at="2019-03-01T12:00:00Z"))
    command = [CRAWL, "replay", "a.warc.gz", "--archive", "archive", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=90, check=False)
    assert (done.returncode, '"new": 1' in done.stdout) == (0, True), done.stderr
