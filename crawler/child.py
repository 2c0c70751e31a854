"""One crawl of one outlet in a process of its own: `python -m crawler.child OUTLET …`.

On stdout it tells its parent what it does, a JSON object a line: `captured` for each capture, `done` at the end with
the summary. Asked to stop (SIGTERM, SIGINT) it sends nothing more, files what answers in time and leaves the rest due;
asked again it ends at once. Exit codes are those of `crawl run`.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.terminal import run
from crawler.order import Order
from crawler.settings import GRACE, PAGE_GRACE

if TYPE_CHECKING:
    from archive.commit import Filed
    from archive.values import Capture, Link
    from crawler.errand import ArchiveErrand
    from pipeline.outlet import Outlet

FAILED = 7


def crawl(order: Order) -> int:
    """Make the crawl; give the exit code. Raises the archive's errors."""
    # Imported here: every extraction worker imports this module again, and needs none of these.
    from crawler.clock import Clock, ask_server
    from crawler.errand import open_errand, summary_of
    from pipeline.outlet import generic_outlet, load_outlets

    outlet = load_outlets(order.outlets).get(order.outlet) or generic_outlet(order.outlet)
    clock = Clock(by_server=order.via is not None)
    if order.via:
        clock.hear(ask_server(order.via))
    with open_errand(order, outlet, clock) as errand:
        errand.report = _say_captured
        errand.poll()
        signals = Signals(errand)
        _run(errand, outlet, signals)
        summary = summary_of(errand)
    _say("done", summary=summary)
    if signals.received:
        return 128 + signals.received
    return FAILED if summary["failed"] else 0


class Signals:
    """Hears the signals of the process while the spider runs; the first asks to stop, the second ends at once."""

    def __init__(self, errand: ArchiveErrand) -> None:
        self.errand = errand
        self.received = 0

    def listen(self) -> None:
        """Begin to listen, inside the running event loop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._hear, number)
        if self.errand.order.leashed:
            loop.add_reader(sys.stdin.fileno(), self._pull_leash)

    def _hear(self, number: int) -> None:
        if self.received:
            os._exit(128 + number)
        self.received = number
        self.errand.stop.ask()
        # Whatever is stuck after that is left as a crash would leave it: nothing acknowledged is lost.
        asyncio.get_running_loop().call_later(GRACE + PAGE_GRACE, os._exit, 128 + number)

    def _pull_leash(self) -> None:
        """End like a crash when the parent is gone (its end of our stdin is closed)."""
        if not os.read(sys.stdin.fileno(), 1):
            os._exit(128 + signal.SIGHUP)


def _run(errand: ArchiveErrand, outlet: Outlet, signals: Signals) -> None:
    from crawler.contact import contact, user_agent
    from crawler.spider import run_spider, via_settings

    settings = {"USER_AGENT": user_agent(contact()), "DOWNLOAD_VERIFY_CERTIFICATES": outlet.verify_tls}
    run_spider(errand, settings | via_settings(errand.via), on_start=signals.listen)


def _say_captured(capture: Capture, link: Link, filed: Filed) -> None:
    from pipeline.ingest import redirect_target

    _say(
        "captured",
        link=link.url,
        target=redirect_target(capture) or None if filed.outcome == "redirect" else None,
        url=capture.url,
        purpose=capture.purpose.value,
        outcome=filed.outcome.value,
        reason=capture.reason,
        document=filed.document,
        number=filed.number,
        verdict=filed.verdict.value if filed.verdict else None,
    )


def _say(event: str, **more: Any) -> None:
    """Tell the parent; when it is gone the crawl goes on."""
    with suppress(OSError):
        sys.stdout.write(json.dumps({"event": event, **more}, ensure_ascii=True) + "\n")
        sys.stdout.flush()


@click.command()
@click.argument("outlet")
@click.option("--archive", type=click.Path(path_type=Path), required=True)
@click.option("--batch", required=True)
@click.option("--outlets", type=click.Path(path_type=Path))
@click.option("--via")
@click.option("--delay", type=float)
@click.option("--limit", type=int)
@click.option("--url", "urls", multiple=True)
@click.option("--leash", "leashed", is_flag=True)
def command(**said: Any) -> None:
    """Crawl one outlet once."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    raise SystemExit(crawl(Order(**said)))


if __name__ == "__main__":
    run(command)
