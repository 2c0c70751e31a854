"""`archive verify`: check files, database and index against each other."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json


@click.command()
@archive_option
@json_option
def command(folder: Path, as_json: bool) -> None:
    """Check the WARC files, the database and the index against each other; exit 4 when something disagrees.

    Never repairs anything. Missing, orphan and damaged records are named apart, with file and offset.

    Example: archive verify
    """
    from archive.folder import Folder
    from archive.verify import verify

    report = verify(Folder.open(folder))
    if as_json:
        out_json(asdict(report) | {"clean": not report.problems})
    else:
        for problem in report.problems:
            out(f"{problem.kind}: {problem.where}: {problem.what}")
        said = f"checked {report.files} files, {report.captures} captures, {report.versions} versions: "
        err(said + ("clean" if not report.problems else f"{len(report.problems)} problem(s)"))
    if report.problems:
        raise SystemExit(4)
