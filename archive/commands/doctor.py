"""`archive doctor`: look at the machine and the archive, and say what to do."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json


@click.command()
@click.option("--give-up", "lost", metavar="OUTLET", help="File OUTLET here: the machine that kept its files is lost.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@archive_option
@json_option
def command(lost: str | None, yes: bool, folder: Path, as_json: bool) -> None:
    """Look at the machine and the archive: versions, clock, disk, locks, rights; exit 4 when something is bad.

    Each line says what, its state (ok, warn, bad), and what to do. Changes nothing, unless told to give up the WARC
    files of an outlet that another machine kept, on a database that several machines fill.

    Example: archive doctor --json
    """
    from archive.doctor import State, aware_now, examine

    if lost is not None:
        _give_up(folder, lost, yes)
    checks = examine(folder, aware_now())
    worst = max((check.state for check in checks), default=State.OK)
    if as_json:
        by_name = {check.name: check.facts for check in checks if check.facts}
        out_json({"state": worst.name.lower(), "checks": [check.to_json() for check in checks]} | by_name)
    else:
        for check in checks:
            todo = f" → {check.todo}" if check.todo else ""
            out(f"{check.state.name.lower():<5} {check.name:<13} {check.said}{todo}")
    if worst is State.BAD:
        raise SystemExit(4)


def _give_up(path: Path, outlet: str, yes: bool) -> None:
    from archive.folder import Folder
    from archive.keeper import give_up

    with Folder.open(path) as folder:
        gone = give_up(folder, outlet, dry_run=True)
        err(f"{gone.captures} captures of {outlet} in {gone.files} WARC files are gone with {gone.where}:")
        err("their texts stay in the database, their pages as received do not; a rebuild cannot tell them again")
        if not yes:
            if not sys.stdin.isatty():
                raise click.UsageError("say --yes to give them up, or copy them here from a backup")
            click.confirm("Give them up?", abort=True, err=True)
        give_up(folder, outlet)
