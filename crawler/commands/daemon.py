"""`crawl daemon`: crawl on a schedule, until asked to stop."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import archive_option
from crawler.options import outlets_option, via_option

if TYPE_CHECKING:
    from pipeline.outlet import Outlet


@click.command("daemon")
@click.argument("names", metavar="[OUTLET]...", nargs=-1)
@via_option
@click.option("--delay", type=click.FloatRange(min=0), help="Seconds between requests to a host (only with --via).")
@click.option("--every", type=click.FloatRange(min=0.01), metavar="MINUTES", help="One interval for all (with --via).")
@outlets_option
@archive_option
def command(
    names: tuple[str, ...],
    via: str | None,
    delay: float | None,
    every: float | None,
    outlets: Path | None,
    folder: Path,
) -> None:
    """Crawl outlets by their own intervals (all without OUTLET) until SIGTERM or Ctrl-C; then exit 0.

    Crawls under way get 30 seconds to end in good order; a second signal ends them at once. A second daemon of the same
    archive exits 6. Needs a contact (ARCHIVE_CONTACT) unless --via is given.

    Example: crawl daemon dantri laodong
    """
    from archive import locks
    from archive.errors import AlreadyRunning, UsageProblem

    def busy(pid: str) -> Exception:
        return AlreadyRunning(f"a daemon of {folder}", pid)

    if every is not None and via is None:
        raise UsageProblem("--every needs --via: how often a live outlet is polled is said by its file")
    if via is None:
        from crawler.contact import HOW, contact

        if not contact():
            raise UsageProblem(f"a daemon does not crawl without a contact: {HOW}")
    with locks.hold(folder / "locks" / "daemon.lock", wait=0, busy=busy):
        from crawler.choice import check_manners, choose, claim

        check_manners(via, delay)
        chosen = choose(names, outlets)
        claim(folder, via)
        _serve(folder, chosen, every, via=via, delay=delay, outlets=outlets)


def _serve(folder: Path, chosen: list[Outlet], minutes: float | None, **said: Any) -> None:
    from crawler.daemon import serve
    from crawler.order import Order

    jobs = [(outlet, Order(outlet=outlet.name, archive=folder, batch="", **said)) for outlet in chosen]
    asyncio.run(serve(folder, jobs, minutes=minutes))
