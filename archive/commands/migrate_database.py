"""`archive migrate-database`: copy an archive's database between its folder and a PostgreSQL server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.options import archive_option
from archive.terminal import err, out


@click.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@archive_option
def command(source: str, target: str, folder: Path) -> None:
    """Copy an archive's database from FROM to TO: each the folder of an archive or postgresql://USER@HOST/NAME.

    TO must be empty. Nothing may write the archive meanwhile. Counts and digests of every table are verified; killed at
    any point, TO is as it was. WARC files and index are not touched: they stay in the archive's folder. A password is
    better kept in ~/.pgpass or PGPASSWORD than written here.

    Example: archive migrate-database var/archive postgresql://press@localhost/press
    """
    from archive.folder import Folder
    from archive.migratedb import migrate

    _check(source, target)
    files = next((Path(name) for name in (source, target) if not _is_address(name)), folder)
    old_url, new_url = (name if _is_address(name) else "" for name in (source, target))
    with Folder.open(files, url=old_url) as old, Folder(files, url=new_url) as new:
        done = migrate(old, new, report=_report)
        for table, rows in done.rows.items():
            out(f"{rows:>12}  {table}")
        out(f"{sum(done.rows.values()):>12}  rows, verified: sha256 {done.digest}")
        use = "set ARCHIVE_DATABASE_URL to it" if new.is_shared else "unset ARCHIVE_DATABASE_URL"
        err(f"{old.database.name} is as it was; to use {new.database.name}, {use}")


def _check(source: str, target: str) -> None:
    if not _is_address(source) and not _is_address(target):
        raise click.UsageError("one of FROM and TO must be postgresql://USER@HOST/NAME; a folder is copied as it is")
    if source == target:
        raise click.UsageError("FROM and TO are the same database")


def _is_address(name: str) -> bool:
    return "://" in name


def _report(table: str, rows: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{table}: {rows}\x1b[K")
        sys.stderr.flush()
