"""How far a check of limited time has come (`verified.json` in the archive's folder), where the next one goes on.

A pass is one whole check, in however many runs. It speaks of what was filed when it began: `bound`. What its runs found
is kept with it, so that the last run of a pass reports exactly what a single run would have.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from archive.report import Problem, Report

_NAME = "verified.json"
#: What the file says is laid out so; another layout is another release's, and its pass begins anew.
_FORMAT = 3
#: Seconds for a step that cannot be parted: enough for the database of a small archive.
_LEAST = 1.0
_COUNTED = ("files", "records", "captures", "versions", "bytes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What was filed when a pass began: the highest ids, the last capture's chain digest, the database's inode."""

    capture: int
    extraction: int
    chain: str
    inode: int


@dataclass(slots=True, kw_only=True)
class At:
    """Where a pass is in a file: captures passed, the end of the last one, how far bytes lie from their place."""

    name: str = ""
    passed: int = 0
    end: int = 0
    shift: int = 0


@dataclass(slots=True, kw_only=True)
class Pass:
    """One whole check: of what, how far, and what it found; `seen` and `unsure` are extractions and versions by id."""

    bound: Bound
    since: str = ""
    report: Report = field(default_factory=Report)
    done: set[str] = field(default_factory=set)
    at: At = field(default_factory=At)
    seen: set[int] = field(default_factory=set)
    unsure: set[int] = field(default_factory=set)

    def to_json(self) -> dict[str, Any]:
        """Give the pass as plain JSON values."""
        told = self.report.to_json()
        return {
            "bound": asdict(self.bound),
            "since": self.since,
            "counted": {name: told[name] for name in _COUNTED},
            "problems": told["problems"],
            "done": sorted(self.done),
            "at": asdict(self.at),
            "seen": [*_spans(self.seen)],
            "unsure": [*_spans(self.unsure)],
        }


def _from_json(said: dict[str, Any]) -> Pass:
    report = Report(**said["counted"])
    report.problems = [Problem(**one) for one in said["problems"]]
    return Pass(
        bound=Bound(**said["bound"]),
        since=str(said["since"]),
        report=report,
        done=set(said["done"]),
        at=At(**said["at"]),
        seen=_ids(said["seen"]),
        unsure=_ids(said["unsure"]),
    )


def _spans(ids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Give ids as spans, first and last: most follow each other.

    >>> [*_spans([3, 1, 2, 9])]
    [(1, 3), (9, 9)]
    """
    first = last = None
    for one in sorted(ids):
        if last is not None and one == last + 1:
            last = one
            continue
        if first is not None and last is not None:
            yield first, last
        first = last = one
    if first is not None and last is not None:
        yield first, last


def _ids(spans: list[list[int]]) -> set[int]:
    return {one for first, last in spans for one in range(first, last + 1)}


def _sha256(passes: Any) -> str:
    """Give the digest of what the file says: a flipped bit in it must hide no damage."""
    return hashlib.sha256(json.dumps(passes, sort_keys=True).encode()).hexdigest()


class Verified:
    """The file: one pass under way for each kind of check."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / _NAME
        try:
            said = json.loads(self._path.read_text(encoding="utf-8"))
            whole = said["format"] == _FORMAT and said["sha256"] == _sha256(said["passes"])
            self._passes: dict[str, Any] = dict(said["passes"]) if whole else {}
        except (OSError, ValueError, KeyError, TypeError):
            self._passes = {}

    def under_way(self, kind: str, *, since: str) -> Pass | None:
        """Give the pass of this kind that was begun and not ended, if there is one."""
        try:
            found = _from_json(self._passes[kind])
        except (ValueError, KeyError, TypeError):
            return None
        return found if found.since == since else None

    def stopped(self, kind: str, one: Pass) -> bool:
        """Keep a pass to go on with; False when the folder takes no writes."""
        self._passes[kind] = one.to_json()
        return self._save()

    def ended(self, kind: str) -> None:
        """Forget the pass of this kind: all of it is checked."""
        if self._passes.pop(kind, None) is not None:
            self._save()

    def _save(self) -> bool:
        new = self._path.with_name(_NAME + ".new")
        try:
            said = {"format": _FORMAT, "sha256": _sha256(self._passes), "passes": self._passes}
            new.write_text(json.dumps(said), encoding="utf-8")
            new.replace(self._path)
        except OSError:
            return False
        return True


class Clock:
    """The time of one run: it ends no run before a step is done, so that every run comes further."""

    def __init__(self, seconds: float | None) -> None:
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self.steps = 0

    def step(self) -> bool:
        """Tell whether another step may be begun."""
        if self.steps and self._deadline is not None and time.monotonic() > self._deadline:
            return False
        self.steps += 1
        return True

    def share(self, part: float) -> float | None:
        """Give until when (of `time.monotonic`) a step may take this part of the time left, a second at the least."""
        now = time.monotonic()
        return None if self._deadline is None else now + max((self._deadline - now) * part, _LEAST)
