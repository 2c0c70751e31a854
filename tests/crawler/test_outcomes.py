"""One request, one attempt, one capture, one outcome: the spider against a server with every fault."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from archive.values import Capture
from crawler.fetch import _from_json
from tests.crawler import site as at
from tests.crawler.site import PAGE, Answer, Site

HOST = "bao.example"


def fetch(site: Site, *urls: str, timeout: str = "2") -> list[Capture]:
    command = [sys.executable, "-m", "crawler.fetch", *urls, "--via", site.url]
    environment = os.environ | {"ARCHIVE_TIMEOUT": timeout, "ARCHIVE_CONTACT": "test@bao.example"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=True)
    assert done.stderr == ""
    return [_from_json(json.loads(line)) for line in done.stdout.splitlines()]


def flipped(answer: Answer) -> None:
    whole = bytearray(gzip.compress(PAGE))
    whole[-6] ^= 1
    answer.give(200, bytes(whole), Content_Encoding="gzip")


def bomb(answer: Answer) -> None:
    answer.give(200, gzip.compress(b"\0" * 40_000_000), Content_Encoding="gzip")


FAULTS = {
    "/fine": (lambda answer: answer.give(200, PAGE, ETag='"1"'), "ok"),
    "/gzip": (lambda answer: answer.give(200, gzip.compress(PAGE), Content_Encoding="gzip"), "ok"),
    "/cut-gzip": (at.cut_gzip, "truncated"),
    "/flipped": (flipped, "corrupt"),
    "/short": (lambda answer: answer.give(200, PAGE, declared=len(PAGE) + 100), "truncated"),
    "/empty": (lambda answer: answer.give(200, b""), "truncated"),
    "/bomb": (bomb, "too_large"),
    "/huge": (lambda answer: answer.give(200, b"x" * 100, declared=10**9), "too_large"),
    "/gone": (at.status(404), "gone"),
    "/gone-for-good": (at.status(410), "gone"),
    "/forbidden": (at.status(403), "blocked"),
    "/blocked-by-law": (at.status(451), "blocked"),
    "/busy": (at.status(503), "error"),
    "/unasked-304": (lambda answer: answer.give(304, b""), "error"),
    "/no-location": (at.status(302), "error"),
    "/away": (at.status(302, Location="https://elsewhere.example/x"), "redirect"),
    "/itself": (at.status(301, Location="/itself"), "redirect"),
    "/nowhere": (at.status(301, Location="http://["), "redirect"),
    "/other-scheme": (at.status(301, Location=f"ftp://{HOST}/x"), "redirect"),
    "/far-future": (at.status(503, Retry_After="Fri, 20 Nov 99999999999999999999 12:00:07 GMT"), "error"),
    "/no-date": (lambda answer: answer.give(200, PAGE, Retry_After="Fri,"), "ok"),
    "/reset": (at.reset, "error"),
    "/slow": (at.slow(4), "timeout"),
}


@pytest.fixture(scope="module")
def faults() -> Iterator[tuple[Site, dict[str, Capture]]]:
    with at.running() as site:
        for path, (answer, _) in FAULTS.items():
            site.special["", path] = answer
        captures = fetch(site, *(f"https://{HOST}{path}" for path in FAULTS))
        yield site, {capture.url.removeprefix(f"https://{HOST}"): capture for capture in captures}


@pytest.mark.parametrize(("path", "outcome"), [(path, outcome) for path, (_, outcome) in FAULTS.items()])
def test_every_fault_has_its_outcome(faults: tuple[Site, dict[str, Capture]], path: str, outcome: str) -> None:
    capture = faults[1][path]
    assert capture.outcome == outcome, capture.reason


def test_every_request_is_one_capture(faults: tuple[Site, dict[str, Capture]]) -> None:
    site, captures = faults
    assert sorted(site.paths(HOST)) == sorted(captures)
    assert sorted(captures) == sorted([*FAULTS, "/robots.txt"])


def test_the_body_is_kept_as_it_came(faults: tuple[Site, dict[str, Capture]]) -> None:
    assert faults[1]["/gzip"].body == gzip.compress(PAGE, mtime=0) or gzip.decompress(faults[1]["/gzip"].body) == PAGE
    assert faults[1]["/gzip"].header("content-encoding") == "gzip"
    assert faults[1]["/short"].body == PAGE
    assert faults[1]["/fine"].header("ETag") == '"1"'


def test_a_capture_says_where_it_went_and_when(faults: tuple[Site, dict[str, Capture]]) -> None:
    site, captures = faults
    capture = captures["/fine"]
    assert capture.via == site.url
    assert ("Host", HOST) in capture.request_headers
    assert capture.fetched_at.timestamp() == 1_795_000_000
    asked = next(headers for _, host, path, headers in site.log if (host, path) == (HOST, "/fine"))
    assert asked["User-Agent"].startswith("luuchieu/")
    assert asked["User-Agent"].endswith("(+test@bao.example)")
    assert asked["X-Forwarded-Proto"] == "https"
    assert not any(name == "X-Forwarded-Proto" for name, _ in capture.request_headers)


def test_a_redirect_is_followed_at_home_and_a_loop_ends() -> None:
    with at.running() as site:
        site.special["", "/old"] = at.status(301, Location="/new")
        site.special["", "/loop"] = at.status(302, Location="/pool")
        site.special["", "/pool"] = at.status(302, Location="/loop")
        for number in range(9):
            site.special["", f"/{number}"] = at.status(302, Location=f"/{number + 1}")
        captures = fetch(site, *(f"https://{HOST}/{name}" for name in ("old", "loop", "0")))
    came = [capture.url.removeprefix(f"https://{HOST}") for capture in captures]
    assert "/new" in came
    assert (came.count("/loop"), came.count("/pool")) == (1, 1)
    assert [path for path in ("/5", "/6", "/7") if path in came] == ["/5"]


def test_a_private_address_is_never_asked() -> None:
    with at.running() as site:
        forms = ("127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.169.254")
        captures = fetch(site, *(f"http://{form}/secret" for form in forms))
        assert [entry for entry in site.log if entry[2] == "/secret"] == []
    pages = [capture for capture in captures if capture.url.endswith("/secret")]
    assert [str(capture.outcome) for capture in pages] == ["refused_address"] * len(forms)


def test_no_forbidden_page_is_asked_while_robots_txt_is_slow() -> None:
    def robots(answer: Answer) -> None:
        time.sleep(0.5)
        answer.give(200, b"User-agent: *\nDisallow: /closed\n", Content_Type="text/plain")

    with at.running() as site:
        site.special["", "/robots.txt"] = robots
        captures = fetch(site, *(f"https://{HOST}/closed/{n}" for n in range(5)), f"https://{HOST}/open")
        assert site.paths(HOST) == ["/robots.txt", "/open"]
    assert [str(capture.outcome) for capture in captures] == ["ok", *["robots"] * 5, "ok"]


GATE = b'<script>document.cookie="D1N=0123"+"; path=/"; window.location.reload(true);</script>'


ROBOTS = {
    "rules": (at.status(200, b"User-agent: *\nDisallow: /x\n"), True),
    "none": (at.status(404), True),
    "not-for-us": (at.status(401), True),
    "broken": (at.status(500), False),
    "busy": (at.status(429), False),
    "gate": (at.status(200, GATE, Content_Type="text/html"), False),
    "reset": (at.reset, False),
    "slow": (at.slow(3), False),
    "moved": (at.status(301, Location="/robots2.txt"), True),
    "moved-away": (at.status(301, Location="https://elsewhere.test/robots.txt"), False),
    "moved-nowhere": (at.status(301, Location="http://["), False),
    "moved-to-ftp": (at.status(301, Location="ftp://moved-to-ftp.example/robots.txt"), False),
    "long": (at.status(200, b"User-agent: *\nDisallow: /\n" + b"#" * 3_000_000), False),
    "beyond": (at.status(200, b"#" * 600_000 + b"\nUser-agent: *\nDisallow: /\n"), True),
}


def test_robots_txt_is_obeyed_by_rfc_9309() -> None:
    with at.running() as site:
        for name, (answer, _) in ROBOTS.items():
            site.special[f"{name}.example", "/robots.txt"] = answer
        site.special["", "/robots2.txt"] = at.status(200, b"User-agent: *\nDisallow: /x\n")
        captures = fetch(site, *(f"https://{name}.example/page" for name in ROBOTS), timeout="1")
        asked = {name: "/page" in site.paths(f"{name}.example") for name in ROBOTS}
    assert asked == {name: is_asked for name, (_, is_asked) in ROBOTS.items()}
    pages = {capture.url.split("/")[2]: capture for capture in captures if capture.url.endswith("/page")}
    # What keeps robots.txt from us is told apart from a rule of the outlet's.
    unasked = {"gate": "gated", "reset": "error", "slow": "timeout"}
    expected = {
        f"{name}.example": "ok" if is_asked else unasked.get(name, "robots") for name, (_, is_asked) in ROBOTS.items()
    }
    assert {host: str(capture.outcome) for host, capture in pages.items()} == expected
