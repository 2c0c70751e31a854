"""SQL of decisions on a new extraction's readings: accepted or rejected as a whole, of all outlets at once.

The decision is made when its files are announced beside the WARC files; the database then follows in one transaction.
Killed before, nothing is decided; killed after, the next command that decides or files carries it out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from archive import announced, readings, reextract, refile
from archive.folder import Folder
from archive.readings import Accepted, Verdict
from archive.tables import documents, extractions, versions


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What is to be decided of an outlet: the extractions, and how they read its versions (read once or again)."""

    outlet: str
    identities: frozenset[str]
    rows: Iterable[Accepted]


def decide(folder: Folder, proposals: Collection[Proposal], *, accept: bool, now: datetime) -> None:
    """Accept or reject what is proposed, all of it; the caller holds the outlets' locks. Raises Busy, DiskFull."""
    paths = []
    for one in proposals:
        with folder.read() as connection:
            after = reextract.last_chain(connection, one.outlet)
        rows = one.rows if accept else ()
        known = {"after": after, "identities": one.identities, "now": now}
        paths.append(readings.prepare(folder.path, one.outlet, rows, **known))  # type: ignore[arg-type]  # by name
    announced.announce(folder.path, paths)
    try:
        settle(folder)
    except BaseException:
        # Still alive: what the database refused is not decided, unless it was committed all the same.
        if not _is_settled(folder):
            announced.withdraw(folder.path)
        raise


def settle(folder: Folder) -> bool:
    """Carry out a decision that was announced; tell whether there was one. Done again, it changes nothing."""
    found = _announced(folder)
    if not found:
        return False
    with folder.write() as connection:
        for verdict in found:
            apply(connection, verdict)
    announced.finish(folder.path)
    return True


def apply(connection: Connection, verdict: Verdict) -> None:
    """Write what was decided for one outlet: accepted readings as extractions, or that they were rejected."""
    if verdict.accepted:
        refile.read_again(connection, readings.accepted(verdict))
    else:
        refile.reject(connection, verdict.outlet, verdict.identities, verdict.decided_at)


def _announced(folder: Folder) -> list[Verdict]:
    paths = set(announced.announced(folder.path))
    wanted = paths | {announced.new_of(path) for path in paths}
    outlets = sorted({path.parent.name for path in paths})
    return [one for outlet in outlets for one in readings.verdicts(folder.path, outlet) if one.path in wanted]


def _is_settled(folder: Folder) -> bool:
    """Tell whether the database holds the announced decision: its transaction is all or nothing."""
    with folder.read() as connection:
        return all(_holds(connection, verdict) for verdict in _announced(folder))


def _holds(connection: Connection, verdict: Verdict) -> bool:
    if not verdict.accepted:
        return set(verdict.identities) <= reextract.rejected(connection, verdict.outlet)
    one = next(readings.accepted(verdict))
    query = select(extractions.c.id).select_from(extractions.join(versions).join(documents))
    mine = documents.c.name == one.document, versions.c.number == one.number, extractions.c.identity == one.identity
    return connection.execute(query.where(*mine)).first() is not None
