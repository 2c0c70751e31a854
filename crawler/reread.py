"""The archive's own kept payloads through today's extraction: which versions read differently now, and what of it.

Nothing is filed: a reading that is accepted becomes one more extraction of the same version, never an edit.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from tempfile import SpooledTemporaryFile
from typing import IO

from archive import decisions, reextract
from archive.decisions import Proposal
from archive.diff import diff
from archive.digest import content_digest
from archive.folder import Folder
from archive.readings import Accepted
from archive.reextract import Kept
from archive.values import Outcome, Reading
from pipeline.pool import ExtractionPool

#: So many payloads are read at once.
AHEAD = 4
DAMAGED = "damaged"
Report = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differs:
    """A version that reads differently now: by which template, and the changes counted by type.

    `announced` is False when the extraction calls itself the same as the one that read it before.
    """

    document: str
    number: int
    template: str
    types: dict[str, int]
    announced: bool = True


@dataclass(slots=True, kw_only=True)
class Reread:
    """What reading an outlet's versions again came to.

    `same` and `differ` are readings with an article; `unreadable` counts the others by outcome; `rejected` are readings
    of an extraction that was rejected before; `templates` counts (same, differ) by today's template. `new` counts the
    readings not yet known, `decided` those accepted or rejected now.
    """

    outlet: str
    versions: int
    kept: int = 0
    same: int = 0
    new: int = 0
    rejected: int = 0
    decided: int = 0
    differ: list[Differs] = field(default_factory=list)
    unreadable: dict[str, int] = field(default_factory=dict)
    templates: dict[str, dict[str, int]] = field(default_factory=dict)

    @property
    def types(self) -> dict[str, int]:
        """Count the changes by type."""
        counted: Counter[str] = Counter()
        for one in self.differ:
            counted.update(one.types)
        return dict(counted)


async def reread(
    folder: Folder, outlets: Sequence[str], pool: ExtractionPool, *, decide: str, report: Report
) -> list[Reread]:
    """Read these outlets' versions again; `decide` is accept, reject or nothing, for all of them as a whole.

    Raises AlreadyRunning when deciding while one of them is crawled, Busy, DiskFull: nothing is decided then.
    """
    decisions.settle(folder)
    with ExitStack() as held:
        for outlet in outlets if decide else ():
            held.enter_context(folder.lock_outlet(outlet))
        done, proposals = [], []
        for outlet in outlets:
            proposed = held.enter_context(SpooledTemporaryFile(2**22, "w+"))
            said, identities = await _reread(folder, outlet, pool, proposed=proposed, report=report)
            done.append(said)
            if identities:
                proposals.append(Proposal(outlet=outlet, identities=identities, rows=_Spooled(proposed)))
        if decide and proposals:
            decisions.decide(folder, proposals, accept=decide == "accept", now=datetime.now(UTC))
            for said in done:
                said.decided = said.new
    return done


async def _reread(
    folder: Folder, outlet: str, pool: ExtractionPool, *, proposed: IO[str], report: Report
) -> tuple[Reread, frozenset[str]]:
    """Read an outlet's versions again, the new readings written to `proposed`; give their extractions too."""
    with folder.read() as connection:
        said = Reread(outlet=outlet, versions=reextract.count(connection, outlet))
        before = reextract.rejected(connection, outlet)
    identities: set[str] = set()
    async for version, reading in _read(folder, reextract.all_kept(folder, outlet), pool):
        said.kept += 1
        report(said.kept)
        if reading is not None and reading.identity in before and reading.identity not in version.digests:
            said.rejected += 1
        elif (one := _judge(said, version, reading)) is not None:
            identities.add(one.identity)
            proposed.write(json.dumps(asdict(one)) + "\n")
    return said, frozenset(identities)


async def _read(
    folder: Folder, versions: Iterator[Kept], pool: ExtractionPool
) -> AsyncIterator[tuple[Kept, Reading | None]]:
    """Read some payloads at once; give each version with its reading, None when its payload is damaged."""
    while some := list(islice(versions, AHEAD)):
        captures = [reextract.payload_of(folder.warc_dir, version) for version in some]
        read = [pool.read(capture, capture.outlet) for capture in captures if capture is not None]
        done = iter(await asyncio.gather(*read))
        for version, capture in zip(some, captures, strict=True):
            yield version, next(done) if capture is not None else None


def _judge(said: Reread, version: Kept, reading: Reading | None) -> Accepted | None:
    """Count a reading; give it when it is one to decide on."""
    if reading is None or reading.article is None:
        _count(said.unreadable, reading.outcome.value if reading else DAMAGED)
        return None
    digest = content_digest(reading.article)
    expected = version.digests.get(reading.identity, [*version.digests.values()][-1])
    is_known = reading.identity in version.digests
    same = digest == expected
    if not same and reading.outcome is Outcome.SUSPECT:
        _count(said.unreadable, Outcome.SUSPECT.value)
        return None
    said.same += same
    said.new += not is_known
    _count(said.templates.setdefault(reading.template, {"same": 0, "differ": 0}), "same" if same else "differ")
    if not same:
        types = diff(version.content, reading.article).counts()
        names = {"document": version.document, "number": version.number, "template": reading.template}
        said.differ.append(Differs(**names, types=types, announced=not is_known))  # type: ignore[arg-type]  # by name
    if is_known:
        return None
    return Accepted(
        document=version.document,
        number=version.number,
        identity=reading.identity,
        template=reading.template,
        digest=digest,
    )


def _count(counted: dict[str, int], key: str) -> None:
    counted[key] = counted.get(key, 0) + 1


class _Spooled:
    """The readings written to a file, from its begin each time."""

    def __init__(self, proposed: IO[str]) -> None:
        self._proposed = proposed

    def __iter__(self) -> Iterator[Accepted]:
        self._proposed.seek(0)
        for line in self._proposed:
            yield Accepted(**json.loads(line))
