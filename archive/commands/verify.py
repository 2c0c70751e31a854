"""`archive verify`: check files, database and index against each other, or any WARC file by itself."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.options import TIME, archive_option, json_option
from archive.terminal import err, out, out_json

if TYPE_CHECKING:
    from archive.report import Report


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE]…", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--quick", is_flag=True, help="Structure only: files, sizes, places, rows; no byte is hashed.")
@click.option("--data", is_flag=True, help="Structure and every byte (the default).")
@click.option("--since", type=TIME, metavar="TIME", help="Only what was filed since then.")
@click.option(
    "--max-duration",
    "seconds",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop in time; the next such check goes on where this one ended.",
)
@archive_option
@json_option
def command(
    files: tuple[Path, ...],
    *,
    quick: bool,
    data: bool,
    since: datetime | None,
    seconds: float | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Check the WARC files, the database and the index against each other; exit 4 when something disagrees.

    With FILE, check these WARC files, of any writer, by themselves. Never repairs anything. What is missing, orphan and
    damaged is named apart, with file, offset and record.

    Example: archive verify --quick
    """
    if (quick and data) or (files and (quick or since)):
        raise click.UsageError("--quick stands without --data, and without FILE; --since stands without FILE")
    report = _of_files(files, seconds) if files else _of_archive(folder, quick, since, seconds)
    if as_json:
        out_json(report.to_json())
    _print(report, files=bool(files), listed=not as_json)
    if report.problems:
        raise SystemExit(4)


def _of_files(files: tuple[Path, ...], seconds: float | None) -> Report:
    from archive.report import Report
    from archive.verifyfile import verify_file

    report = Report()
    deadline = None if seconds is None else time.monotonic() + seconds
    for number, path in enumerate(files):
        if not report.complete:
            report.notes.append(f"{len(files) - number} file(s) not looked at, from {path} on")
            break
        verify_file(path, report, deadline=deadline)
    return report


def _of_archive(folder: Path, quick: bool, since: datetime | None, seconds: float | None) -> Report:
    from archive.verify import Asked, open_unchanged, verify

    with open_unchanged(folder) as opened:
        return verify(opened, Asked(quick=quick, since=since, seconds=seconds))


def _print(report: Report, *, files: bool, listed: bool) -> None:
    for problem in report.problems if listed else ():
        out(f"{problem.kind}: {problem.where}: {problem.what}")
    for note in report.notes:
        err(f"note: {note}")
    parts = f"{report.records} records" if files else f"{report.captures} captures, {report.versions} versions"
    found = f"{len(report.problems)} problem(s)" if report.problems else "clean"
    err(f"checked {report.files} files, {parts}: {found}{'' if report.complete else ' so far'}")
