"""What was set aside: bytes of WARC files that hold captures which do not follow those of the database.

`warc/<outlet>/unfiled/<file>-<offset>-<number>.warc.gz` holds them as they stood. Nothing of the archive names them:
`archive verify` and `archive doctor` tell of them until a person has looked, filed their pages by `crawl replay`, and
deleted them.
"""

from __future__ import annotations

import json
import os
import zlib
from pathlib import Path
from typing import BinaryIO

from archive.members import Gap, Record, records
from archive.segment import fsync_folder

_PIECE = 2**20


def unfiled(warc_dir: Path) -> list[Path]:
    """Give the files that were set aside, of all outlets."""
    return sorted(warc_dir.glob("*/unfiled/*.warc.gz"))


def captures_in(path: Path, begin: int = 0, *, most: int | None = None) -> int:
    """Count the captures (by their metadata records) from this offset on; stop above `most`.

    One that a kill left half written at the file's end, its article missing, was never acknowledged and is none.
    """
    found, awaited, gap = 0, False, None
    with path.open("rb") as file:
        for one in records(file, begin):
            gap = one if isinstance(one, Gap) else None
            if isinstance(one, Record):
                found += one.kind == "metadata"
                awaited = one.kind == "metadata" and _gave_version(one)
            if most is not None and found > most:
                return found
        half = awaited and (gap is None or _is_unfinished(file, gap.offset))
    return found - half


def _gave_version(metadata: Record) -> bool:
    try:
        return json.loads(metadata.content).get("verdict") in ("new", "revised")
    except (ValueError, AttributeError):
        return False


def _is_unfinished(file: BinaryIO, offset: int) -> bool:
    """Tell whether the member there is sound as far as it goes, but its end was never written."""
    file.seek(offset)
    member = zlib.decompressobj(31)
    try:
        while not member.eof and (piece := file.read(_PIECE)):
            member.decompress(piece)
    except zlib.error:
        return False
    return not member.eof


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
