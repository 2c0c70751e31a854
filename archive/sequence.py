"""All captures of a WARC folder, one after the other: each outlet's in the order of its chain, outlets by time.

An outlet's files are read side by side; which of them goes on is told by the chain, for a clock that went backwards
puts later captures into an earlier day's file. Nothing is held but the next capture of each file.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from archive.retold import Lost, Retold, retell

Tell = Callable[[Lost], None]


class OutletSequence:
    """The captures of one outlet, in the order in which they were filed."""

    def __init__(self, warc_dir: Path, outlet: str, *, after: Mapping[str, int], chain: str, tell: Tell) -> None:
        """Begin after these offsets of its files, where `chain` was the outlet's last; losses are told to `tell`."""
        self._chain = chain
        self._tell = tell
        paths = sorted(path for path in (warc_dir / outlet).glob("*.warc.gz") if path.is_file())
        names = [f"{outlet}/{path.name}" for path in paths]
        self._files = {name: self._told(warc_dir / name, name, after.get(name, 0)) for name in names}
        self._heads: dict[str, Retold] = {}
        for name in names:
            self._advance(name)

    def __iter__(self) -> Iterator[Retold]:
        while self._heads:
            name = self._next()
            one = self._heads[name]
            if one.facts.get("previous") != self._chain:
                what = "it does not follow the capture told before it: what stood between is missing"
                self._tell(Lost(kind="chain", where=f"{name}:{one.place.offset}", what=what))
            self._chain = one.filed["chain"]
            # The next head is looked for before this capture is given, so that a file's losses are told in time.
            self._advance(name)
            yield one

    def _told(self, path: Path, name: str, start: int) -> Iterator[Retold]:
        for found in retell(path, name, start):
            if isinstance(found, Retold):
                yield found
            else:
                self._tell(found)

    def _next(self) -> str:
        """Give the file whose next capture follows the last one; where none does, the first file that has more."""
        fits = (name for name, one in self._heads.items() if one.facts.get("previous") == self._chain)
        return next(fits, min(self._heads))

    def _advance(self, name: str) -> None:
        found = next(self._files[name], None)
        if found is None:
            self._heads.pop(name, None)
        else:
            self._heads[name] = found


def outlets_of(warc_dir: Path) -> list[str]:
    """Give the outlets that have WARC files there."""
    return sorted({path.parent.name for path in warc_dir.glob("*/*.warc.gz")})


def sequence(sequences: Mapping[str, OutletSequence]) -> Iterator[Retold]:
    """Give the captures of all outlets, the earliest next one first."""
    keyed = (_keyed(outlet, captures) for outlet, captures in sequences.items())
    for _, _, one in heapq.merge(*keyed, key=lambda item: item[:2]):
        yield one


def _keyed(outlet: str, captures: OutletSequence) -> Iterator[tuple[int, str, Retold]]:
    for one in captures:
        yield one.facts["fetched_at"], outlet, one
