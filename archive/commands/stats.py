"""`archive stats`: count what the archive holds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from archive.historyview import local
from archive.options import archive_option, json_option
from archive.terminal import console, out, out_json, safe


@click.command()
@archive_option
@json_option
def command(folder: Path, as_json: bool) -> None:
    """Count what the archive holds: documents, versions, captures by outcome, bytes, per outlet.

    Example: archive stats --json
    """
    from archive.folder import Folder
    from archive.stats import stats

    with Folder.open(folder) as opened:
        counted = stats(opened)
    if as_json:
        out_json(counted)
        return
    out(f"{counted['documents']} documents, {counted['versions']} versions, {counted['captures']} captures")
    if counted["captures"]:
        first, last = (local(datetime.fromisoformat(counted[name])) for name in ("first_capture", "last_capture"))
        out(f"captures from {first} to {last}, times in Vietnam ({counted['origin']})")
    out("outcomes: " + _listed(counted["outcomes"]))
    out("shared text: " + _listed(counted["relations"]))
    out("bytes: " + _listed(counted["bytes"]))
    shares = (counted["warc_bytes_per_capture"], counted["warc_bytes_per_version"])
    out(f"in WARC: {shares[0]:,} bytes a capture, {shares[1]:,} a version")
    _table(counted["outlets"])


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counts.items()) or "none"


def _table(outlets: dict[str, dict[str, Any]]) -> None:
    from rich.table import Table

    columns = ("documents", "versions", "captures", "ok", "not_modified", "warc_bytes")
    table = Table("outlet", *(column.replace("_", " ") for column in columns), box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
        column.no_wrap = True
    for name, counts in outlets.items():
        table.add_row(safe(name), *(f"{counts.get(column, 0):,}" for column in columns))
    console().print(table)
