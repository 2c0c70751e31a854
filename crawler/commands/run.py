"""`crawl run`: crawl outlets once, now."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json
from crawler.options import outlets_option, via_option

if TYPE_CHECKING:
    from crawler.run import Done

_COLUMNS = ("outlet", "links", "captures", "new", "revised", "seen", "repeated", "outcomes")


@click.command("run")
@click.argument("names", metavar="[OUTLET]...", nargs=-1)
@via_option
@click.option("--delay", type=click.FloatRange(min=0), help="Seconds between requests to a host (only with --via).")
@click.option("--limit", type=click.IntRange(min=1), help="Fetch at most so many pages of each outlet.")
@outlets_option
@archive_option
@json_option
def command(
    names: tuple[str, ...],
    folder: Path,
    as_json: bool,
    **said: Any,
) -> None:
    """Crawl outlets once: poll their feeds, fetch what is due, keep every version.

    Without OUTLET all but the unverified ones. Ends with what was done for each; exit 7 when an outlet failed as a
    whole, 6 when one is being crawled already.

    Example: crawl run dantri vietnamplus --limit 50
    """
    from crawler.choice import check_manners, choose, claim, new_batch
    from crawler.contact import warn_without_contact
    from crawler.order import Order
    from crawler.progress import shown
    from crawler.run import run_all

    check_manners(said["via"], said["delay"])
    chosen = choose(names, said["outlets"])
    claim(folder, said["via"])
    if said["via"] is None:
        warn_without_contact()
    batch = new_batch()
    orders = [Order(outlet=outlet.name, archive=folder, batch=batch, leashed=True, **said) for outlet in chosen]
    with shown() as watch:
        done, code = asyncio.run(run_all(orders, watch))
    _catch_up(folder, code)
    _print(done, batch, as_json=as_json)
    raise SystemExit(code)


def _catch_up(folder: Path, code: int) -> None:
    """Bring the full-text index up to date, unless someone is waiting for us to end."""
    from archive.folder import Folder, is_there
    from archive.index import catch_up

    if code >= 128 or not is_there(folder):
        return

    with Folder.open(folder) as opened:
        catch_up(opened)


def _print(done: list[Done], batch: str, *, as_json: bool) -> None:
    if as_json:
        ended = [(one.summary or {"outlet": one.order.outlet}) | {"exit_code": one.code} for one in done]
        out_json({"batch": batch, "outlets": ended})
        return
    rows = [_COLUMNS, *(_row(one.summary) for one in done if one.summary)]
    if len(rows) > 1:
        for line in _aligned(rows):
            out(line)
    if stopped := [one.order.outlet for one in done if one.code >= 128]:
        err(f"stopped: {', '.join(stopped)}; what was filed is kept, the rest is still due")
    for one in done:
        if one.summary is None and not one.said:
            err(f"{one.order.outlet}: ended with {one.code} and said nothing: run `archive verify`, then crawl again")


def _row(summary: dict[str, Any]) -> tuple[str, ...]:
    captures = summary["captures"]
    outcomes = ", ".join(f"{name} {count}" for name, count in sorted(captures.items(), key=lambda pair: -pair[1]))
    counts = (summary["links"], sum(captures.values()), summary["new"], summary["revised"], summary["seen"])
    return (summary["outlet"], *map(str, counts), str(summary["repeated"]), outcomes)


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Set rows in columns: names to the left, counts to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    return [
        "  ".join(
            cell.ljust(width) if place in (0, len(_COLUMNS) - 1) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
