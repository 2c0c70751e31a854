"""What a check found: problems, each named with its place, and what else a person should know."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One disagreement: its kind, where, and what.

    Kinds: missing (bytes or rows that should be there), orphan (that nothing names), damaged (not what was filed), row
    (a row says other than its WARC record), unfiled (set aside when a crawl began, because it does not follow the
    database), chain, digest (content against its digest), database, index. `file`, `offset`, `record` (the
    WARC-Record-ID) and `target` (its address) are given where they are known.
    """

    kind: str
    where: str
    what: str
    file: str | None = None
    offset: int | None = None
    record: str | None = None
    target: str | None = None


@dataclass(slots=True, kw_only=True)
class Report:
    """What was checked and what was found; `complete` is False when time ran out, and `notes` says how far it came."""

    files: int = 0
    records: int = 0
    captures: int = 0
    versions: int = 0
    bytes: int = 0
    complete: bool = True
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, kind: str, where: str, what: str, **more: Any) -> None:
        """Note a problem."""
        self.problems.append(Problem(kind=kind, where=where, what=what, **more))

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        return asdict(self) | {"clean": not self.problems}
