"""`archive doctor`: look at the machine and the archive, and say what to do."""

from __future__ import annotations

from pathlib import Path

import click

from archive.options import archive_option, json_option
from archive.terminal import out, out_json


@click.command()
@archive_option
@json_option
def command(folder: Path, as_json: bool) -> None:
    """Look at the machine and the archive: versions, clock, disk, locks, rights; exit 4 when something is bad.

    Each line says what, its state (ok, warn, bad), and what to do. Changes nothing.

    Example: archive doctor --json
    """
    from archive.doctor import State, aware_now, examine

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
