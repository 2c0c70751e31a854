"""The archive's errors.

ArchiveError
├── UsageProblem(ValueError)          exit 2   what the user asked cannot be done as asked
│   ├── UnknownDocument(LookupError)  exit 1   no document of this name
│   ├── Withdrawn(LookupError)        exit 1   the document's content was withdrawn
│   └── AmbiguousDocument             exit 2   several documents fit
├── DiskFull(OSError)                 exit 3
├── Damaged                           exit 4   the archive's own files do not agree
│   └── DiskFails(OSError)            exit 4   the disk refuses a write for another reason than room
├── Busy(TimeoutError)                exit 5   another process holds the write lock
├── Unreachable(ConnectionError)      exit 5   the database's server does not answer, or no more
└── AlreadyRunning                    exit 6   another crawl or daemon holds its lock
"""

from __future__ import annotations


class ArchiveError(Exception):
    """Something the caller did not ask for; the message says what happened and what to do."""

    exit_code = 2


class UsageProblem(ArchiveError, ValueError):
    """What the user asked cannot be done as asked."""


class UnknownDocument(UsageProblem, LookupError):
    """No document fits this reference."""

    exit_code = 1

    def __init__(self, reference: str) -> None:
        super().__init__(f"no document fits {reference!r}: give an id, a unique part of one, or the article's address")


class Withdrawn(UsageProblem, LookupError):
    """The document's content was withdrawn; its tombstone is left."""

    exit_code = 1

    def __init__(self, name: str, day: str, reason: str) -> None:
        super().__init__(f"{name} was withdrawn on {day}: {reason} (`archive history {name}` shows what is left)")


class AmbiguousDocument(UsageProblem):
    """Several documents fit this reference."""

    def __init__(self, reference: str, names: list[str]) -> None:
        shown = ", ".join(names[:5]) + (", …" if len(names) > 5 else "")
        super().__init__(f"{reference!r} fits {len(names)} documents ({shown}): give more of the id")


class DiskFull(ArchiveError, OSError):
    """No room to write."""

    exit_code = 3

    def __init__(self, path: str) -> None:
        super().__init__(f"the disk is full at {path}: free some space and run the same command again; nothing is lost")


class Damaged(ArchiveError):
    """The archive's own files do not agree."""

    exit_code = 4


class DiskFails(Damaged, OSError):
    """The disk refuses a write for another reason than room."""

    def __init__(self, path: str, error: OSError) -> None:
        said = f"the disk refuses to write {path} ({error.strerror or error})"
        super().__init__(f"{said}: check the disk, then run the same command again; nothing acknowledged is lost")


class Busy(ArchiveError, TimeoutError):
    """Another process holds the write lock for too long."""

    exit_code = 5

    def __init__(self, path: str, holder: str) -> None:
        super().__init__(f"the archive {path} is being written by process {holder}: try again when it has finished")


class Unreachable(ArchiveError, ConnectionError):
    """The database's server does not answer, or no more."""

    exit_code = 5

    def __init__(self, name: str, said: str) -> None:
        super().__init__(f"the database {name} does not answer ({said}): start it and try again; nothing filed is lost")


class AlreadyRunning(ArchiveError):
    """Another crawl of this outlet, or another daemon, holds its lock."""

    exit_code = 6

    def __init__(self, what: str, holder: str) -> None:
        super().__init__(f"{what} is already running (process {holder}): wait for it, or stop that process")
