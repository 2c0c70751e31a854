"""Withdraw documents (court order, privacy): their content leaves every file of the archive, a tombstone stays.

First it is planned, and the plan kept in `withdrawing.json` (places, no text); then each withdrawal is filed into its
outlet's chain, which buries the content in the database; then the WARC files are written anew without it, files that
hold old states are deleted, exports cleaned, the index is made anew, and the database's free pages are given back. Each
step may be done twice: one that was killed goes on by the same command.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from archive import crawls, locks, manifest, remains
from archive.documents import Document, versions_of
from archive.entry import Entry
from archive.errors import AlreadyRunning, UsageProblem
from archive.filing import Filing
from archive.folder import Folder
from archive.keeper import elsewhere
from archive.mentions import mentions, passages, says
from archive.related import of as relations_of
from archive.rewrite import recover, rewrite
from archive.strip import PRUNED, WITHDRAWN
from archive.tables import captures, documents
from archive.values import Capture, Outcome, Purpose
from archive.withdrawn import addresses

_PLAN = "withdrawing.json"
Report = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a withdrawal takes out: documents, their captures, and captures of others that print their text.

    Captures are (outlet, chain digest), which no rebuild changes. `copies` are other documents that say the same: they
    stay, unless they are named too.
    """

    reason: str
    documents: list[str]
    versions: int
    captures: list[tuple[str, str]]
    mentions: list[tuple[str, str]]
    mentioned: list[str]
    copies: list[str]


