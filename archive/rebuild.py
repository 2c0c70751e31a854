"""Rebuild the database from the WARC files alone, without extracting again; equal to the one that was lost.

It is built beside the old one and moved into its place when whole. How far each file was told is committed with what it
told, so that a rebuild that was killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from archive import decisions, formerly, locks, readings, refile, swap, underway
from archive.config import config
from archive.errors import AlreadyRunning, ArchiveError, Damaged, UsageProblem
from archive.folder import Folder
from archive.fulldisk import clear_full
from archive.relating import relate
from archive.retold import Lost, Retold
from archive.segment import read
from archive.sequence import OutletSequence, outlets_of, sequence
from archive.times import to_us

#: So many captures are committed together: what a kill costs.
BATCH = 200
#: No file's name: how far the documents were related, by id.
_RELATED = ""
Report = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """How a rebuild went: what it counts, what was lost, and whether the new database stands in its place."""

    captures: int
    documents: int
    versions: int
    links: int
    seconds: float
    lost: list[Lost] = field(default_factory=list)
    placed: bool = True
    resumed: bool = False


def rebuild(
    path: Path, *, now: datetime, into: Path | None = None, keep_going: bool = False, report: Report = lambda told: None
) -> Rebuilt:
    """Rebuild the archive of this folder in place, or as an archive of its own in `into`, its files copied there.

    With losses the old database stays in place unless told to keep going. `report` hears how many captures are told.
    Raises AlreadyRunning while a crawl or another rebuild runs, Busy, DiskFull, UsageProblem.
    """
    target = _target(path, into)
    formerly.check_ours(path)
    began = time.monotonic()
    with clear_full(target), _held(path) as held:
        new = underway.database_of(target)
        folder, resumed = _begun(new, path / "warc")
        try:
            lost = _tell(folder, path, report)
            with folder.read() as connection:
                counted = refile.counts(connection)
                lost = formerly.real_losses(path, lost, connection)
            placed = keep_going or not lost
            if placed:
                _relate(folder)
            links = _end(folder, now) if placed else 0
        finally:
            folder.close()
        if not placed:
            shutil.rmtree(new)
        elif held.is_shared and target == path:
            _fill(held, new)
        else:
            _place(path, target, new)
    seconds = time.monotonic() - began
    return Rebuilt(**counted, links=links, seconds=seconds, lost=lost, placed=placed, resumed=resumed)


def _target(path: Path, into: Path | None) -> Path:
    if not outlets_of(path / "warc"):
        raise UsageProblem(f"there are no WARC files in {path / 'warc'}: name the archive's folder by --archive")
    if into is not None and (into / "archive.db").exists():
        raise UsageProblem(f"there is an archive in {into} already: name an empty folder by --into")
    return into or path


@contextmanager
def _held(path: Path) -> Iterator[Folder]:
    """Give the archive with the write lock and every outlet's held: nothing is filed while the files are told."""
    known = {lock.name.removeprefix("outlet-").removesuffix(".lock") for lock in path.glob("locks/outlet-*.lock")}
    with ExitStack() as held:
        folder = held.enter_context(Folder(path))
        busy = _running("a rebuild of this archive")
        held.enter_context(locks.hold(path / "locks" / "rebuild.lock", wait=0, busy=busy))
        for outlet in sorted(known | set(outlets_of(path / "warc"))):
            held.enter_context(folder.lock_outlet(outlet))
        held.enter_context(folder.lock_writes())
        yield folder


def _running(what: str) -> Callable[[str], Exception]:
    return lambda pid: AlreadyRunning(what, pid)


def _begun(new: Path, warc_dir: Path) -> tuple[Folder, bool]:
    """Open the database of a rebuild that was killed, when the files are still those it told; else begin anew."""
    if (new / "archive.db").exists():
        folder = Folder(new, url="")
        try:
            if _goes_on(folder, warc_dir):
                return folder, True
        except ArchiveError:
            pass
        folder.close()
    shutil.rmtree(new, ignore_errors=True)
    folder = Folder.open(new, create=True, url="")
    with folder.write() as connection:
        underway.begin(connection)
    return folder, False


