"""Exports that were made of this archive (`exports.jsonl` in its folder), so that a withdrawal reaches them too."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from archive.exportclean import clean_file, clean_seeds

_NAME = "exports.jsonl"


def note(folder: Path, path: Path, now: datetime) -> None:
    """Note that an export stands there."""
    with (folder / _NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"path": str(path.absolute()), "made_at": now.isoformat()}, ensure_ascii=False) + "\n")


def known(folder: Path) -> list[Path]:
    """Give where exports stand that were noted and are still there, halves that wait to be gone on with included."""
    try:
        lines = (folder / _NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    noted = dict.fromkeys(Path(json.loads(line)["path"]) for line in lines if line.strip())
    both = [part for path in noted for part in (path, path.with_name(path.name + ".part"))]
    return [path for path in both if path.exists()]


def clean(folder: Path, names: list[str]) -> list[str]:
    """Take these documents out of the noted exports; say what was done."""
    told = []
    for path in known(folder):
        try:
            count = _cleaned(path, frozenset(names))
        except (OSError, ValueError) as error:
            told.append(f"could not clean the export {path} ({error}): take the withdrawn documents out by hand")
            continue
        if count:
            told.append(f"took {count} text(s) out of the export {path}")
    return told


def _cleaned(path: Path, names: frozenset[str]) -> int:
    if path.suffix == ".part":  # a half is begun anew
        _delete(path)
        return 1
    if path.is_file():
        return clean_file(path, names)
    return sum(
        clean_seeds(one.parent, names) if one.name == "manifest.jsonl" else clean_file(one, names)
        for one in sorted(path.rglob("*"))
        if one.is_file() and one.suffix != ".txt"
    )


def _delete(path: Path) -> None:
    import shutil

    shutil.rmtree(path) if path.is_dir() else path.unlink()
    path.with_name(path.name + ".json").unlink(missing_ok=True)
