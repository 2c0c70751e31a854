"""`archive backup DEST`: a copy of the archive, made while crawls write."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json


@click.command()
@click.argument("dest", type=click.Path(path_type=Path, file_okay=False))
@archive_option
@json_option
def command(dest: Path, folder: Path, as_json: bool) -> None:
    """Copy the archive to a folder of its own in DEST, while crawls write; files that did not change are not copied.

    The copy is verified while it is made, and stands alone: `archive search --archive DEST/…` works in it, and
    `archive restore` makes an archive of it. The full-text index is left out; the first search makes it.

    Example: archive backup /mnt/disk/press
    """
    from archive.backup import backup
    from archive.folder import Folder

    with Folder.open(folder) as opened:
        done = backup(opened, dest, now=datetime.now(UTC), report=_report)
    if as_json:
        told = {"path": str(done.path), "captures": done.captures, "files": done.files}
        out_json(told | {"copied": done.copied, "bytes": done.bytes})
        return
    out(str(done.path))
    err(f"backed up {done.captures} captures in {done.files} files; {done.copied} copied anew ({done.bytes:,} bytes)")


def _report(said: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{said}\r")
        sys.stderr.flush()
