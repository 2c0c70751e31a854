"""Who we say we are: an honest user agent with a contact from the machine's configuration."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

from archive import __version__
from archive.errors import UsageProblem
from archive.terminal import err

HOW = 'set ARCHIVE_CONTACT, or contact = "…" in archive.toml, to a mail address or a page about your crawl'


def contact() -> str:
    """Give the contact from ARCHIVE_CONTACT, else from `contact` in ./archive.toml, else an empty string.

    Raises UsageProblem when archive.toml cannot be read.
    """
    said = os.environ.get("ARCHIVE_CONTACT") or _from_file(Path("archive.toml"))
    return " ".join("".join(c for c in said if c.isascii() and (c.isprintable() or c.isspace())).split())[:200]


def user_agent(said: str) -> str:
    """Name the program and whom to tell about it.

    >>> user_agent("https://example.org/bot").split(" ", 1)[1]
    '(+https://example.org/bot)'
    """
    return f"luuchieu/{__version__}" + (f" (+{said})" if said else "")


def _from_file(path: Path) -> str:
    if not path.is_file():
        return ""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8")).get("contact", "")
    except (OSError, ValueError) as error:
        raise UsageProblem(f"cannot read {path}: {error}") from None
    if not isinstance(said, str):
        raise UsageProblem(f"{path}: contact must be text in quotes")
    return said


def warn_without_contact() -> None:
    """Tell the person that outlets cannot reach whoever crawls them."""
    if not contact():
        err(f"warning: outlets cannot tell who crawls them: {HOW}")
