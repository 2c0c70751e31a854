"""Repair an outlet's WARC files when its filing begins: its database and its files say the same again.

What stands behind the last byte that the database knows, and follows the outlet's last capture by its chain, is filed
again: so a lost write-ahead log, an older database or a kill before the commit costs nothing. What does not follow is
moved aside to `unfiled/`, never dropped; bytes that are no capture are cut off. A file that is shorter than what was
acknowledged is left as it is and never written to again. The caller holds the outlet's lock.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection, func, select

from archive import decisions, links, readings, refile
from archive.errors import Damaged
from archive.folder import Folder
from archive.readings import Verdict
from archive.retold import Retold
from archive.segment import GROUP, Place, read, truncate
from archive.sequence import OutletSequence
from archive.tables import captures
from archive.times import from_us
from archive.unfiled import captures_in, set_aside
from archive.values import Link

log = logging.getLogger(__name__)
#: So many captures are committed together.
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """How the files stand now: the last chain digest, files not to be written to, what was filed again and cut."""

    chain: str
    closed: frozenset[str] = frozenset()
    again: int = 0
    cut: int = 0


def repair(folder: Folder, outlet: str) -> Repaired:
    """Bring the outlet's files and rows together; say on the log whatever a person should know.

    Raises Damaged, nothing cut, when the database is not theirs: its last capture of a file is not what lies there, or
    far more does not follow than one kill leaves.
    """
    with folder.read() as connection:
        chain, ends = _last_chain(connection, outlet), _ends(connection, outlet)
    closed = _closed(folder, ends)
    again = 0
    if verdicts := _verdicts(folder.path, outlet, behind=chain, more=_has_tail(folder.warc_dir, outlet, ends)):
        _decide_again(folder, verdicts.get(chain, ()))
    if _has_tail(folder.warc_dir, outlet, ends):
        again = _file_again(folder, outlet, chain, ends, verdicts)
        with folder.read() as connection:
            chain, ends = _last_chain(connection, outlet), _ends(connection, outlet)
    return Repaired(chain=chain, closed=closed, again=again, cut=_cut(folder, outlet, ends))


def _last_chain(connection: Connection, outlet: str) -> str:
    query = select(captures.c.chain).where(captures.c.outlet == outlet).order_by(captures.c.id.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none() or ""


def _ends(connection: Connection, outlet: str) -> dict[str, int]:
    ends = select(captures.c.warc_file, func.max(captures.c.warc_offset + captures.c.warc_length))
    query = ends.where(captures.c.outlet == outlet).group_by(captures.c.warc_file)
    return {file: int(end) for file, end in connection.execute(query)}


def _closed(folder: Folder, ends: dict[str, int]) -> frozenset[str]:
    """Give the files that hold less than was acknowledged, or are gone; they are told on the log.

    Of a database that other machines write, files that are not here may be theirs.
    """
    paths = {name: folder.warc_dir / name for name in ends}
    short = sorted(name for name, end in ends.items() if _size(paths[name]) < end)
    told = [name for name in short if paths[name].exists() or not folder.is_shared]
    if told:
        log.warning(
            "%s ends at byte %d, but %d were acknowledged%s: it is left as it is, the next capture goes into a new"
            " file; `archive verify` names what is gone, a backup has it",
            *(told[0], _size(paths[told[0]]), ends[told[0]]),
            f" (and {len(told) - 1} more files)" if len(told) > 1 else "",
        )
    return frozenset(short)


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _tails(warc_dir: Path, outlet: str, ends: dict[str, int]) -> list[tuple[Path, int]]:
    """Give the files that go on behind the last byte that the database knows, and where."""
    known = ((path, ends.get(f"{outlet}/{path.name}", 0)) for path in sorted((warc_dir / outlet).glob("*.warc.gz")))
    return [(path, end) for path, end in known if path.is_file() and _size(path) > end]


def _has_tail(warc_dir: Path, outlet: str, ends: dict[str, int]) -> bool:
    return bool(_tails(warc_dir, outlet, ends))


def _file_again(
    folder: Folder, outlet: str, chain: str, ends: dict[str, int], verdicts: dict[str, list[Verdict]]
) -> int:
    """File what follows the last capture, batch by batch; give how many captures that were."""
    told = iter(OutletSequence(folder.warc_dir, outlet, after=ends, chain=chain, tell=lambda lost: None))
    following, again = _following(told, chain), 0
    while batch := list(islice(following, BATCH)):
        with folder.write() as connection:
            for one in batch:
                refile.refile(connection, one)
                _link(connection, one)
                for verdict in verdicts.get(one.filed["chain"], ()):
                    decisions.apply(connection, verdict)
        again += len(batch)
    if again:
        log.warning(
            "%d captures of %s that the database did not know were filed again from the WARC files", again, outlet
        )
    return again


def _following(told: Iterable[Retold], chain: str) -> Iterator[Retold]:
    for one in told:
        if one.facts.get("previous") != chain:
            return
        chain = one.filed["chain"]
        yield one


def _link(connection: Connection, one: Retold) -> None:
    """Make the document's address due when the database lost that, too; replayed captures have no link."""
    facts = one.facts
    if facts.get("verdict") and facts.get("document_url") and not (facts.get("via") or "").startswith("warc:"):
        found = Link(outlet=facts["outlet"], url=facts["document_url"])
        links.add(connection, [found], from_us(facts["fetched_at"]))


def _verdicts(path: Path, outlet: str, *, behind: str, more: bool) -> dict[str, list[Verdict]]:
    """Give what was decided of new extractions after the last capture, or (`more`) after any."""
    try:
        found = [one for one in readings.verdicts(path, outlet) if more or one.after == behind]
    except (Damaged, ValueError, KeyError, TypeError) as error:
        log.warning("%s", error)
        return {}
    by_chain: dict[str, list[Verdict]] = {}
    for one in found:
        by_chain.setdefault(one.after, []).append(one)
    return by_chain


def _decide_again(folder: Folder, verdicts: Iterable[Verdict]) -> None:
    for verdict in verdicts:
        with folder.write() as connection:
            decisions.apply(connection, verdict)


def _cut(folder: Folder, outlet: str, ends: dict[str, int]) -> int:
    """Cut off what the database does not know, whole captures kept aside; give how many bytes."""
    tails = _tails(folder.warc_dir, outlet, ends)
    found = {path: captures_in(path, end, most=GROUP) for path, end in tails}
    for path, _ in tails:
        if sum(found.values()) > GROUP or (found[path] and not _is_theirs(folder, path)):
            raise Damaged(
                f"{outlet}/{path.name} holds captures that do not follow those of the database: it is older or another"
                " one. Restore the right archive.db, or make it anew from the WARC files by `archive rebuild`"
            )
    cut = 0
    for path, end in tails:
        cut += path.stat().st_size - end
        if found[path]:
            aside = set_aside(path, end)
            log.warning(
                "%d captures of %s that do not follow those of the database are kept in %s: `archive verify FILE`"
                " checks that file, `crawl replay FILE` files its pages",
                *(found[path], f"{outlet}/{path.name}", aside),
            )
        truncate(path, end)
    return cut


def _is_theirs(folder: Folder, path: Path) -> bool:
    """Tell whether the last capture that the database names of the file lies there."""
    name = f"{path.parent.name}/{path.name}"
    query = select(captures).where(captures.c.warc_file == name).order_by(captures.c.warc_offset.desc()).limit(1)
    with folder.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return True
    place = Place(file=name, offset=row.warc_offset, length=row.warc_length)
    return hashlib.sha256(read(folder.warc_dir, place)).hexdigest() == str(row.warc_sha256)
