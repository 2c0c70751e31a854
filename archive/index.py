"""The full-text index: a derived cache beside the archive that follows its change log (`changes`).

How far it has come is a document of the index itself, so it is committed with what it speaks of: a process killed at
any point leaves an index that is behind, never one that is wrong. A changed document's versions are all deleted and
added anew, which is the same however often it is done. One writer at a time, by `locks/index.lock`; readers never wait.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import tantivy

from archive import locks
from archive.config import config
from archive.errors import AlreadyRunning, Damaged, DiskFull, UsageProblem
from archive.indexed import FORMAT, document_of, schema

if TYPE_CHECKING:
    from archive.changelog import Changed
    from archive.folder import Folder

#: Documents in one commit: what a kill may cost, and how finely a time limit is kept.
BATCH = 400
#: Bytes the writer may hold before it writes a segment.
HEAP = 60_000_000


class BrokenIndex(Damaged):
    """The index cannot be read or written; nothing but the index is lost."""

    def __init__(self, index_dir: Path, reason: object) -> None:
        super().__init__(f"the full-text index {index_dir} is damaged ({reason}): delete that folder and search again")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaughtUp:
    """How a catch-up went; `complete` is False when time ran out or another process is at it."""

    seq: int
    documents: int
    seconds: float
    complete: bool = True


def open_index(index_dir: Path) -> tantivy.Index:
    """Open the index to search it. Raises UsageProblem when there is none that can be read."""
    found = _opened(index_dir)
    if found is None:
        raise UsageProblem(f"there is no full-text index in {index_dir}: `archive search` makes it from the archive")
    return found


def behind(path: Path) -> int | None:
    """Tell how many changes the index of the archive in `path` has yet to follow, without the database.

    0 is current; None is not known (no index, or no note of the change log), and a catch-up will tell.
    """
    if config().database_url:
        return None  # other machines write the database too
    found = _opened(path / "index")
    try:
        newest = int((path / "changes.seq").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    if found is None or (seq := _sequence(found)) > newest:
        return None
    return newest - seq


def catch_up(folder: Folder, *, seconds: float | None = None) -> CaughtUp:
    """Follow the change log to its end, or for so many seconds; leave at once when another process is at it.

    Raises DiskFull, or BrokenIndex when the index takes no writes.
    """
    try:
        with _lock(folder, wait=0):
            return _follow(folder, folder.index_dir, seconds)
    except AlreadyRunning:
        found = _opened(folder.index_dir)
        return CaughtUp(seq=_sequence(found) if found else 0, documents=0, seconds=0.0, complete=False)


def rebuild(folder: Folder, *, wait: float = 60.0) -> CaughtUp:
    """Build the index anew from the archive and put it in the old one's place, which serves searches until then.

    Raises AlreadyRunning when another process is indexing for longer than `wait` seconds.
    """
    with _lock(folder, wait=wait):
        aside = folder.path / "index.new"
        _discard(aside)
        done = _follow(folder, aside, None)
        _discard(folder.index_dir)
        aside.rename(folder.index_dir)
        return done


def discard_ahead(folder: Folder, newest: int) -> None:
    """Take the index away when it has followed changes that the archive no longer has: its numbers mean others now."""
    with _lock(folder, wait=60.0):
        found = _opened(folder.index_dir)
        if found is not None and _sequence(found) > newest:
            _discard(folder.index_dir)


def _lock(folder: Folder, *, wait: float) -> AbstractContextManager[None]:
    path = folder.path / "locks" / "index.lock"
    return locks.hold(path, wait=wait, busy=lambda pid: AlreadyRunning(f"indexing {folder.path}", pid))


def _follow(folder: Folder, index_dir: Path, seconds: float | None) -> CaughtUp:
    """Commit batch by batch; the caller holds the index's lock."""
    from archive import changelog

    began = time.monotonic()
    with folder.read() as connection, _clear_errors(index_dir):
        index = _ready(index_dir, newest=changelog.newest(connection))
        seq, documents, complete = _sequence(index), 0, True
        writer = None
        while batch := changelog.after(connection, seq, limit=BATCH):
            if seconds is not None and time.monotonic() - began > seconds:
                complete = False
                break
            writer = writer or index.writer(heap_size=HEAP, num_threads=1)
            seq = batch[-1].seq
            _commit(writer, batch, seq)
            documents += len(batch)
        if writer is not None:
            writer.wait_merging_threads()
    return CaughtUp(seq=seq, documents=documents, seconds=time.monotonic() - began, complete=complete)


@contextmanager
def _clear_errors(index_dir: Path) -> Iterator[None]:
    """Turn what tantivy says when it cannot write into the archive's errors."""
    try:
        yield
    except ValueError as error:
        if "No space left" in str(error) or "StorageFull" in str(error):
            raise DiskFull(str(index_dir)) from error
        raise BrokenIndex(index_dir, error) from error


def _commit(writer: tantivy.IndexWriter, batch: list[Changed], seq: int) -> None:
    for changed in batch:
        writer.delete_documents_by_term("document", changed.document)
        for entry in changed.entries:
            made = document_of(entry, document_id=changed.document, versions=len(changed.entries))
            writer.add_document(made)
    writer.delete_documents_by_term("meta", "sequence")
    mark = tantivy.Document()
    mark.add_text("meta", "sequence")
    mark.add_bytes("entry", json.dumps({"format": FORMAT, "seq": seq}).encode())
    writer.add_document(mark)
    writer.commit()


def _ready(index_dir: Path, *, newest: int) -> tantivy.Index:
    """Open the index, or make it anew when there is none, it is broken, of another format, or of another archive."""
    found = _opened(index_dir)
    if found is not None and _sequence(found) <= newest:
        return found
    _discard(index_dir)
    index_dir.mkdir(parents=True)
    return tantivy.Index(schema(), path=str(index_dir))


def _discard(index_dir: Path) -> None:
    """Move the index away in one step, then delete it: readers that have it open keep it."""
    if not index_dir.exists():
        return
    away = index_dir.with_name(index_dir.name + ".old")
    shutil.rmtree(away, ignore_errors=True)
    index_dir.rename(away)
    shutil.rmtree(away, ignore_errors=True)


def _opened(index_dir: Path) -> tantivy.Index | None:
    """Open the index if it can be read and is of our format; a new, empty one is."""
    try:
        index = tantivy.Index.open(str(_writable(index_dir)))
        return index if _mark(index).get("format", FORMAT) == FORMAT else None
    except (ValueError, OSError):
        return None


def _writable(index_dir: Path) -> Path:
    """Give the index's folder, of a read-only one a mirror of links: tantivy locks a file even to read."""
    if not index_dir.is_dir() or os.access(index_dir, os.W_OK):
        return index_dir
    mirror = Path(tempfile.mkdtemp(prefix="luuchieu-index-"))
    atexit.register(shutil.rmtree, mirror, ignore_errors=True)
    for file in index_dir.iterdir():
        if not file.name.endswith(".lock"):
            (mirror / file.name).symlink_to(file.absolute())
    return mirror


def _mark(index: tantivy.Index) -> dict[str, int]:
    """Give what the index says of itself; nothing while it is empty."""
    searcher = index.searcher()
    found = searcher.search(tantivy.Query.term_query(index.schema, "meta", "sequence"), 1).hits
    if not found:
        return {}
    mark: dict[str, int] = json.loads(searcher.doc(found[0][1])["entry"][0])
    return mark


def _sequence(index: tantivy.Index) -> int:
    return _mark(index).get("seq", 0)
