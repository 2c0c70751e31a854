"""The `crawl` command: fetch outlets, once or on a schedule, and see what their files make of a page."""

from __future__ import annotations

import os

import click

from archive import __version__
from archive.lazy import LazyGroup
from archive.terminal import run

LINES = {
    "run": "Crawl outlets once, now.",
    "get": "Archive these pages now.",
    "daemon": "Crawl on a schedule, until asked to stop.",
    "outlets": "List the outlets, their feeds and eras.",
    "check": "Show what an outlet file makes of one page.",
    "replay": "Read captures with today's extraction: of WARC files, or our own.",
    "status": "Tell what was crawled, and whether a site has changed.",
}


@click.group(
    cls=LazyGroup,
    package="crawler.commands",
    lines=LINES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="crawl")
def crawl() -> None:
    """Crawl the Vietnamese press into a versioned archive.

    The archive's folder is --archive DIR of each command, else ARCHIVE_DIR, else ./var/archive.
    """


def main() -> None:
    """Run the `crawl` command."""
    # No process begun from here, the workers' fork server included, imports from the working directory.
    os.environ["PYTHONSAFEPATH"] = "1"
    run(crawl)
