"""Look at the machine and the archive as they are, and say what to do: versions, clock, room, locks, rights."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from importlib import metadata
from pathlib import Path
from typing import Any

from archive.errors import ArchiveError


class State(IntEnum):
    """How a thing is; the worst of all is the machine's."""

    OK = 0
    WARN = 1
    BAD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: its name, state, what was seen, and what to do unless it is ok; `facts` for programs."""

    name: str
    state: State
    said: str
    todo: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give the check as plain JSON values."""
        plain = {"name": self.name, "state": self.state.name.lower(), "said": self.said, "todo": self.todo}
        return plain | {"facts": self.facts}


def examine(path: Path, now: datetime) -> list[Check]:
    """Look at everything; what cannot be looked at is bad, and the rest is looked at all the same."""
    from archive import doctorarchive
    from archive.folder import is_there

    found = [*machine(), *doctorarchive.folder_checks(path)]
    try:
        if not is_there(path) and not any((path / "warc").glob("*/*.warc.gz")):
            said = f"there is none in {path} yet"
            return [*found, Check(name="archive", state=State.OK, said=said, todo="`crawl run` makes it")]
        found.extend(doctorarchive.archive_checks(path, now))
    except ArchiveError as error:
        # Its message says what happened, and what to do.
        said, _, todo = str(error).rpartition(": ")
        found.append(Check(name="archive", state=State.BAD, said=said or todo, todo=todo))
    return found


def machine() -> Iterator[Check]:
    """Look at what does not depend on an archive."""
    yield sqlite_check(sqlite3.sqlite_version)
    yield dependencies_check()
    yield _formats()
    yield _zone()
    yield _contact()


#: Releases that carry the fix of the WAL-reset bug backwards (sqlite.org/wal.html, "the WAL-reset bug").
_BACKPORTS = {(3, 44): 6, (3, 50): 7}


def wal_reset_safe(version: str) -> bool:
    """Tell whether this SQLite is free of the WAL-reset bug (3.7.0 to 3.51.2; fixed in 3.44.6 and 3.50.7 too).

    >>> [wal_reset_safe(version) for version in ("3.40.1", "3.44.6", "3.50.6", "3.50.7", "3.51.2", "3.51.3")]
    [False, True, False, True, False, True]
    """
    numbers = _numbers(version)
    if numbers < (3, 7) or numbers >= (3, 51, 3):
        return True
    fixed = _BACKPORTS.get((numbers[0], numbers[1]))
    return fixed is not None and numbers >= (numbers[0], numbers[1], fixed)


def sqlite_check(version: str) -> Check:
    """Look at the SQLite that is linked."""
    safe = wal_reset_safe(version)
    facts = {"version": version, "wal_reset_safe": safe}
    if safe:
        return Check(name="sqlite", state=State.OK, said=f"SQLite {version}", facts=facts)
    said = f"SQLite {version} has the WAL-reset bug (a checkpoint racing a commit can corrupt the database)"
    todo = "nothing while only luuchieu writes here: it checkpoints under its write lock; better SQLite >= 3.51.3"
    return Check(name="sqlite", state=State.WARN, said=said, todo=todo, facts=facts)


def dependencies_check() -> Check:
    """Hold the installed libraries against what this luuchieu was made for."""
    try:
        wanted = [line for line in metadata.requires("luuchieu") or () if "extra ==" not in line]
    except metadata.PackageNotFoundError:
        return Check(name="dependencies", state=State.WARN, said="luuchieu is not installed", todo="install it by pip")
    versions = {_name(line): _version(_name(line)) for line in wanted}
    wrong = [f"{line} (here {versions[_name(line)] or 'none'})" for line in wanted if not _fits(line, versions)]
    facts = {"versions": versions, "wrong": wrong}
    if wrong:
        said = "not as needed: " + ", ".join(wrong)
        return Check(name="dependencies", state=State.BAD, said=said, todo="install luuchieu again", facts=facts)
    shown = ("scrapy", "apscheduler", "trafilatura", "lxml", "sqlalchemy", "tantivy", "warcio")
    said = f"Python {sys.version.split()[0]}, " + ", ".join(f"{name} {versions.get(name)}" for name in shown)
    return Check(name="dependencies", state=State.OK, said=said, facts=facts)


def _formats() -> Check:
    """Tell what this luuchieu writes."""
    from archive import __version__
    from archive.folder import HEAD
    from archive.indexed import FORMAT

    facts = {"luuchieu": __version__, "schema": HEAD, "tantivy": _version("tantivy"), "index": FORMAT}
    said = f"luuchieu {__version__}: schema {HEAD}, tantivy {facts['tantivy']}, index format {FORMAT}"
    return Check(name="formats", state=State.OK, said=said, facts=facts)


def fits(version: str, wanted: str) -> bool:
    """Tell whether a version keeps bounds such as `>=3.11.2,<4`.

    >>> fits("3.11.3", ">=3.11.2,<4"), fits("4.0.0a1", "<4,>=3.11.2"), fits("2.9", ">=2.19"), fits("2.1", "<2.2,>=2.1")
    (True, False, False, True)
    """
    compare = {">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b, "<": lambda a, b: a < b, ">": lambda a, b: a > b}
    bounds = re.findall(r"(>=|<=|<|>)\s*([0-9.]+)", wanted)
    return all(compare[sign](_numbers(version), _numbers(bound)) for sign, bound in bounds)


def _fits(line: str, versions: dict[str, str | None]) -> bool:
    version = versions[_name(line)]
    return version is not None and fits(version, line)


def _name(line: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", line)
    return found[0].lower() if found else line


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _numbers(version: str) -> tuple[int, ...]:
    """Read the numbers that a version begins with, zeros at its end left out, so that 4 and 4.0 are equal."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    numbers = [int(part) for part in found[0].split(".")] if found else [0]
    while len(numbers) > 1 and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def _zone() -> Check:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        offset = datetime(2026, 1, 1, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh")).utcoffset()
    except (ZoneInfoNotFoundError, OSError, ValueError):
        offset = None
    if offset == timedelta(hours=7):
        return Check(name="zone", state=State.OK, said="Asia/Ho_Chi_Minh is known (+07:00)")
    said = "the data of time zones are missing; Vietnam's time (+07:00) and UTC are known without"
    return Check(name="zone", state=State.WARN, said=said, todo="install the system's tzdata package for other zones")


def _contact() -> Check:
    from archive.config import config

    try:
        said = config().contact.strip()
    except ArchiveError as error:
        return Check(name="contact", state=State.BAD, said=str(error), todo="mend archive.toml or the variable")
    if said:
        return Check(name="contact", state=State.OK, said=f"outlets can reach {said}", facts={"contact": said})
    todo = 'set ARCHIVE_CONTACT, or contact = "…" in archive.toml'
    return Check(name="contact", state=State.WARN, said="outlets cannot tell who crawls them", todo=todo)


def room(path: Path) -> int:
    """Give the free bytes of the disk that the folder lies on, or will."""
    while not path.exists():
        path = path.parent
    return shutil.disk_usage(path).free


def may_write(path: Path) -> bool:
    """Tell whether this user may write there, or make it."""
    while not path.exists() and path != path.parent:
        path = path.parent
    return os.access(path, os.W_OK | (os.X_OK if path.is_dir() else 0))


def aware_now() -> datetime:
    """Give the machine's time."""
    return datetime.now(UTC)
