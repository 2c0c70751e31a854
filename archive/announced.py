"""A decision on the readings of several outlets, made at once: all its files, or none.

Each outlet's file is written as `NNNNNN.warc.gz.new`; then `readings/announced.json` names them all, in one rename:
from then on the decision is made, whatever happens. What is left is to carry it out, now or when the archive is next
used.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

from archive.errors import Damaged
from archive.segment import fsync_folder

_NAME = "announced.json"
_NEW = ".new"


def new_of(path: Path) -> Path:
    """Give where a file lies until its decision is carried out."""
    return path.with_name(path.name + _NEW)


def announce(folder: Path, paths: Iterable[Path]) -> None:
    """Make the decision whose files lie ready: durable when this returns."""
    mine = folder / "readings"
    names = sorted(str(path.relative_to(mine)) for path in paths)
    new = mine / f"{_NAME}{_NEW}"
    with new.open("w", encoding="ascii") as file:
        file.write(json.dumps({"files": names}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    new.replace(mine / _NAME)
    fsync_folder(mine)


def announced(folder: Path) -> list[Path]:
    """Give the files of a decision that was made and perhaps not carried out; none is the rule. Raises Damaged."""
    path = folder / "readings" / _NAME
    try:
        names = json.loads(path.read_text(encoding="ascii"))["files"]
        return [folder / "readings" / name for name in names]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError):
        what = "restore it from a backup, or delete it and decide again by `crawl replay --own`"
        raise Damaged(f"{path}, a decision under way, cannot be read: {what}") from None


def finish(folder: Path) -> None:
    """Give the announced files their names, and take the announcement away; done once or again."""
    paths = announced(folder)
    for path in paths:
        if new_of(path).exists():
            new_of(path).replace(path)
    _take_away(folder, paths)


def withdraw(folder: Path) -> None:
    """Take a decision back that could not be carried out."""
    paths = announced(folder)
    _take_away(folder, paths)
    for path in paths:
        new_of(path).unlink(missing_ok=True)


def _take_away(folder: Path, paths: Iterable[Path]) -> None:
    """Remove the announcement, after what it names lies on disk under its name."""
    for parent in sorted({path.parent for path in paths}):
        fsync_folder(parent)
    (folder / "readings" / _NAME).unlink(missing_ok=True)
    fsync_folder(folder / "readings")
