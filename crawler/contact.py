"""Who we say we are: an honest user agent with a contact from the machine's configuration."""

from __future__ import annotations

from archive import __version__
from archive.config import config
from archive.terminal import err

HOW = 'set ARCHIVE_CONTACT, or contact = "…" in archive.toml, to a mail address or a page about your crawl'


def contact() -> str:
    """Give the machine's contact in plain ASCII, or an empty string. Raises UsageProblem (archive.toml is wrong)."""
    said = config().contact
    return " ".join("".join(c for c in said if c.isascii() and (c.isprintable() or c.isspace())).split())[:200]


def user_agent(said: str) -> str:
    """Name the program and whom to tell about it.

    >>> user_agent("https://example.org/bot").split(" ", 1)[1]
    '(+https://example.org/bot)'
    """
    return f"luuchieu/{__version__}" + (f" (+{said})" if said else "")


def warn_without_contact() -> None:
    """Tell the person that outlets cannot reach whoever crawls them."""
    if not contact():
        err(f"warning: outlets cannot tell who crawls them: {HOW}")
