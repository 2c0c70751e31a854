"""Make an archive from a backup: every file held against the manifest while it is copied; whole, or not there."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from archive import changelog
from archive.errors import Damaged, UsageProblem
from archive.folder import Folder
from archive.fulldisk import clear_full
from archive.manifest import Manifest, backups_in, copy_file, read


def restore(path: Path, into: Path, *, report: Callable[[str], None] = lambda said: None) -> tuple[Path, Manifest]:
    """Restore the newest backup of a folder, or this one, to a new archive; give which one it was.

    Raises UsageProblem when there is no backup or something stands in the way, Damaged when a file is not what it was.
    """
    found = backups_in(path)
    if not found:
        raise UsageProblem(f"there is no backup in {path}: name a folder that `archive backup` made")
    if into.exists() and any(into.iterdir()):
        raise UsageProblem(f"{into} is not empty: name a new folder to restore to")
    source, manifest = found[-1], read(found[-1])
    half = into.with_name(into.name + ".part")
    shutil.rmtree(half, ignore_errors=True)
    with clear_full(half):
        for name, one in manifest.files.items():
            report(name)
            _copy(source, half, name, (one.bytes, one.sha256))
        with Folder(half, url="") as folder:
            with folder.read() as connection:
                newest = changelog.newest(connection)
            folder.note_change(newest)
        for name in ("archive.db-wal", "archive.db-shm"):
            (half / name).unlink(missing_ok=True)
    if into.exists():
        into.rmdir()
    half.replace(into)
    return source, manifest


def _copy(source: Path, half: Path, name: str, stated: tuple[int, str]) -> None:
    try:
        copied = copy_file(source / name, half / name)
    except FileNotFoundError:
        raise Damaged(f"{source / name} is gone from the backup: restore another one") from None
    if (copied.bytes, copied.sha256) != stated:
        raise Damaged(f"{source / name} is not what was backed up (its sha256 differs): restore another one")
