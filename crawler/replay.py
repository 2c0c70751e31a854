"""Other writers' WARCs through today's extraction: each answer filed by its own capture time, as if fetched then.

Such captures are marked `warc:<file>` in `via`, in row, WARC and facts. Several pages are read at once; they are filed
in the order in which the file holds them. Links are neither found nor visited by them.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from archive import known
from archive.entry import Entry, payload_digest
from archive.errors import ArchiveError
from archive.filing import Filing
from archive.folder import Folder
from archive.foreign import Passed, Response, responses
from archive.links import is_fetchable
from archive.values import Capture, Outcome
from crawler.filings import Filings
from crawler.outcome import by_body, by_status
from pipeline.address import host_of
from pipeline.ingest import ingest
from pipeline.outlet import Outlet, generic_outlet
from pipeline.payload import LIMIT
from pipeline.pool import ExtractionPool
from pipeline.replayed import InOrder, bare, is_html, value_of

log = logging.getLogger(__name__)
#: So many pages are read at once or wait to be filed.
AHEAD = 6
#: Other writers' clocks may be ahead of ours by so much; a page of a later time would stay the newest for good.
_CLOCK = timedelta(days=1)


@dataclass(slots=True, kw_only=True)
class Replayed:
    """What a replay met: responses filed, records passed over by why, and damaged ones by where and what."""

    filed: int = 0
    passed: Counter[str] = field(default_factory=Counter)
    damaged: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Whose pages are replayed: of these outlets, by host, or of all hosts."""

    hosts: dict[str, Outlet]
    all_hosts: bool = False

    def outlet_of(self, url: str) -> Outlet | None:
        """Give the outlet whose page lives at this address, None when it is not wanted."""
        host = host_of(url)
        if not is_fetchable(url):
            return None
        return self.hosts.get(host) or (generic_outlet(host) if self.all_hosts else None)


class Replay:
    """Files the responses of WARC files into an archive."""

    def __init__(
        self, folder: Folder, *, choice: Choice, pool: ExtractionPool, filings: Filings, report: Callable[[int], None]
    ) -> None:
        self.folder = folder
        self.choice = choice
        self.pool = pool
        self.filings = filings
        self.report = report
        self.met = Replayed()
        self._under_way: deque[tuple[tuple[str, datetime, str], asyncio.Task[None]]] = deque()
        self._claimed: set[str] = set()

    async def run(self, paths: Iterable[Path]) -> Replayed:
        """Replay the files one after the other; all that was filed is durable when this returns."""
        try:
            for path in paths:
                for found in responses(path):
                    await self._take(path, found)
            while self._under_way:
                await self._oldest()
        finally:
            for _, task in self._under_way:
                task.cancel()
            await asyncio.gather(*(task for _, task in self._under_way), return_exceptions=True)
        return self.met

    async def _take(self, path: Path, found: Response | Passed) -> None:
        if isinstance(found, Passed):
            self.met.passed[found.kind] += 1
            if found.kind == "damaged":
                self.met.damaged.append(f"{found.where}: {found.what}")
            return
        if why := await self._begin(path, found):
            self.met.passed[why] += 1

    async def _begin(self, path: Path, found: Response) -> str:
        """Begin to read and file a response, or say why it is passed over."""
        outlet = self.choice.outlet_of(found.url)
        if outlet is None:
            return "of another host"
        capture = capture_of(found, outlet, path.name)
        if capture.fetched_at > datetime.now(UTC) + _CLOCK:
            return "dated in the future"
        if not found.oversize and not _tells(capture, outlet):
            return "not html"
        key = (capture.url, capture.fetched_at, payload_digest(capture))
        if any(key == under_way for under_way, _ in self._under_way) or self._is_filed(capture):
            return "filed before"
        self._claim(capture)
        if len(self._under_way) >= AHEAD:
            await self._oldest()
        filing = self.filings.of(capture)
        if self._is_filed(capture):
            # What a killed replay had written and not committed was filed when its file was repaired, just now.
            return "filed before"
        reader = InOrder(self.pool, self._under_way[-1][1] if self._under_way else None)
        self._under_way.append((key, asyncio.create_task(self._file(capture, outlet, filing, reader))))
        return ""

    def _is_filed(self, capture: Capture) -> bool:
        with self.folder.read() as connection:
            return known.is_filed(connection, capture)

    def _claim(self, capture: Capture) -> None:
        assert capture.via is not None
        if capture.via not in self._claimed:
            self.filings.claim(capture.via)
            self._claimed.add(capture.via)

    async def _oldest(self) -> None:
        _, task = self._under_way[0]
        await task
        self._under_way.popleft()
        self.met.filed += 1
        self.report(self.met.filed)

    async def _file(self, capture: Capture, outlet: Outlet, filing: Filing, reader: InOrder) -> None:
        now = datetime.now(UTC)
        name = outlet.document_name(capture.url)
        try:
            if capture.outcome is Outcome.OK:
                filed = await ingest(capture, outlet=outlet, link=None, filing=filing, pool=reader, now=now)
            else:
                await reader.turn()
                entry = Entry(capture=capture, now=now, document=name, url=capture.url)
                filed = await asyncio.to_thread(filing.file, entry)
        except (ArchiveError, OSError):
            raise
        except Exception as fault:
            # As in a crawl: a fault of our own costs this page only, and is kept with it.
            told = " ".join(f"our own fault: {type(fault).__name__}: {fault}".split())[:300]
            log.error("%s: %s", capture.url, told)
            await reader.turn()
            capture = replace(capture, outcome=Outcome.ERROR, reason=told)
            entry = Entry(capture=capture, now=now, document=name, url=capture.url)
            filed = await asyncio.to_thread(filing.file, entry)
        self.filings.count(capture, filed)


def _tells(capture: Capture, outlet: Outlet) -> bool:
    """Tell whether an answer may tell of an article: a page, a redirect, or that the article's address is gone."""
    if capture.outcome is Outcome.GONE and outlet.document_name(capture.url):
        return True
    return capture.outcome is Outcome.REDIRECT or is_html(capture.headers, capture.body)


def capture_of(found: Response, outlet: Outlet, file: str) -> Capture:
    """Give a response as the capture that it was, marked with the file it comes from."""
    headers, body, cut = bare(found.headers, found.body)
    outcome, reason = by_status(found.status, location=value_of(headers, "location") or None)
    mark = f"warc:{'_'.join(file.split())}"
    capture = Capture(
        outlet=outlet.name,
        url=found.url,
        fetched_at=found.fetched_at,
        outcome=outcome,
        status=found.status,
        headers=headers,
        body=body,
        reason=reason,
        via=f"{mark} via {found.via}" if found.via else mark,
    )
    if found.oversize or len(body) > LIMIT:
        return replace(capture, outcome=Outcome.TOO_LARGE, reason=f"over {LIMIT} bytes", body=b"")
    if capture.outcome is Outcome.OK and (cut or found.truncated):
        return replace(capture, outcome=Outcome.TRUNCATED, reason=cut or f"cut by its archiver ({found.truncated})")
    return by_body(capture, cut=False)
