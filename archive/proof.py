"""What is proven of a version: its capture's place in its outlet's chain, and the chain from there to a day's head."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from archive import permanent
from archive.digest import observed_digest
from archive.documents import Document
from archive.entry import facts_digest
from archive.errors import Damaged, UsageProblem
from archive.folder import Folder
from archive.heads import Head, day_of, head_of
from archive.proofrun import told, untrue
from archive.segment import Place, read
from archive.tables import captures, versions
from archive.times import from_us

_TOGETHER = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One capture in the chain: the digest of its facts, and the chain digest that it gives with the one before."""

    facts: str
    chain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A version's proof: `facts` of the capture that gave it, its place in the chain, the links from it to the head.

    `last_seen` is when a capture showed this version last, `seen` how many did.
    """

    document: Document
    number: int
    permanent_id: str
    digest: str
    facts: dict[str, Any]
    capture: dict[str, Any]
    place: int
    links: tuple[Link, ...]
    head: Head
    seen: int
    last_seen: datetime


def prove(folder: Folder, document: Document, number: int | None) -> Proof:
    """Give the proof of a version, by default the last filed. Raises UsageProblem, Damaged."""
    with folder.read() as connection:
        mine = versions.c.document_id == document.id
        chosen = mine & (versions.c.number == number) if number is not None else mine
        version = connection.execute(select(versions).where(chosen).order_by(versions.c.number.desc()).limit(1)).first()
        if version is None:
            raise UsageProblem(f"{document.name} has no version {number}: `archive history {document.name}` lists them")
        shows = captures.c.version_id == version.id
        gave = connection.execute(select(captures).where(shows).order_by(captures.c.id).limit(1)).one()
        seen, last = connection.execute(select(func.count(), func.max(captures.c.fetched_at)).where(shows)).one()
        before = (captures.c.outlet == gave.outlet) & (captures.c.id < gave.id)
        place = connection.execute(select(func.count(captures.c.id)).where(before)).scalar_one() + 1
        head = head_of(connection, day_of(gave.warc_file))
        shown = permanent.shown(connection, version.permanent_id)
    end = next(one.captures for one in head.outlets if one.outlet == gave.outlet)
    facts = _facts(folder, gave)
    return Proof(
        document=document,
        number=version.number,
        permanent_id=shown,
        digest=version.digest,
        facts={**facts, "observed": observed_digest(facts.get("observed") or {})},
        capture={name: getattr(gave, name) for name in ("warc_file", "warc_offset", "warc_length", "via", "chain")},
        place=place,
        links=tuple(_links(folder, gave, max(end - place + 1, 1))),
        head=head,
        seen=seen,
        last_seen=from_us(last),
    )


def _facts(folder: Folder, row: Row[Any]) -> dict[str, Any]:
    """Give the facts of a capture, held against all of its records. Raises Damaged."""
    place = Place(file=row.warc_file, offset=row.warc_offset, length=row.warc_length)
    try:
        run = read(folder.warc_dir, place)
        facts, filed = told(run)
        wrong = next(untrue(run, facts, filed), "" if filed.get("chain") == row.chain else "its chain digest differs")
    except (OSError, ValueError, KeyError) as error:
        wrong = f"it cannot be read ({error})"
    if wrong:
        raise Damaged(f"{row.warc_file}:{row.warc_offset} proves nothing: {wrong}; run `archive verify`")
    return facts


def _links(folder: Folder, gave: Row[Any], count: int) -> list[Link]:
    """Give the chain from the capture on, so many links."""
    found: list[Link] = []
    here = captures.c.outlet == gave.outlet
    after = gave.id - 1
    while len(found) < count:
        some = select(captures).where(here, captures.c.id > after).order_by(captures.c.id)
        with folder.read() as connection:
            rows = connection.execute(some.limit(min(_TOGETHER, count - len(found)))).all()
        if not rows:
            break
        found += [Link(facts=facts_digest(_facts(folder, row)), chain=row.chain) for row in rows]
        after = rows[-1].id
    return found
