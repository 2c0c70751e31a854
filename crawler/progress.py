"""What a person sees of crawls under way: live counts on a terminal, plain lines elsewhere; all on stderr."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from archive.terminal import console, err, is_rich, safe

if TYPE_CHECKING:
    from rich.progress import Progress

_EVERY = 10.0


class Counts:
    """What one crawl has done so far."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.verdicts: Counter[str] = Counter()
        self.told_at = time.monotonic()

    def add(self, event: dict[str, Any]) -> None:
        """Count a capture."""
        self.outcomes[event["outcome"]] += 1
        if event.get("verdict"):
            self.verdicts[event["verdict"]] += 1

    def line(self) -> str:
        """Give the counts in words.

        >>> Counts().line()
        '0 captures'
        """
        words = [f"{self.outcomes.total()} captures"]
        words += [f"{count} {name}" for name, count in self.outcomes.most_common(4)]
        words += [f"{count} {name}" for name, count in sorted(self.verdicts.items())]
        return " · ".join(words)


def told(event: dict[str, Any]) -> str:
    """Give the line that a person should read of a capture: a list that did not come hides all its articles.

    >>> told({"purpose": "feed", "outcome": "gated", "url": "https://a.vn/rss", "reason": ""})
    'https://a.vn/rss: gated'
    """
    fine = event["outcome"] in ("ok", "not_modified", "redirect")
    if event["purpose"] in ("page", "robots") or fine:
        return ""
    reason = f" ({event['reason']})" if event["reason"] else ""
    return f"{event['url']}: {event['outcome']}{reason}"


class Plain:
    """Tells in lines: each crawl's begin and end, and how far it is every ten seconds."""

    def __init__(self) -> None:
        self.counts: dict[str, Counts] = {}

    def __call__(self, outlet: str, event: dict[str, Any]) -> None:
        """Take an event of a crawl."""
        kind = event["event"]
        if kind == "began":
            self.counts[outlet] = Counts()
            err(f"{outlet}: begun")
        elif kind == "said":
            err(f"{outlet}: {event['line']}")
        elif kind == "captured":
            self._captured(outlet, event)
        elif kind == "done":
            err(f"{outlet}: {self.counts[outlet].line()}")
            for host, why in event["summary"]["left"].items():
                err(f"{outlet}: {host} was left alone: {why}")

    def _captured(self, outlet: str, event: dict[str, Any]) -> None:
        counts = self.counts[outlet]
        counts.add(event)
        if line := told(event):
            err(f"{outlet}: {line}")
        if time.monotonic() - counts.told_at > _EVERY:
            counts.told_at = time.monotonic()
            err(f"{outlet}: {counts.line()}")


class Live:
    """Draws one moving line for each crawl."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.counts: dict[str, Counts] = {}
        self.tasks: dict[str, Any] = {}

    def __call__(self, outlet: str, event: dict[str, Any]) -> None:
        """Take an event of a crawl."""
        kind = event["event"]
        if kind == "began":
            self.counts[outlet] = Counts()
            self.tasks[outlet] = self.progress.add_task(safe(outlet), total=None, counts="begun")
        elif kind == "said":
            self.progress.console.print(safe(f"{outlet}: {event['line']}"))
        elif kind == "captured":
            self.counts[outlet].add(event)
            self.progress.update(self.tasks[outlet], counts=safe(self.counts[outlet].line()))
            if line := told(event):
                self.progress.console.print(safe(f"{outlet}: {line}"))
        elif kind == "done":
            self.progress.update(self.tasks[outlet], total=1, completed=1)
            for host, why in event["summary"]["left"].items():
                self.progress.console.print(safe(f"{outlet}: {host} was left alone: {why}"))


@contextmanager
def shown() -> Iterator[Plain | Live]:
    """Show crawls under way in the manner that fits stderr."""
    if not is_rich(sys.stderr):
        yield Plain()
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    name = TextColumn("{task.description}", markup=False)
    counts = TextColumn("{task.fields[counts]}", markup=False)
    with Progress(SpinnerColumn(), name, TimeElapsedColumn(), counts, console=console(stderr=True)) as progress:
        yield Live(progress)