def _goes_on(folder: Folder, warc_dir: Path) -> bool:
    with folder.read() as connection:
        return underway.is_under_way(connection) and all(
            _is_there(warc_dir, place.file) and hashlib.sha256(read(warc_dir, place)).hexdigest() == sha256
            for place, sha256 in underway.last_runs(connection)
        )


def _is_there(warc_dir: Path, name: str) -> bool:
    return (warc_dir / name).is_file()


def _tell(folder: Folder, path: Path, report: Report) -> list[Lost]:
    """File every capture of the files again, batch by batch; give what was lost."""
    lost: list[Lost] = []
    with folder.read() as connection:
        after, chains = underway.ends(connection), underway.last_chains(connection)
        told = refile.counts(connection)["captures"]
    verdicts = _verdicts(path, lost, readings_of=outlets_of(path / "warc"))
    outlets = {
        outlet: OutletSequence(path / "warc", outlet, after=after, chain=chains.get(outlet, ""), tell=lost.append)
        for outlet in outlets_of(path / "warc")
    }
    captures = sequence(outlets)
    while batch := list(islice(captures, BATCH)):
        _file(folder, batch, lost, verdicts)
        told += len(batch)
        report(told)
    with folder.write() as connection:
        underway.note(connection, {}, lost)
        return underway.losses(connection)


def _verdicts(path: Path, lost: list[Lost], *, readings_of: list[str]) -> dict[str, list[readings.Verdict]]:
    found: dict[str, list[readings.Verdict]] = {}
    for outlet in readings_of:

        def tell(error: Damaged, where: str = f"readings/{outlet}") -> None:
            lost.append(Lost(kind="damaged", where=where, what=str(error)))

        for verdict in readings.verdicts(path, outlet, tell=tell):
            found.setdefault(verdict.after, []).append(verdict)
    return found


def _file(folder: Folder, batch: list[Retold], lost: list[Lost], verdicts: dict[str, list[readings.Verdict]]) -> None:
    ends: dict[str, int] = {}
    with folder.write() as connection:
        for one in batch:
            if not refile.refile(connection, one, relate=False):
                lost.append(_without_version(one))
            for verdict in verdicts.get(one.filed["chain"], ()):
                decisions.apply(connection, verdict)
            ends[one.place.file] = one.place.offset + one.place.length
        underway.note(connection, ends, lost)
    lost.clear()


def _without_version(one: Retold) -> Lost:
    where = f"{one.place.file}:{one.place.offset}"
    what = f"{one.facts['document']}@{one.facts['number']}, which this capture saw again, is told nowhere"
    return Lost(kind="orphan", where=where, what=what)


def _relate(folder: Folder) -> None:
    """Make the documents' relations, batch by batch; how far is noted beside how far the files were told."""
    with folder.read() as connection:
        last: int | None = underway.ends(connection).get(_RELATED, 0)
    while last is not None:
        with folder.write() as connection:
            last = relate(connection, last)
            underway.note(connection, {} if last is None else {_RELATED: last}, ())


def _end(folder: Folder, now: datetime) -> int:
    with folder.write() as connection:
        refile.end_crawls(connection)
        found = refile.begin_links(connection, to_us(now))
        underway.end(connection)
    return found


def _fill(server: Folder, new: Path) -> None:
    from archive.migratedb import replace

    with Folder(new, url="") as rebuilt:
        replace(server, rebuilt)
    server.note_server()
    shutil.rmtree(new)


def _place(path: Path, target: Path, new: Path) -> None:
    if target != path:
        swap.copy_files(path, target)
    index_lock = target / "locks" / "index.lock"
    with locks.hold(index_lock, wait=config().write_wait, busy=_running("indexing this archive")):
        swap.swap(target, new)
