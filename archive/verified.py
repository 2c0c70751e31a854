"""When each WARC file was last checked (`verified.json` in the archive's folder), so that a check of limited time goes
on where the last one ended, the longest unchecked first.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

_NAME = "verified.json"


class Verified:
    """The files' last checks: `at`, when one was checked to its end, and `until`, how far a check of it has come."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        try:
            said = json.loads(self._path.read_text(encoding="utf-8"))
            self._files: dict[str, dict[str, Any]] = {str(k): {**v} for k, v in said["files"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            self._files = {}

    def oldest_first(self, names: list[str]) -> list[str]:
        """Give the names in the order to check them."""
        return sorted(names, key=lambda name: (self._of(name), name))

    def until(self, name: str) -> int:
        """Give the offset up to which the file is already checked in this round."""
        until = self._files.get(name, {}).get("until", 0)
        return until if isinstance(until, int) else 0

    def stopped(self, name: str, offset: int) -> None:
        """Note how far a check has come."""
        self._files.setdefault(name, {})["until"] = offset

    def done(self, name: str, now: datetime) -> None:
        """Note that the file was checked to its end."""
        self._files[name] = {"at": now.isoformat(), "until": 0}

    def save(self) -> None:
        """Keep it, unless the folder takes no writes."""
        new = self._path.with_name(_NAME + ".new")
        try:
            new.write_text(json.dumps({"files": self._files}, indent=1, sort_keys=True), encoding="utf-8")
            new.replace(self._path)
        except OSError:
            return

    def _of(self, name: str) -> str:
        return str(self._files.get(name, {}).get("at", ""))
