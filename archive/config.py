"""The machine's facts, read in one place: `archive.toml` in the folder you stand in, then ARCHIVE_* variables.

    archive = "/srv/press"            # ARCHIVE_DIR       the archive's folder
    database_url = "postgresql://press@db/press"  # ARCHIVE_DATABASE_URL  instead of archive.db in that folder
    contact = "you@example.org"       # ARCHIVE_CONTACT   sent in the user agent of every request
    outlets = "~/outlets"             # ARCHIVE_OUTLETS   folder of your own outlet files
    keep = "new"                      # ARCHIVE_KEEP      payloads kept: "new" or "all"
    timeout = 45                      # ARCHIVE_TIMEOUT   seconds a download may take
    write_wait = 60                   # ARCHIVE_WRITE_WAIT  seconds to wait for another writer

A variable is stronger than the file, an option of a command stronger than both.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from archive.errors import UsageProblem

FILE = Path("archive.toml")
_VARIABLES = {"archive": "ARCHIVE_DIR"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What this machine says; every field has a default that works."""

    archive: Path = Path("var/archive")
    database_url: str = ""
    contact: str = ""
    outlets: Path | None = None
    keep: str = "new"
    timeout: int = 45
    write_wait: float = 60.0


def config() -> Config:
    """Give the machine's facts. Raises UsageProblem naming file or variable, key and reason."""
    said = _from_file(FILE) | _from_environment()
    return Config(**{name: _value(name, value, where) for name, (value, where) in said.items()})


def _from_file(path: Path) -> dict[str, tuple[Any, str]]:
    if not path.is_file():
        return {}
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageProblem(f"cannot read {path}: {error}") from None
    known = {field.name for field in fields(Config)}
    if unknown := sorted(set(said) - known):
        raise UsageProblem(f"{path}: unknown key {unknown[0]!r}; there are {', '.join(sorted(known))}")
    return {name: (value, f"{path}: {name}") for name, value in said.items()}


def _from_environment() -> dict[str, tuple[Any, str]]:
    names = {field.name: _VARIABLES.get(field.name, f"ARCHIVE_{field.name.upper()}") for field in fields(Config)}
    return {name: (os.environ[variable], variable) for name, variable in names.items() if os.environ.get(variable)}


def _value(name: str, value: Any, where: str) -> Any:
    """Read a value as its field wants it, from a file or a variable alike."""
    read, wanted = _READ[name]
    if type(value) in ((str, int, float) if name in _NUMBERS else (str,)):
        try:
            return read(str(value))
        except ValueError:
            pass
    # A database's address may hold a password.
    said = "" if name == "database_url" else f", not {value!r}"
    raise UsageProblem(f"{where} must be {wanted}{said}")


def _folder(text: str) -> Path:
    return Path(text).expanduser()


def _positive(number: float) -> float:
    if not 0 < number < 86_400:
        raise ValueError
    return number


def _keep(text: str) -> str:
    if text not in ("new", "all"):
        raise ValueError
    return text


def _database(text: str) -> str:
    if text and not text.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        raise ValueError
    return text


_NUMBERS = ("timeout", "write_wait")
_READ: dict[str, tuple[Callable[[str], Any], str]] = {
    "archive": (_folder, "a folder"),
    "database_url": (_database, "a database's address such as postgresql://USER@HOST/NAME"),
    "contact": (str, "text"),
    "outlets": (_folder, "a folder"),
    "keep": (_keep, '"new" or "all"'),
    "timeout": (lambda text: int(_positive(int(text))), "a whole number of seconds"),
    "write_wait": (lambda text: _positive(float(text)), "a number of seconds"),
}
