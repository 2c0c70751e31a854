"""The archive held against a head that was written earlier: nothing that it covers was changed, removed or put in.

Each outlet's captures are read in the order of the chain, as many as the head counts; each one's WARC records must be
what its facts say, each database row too, the facts must give the chain, and the chain must end in the head's digest.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

from sqlalchemy import Row

from archive import verifyrows
from archive.digest import observed_digest
from archive.entry import chain_of
from archive.folder import Folder
from archive.heads import Head, OutletHead
from archive.proofrun import told, untrue
from archive.report import Report
from archive.segment import Place, read
from archive.verifyrun import against_rows, content_gives_digest, read_run

#: What a run whose bytes are no run of ours any more may answer.
_UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, zlib.error, EOFError)


def check(folder: Folder, head: Head, *, report: Callable[[int], None] = lambda seen: None) -> Report:
    """Hold the archive against the head; the report names each capture that is not as it was."""
    found = Report()
    for one in head.outlets:
        _outlet(folder, one, found, report)
    return found


def _outlet(folder: Folder, head: OutletHead, found: Report, report: Callable[[int], None]) -> None:
    chain, number = "", 0
    for row in _rows(folder, head):
        number += 1
        found.captures += 1
        where = f"{head.outlet}: capture {number} of {head.captures} ({row.warc_file}:{row.warc_offset}, {row.url})"
        for kind, what in _capture(folder, row, chain):
            found.add(kind, where, what, file=row.warc_file, offset=row.warc_offset, target=row.url)
        chain = row.chain
        report(found.captures)
    if number < head.captures:
        found.add("missing", head.outlet, f"{head.captures - number} of {head.captures} captures are gone")
    elif chain != head.chain:
        what = f"its chain does not end in the head's digest: one of these {number} captures is not what it was then"
        found.add("chain", head.outlet, what)


def _rows(folder: Folder, head: OutletHead) -> Iterator[Row[tuple[object, ...]]]:
    after, left = 0, head.captures
    while left > 0:
        with folder.read() as connection:
            rows = verifyrows.of_outlet(connection, head.outlet, after=after, most=left)
        if not rows:
            return
        yield from rows
        after, left = rows[-1].id, left - len(rows)


def _capture(folder: Folder, row: Row[tuple[object, ...]], before: str) -> Iterator[tuple[str, str]]:
    """Say what of a capture is not as its chain digest says."""
    place = Place(file=row.warc_file, offset=row.warc_offset, length=row.warc_length)
    try:
        run = read(folder.warc_dir, place)
        facts, filed = told(run)
        for what in untrue(run, facts, filed):
            yield "damaged", what
        if facts.get("previous") != before or row.chain != chain_of(facts):
            yield "chain", "it does not follow the capture before it"
        with (folder.warc_dir / row.warc_file).open("rb") as file:
            yield from against_rows(row, read_run(file, place.offset, place.length))
    except (OSError, *_UNREADABLE) as error:
        yield "damaged", f"its WARC records cannot be read ({str(error) or type(error).__name__})"
        return
    if row.first == row.id and not content_gives_digest(row):
        yield "digest", "the stored content does not give the version's digest"
    if row.own_digest is not None and row.own_digest != observed_digest(facts.get("observed") or {}):
        yield "row", "what it showed beside the content is not what was filed"
