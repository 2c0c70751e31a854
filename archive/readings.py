"""What was said of a new extraction's readings, kept beside the WARC files, so that a rebuild knows it too.

`readings/<outlet>/<number>.warc.gz` holds one decision: a `metadata` record that says what was decided and after which
capture (its chain digest), then `metadata` records with the readings accepted, so many in each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from warcio.recordbuilder import RecordBuilder

from archive.announced import announced, new_of
from archive.errors import Damaged
from archive.members import Gap, records
from archive.segment import fsync_folder, make_folders
from archive.warc import packed, warc_date

_TOGETHER = 1000
_MEND = "restore it from a backup, or delete it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """How an extraction reads a version's own payload: not an edit, another reading of the same state."""

    document: str
    number: int
    identity: str
    template: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was decided of these identities for one outlet, after the capture of this chain digest."""

    path: Path
    outlet: str
    after: str
    accepted: bool
    identities: tuple[str, ...]
    decided_at: str


def prepare(
    folder: Path, outlet: str, rows: Iterable[Accepted], *, after: str, identities: Iterable[str], now: datetime
) -> Path:
    """Write a decision's file, synced to disk, to be announced; give the path that it will have.

    No rows means that the identities were rejected.
    """
    mine = folder / "readings" / outlet
    make_folders(mine)
    path = mine / f"{_free(mine):06d}.warc.gz"
    told = {"outlet": outlet, "after": after, "identities": sorted(identities), "decided_at": now.isoformat()}
    with new_of(path).open("wb") as file:
        left = iter(rows)
        first = list(islice(left, _TOGETHER))
        file.write(_member(outlet, told | {"accepted": bool(first)}, now))
        while first:
            file.write(_member(outlet, {"readings": [asdict(row) for row in first]}, now))
            first = list(islice(left, _TOGETHER))
        file.flush()
        os.fsync(file.fileno())
    fsync_folder(mine)
    return path


def write(
    folder: Path, outlet: str, rows: Iterable[Accepted], *, after: str, identities: Iterable[str], now: datetime
) -> Path:
    """Write the file of a decision on one outlet at once; give its path."""
    path = prepare(folder, outlet, rows, after=after, identities=identities, now=now)
    new_of(path).replace(path)
    fsync_folder(path.parent)
    return path


def verdicts(folder: Path, outlet: str, *, tell: Callable[[Damaged], None] | None = None) -> list[Verdict]:
    """Give the outlet's decisions in order, those that were made and not carried out too.

    Raises Damaged; `tell` hears of it instead, and the decision is left out.
    """
    found = []
    paths = {path: path for path in (folder / "readings" / outlet).glob("*.warc.gz")}
    for path in announced(folder):
        if path.parent.name == outlet and path not in paths:
            paths[path] = new_of(path)
    for _, path in sorted(paths.items()):
        try:
            found.append(_verdict(path, whole=tell is not None))
        except Damaged as error:
            if tell is None:
                raise
            tell(error)
    return found


def _verdict(path: Path, *, whole: bool) -> Verdict:
    """Read a decision; with `whole`, its readings too, so that no damage is met later. Raises Damaged."""
    told = _told(path)
    try:
        said = next(told)
        verdict = Verdict(path=path, **(said | {"identities": tuple(said["identities"])}))
        for _ in accepted(verdict) if whole else ():
            pass
    except (StopIteration, KeyError, TypeError, ValueError) as error:
        raise Damaged(f"{path} says nothing that is a decision: {_MEND}") from error
    return verdict


def accepted(verdict: Verdict) -> Iterator[Accepted]:
    """Give the readings that a decision accepted. Raises Damaged."""
    said = _told(verdict.path)
    next(said)
    for part in said:
        yield from (Accepted(**row) for row in part["readings"])


def _free(folder: Path) -> int:
    names = (path.name.split(".")[0] for path in folder.glob("*.warc.gz"))
    return max((int(name) for name in names if name.isdecimal()), default=0) + 1


def _member(outlet: str, said: dict[str, Any], now: datetime) -> bytes:
    body = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    builder = RecordBuilder(warc_version="1.1")
    record = builder.create_warc_record(
        f"urn:luuchieu:readings:{outlet}",
        "metadata",
        payload=BytesIO(body),
        length=len(body),
        warc_content_type="application/json",
        warc_headers_dict={"WARC-Date": warc_date(now)},
    )
    return packed(record)


def _told(path: Path) -> Iterator[dict[str, Any]]:
    with path.open("rb") as file:
        for record in records(file):
            if isinstance(record, Gap):
                raise Damaged(f"{path} is damaged at byte {record.offset}: {_MEND}")
            yield json.loads(record.content)
