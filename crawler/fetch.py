"""Fetch pages once, without an archive: the same spider, robots.txt, guards and outcomes, in a process of its own."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from archive.errors import UsageProblem
from archive.links import is_fetchable
from archive.terminal import run
from archive.values import Capture, Link, Outcome, Purpose
from crawler.clock import Clock, ask_server
from crawler.contact import contact, user_agent
from crawler.frontier import Frontier
from crawler.host import Host, host_key
from crawler.order import python
from crawler.spider import run_spider, via_settings
from crawler.stop import Stop


class Errand:
    """Brings captures of these addresses and of what they redirect to on the same hosts."""

    def __init__(self, urls: Iterable[str], via: str | None) -> None:
        self.via = via
        self.clock = Clock(by_server=via is not None)
        self.stop = Stop()
        self.links = [Link(outlet=host_key(url), url=url) for url in urls]
        hosts = {link.outlet for link in self.links}
        self.hosts = (*hosts, *(f"www.{host}" for host in hosts), *(host.removeprefix("www.") for host in hosts))
        self.captures: list[Capture] = []
        self.frontier = Frontier(
            lambda given: list(self.links),
            hosts=self.hosts,
            new_host=lambda: Host(delay=0 if via else 1.0, fixed=via is not None),
            stop=self.stop,
        )

    async def file(self, capture: Capture, link: Link) -> None:
        """Keep the capture, and what it redirects to as a link."""
        from pipeline.ingest import redirected
        from pipeline.outlet import Outlet

        self.captures.append(capture)
        if capture.outcome is Outcome.REDIRECT:
            here = Outlet(name=link.outlet, display=link.outlet, hosts=self.hosts, article="")
            self.links += redirected(capture, link, here)

    def hold(self, link: Link, seconds: float) -> None:
        """Nothing: there is no later."""


def fetch_once(url: str, via: str | None = None) -> Capture:
    """Fetch one page, redirects on its host followed, and give the last capture of it.

    Raises UsageProblem for an address that is none, or when the stand-in server does not answer.
    """
    if not is_fetchable(url):
        raise UsageProblem(f"{url!r} is no address of a page: write it with http:// or https:// and its host")
    command = [*python("crawler.fetch"), url, *(["--via", via] if via else [])]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    captures = [_from_json(json.loads(line)) for line in done.stdout.splitlines()]
    pages = [capture for capture in captures if capture.purpose is Purpose.PAGE]
    if not pages:
        raise UsageProblem(done.stderr.strip().removeprefix("error: ") or f"nothing came of {url}")
    return pages[-1]


def to_json(capture: Capture) -> dict[str, Any]:
    """Give a capture as plain JSON values, its body in base64."""
    plain = asdict(capture)
    return plain | {"fetched_at": capture.fetched_at.isoformat(), "body": base64.b64encode(capture.body).decode()}


def _from_json(data: dict[str, Any]) -> Capture:
    changed: dict[str, Any] = {
        "fetched_at": datetime.fromisoformat(data["fetched_at"]),
        "body": base64.b64decode(data["body"]),
        "outcome": Outcome(data["outcome"]),
        "purpose": Purpose(data["purpose"]),
        "headers": tuple((name, value) for name, value in data["headers"]),
        "request_headers": tuple((name, value) for name, value in data["request_headers"]),
    }
    return Capture(**(data | changed))


@click.command()
@click.argument("urls", nargs=-1, required=True)
@click.option("--via")
def command(urls: tuple[str, ...], via: str | None) -> None:
    """Fetch pages once and print each capture as a line of JSON."""
    errand = Errand(urls, via)
    if via:
        errand.clock.hear(ask_server(via))
    run_spider(errand, {"USER_AGENT": user_agent(contact()), **via_settings(via)})
    for capture in errand.captures:
        sys.stdout.write(json.dumps(to_json(capture)) + "\n")


if __name__ == "__main__":
    run(command)
