"""A folder of reference texts that stands in for the seeds: each `*.txt` file in seed text, by name."""

from __future__ import annotations

import hashlib
from pathlib import Path

from archive.errors import UsageProblem
from archive.seeds import Seed
from archive.seedtext import parse


def references(folder: Path) -> tuple[Seed, ...]:
    """Read the folder's texts, numbered from 0 in the order of their names. Raises UsageProblem when it has none."""
    found = [path for path in sorted(folder.rglob("*.txt")) if path.is_file()] if folder.is_dir() else []
    texts = [_reference(number, path, path.relative_to(folder)) for number, path in enumerate(found)]
    if not any(text.article.title for text in texts):
        raise UsageProblem(
            f"{folder} holds no *.txt file of seed text: give a folder of texts as `archive show` prints"
        )
    return tuple(text for text in texts if text.article.title)


def _reference(number: int, path: Path, shown: Path) -> Seed:
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageProblem(
            f"cannot read {path}: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"
        ) from None
    return Seed(
        number=number,
        name=shown.with_suffix("").as_posix(),
        path=str(path),
        sha256=hashlib.sha256(data).hexdigest(),
        text=text,
        outlet="",
        era="",
        url="",
        published=None,
        date="",
        article=parse(text),
        event_line="",
        noise=(),
        spans=(),
    )
