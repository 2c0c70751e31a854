"""File captures: WARC members, fsync, then one transaction; acknowledged when `file` returns.

Captures that wait together are filed together (group commit): one fsync, one transaction, in the order they came.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from collections import deque
from concurrent.futures import Future
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from sqlalchemy import Connection, select

from archive import __version__, commit, known, rows, withdrawn
from archive.commit import Filed
from archive.decide import Known
from archive.entry import Before, Entry, chain_of, cleaned, facts_of
from archive.errors import Busy, Damaged, Unreachable
from archive.folder import Folder
from archive.keeper import keep
from archive.known import Standing
from archive.repair import repair
from archive.rewrite import recover
from archive.segment import GROUP, Place, append, cut, read
from archive.tables import captures
from archive.values import Capture, Outcome
from archive.warc import heads, members, response_of

_Waiting = tuple[Entry, "Future[Filed]"]


class Filing:
    """Files the captures of one crawl of one outlet, whose lock the caller holds."""

    def __init__(self, folder: Folder, *, outlet: str, crawl_id: int, batch: str = "", keep_all: bool = False) -> None:
        """Open the outlet's files, repaired. Raises Damaged when they and the database are not of one archive."""
        self.folder = folder
        self.outlet = outlet
        self.crawl = {"crawl_id": crawl_id, "batch": batch}
        self.keep_all = keep_all
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._one = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._failed: Exception | None = None
        recover(folder)
        keep(folder, outlet)
        self.repaired = repair(folder, outlet)
        with folder.read() as connection:
            self._withdrawn = withdrawn.of_outlet(connection, outlet)
        self._chain = self.repaired.chain

    def turn(self, document: str | None) -> asyncio.Lock:
        """Give the lock to hold from what is known of a document until its decision is filed."""
        return self._turns.setdefault(document or "", asyncio.Lock())

    def known(self, document: str, *, url: str, identity: str, at: datetime | None = None) -> Known | None:
        """Give what is known of a document before its reading is decided, its state `at` the capture's time."""
        with self.folder.read() as connection:
            return known.known(connection, document, url=url, identity=identity, at=at)

    def standing(self, url: str) -> Standing | None:
        """Give the document and version that this address showed last: what a 304 speaks of."""
        with self.folder.read() as connection:
            return known.standing(connection, url)

    def kept(self, document: str, number: int) -> Capture | None:
        """Give the capture that gave this version, read back from its WARC; None when its payload is not there."""
        with self.folder.read() as connection:
            found = known.kept(connection, document, number)
        if found is None:
            return None
        try:
            return response_of(read(self.folder.warc_dir, found.place), outlet=self.outlet, url=found.url)
        except (FileNotFoundError, Damaged):  # `archive verify` tells of it; a crawl goes on without
            return None

    def file(self, entry: Entry) -> Filed:
        """File the entry with what waits beside it, in any thread.

        Raises DiskFull, DiskFails or Busy: nothing acknowledged. After a disk has refused a write, all that is filed
        later is refused with the same error, until the filing is opened anew and so repaired.
        """
        mine: Future[Filed] = Future()
        self._waiting.append((self._withdrawn.guarded(cleaned(entry)), mine))
        with self._one:
            group = [self._waiting.popleft() for _ in range(min(GROUP, len(self._waiting)))]
            if group:
                self._file_group(group)
        return mine.result()

    def _file_group(self, group: list[_Waiting]) -> None:
        """File the entries of a group in order; what fails fails for all of them, and leaves nothing behind."""
        try:
            filed = self._file_all([entry for entry, _ in group])
        except BaseException as error:
            for _, ticket in group:
                ticket.set_exception(error)
            return
        for (_, ticket), one in zip(group, filed, strict=True):
            ticket.set_result(one)

    def _file_all(self, entries: list[Entry]) -> list[Filed]:
        if self._failed is not None:
            raise self._failed.with_traceback(None)
        try:
            return self._append_and_commit(entries)
        except Busy:
            raise
        except (OSError, Damaged) as error:
            self._failed = error
            raise

    def _append_and_commit(self, entries: list[Entry]) -> list[Filed]:
        chain, written, runs = self._chain, [], []
        with self.folder.read() as connection:
            for entry in entries:
                said, more, run = self._prepare(connection, entry, chain)
                chain = more["chain"]
                written.append((entry, said, more))
                runs.append(run)
        first = entries[0]
        places = append(
            self.folder.warc_dir,
            self.outlet,
            runs,
            now=first.now,
            facts=_software(first.capture),
            closed=self.repaired.closed,
        )
        try:
            with self.folder.write() as writer:
                filed = [
                    commit.commit(writer, e, said, p, more) for (e, said, more), p in zip(written, places, strict=True)
                ]
        except Unreachable:
            # Whether it was committed is known when the outlet's lock, lost with the connection, is held anew: then
            # what stands behind the last committed byte is filed or set aside by `repair`.
            raise
        except BaseException:
            if not self._take_back(places[0]):
                self._chain = chain
            raise
        self._chain = chain
        return filed

    def _prepare(
        self, connection: Connection, entry: Entry, previous: str
    ) -> tuple[dict[str, Any], dict[str, Any], bytes]:
        """Give the entry's facts, the columns that only the filer knows, and its run of WARC members."""
        said = facts_of(entry, previous=previous, heads=heads(entry.capture))
        more: dict[str, Any] = {"chain": chain_of(said), "crawl_id": self.crawl["crawl_id"]}
        before = rows.kept_before(connection, self.outlet, said["payload_sha256"])
        more["payload_kept"] = entry.new_content is not None or (before is None and self._keeps(entry))
        run = members(
            entry.capture,
            keep=more["payload_kept"],
            facts=said | {"filed": more | self.crawl},
            article=entry.new_content,
            kept_before=before or self._unmodified(connection, entry.capture),
        )
        return said, more | {"warc_sha256": hashlib.sha256(run).hexdigest()}, run

    def _unmodified(self, connection: Connection, capture: Capture) -> Before | None:
        return rows.answered_before(connection, self.outlet, capture.url) if capture.status == 304 else None

    def _take_back(self, place: Place) -> bool:
        """Cut what was appended, unless the transaction was committed all the same; tell whether it was cut."""
        here = (captures.c.warc_file == place.file) & (captures.c.warc_offset == place.offset)
        with self.folder.read() as connection:
            committed = connection.execute(select(captures.c.id).where(here)).first()
        if committed is None:
            cut(self.folder.warc_dir, place)
        return committed is None

    def _keeps(self, entry: Entry) -> bool:
        """Keep each distinct payload of every outcome but ok and not_modified (what gave a version is always kept)."""
        if not entry.capture.body or self._withdrawn.shown_by(entry):
            return False
        return self.keep_all or entry.capture.outcome not in (Outcome.OK, Outcome.NOT_MODIFIED)


def _software(capture: Capture) -> dict[str, str]:
    stated = {"software": f"luuchieu/{__version__}", "isPartOf": capture.outlet}
    return stated | ({"via": capture.via} if capture.via else {})
