"""An export's files while they are written: beside their final name, on disk before the state says so."""

from __future__ import annotations

import os
from pathlib import Path
from typing import BinaryIO

from archive.exportform import Exported, csv_head, csv_row, jsonl, seed_of

SUFFIX = {"jsonl": ".jsonl", "csv": ".csv", "warc": ".warc.gz", "seeds": ""}


class Files:
    """The files of one export, one for each part of a split; opened where an earlier run's state left them."""

    def __init__(self, half: Path, form: str, parts: tuple[str, ...], *, raw: bool, sizes: dict[str, int]) -> None:
        """Open the files; what stands in them behind the sizes that the state tells is cut off."""
        self._form, self._raw = form, raw
        self._paths = {part: _path(half, form, part) for part in parts}
        self._files = {part: _opened(path, sizes.get(part, 0)) for part, path in self._paths.items()}
        for part, file in self._files.items():
            if not sizes.get(part):
                file.write(csv_head() if form == "csv" else b"")

    def add(self, part: str, one: Exported) -> None:
        """Write a version's text."""
        if self._form == "seeds":
            name, text, line = seed_of(one)
            (self._paths[part].parent / name).write_bytes(text)
            self._files[part].write(line)
        else:
            self._files[part].write(jsonl(one) if self._form == "jsonl" else csv_row(one, raw=self._raw))

    def add_bytes(self, part: str, data: bytes) -> None:
        """Write bytes as they are: WARC members."""
        self._files[part].write(data)

    def settle(self) -> dict[str, int]:
        """Bring all that was written to disk; give the files' sizes."""
        for file in self._files.values():
            file.flush()
            os.fsync(file.fileno())
        return {part: file.tell() for part, file in self._files.items()}

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()


def _path(half: Path, form: str, part: str) -> Path:
    """Give where a part is written: the half itself, a file in it, or for seeds the manifest of its folder."""
    if form == "seeds":
        return half / part / "manifest.jsonl"
    return half / f"{part}{SUFFIX[form]}" if part else half


def _opened(path: Path, size: int) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("r+b" if path.exists() else "w+b")
    file.truncate(size)
    file.seek(0, 2)
    return file
