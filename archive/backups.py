"""Where backups of this archive were made (`backups.jsonl` in its folder), so that a withdrawal can name them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

_NAME = "backups.jsonl"


def note(folder: Path, path: Path, now: datetime) -> None:
    """Note that a backup stands there."""
    with (folder / _NAME).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"path": str(path.absolute()), "made_at": now.isoformat()}, ensure_ascii=False) + "\n")


def known(folder: Path) -> list[Path]:
    """Give where backups stand that were noted and are still there."""
    try:
        lines = (folder / _NAME).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    noted = dict.fromkeys(Path(json.loads(line)["path"]) for line in lines if line.strip())
    return [path for path in noted if path.exists()]
