"""What a person typed, checked: outlets by name, the stand-in server, the delay that needs one."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

from archive.errors import UsageProblem
from pipeline.outlet import Outlet, load_outlets


def choose(names: Iterable[str], folder: Path | None) -> list[Outlet]:
    """Give the outlets of these names; when none is named all but the unverified, whose files were never tried.

    Raises UsageProblem with the nearest names.
    """
    outlets = load_outlets(folder)
    wanted = list(dict.fromkeys(names))
    for name in wanted:
        if name not in outlets:
            near = get_close_matches(name, outlets, n=2)
            hint = f"did you mean {' or '.join(near)}?" if near else "`crawl outlets` lists them"
            raise UsageProblem(f"no outlet {name!r}: {hint}")
    return [outlets[name] for name in wanted or (name for name, found in outlets.items() if not found.unverified)]


def check_manners(via: str | None, delay: float | None) -> None:
    """Check the stand-in server's address, and that no live site is asked faster than its file says.

    Raises UsageProblem.
    """
    if delay is not None and via is None:
        raise UsageProblem("--delay needs --via: how often a live site is asked is said by its outlet file")
    if via is None:
        return
    try:
        parts = urlsplit(via)
        fits = parts.scheme == "http" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fits = False
    if not fits:
        raise UsageProblem(f"--via {via!r} is no server: write it as http://127.0.0.1:8000")


def claim(folder: Path, via: str | None) -> None:
    """Check, before any crawl begins, that the server answers and that live and via captures will not mix.

    Raises UsageProblem.
    """
    from archive.crawls import claim_origin
    from archive.folder import Folder
    from crawler.clock import ask_server

    if via is not None:
        ask_server(via)
    with Folder.open(folder, create=True) as opened, opened.write() as connection:
        claim_origin(connection, "via" if via else "live")


def new_batch() -> str:
    """Give an id for the crawls of one command."""
    return secrets.token_hex(6)
