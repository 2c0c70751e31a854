"""What was said of a new extraction's readings, kept beside the WARC files, so that a rebuild knows it too.

`readings/<outlet>/<number>.warc.gz` holds one decision: a `metadata` record that says what was decided and after which
capture (its chain digest), then `metadata` records with the readings accepted, so many in each.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from warcio.recordbuilder import RecordBuilder

from archive.errors import Damaged
from archive.members import Gap, records
from archive.warc import packed, warc_date

_TOGETHER = 1000


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


def write(
    folder: Path, outlet: str, rows: Iterable[Accepted], *, after: str, identities: Iterable[str], now: datetime
) -> Path:
    """Write a decision's file, synced to disk; no rows means that the identities were rejected. Give its path."""
    mine = folder / "readings" / outlet
    mine.mkdir(parents=True, exist_ok=True)
    path = mine / f"{_free(mine):06d}.warc.gz"
    new = path.with_name(path.name + ".new")
    told = {"outlet": outlet, "after": after, "identities": sorted(identities), "decided_at": now.isoformat()}
    with new.open("wb") as file:
        left = iter(rows)
        first = list(islice(left, _TOGETHER))
        file.write(_member(outlet, told | {"accepted": bool(first)}, now))
        while first:
            file.write(_member(outlet, {"readings": [asdict(row) for row in first]}, now))
            first = list(islice(left, _TOGETHER))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    return path


def verdicts(folder: Path, outlet: str) -> list[Verdict]:
    """Give the outlet's decisions in order. Raises Damaged."""
    found = []
    for path in sorted((folder / "readings" / outlet).glob("*.warc.gz")):
        said = next(_told(path))
        said["identities"] = tuple(said["identities"])
        found.append(Verdict(path=path, **said))
    return found


def accepted(verdict: Verdict) -> Iterator[Accepted]:
    """Give the readings that a decision accepted. Raises Damaged."""
    said = _told(verdict.path)
    next(said)
    for part in said:
        yield from (Accepted(**row) for row in part["readings"])


def _free(folder: Path) -> int:
    numbers = [int(path.name.split(".")[0]) for path in folder.glob("*.warc.gz")]
    return max(numbers, default=0) + 1


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
                raise Damaged(f"{path} is damaged at byte {record.offset}: restore it from a backup, or delete it")
            yield json.loads(record.content)