def pending(folder: Folder) -> Plan | None:
    """Give the withdrawal that was begun and not ended, or None."""
    try:
        said = json.loads((folder.path / _PLAN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    for name in ("captures", "mentions"):
        said[name] = [(outlet, chain) for outlet, chain in said[name]]
    return Plan(**said)


def plan(folder: Folder, found: list[Document], reason: str, *, report: Report = lambda said: None) -> Plan:
    """Find all that these documents' text stands in; the whole archive's kept payloads are read.

    Raises UsageProblem when other folders keep some of the files, Damaged when one cannot be read.
    """
    for outlet, where in elsewhere(folder).items():
        how = f"share that folder, or copy its warc/{outlet} to {folder.warc_dir} and crawl it here"
        raise UsageProblem(f"a withdrawal needs all WARC files, and those of {outlet} are in {where}: {how}")
    with folder.read() as connection:
        articles = [version.article for one in found for version in versions_of(connection, one)]
        mine = {row.id: (row.outlet, row.chain) for one in found for row in _captures(connection, one)}
        copies = _copies(connection, found)
    wanted = passages(articles)
    told = mentions(folder, wanted, but=frozenset(mine), report=lambda seen: report(f"{seen} payloads read"))
    others = list(told) if wanted else []
    with folder.read() as connection:
        shared = {one.document_id for one in others if says(connection, one.document_id, wanted)}
        copies += [name for name in _names(connection, shared) if name not in copies]
    dropped = [one for one in others if one.document_id not in shared]
    return Plan(
        reason=reason,
        documents=[one.name for one in found],
        versions=len(articles),
        captures=list(mine.values()),
        mentions=[(one.outlet, one.chain) for one in dropped],
        mentioned=sorted({one.url for one in dropped}),
        copies=sorted(copies),
    )


def withdraw(folder: Folder, planned: Plan, *, now: datetime, report: Report = lambda said: None) -> list[str]:
    """Do what was planned; give what was deleted besides. Raises AlreadyRunning while one of the outlets is crawled."""
    outlets = sorted({outlet for outlet, _ in (*planned.captures, *planned.mentions)})
    with ExitStack() as held:
        held.enter_context(locks.hold(folder.path / "locks" / "rewrite.lock", wait=0, busy=_running))
        for outlet in outlets:
            held.enter_context(folder.lock_outlet(outlet))
        _write_plan(folder, planned)
        recover(folder)
        report("filing the withdrawal")
        names = [name for name in planned.documents if not _is_done(folder, name)]
        for name in names:
            _file(folder, name, planned.reason, now)
        report("writing WARC files anew")
        gone = []
        for file, drop in _drops(folder, planned).items():
            if (folder.warc_dir / file).exists():
                rewrite(folder, file, drop)
            else:
                gone.append(f"{file} is gone: should it turn up, it holds the text still")
        report("deleting old states, making the index anew")
        gone += remains.clear(folder, planned.documents)
        manifest.refresh(folder.path)
    (folder.path / _PLAN).unlink(missing_ok=True)
    return gone


def _running(pid: str) -> Exception:
    return AlreadyRunning("a withdrawal, a pruning or a backup of this archive", pid)


def _captures(connection: Connection, document: Document) -> list[Any]:
    """Give the captures that may hold a document's text: its own, and those of its addresses."""
    here = captures.c.url.in_(addresses(connection, document.id)) | (captures.c.document_id == document.id)
    fetched = captures.c.purpose == Purpose.PAGE.value
    query = select(captures.c.id, captures.c.outlet, captures.c.chain).where(here, fetched)
    return list(connection.execute(query.order_by(captures.c.id)))


def _copies(connection: Connection, found: list[Document]) -> list[str]:
    mine = {one.id for one in found}
    others = {other.b for one in found for other in relations_of(connection, one.id)}
    return _names(connection, others - mine)


def _names(connection: Connection, ids: Iterable[int | None]) -> list[str]:
    query = select(documents.c.name).where(documents.c.id.in_([one for one in ids if one is not None]))
    return sorted(connection.execute(query).scalars())


def _write_plan(folder: Folder, planned: Plan) -> None:
    path = folder.path / _PLAN
    new = path.with_name(path.name + ".new")
    new.write_text(json.dumps(asdict(planned), ensure_ascii=False), encoding="utf-8")
    new.replace(path)


def _is_done(folder: Folder, name: str) -> bool:
    with folder.read() as connection:
        query = select(documents.c.withdrawn_at).where(documents.c.name == name)
        return connection.execute(query).scalar_one_or_none() is not None


def _file(folder: Folder, name: str, reason: str, now: datetime) -> None:
    """File the statement that the document is withdrawn into its outlet's chain."""
    with folder.read() as connection:
        row = connection.execute(select(documents).where(documents.c.name == name)).one()
        via = connection.execute(select(captures.c.via).where(captures.c.document_id == row.id).limit(1)).scalar_one()
    batch = f"withdraw {now.isoformat()}"
    with folder.write() as connection:
        crawl = crawls.begin(connection, row.outlet, batch=batch, via=via, now=now)
    said = Capture(
        outlet=row.outlet,
        url=row.url,
        fetched_at=now,
        outcome=Outcome.WITHDRAWN,
        purpose=Purpose.WITHDRAWAL,
        reason=reason,
        via=via,
    )
    filing = Filing(folder, outlet=row.outlet, crawl_id=crawl, batch=batch)
    filing.file(Entry(capture=said, now=now, document=name, url=row.url))
    with folder.write() as connection:
        crawls.end(connection, crawl, now=now, summary={"withdrawn": name})


def _drops(folder: Folder, planned: Plan) -> dict[str, dict[int, str]]:
    """Give for each file what is to be taken out of it: offset of a capture → why."""
    why = dict.fromkeys(planned.mentions, PRUNED) | dict.fromkeys(planned.captures, WITHDRAWN)
    found: dict[str, dict[int, str]] = defaultdict(dict)
    columns = (captures.c.outlet, captures.c.chain, captures.c.warc_file, captures.c.warc_offset)
    with folder.read() as connection:
        for outlet in sorted({outlet for outlet, _ in why}):
            for row in connection.execute(select(*columns).where(captures.c.outlet == outlet)):
                if (row.outlet, row.chain) in why:
                    found[row.warc_file][row.warc_offset] = why[row.outlet, row.chain]
    return dict(found)
