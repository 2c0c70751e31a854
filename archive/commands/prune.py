"""`archive prune --older-than AGE --rule RULE`: old payloads dropped, versions never."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from archive.options import TIME, archive_option, json_option
from archive.terminal import err, out, out_json


@click.command()
@click.option(
    "--older-than", "before", type=TIME, required=True, metavar="AGE", help="Fetched before: 90d, 2026-01-01."
)
@click.option(
    "--rule",
    "rules",
    type=click.Choice(["failures", "superseded", "all"]),
    multiple=True,
    required=True,
    help="Which payloads; may be repeated.",
)
@click.option("--outlet", "outlets", multiple=True, metavar="NAME", help="Only this outlet; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Tell what would be dropped, and do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@archive_option
@json_option
def command(
    *,
    before: datetime,
    rules: tuple[str, ...],
    outlets: tuple[str, ...],
    dry_run: bool,
    yes: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Drop old payloads from the WARC files. Versions, articles, captures and the chain stay whole.

    failures are payloads that gave no version, superseded those of versions that are not current any more, all every
    one. What is dropped cannot be read again by a later extraction. Outlets being crawled are left alone.

    Example: archive prune --older-than 90d --rule failures --dry-run
    """
    from archive.folder import Folder
    from archive.prune import prunable, prune

    with Folder.open(folder) as opened:
        chosen = prunable(opened, rules, before=before, outlets=outlets)
        total = sum(one.bytes for one in chosen)
        said = {"payloads": len(chosen), "payload_bytes": total, "saved": 0, "busy": [], "done": False}
        if not as_json:
            out(f"{len(chosen)} payloads fetched before {before:%Y-%m-%d %H:%M} UTC, {total:,} bytes as received")
        if chosen and not dry_run:
            _ask(yes)
            done = prune(opened, chosen, report=_report)
            said |= {"saved": done.bytes, "busy": list(done.busy), "done": True}
            err(f"dropped {done.payloads} payloads, {done.bytes:,} bytes of WARC files")
            for outlet in done.busy:
                err(f"{outlet} is being crawled and was left alone: run this again later")
    if as_json:
        out_json(said)


def _ask(yes: bool) -> None:
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("this cannot be undone: say --yes, or try --dry-run first")
        click.confirm("This cannot be undone. Drop them?", abort=True, err=True)


def _report(said: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{said}\r")
        sys.stderr.flush()
