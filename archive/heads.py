"""Heads: what an outlet's chain had come to at the end of a day, all outlets' together in one small text.

The text is made to be published, printed or time-stamped elsewhere: its own sha256 is the day's head, and whoever has
it can hold the archive against it later (`proofcheck.py`). A day is UTC's, and a capture's is the day it was filed on.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, func, select

from archive.errors import UsageProblem
from archive.tables import captures, facts

_FIRST = "luuchieu head 1"
_LINE = re.compile(r"(\S+) (\d+) ([0-9a-f]{64})")
#: Longer files are none of ours.
_LARGEST = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletHead:
    """How many captures an outlet's chain had, and the chain digest of the last one."""

    outlet: str
    captures: int
    chain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """All outlets' heads at the end of a day; `origin` is live, or via (through a stand-in server)."""

    day: date
    origin: str
    outlets: tuple[OutletHead, ...]

    @property
    def text(self) -> str:
        """The text of the head, as it is written to a file."""
        lines = [f"{one.outlet} {one.captures} {one.chain}" for one in self.outlets]
        return "\n".join([_FIRST, f"day {self.day.isoformat()} UTC", f"origin {self.origin}", *lines]) + "\n"

    @property
    def digest(self) -> str:
        """The sha256 (hex) of the text: the day's head."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read_head(path: Path) -> Head:
    """Read a head that was written to a file. Raises UsageProblem."""
    try:
        text = path.read_bytes()[: _LARGEST + 1].decode("ascii")
        return parse(text)
    except OSError as error:
        raise UsageProblem(f"cannot read {path}: {error.strerror}") from None
    except ValueError:
        raise UsageProblem(f"{path} is no head of ours: give a file that `archive proof --write` made") from None


def parse(text: str) -> Head:
    r"""Read a head's text. Raises ValueError when it is none, to the last byte.

    >>> parse("luuchieu head 1\nday 2026-11-20 UTC\norigin live\n").day
    datetime.date(2026, 11, 20)
    """
    first, day, origin, *lines = text.split("\n")
    found = [_LINE.fullmatch(line) for line in lines[:-1]]
    told = tuple(OutletHead(outlet=one[1], captures=int(one[2]), chain=one[3]) for one in found if one)
    when = date.fromisoformat(day.removeprefix("day ").removesuffix(" UTC"))
    head = Head(day=when, origin=origin.removeprefix("origin "), outlets=told)
    if first != _FIRST or head.text != text:
        raise ValueError("no head of ours")
    return head


def head_of(connection: Connection, day: date) -> Head:
    """Give the head at the end of this day: of the current one, as far as it has come."""
    last = select(captures.c.outlet, func.max(captures.c.id).label("last")).where(_filed_until(day))
    found = []
    for outlet, capture in connection.execute(last.group_by(captures.c.outlet)).all():
        here = (captures.c.outlet == outlet) & (captures.c.id <= capture)
        count = connection.execute(select(func.count(captures.c.id)).where(here)).scalar_one()
        chain = connection.execute(select(captures.c.chain).where(captures.c.id == capture)).scalar_one()
        found.append(OutletHead(outlet=outlet, captures=count, chain=chain))
    origin = connection.execute(select(facts.c.value).where(facts.c.key == "origin")).scalar_one_or_none()
    return Head(day=day, origin=origin or "live", outlets=tuple(sorted(found, key=lambda one: one.outlet)))


def day_of(warc_file: str) -> date:
    """Give the day on which a capture was filed: its WARC file's name begins with it.

    >>> day_of("dantri/20261120-000.warc.gz")
    datetime.date(2026, 11, 20)
    """
    return date.fromisoformat(warc_file.rpartition("/")[2][:8])


def _filed_until(day: date) -> ColumnElement[bool]:
    at = func.length(captures.c.outlet) + 2
    return func.substr(captures.c.warc_file, at, 8) <= f"{day:%Y%m%d}"
