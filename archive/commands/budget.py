"""`archive budget`: what grows by how much a day, and how long the disk is enough."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.options import archive_option, json_option
from archive.terminal import console, out, out_json, safe

if TYPE_CHECKING:
    from archive.budget import Budget


@click.command()
@click.option("--days", type=click.IntRange(1, 3650), default=14, show_default=True, help="Look at so many days.")
@archive_option
@json_option
def command(days: int, folder: Path, as_json: bool) -> None:
    """Tell what grows by how much a day, per outlet, and for how many days the disk is enough.

    Example: archive budget --days 30
    """
    from archive.budget import budget
    from archive.folder import Folder

    with Folder.open(folder) as opened:
        found = budget(opened, now=datetime.now(UTC), days=days)
    if as_json:
        out_json(asdict(found))
        return
    _table(found)
    out("now: " + ", ".join(f"{name} {size:,}" for name, size in found.parts.items()) + " bytes")
    left = "it does not grow" if found.days_left is None else f"enough for {found.days_left:,} days"
    out(f"grows by {found.bytes_a_day:,} bytes a day with captures, database and index included; {left}")
    out(f"free on the disk: {found.free:,} bytes")


def _table(found: Budget) -> None:
    from rich.table import Table

    names = ("captures", "versions", "warc_bytes", "payloads", "payload_bytes")
    table = Table("day", "outlet", *(name.replace("_", " ") for name in names), box=None, pad_edge=False)
    for column in table.columns[2:]:
        column.justify = "right"
        column.no_wrap = True
    for one in sorted(found.days, key=lambda one: (one.day, one.outlet)):
        table.add_row(str(one.day), safe(one.outlet), *(f"{getattr(one, name):,}" for name in names))
    console().print(table)
