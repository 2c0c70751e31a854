"""What one crawl of one outlet is asked to do: how the parent tells its child, by the command line."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path


def python(module: str) -> list[str]:
    """Give the command line that runs a module as installed: nothing is imported from the working directory."""
    return [sys.executable, "-P", "-m", module]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One crawl of one outlet. With `urls` it fetches these pages and no others; `delay` needs `via`.

    `batch` is the id that the crawls of one command share. A leashed crawl ends when its parent is gone.
    """

    outlet: str
    archive: Path
    batch: str
    outlets: Path | None = None
    via: str | None = None
    delay: float | None = None
    limit: int | None = None
    urls: tuple[str, ...] = ()
    leashed: bool = False

    def command(self) -> list[str]:
        """Give the command line that carries this order to a process of its own."""
        words = [*python("crawler.child"), self.outlet, "--archive", str(self.archive)]
        words += ["--batch", self.batch]
        for name in ("outlets", "via", "delay", "limit"):
            value = getattr(self, name)
            if value is not None:
                words += [f"--{name}", str(value)]
        for url in self.urls:
            words += ["--url", url]
        return [*words, "--leash"] if self.leashed else words
