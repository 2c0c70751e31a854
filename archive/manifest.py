"""A backup's manifest (`backup.json`): its files with size and sha256, and what they were copied from."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from archive.errors import Damaged, UsageProblem

NAME = "backup.json"
_PIECE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """One file: its bytes and sha256, and of the file copied its whole size, when it changed, and its number."""

    bytes: int
    sha256: str
    source: tuple[int, int, int] = (0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup holds. `captures` counts those in its database; files are named as they lie in it."""

    made_at: str
    archive: str
    captures: int
    files: dict[str, Copied] = field(default_factory=dict)


def write(folder: Path, manifest: Manifest) -> None:
    """Write the manifest: with it the backup is whole."""
    new = folder / f"{NAME}.new"
    new.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    new.replace(folder / NAME)


def read(folder: Path) -> Manifest:
    """Read a backup's manifest. Raises UsageProblem when there is none, Damaged when it is none."""
    path = folder / NAME
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        said["files"] = {name: _copied(one) for name, one in said["files"].items()}
        found = Manifest(**said)
    except FileNotFoundError:
        raise UsageProblem(f"there is no backup in {folder}: name a folder that `archive backup` made") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Damaged(f"{path} is damaged: the backup cannot be trusted; use another one") from None
    if any(Path(name).is_absolute() or ".." in Path(name).parts for name in found.files):
        raise Damaged(f"{path} names files outside of the backup: it cannot be trusted; use another one")
    return found


def refresh(folder: Path) -> None:
    """Write a backup's manifest anew after the archive in it was changed on purpose; nothing when it is no backup."""
    if not (folder / NAME).exists():
        return
    before = read(folder)
    here = [folder / name for name in before.files] + list(folder.glob("warc/*/*.warc.gz"))
    files = {path.relative_to(folder).as_posix(): _as_it_is(path) for path in sorted(set(here)) if path.exists()}
    write(folder, replace(before, files=files))


def _as_it_is(path: Path) -> Copied:
    with path.open("rb") as file:
        return Copied(bytes=path.stat().st_size, sha256=hashlib.file_digest(file, "sha256").hexdigest())


def backups_in(path: Path) -> list[Path]:
    """Give the whole backups of a folder, oldest first: itself when it is one."""
    if (path / NAME).exists():
        return [path]
    return sorted(one.parent for one in path.glob(f"*/{NAME}"))


def copy_file(source: Path, target: Path, *, limit: int | None = None) -> Copied:
    """Copy a file, or so many bytes of it, and bring the copy to disk; give what was copied."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as old, target.open("wb") as new:
        stat = os.fstat(old.fileno())
        left = stat.st_size if limit is None else limit
        while left > 0 and (piece := old.read(min(left, _PIECE))):
            digest.update(piece)
            new.write(piece)
            size += len(piece)
            left -= len(piece)
        new.flush()
        os.fsync(new.fileno())
    return Copied(bytes=size, sha256=digest.hexdigest(), source=(stat.st_size, stat.st_mtime_ns, stat.st_ino))


def _copied(said: dict[str, Any]) -> Copied:
    return Copied(bytes=int(said["bytes"]), sha256=str(said["sha256"]), source=tuple(said["source"]))
