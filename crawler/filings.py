"""The filings of one replay, one for each outlet that it meets; of many outlets the longest unused is closed."""

from __future__ import annotations

from collections import OrderedDict
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from archive import crawls
from archive.commit import Filed
from archive.config import config
from archive.filing import Filing
from archive.folder import Folder
from archive.values import Capture
from crawler.tally import Tally

#: Outlets whose lock and files are held at once; more than are ever read at once.
OPEN = 32


class Filings:
    """Opens an outlet's filing when its first capture comes, under its lock, as a crawl of this batch."""

    def __init__(self, folder: Folder, *, batch: str) -> None:
        self.folder = folder
        self.batch = batch
        self.tallies: dict[str, Tally] = {}
        self._crawls: dict[str, int] = {}
        self._open: OrderedDict[str, tuple[Filing, ExitStack]] = OrderedDict()

    def of(self, capture: Capture) -> Filing:
        """Give the filing of a capture's outlet. Raises AlreadyRunning, UsageProblem when live and via would mix."""
        outlet = capture.outlet
        if outlet not in self._open:
            self._open[outlet] = self._opened(capture)
            if len(self._open) > OPEN:
                _, (_, held) = self._open.popitem(last=False)
                held.close()
        self._open.move_to_end(outlet)
        return self._open[outlet][0]

    def claim(self, via: str) -> None:
        """Check that captures marked so may stand in this archive. Raises UsageProblem."""
        with self.folder.write() as connection:
            crawls.claim_origin(connection, crawls.origin_of(via))

    def count(self, capture: Capture, filed: Filed) -> None:
        """Count a capture that was filed."""
        self.tallies.setdefault(capture.outlet, Tally(capture.outlet)).count(capture, filed)

    def end(self, **more: Any) -> list[dict[str, Any]]:
        """Write each crawl's end; give their summaries."""
        summaries = {outlet: tally.summary(crawl=self.batch, **more) for outlet, tally in self.tallies.items()}
        with self.folder.write() as connection:
            for outlet, crawl in self._crawls.items():
                summary = summaries.get(outlet) or Tally(outlet).summary(crawl=self.batch, **more)
                crawls.end(connection, crawl, now=datetime.now(UTC), summary=summary)
        return [summaries[outlet] for outlet in sorted(summaries)]

    def close(self) -> None:
        """Let go of every outlet."""
        for _, held in self._open.values():
            held.close()
        self._open.clear()

    def _opened(self, capture: Capture) -> tuple[Filing, ExitStack]:
        outlet = capture.outlet
        with ExitStack() as held:
            held.enter_context(self.folder.lock_outlet(outlet))
            if outlet not in self._crawls:
                now = datetime.now(UTC)
                with self.folder.write() as connection:
                    begun = crawls.begin(connection, outlet, batch=self.batch, via=capture.via, now=now)
                self._crawls[outlet] = begun
            keep_all = config().keep == "all"
            known = {"crawl_id": self._crawls[outlet], "batch": self.batch}
            return Filing(self.folder, outlet=outlet, keep_all=keep_all, **known), held.pop_all()  # type: ignore[arg-type]  # by name
