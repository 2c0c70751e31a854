"""What one crawl did, counted: links, captures by outcome, and what they meant for the archive."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from archive.values import Capture, Outcome, Purpose, Verdict

if TYPE_CHECKING:
    from archive.commit import Filed

_GOOD = frozenset({Outcome.OK, Outcome.NOT_MODIFIED})


class Tally:
    """Counts what is filed. `links` are the addresses newly found."""

    def __init__(self, outlet: str) -> None:
        self.outlet = outlet
        self.links = 0
        self.captures: Counter[str] = Counter()
        self.verdicts: Counter[str] = Counter()
        self.repeated = 0
        self._good = 0
        self._asked = 0

    def count(self, capture: Capture, filed: Filed) -> None:
        """Count one capture that was filed."""
        self.captures[filed.outcome.value] += 1
        self.links += filed.found
        self.repeated += bool(filed.repeats) and filed.verdict is not Verdict.SEEN
        if filed.verdict is not None:
            self.verdicts[filed.verdict.value] += 1
        if capture.purpose is not Purpose.ROBOTS:
            self._asked += 1
            self._good += filed.outcome in _GOOD

    def summary(self, *, left: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
        """Give the counts as plain values, for the crawl's row, the parent and `--json`.

        The outlet failed as a whole when something was asked for, or a host was `left` alone before, and nothing came.
        """
        return {
            "outlet": self.outlet,
            "links": self.links,
            "captures": dict(sorted(self.captures.items())),
            **{verdict.value: self.verdicts[verdict.value] for verdict in Verdict},
            "repeated": self.repeated,
            "failed": self._good == 0 and bool(self._asked or left),
            **({} if left is None else {"left": left}),
            **more,
        }
