"""What a WARC file of ours tells of each capture: its facts, its article, and where its run of members lies.

A run is `request`, `response` (of an import `resource`) or `revisit`, `metadata` and, when it gave a version,
`conversion`. A capture is told by its metadata record; when other members of its run are damaged it is told all the
same, and the damage is named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from archive.articlejson import from_json
from archive.digest import content_digest
from archive.entry import chain_of
from archive.members import Gap, Record, records
from archive.segment import Place
from archive.tombstone import tombstone

#: The records that hold a payload.
_GIVEN = ("response", "resource")
_VERSIONS = frozenset({"new", "revised"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Retold:
    """One capture as its run tells it: `facts` as the chain digests them, `filed` beside them, and the article's JSON.

    `intact` is False when its payload cannot be read any more.
    """

    place: Place
    sha256: str
    facts: dict[str, Any]
    filed: dict[str, Any]
    content: dict[str, Any] | None
    intact: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Something that could not be told: what kind (damaged, orphan, chain, missing), where, and what.

    `torn` when it stands at its file's end as a killed crawl may leave it.
    """

    kind: str
    where: str
    what: str
    torn: bool = False


def retell(path: Path, name: str, start: int = 0) -> Iterator[Retold | Lost]:
    """Give what the file `name` tells from this offset on, in the order in which it was filed."""
    with path.open("rb") as file:
        run: list[Record | Gap] = []
        for found in records(file, start):
            if isinstance(found, Gap):
                yield Lost(kind="damaged", where=f"{name}:{found.offset}", what=_no_record(found), torn=found.torn)
            if run and not _joins(run, found):
                yield from _ended(file, name, run)
                run = []
            if not (isinstance(found, Record) and found.kind == "warcinfo"):
                run.append(found)
            if _is_whole(run):
                yield from _ended(file, name, run)
                run = []
        if run:
            yield from _ended(file, name, run)


def _no_record(gap: Gap) -> str:
    return f"{gap.end - gap.offset} bytes are no whole record (cut, or CRC or length do not check)"


def _joins(run: list[Record | Gap], found: Record | Gap) -> bool:
    """Tell whether a record may belong to the run before it: a later place in it, of the same capture."""
    mine = [one for one in run if isinstance(one, Record)]
    if not mine:
        # Damage at a run's begin belongs to the capture that the next metadata tells, unless a new run begins there.
        return isinstance(found, Gap) or found.kind not in ("request", "warcinfo")
    if isinstance(found, Gap):
        return True
    same = (found.url, found.date) == (mine[-1].url, mine[-1].date)
    return same and _rank(found.kind) > _rank(mine[-1].kind)


def _rank(kind: str) -> int:
    order = {"request": 1, "response": 2, "resource": 2, "revisit": 2, "metadata": 3, "conversion": 4}
    return order.get(kind, 0)


def _is_whole(run: list[Record | Gap]) -> bool:
    last = run[-1] if run else None
    if not isinstance(last, Record):
        return False
    if last.kind == "conversion":
        return True
    facts = _json(last) if last.kind == "metadata" else {}
    return last.kind == "metadata" and (facts.get("verdict") not in _VERSIONS or _is_withdrawn(facts.get("filed")))


def _is_withdrawn(filed: Any) -> bool:
    return isinstance(filed, dict) and filed.get("dropped") == "withdrawn"


def _json(record: Record) -> dict[str, Any]:
    try:
        said = json.loads(record.content)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _ended(file: BinaryIO, name: str, run: list[Record | Gap]) -> Iterator[Retold | Lost]:
    """Tell the capture of a run that has ended, or why it cannot be told."""
    torn = run[-1].torn if isinstance(run[-1], Gap) else run[-1].end == file.seek(0, 2)
    kept = [one for one in run if isinstance(one, Record)]
    where = f"{name}:{run[0].offset}"
    metadata = next((one for one in kept if one.kind == "metadata"), None)
    if metadata is None:
        if kept:
            kinds = ", ".join(one.kind for one in kept)
            what = f"{kinds} of {kept[0].url} without a metadata record"
            yield Lost(kind="orphan", where=where, what=what, torn=torn)
        return
    facts = _json(metadata)
    filed = facts.pop("filed", None)
    conversion = next((one for one in kept if one.kind == "conversion"), None)
    if why := _wrong(facts, filed, conversion):
        torn = torn and conversion is None
        yield Lost(kind="damaged", where=where, what=f"{why} ({metadata.url})", torn=torn)
        return
    place = Place(file=name, offset=run[0].offset, length=run[-1].end - run[0].offset)
    yield Retold(
        place=place,
        sha256=_sha256(file, place),
        facts=facts,
        filed=filed,
        content=_json(conversion) if conversion else _buried(facts, filed),
        intact=not filed["payload_kept"] or any(one.kind in _GIVEN for one in kept),
    )


def _wrong(facts: dict[str, Any], filed: Any, conversion: Record | None) -> str:
    """Say why the facts cannot be believed, or nothing."""
    if not isinstance(filed, dict) or not {"chain", "crawl_id", "payload_kept"} <= filed.keys():
        return "the metadata record is not one of ours"
    if chain_of(facts) != filed["chain"]:
        return "the capture's facts do not give its chain digest"
    if facts["verdict"] not in _VERSIONS or _is_withdrawn(filed):
        return ""
    if conversion is None:
        return f"the article of {facts['document']}@{facts['number']} is gone"
    if _digest(conversion) != facts["digest"]:
        return f"the article of {facts['document']}@{facts['number']} does not give the version's digest"
    return ""


def _buried(facts: dict[str, Any], filed: dict[str, Any]) -> dict[str, Any] | None:
    """Give the tombstone of a version that was withdrawn, None when the capture gave no version."""
    return tombstone(facts["digest"]) if facts["verdict"] in _VERSIONS and _is_withdrawn(filed) else None


def _digest(conversion: Record) -> str:
    try:
        return content_digest(from_json(_json(conversion)))
    except (KeyError, TypeError, ValueError, AttributeError):
        return ""


def _sha256(file: BinaryIO, place: Place) -> str:
    file.seek(place.offset)
    digest, left = hashlib.sha256(), place.length
    while left and (part := file.read(min(left, 2**20))):
        digest.update(part)
        left -= len(part)
    return digest.hexdigest()
