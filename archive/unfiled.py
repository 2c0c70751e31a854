"""What was set aside: bytes of WARC files that hold captures which do not follow those of the database.

`warc/<outlet>/unfiled/<file>-<offset>-<number>.warc.gz` holds them as they stood. Nothing of the archive names them:
`archive verify` and `archive doctor` tell of them until a person has looked, filed their pages by `crawl replay`, and
deleted them.
"""

from __future__ import annotations

import os
from pathlib import Path

from archive.members import Record, records
from archive.segment import fsync_folder

_PIECE = 2**20


def unfiled(warc_dir: Path) -> list[Path]:
    """Give the files that were set aside, of all outlets."""
    return sorted(warc_dir.glob("*/unfiled/*.warc.gz"))


def captures_in(path: Path, begin: int = 0, *, most: int | None = None) -> int:
    """Count the captures (by their metadata records) from this offset on; stop above `most`."""
    found = 0
    with path.open("rb") as file:
        for one in records(file, begin):
            found += isinstance(one, Record) and one.kind == "metadata"
            if most is not None and found > most:
                break
    return found


def set_aside(path: Path, begin: int) -> Path:
    """Keep what stands behind this offset in a file of its own, on disk when this returns; give its path."""
    folder = path.parent / "unfiled"
    folder.mkdir(exist_ok=True)
    aside = _free(folder, f"{path.name.removesuffix('.warc.gz')}-{begin}")
    with path.open("rb") as file, aside.open("wb") as kept:
        file.seek(begin)
        while piece := file.read(_PIECE):
            kept.write(piece)
        kept.flush()
        os.fsync(kept.fileno())
    for one in (folder, path.parent):
        fsync_folder(one)
    return aside


def _free(folder: Path, stem: str) -> Path:
    number = 0
    while (path := folder / f"{stem}-{number}.warc.gz").exists():
        number += 1
    return path
