"""`crawl status`: what was crawled, how it was read, and whether a site has changed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from archive.drift import Crawled
from archive.driftview import Status
from archive.folder import Folder
from archive.options import TIME, archive_option, json_option
from archive.terminal import console, out, out_json, safe
from crawler.options import outlets_option

_DRIFT = 8


@click.command("status")
@click.argument("names", metavar="[OUTLET]...", nargs=-1)
@click.option("--since", type=TIME, metavar="TIME", help="Hold what was captured since TIME against what was before.")
@click.option("--exit-code", is_flag=True, help="Exit with 8 when an outlet drifts.")
@archive_option
@outlets_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    names: tuple[str, ...],
    since: datetime | None,
    exit_code: bool,
    folder: Path,
    outlets: Path | None,
    as_json: bool,
) -> None:
    """Tell each outlet's last crawl, captures and links due, and whether its templates still read its pages.

    Without OUTLET, all that the archive knows. A template that stops matching, a field that disappears and lengths
    that jump are told as DRIFT with three addresses.

    Example: crawl status dantri --exit-code
    """
    with Folder.open(folder) as opened:
        told = _statuses(opened, names, since, outlets)
    drifts = any(status.alarms for status in told)
    if as_json:
        from archive.driftview import to_json

        out_json({"drift": drifts, "outlets": [to_json(status) for status in told]})
    else:
        _show(told)
    ctx.exit(_DRIFT if exit_code and drifts else 0)


def _statuses(opened: Folder, names: tuple[str, ...], since: datetime | None, outlets: Path | None) -> list[Status]:
    from archive.alarm import alarms
    from archive.drift import crawled, last_capture, windows
    from archive.reads import reads

    promised = _promised(outlets)
    told = []
    with opened.read() as connection:
        # What was captured through a stand-in server goes by that server's clock.
        now = last_capture(connection) if opened.fact("origin") == "via" else None
        found = crawled(connection, now=now or datetime.now(UTC), since=since)
        for name in _chosen(names, found, outlets):
            known = promised.get(name, {})
            looks = windows(connection, name, since=since)
            seen = next((look for look in looks if alarms(look, known)), looks[0])
            state = found.get(name) or Crawled(outlet=name, summary={}, outcomes={}, links=0, due=0)
            told.append(
                Status(crawled=state, window=seen, reads=tuple(reads(seen, known)), alarms=tuple(alarms(seen, known)))
            )
    return told


def _promised(outlets: Path | None) -> dict[str, dict[str, tuple[str, ...]]]:
    from pipeline.outlet import load_outlets

    known = load_outlets(outlets).values()
    return {outlet.name: {template.name: template.promised for template in outlet.templates} for outlet in known}


def _chosen(names: tuple[str, ...], found: dict[str, Crawled], outlets: Path | None) -> list[str]:
    """Give the outlets to tell of; one that the archive knows needs no file any more. Raises UsageProblem."""
    if not names:
        return list(found)
    if any(name not in found for name in names):
        from crawler.choice import choose

        choose([name for name in names if name not in found], outlets)
    return list(dict.fromkeys(names))


def _show(told: list[Status]) -> None:
    from archive.driftview import lines
    from archive.terminal import is_rich

    for number, status in enumerate(told):
        if number:
            out()
        for line in lines(status):
            if is_rich() and line.startswith("  DRIFT"):
                console().print(safe(line), style="bold red", soft_wrap=True)
            else:
                out(line)
    if not told:
        out("nothing was crawled yet")
