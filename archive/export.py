"""Export versions: to files that get their final name only when they are whole; what was killed goes on where it was.

`PATH.part` is written, and `PATH.part.json` says how far it is on disk and of which selection it is a half.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Row, func, select

from archive import __version__, exports
from archive.articlejson import from_json
from archive.errors import UsageProblem
from archive.exportfiles import Files
from archive.exportform import Exported
from archive.folder import Folder
from archive.fulldisk import clear_full
from archive.segment import Place, read
from archive.selection import Chosen, Selection, Wanted
from archive.tables import captures, documents, versions
from archive.times import from_us
from archive.warc import warcinfo

#: So many versions are brought to disk together.
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where an export goes, and in which form: jsonl, csv, seeds or warc; `raw` leaves CSV's formulas as they are."""

    path: Path
    form: str
    raw: bool = False

    @property
    def half(self) -> Path:
        """What is written until it is whole."""
        return self.path.with_name(self.path.name + ".part")

    @property
    def state(self) -> Path:
        """How far that is."""
        return self.path.with_name(self.path.name + ".part.json")


def export(
    folder: Folder,
    selected: Selection,
    wanted: Wanted,
    target: Target,
    *,
    now: datetime,
    report: Callable[[int], None] = lambda done: None,
) -> int:
    """Write the versions; give how many had been written by an earlier run. Raises UsageProblem, DiskFull."""
    if target.path.exists():
        raise UsageProblem(f"{target.path} is there already: give another --to, or move it away")
    target.path.parent.mkdir(parents=True, exist_ok=True)
    parts = tuple(name for name, _ in wanted.parts) or ("",)
    digest = _digest(selected.chosen, target)
    done, sizes = _state(target, digest)
    exports.note(folder.path, target.path, now)
    with clear_full(target.half), closing(Files(target.half, target.form, parts, raw=target.raw, sizes=sizes)) as files:
        if target.form == "warc" and not done:
            for part in parts:
                files.add_bytes(part, _warcinfo(target, part, now))
        for begin in range(done, len(selected.chosen), BATCH):
            batch = selected.chosen[begin : begin + BATCH]
            _write(folder, batch, files, target.form)
            _note(target, digest, begin + len(batch), files.settle())
            report(begin + len(batch))
        files.settle()
    if target.half.is_dir():
        _describe(target, selected, wanted, now)
    target.half.replace(target.path)
    _sync(target.path.parent)
    target.state.unlink(missing_ok=True)
    return done


def _digest(chosen: tuple[Chosen, ...], target: Target) -> str:
    digest = hashlib.sha256(f"{target.form} {target.raw}\n".encode())
    for one in chosen:
        digest.update(f"{one.document}@{one.number} {one.permanent_id} {one.cluster} {one.part}\n".encode())
    return digest.hexdigest()


def _state(target: Target, digest: str) -> tuple[int, dict[str, int]]:
    """Give how far an earlier run of the same export came; a half of another one is begun anew."""
    try:
        said = json.loads(target.state.read_text(encoding="utf-8"))
        if said["selection"] == digest and target.half.exists():
            return int(said["done"]), {str(part): int(size) for part, size in said["sizes"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    shutil.rmtree(target.half) if target.half.is_dir() else target.half.unlink(missing_ok=True)
    return 0, {}


def _note(target: Target, digest: str, done: int, sizes: dict[str, int]) -> None:
    new = target.state.with_name(target.state.name + ".new")
    new.write_text(json.dumps({"selection": digest, "done": done, "sizes": sizes}), encoding="utf-8")
    new.replace(target.state)


def _write(folder: Folder, batch: tuple[Chosen, ...], files: Files, form: str) -> None:
    with folder.read() as connection:
        first = captures.alias("first")
        gave = select(func.min(first.c.id)).where(first.c.version_id == versions.c.id).scalar_subquery()
        query = select(versions, documents.c.url, documents.c.outlet, captures.c.via)
        query = query.add_columns(captures.c.warc_file, captures.c.warc_offset, captures.c.warc_length)
        query = query.join(documents, documents.c.id == versions.c.document_id).join(captures, captures.c.id == gave)
        wanted = versions.c.id.in_([one.version_id for one in batch])
        found = {row.id: row for row in connection.execute(query.where(wanted))}
    for one in batch:
        row = found[one.version_id]
        if form == "warc":
            place = Place(file=row.warc_file, offset=row.warc_offset, length=row.warc_length)
            files.add_bytes(one.part, read(folder.warc_dir, place))
        else:
            files.add(one.part, _exported(one, row))


def _exported(one: Chosen, row: Row[Any]) -> Exported:
    return Exported(
        permanent_id=one.permanent_id,
        document=one.document,
        number=one.number,
        outlet=row.outlet,
        url=row.url,
        digest=row.digest,
        captured_at=from_us(row.captured_at),
        cluster=one.cluster,
        via=row.via,
        article=from_json(json.loads(row.content)),
    )


def _warcinfo(target: Target, part: str, now: datetime) -> bytes:
    name = f"{part}.warc.gz" if part else target.path.name
    return warcinfo(name, {"software": f"luuchieu/{__version__}", "description": "an export"}, now)


def _describe(target: Target, selected: Selection, wanted: Wanted, now: datetime) -> None:
    """Say beside the files what they are: how they were chosen, and how many texts each holds."""
    counts = {part: len(list(some)) for part, some in _by_part(selected)}
    said = {
        "software": f"luuchieu/{__version__}",
        "made_at": now.isoformat(),
        "format": target.form,
        "query": wanted.query,
        "outlets": list(wanted.outlets),
        "since": wanted.since.isoformat() if wanted.since else None,
        "until": wanted.until.isoformat() if wanted.until else None,
        "unique": wanted.unique,
        "every_version": wanted.every_version,
        "noarchive_included": wanted.private,
        "noarchive_left_out": selected.withheld,
        "seed": wanted.seed if wanted.parts else None,
        "split": dict(wanted.parts),
        "texts": counts,
    }
    (target.half / "export.json").write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _by_part(selected: Selection) -> Iterator[tuple[str, Iterator[Chosen]]]:
    yield from groupby(sorted(selected.chosen, key=lambda one: one.part), key=lambda one: one.part)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
