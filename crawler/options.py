"""Options that the `crawl` commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.config import config

_F = TypeVar("_F", bound=Callable[..., Any])


def via_option(function: _F) -> _F:
    """Add `--via URL` as `via: str | None`."""
    return click.option(
        "--via", metavar="URL", help="Send every request to this server, which plays the outlets; captures are marked."
    )(function)


def outlets_option(function: _F) -> _F:
    """Add `--outlets DIR` (ARCHIVE_OUTLETS) as `outlets: Path | None`."""
    return click.option(
        "--outlets",
        type=click.Path(path_type=Path, file_okay=False, exists=True),
        default=lambda: config().outlets,
        help="A folder of your own outlet files, read after the built-in ones (else ARCHIVE_OUTLETS).",
    )(function)
