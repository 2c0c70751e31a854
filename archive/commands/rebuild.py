"""`archive rebuild`: the database, or the index alone, built anew."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import archive_option
from archive.terminal import err, out

if TYPE_CHECKING:
    from archive.rebuild import Rebuilt

_DAMAGED = 4


@click.command()
@click.option(
    "--into",
    type=click.Path(path_type=Path, file_okay=False),
    help="Make an archive of its own there, the files copied; this one stays as it is.",
)
@click.option("--keep-going", is_flag=True, help="Put in place what could be rebuilt, although something was lost.")
@click.option("--index", "only_index", is_flag=True, help="Rebuild the full-text index alone, from the database.")
@archive_option
def command(folder: Path, into: Path | None, keep_going: bool, only_index: bool) -> None:
    """Rebuild the database from the WARC files alone, without reading any page again.

    Documents, versions, captures and their chain come out as they were; links, next visits and what crawls counted
    start afresh. The old database is kept as archive.db.before-rebuild. Exit 4 when something could not be rebuilt:
    then the old one stays in place unless --keep-going.

    Example: archive rebuild --into /tmp/rebuilt
    """
    if only_index:
        if into is not None or keep_going:
            raise click.UsageError("--index goes alone: it reads the database, not the files")
        _rebuild_index(folder)
        return
    from archive.rebuild import rebuild

    done = rebuild(folder, now=datetime.now(UTC), into=into, keep_going=keep_going, report=_report)
    _show(done, into or folder)
    if done.placed:
        _rebuild_index(into or folder, url="" if into else None)
    if done.lost:
        raise SystemExit(_DAMAGED)


def _rebuild_index(path: Path, *, url: str | None = None) -> None:
    from archive.folder import Folder
    from archive.index import rebuild

    with Folder.open(path, url=url) as folder:
        done = rebuild(folder)
    out(f"indexed {done.documents} documents in {done.seconds:.1f} s")


def _report(told: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{told} captures")
        sys.stderr.flush()
    elif told % 10_000 == 0:
        err(f"{told} captures")


def _show(done: Rebuilt, path: Path) -> None:
    from archive.unfiled import unfiled

    if sys.stderr.isatty():
        sys.stderr.write("\r")
    for one in done.lost:
        out(f"{one.kind}: {one.where}: {one.what}")
    out(f"{_counted(done)} in {done.seconds:.1f} s{', gone on with' if done.resumed else ''}")
    if not done.placed:
        err(f"{len(done.lost)} loss(es): {path / 'archive.db'} is as it was; --keep-going puts in place what is left")
        return
    err(f"afresh: links ({done.links} due now), next visits, what feeds and crawls were known by")
    for file in unfiled(path / "warc"):
        err(f"not told, because it was set aside: {file} (`crawl replay` files its pages)")
    if (path / "archive.db.before-rebuild").exists():
        err(f"the old database is kept: {path / 'archive.db.before-rebuild'}")


def _counted(done: Any) -> str:
    return f"rebuilt {done.captures} captures, {done.documents} documents, {done.versions} versions"
