"""`archive restore BACKUP TO`: an archive made from a backup."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.options import json_option
from archive.terminal import err, out, out_json


@click.command()
@click.argument("backup", type=click.Path(path_type=Path, file_okay=False))
@click.argument("to", type=click.Path(path_type=Path, file_okay=False))
@json_option
def command(backup: Path, to: Path, as_json: bool) -> None:
    """Make an archive in TO from a backup: the newest in BACKUP, or BACKUP itself.

    Every file is held against its sha256; TO is there when it is whole. Your configuration is put in TO/config; the
    full-text index is made by the first search.

    Example: archive restore /mnt/disk/press /srv/press
    """
    from archive.restore import restore

    source, manifest = restore(backup, to, report=_report)
    if as_json:
        told = {"backup": str(source), "made_at": manifest.made_at, "to": str(to)}
        out_json(told | {"captures": manifest.captures, "files": len(manifest.files)})
        return
    out(str(to))
    err(f"restored {manifest.captures} captures in {len(manifest.files)} files, backed up {manifest.made_at}")
    err(f"`archive verify --archive {to}` checks every byte; crawls go on with ARCHIVE_DIR={to}")


def _report(said: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{said}\r")
        sys.stderr.flush()
