"""The `archive` command: search, read, compare and check what was archived."""

from __future__ import annotations

import click

from archive import __version__
from archive.lazy import LazyGroup
from archive.terminal import run

LINES = {
    "search": "Find articles, with or without tone marks.",
    "variants": "List spellings of names, and which outlet uses which.",
    "show": "Print a version of an article as seed text.",
    "history": "Tell what happened to an article, capture by capture.",
    "diff": "Show what changed between two versions.",
    "compare": "Hold an article against the nearest seed.",
    "related": "Show which documents share text.",
    "clusters": "Show the texts of one story, and why each is among them.",
    "lineage": "Show which paragraph was where first, and what became of it.",
    "edits": "List edits, most telling first; those that nobody admitted.",
    "stats": "Count what the archive holds.",
    "proof": "Tell what is proven of a version; write or check a day's head.",
    "cite": "Cite a version by its permanent id.",
    "export": "Export versions chosen by a search.",
    "verify": "Check files, database and index against each other.",
    "rebuild": "Rebuild the database from the WARC files, or the index.",
    "migrate-database": "Copy the database between the folder and a PostgreSQL server.",
    "backup": "Copy the archive while crawls write; what is new only.",
    "restore": "Make an archive from a backup.",
    "budget": "Tell what grows by how much a day, per outlet.",
    "prune": "Drop old payloads, never versions.",
    "withdraw": "Take documents' content out of every file; a tombstone stays.",
    "doctor": "Look at the machine and the archive, and say what to do.",
    "seeds": "Show the five seed articles and their annotation.",
}


@click.group(
    cls=LazyGroup,
    package="archive.commands",
    lines=LINES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "-V", "--version", prog_name="archive")
def archive() -> None:
    """Search, read, compare and check a versioned archive of the Vietnamese press.

    The archive's folder is --archive DIR of each command, else ARCHIVE_DIR, else ./var/archive.
    """


def main() -> None:
    """Run the `archive` command."""
    run(archive)
