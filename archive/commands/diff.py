"""`archive diff DOC [A..B]`: what changed between two versions of an article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import VIETNAM, archive_option, json_option
from archive.terminal import console, err, is_rich, out, out_json, safe

if TYPE_CHECKING:
    from archive.change import Diff
    from archive.documents import Document, Version

_RANGE = re.compile(r"(\d*)(?:(\.\.)(\d*))?$")


def read_range(text: str, shown: Sequence[int]) -> tuple[int, int]:
    """Give the numbers of the two versions that A..B means; `shown` are the versions in the order in which they stood.

    A and A.. compare with the latest, ..B compares from the first, nothing the latest with the one before it.

    Raises click.BadParameter when it is none of these.

    >>> [read_range(text, [1, 2, 3, 4, 5]) for text in ("", "2..3", "2", "2..", "..3")]
    [(4, 5), (2, 3), (2, 5), (2, 5), (1, 3)]
    >>> read_range("", [2, 1, 2]), read_range("..1", [2, 1])
    ((1, 2), (2, 1))
    """
    found = _RANGE.match(text.strip())
    if not found:
        raise click.BadParameter(f"{text!r} is no range of versions: write 1..3, 1, 1.. or ..3")
    if not (found[1] or found[3]):
        return shown[-2:][0], shown[-1]
    return int(found[1] or shown[0]), int(found[3] or shown[-1])


def _versions(folder: Path, doc: str, between: str) -> tuple[Document, Version, Version]:
    from archive.documents import number_of, resolve, shown, version
    from archive.folder import Folder

    with Folder.open(folder) as opened, opened.read() as connection:
        document = resolve(connection, doc)
        named = number_of(connection, doc)
        latest = version(connection, document, named)
        stood = shown(connection, document)
        if named is not None:
            stood = stood[: stood.index(latest.number) + 1]
        first, second = read_range(between, stood)
        return document, version(connection, document, first), version(connection, document, second)


def _label(document: Document, version: Version) -> str:
    return f"{document.name}@{version.number}\t{version.captured_at.astimezone(VIETNAM):%Y-%m-%d %H:%M:%S %z}"


def _about(document: Document, old: Version, new: Version) -> dict[str, Any]:
    def side(version: Version) -> dict[str, Any]:
        return {"version": version.number, "captured_at": version.captured_at.isoformat(), "digest": version.digest}

    return {"document": document.name, "url": document.url, "old": side(old), "new": side(new)}


def _draw(diff: Diff, old: str, new: str) -> None:
    from archive.diffview import coloured, summary

    screen = console()
    screen.print(safe(f"{old}\n{new}\n"), style="bold")
    for line in coloured(diff):
        screen.print(line)
    screen.print(f"\n{summary(diff)}")


@click.command("diff")
@click.argument("doc")
@click.argument("between", metavar="[A..B]", default="")
@archive_option
@json_option
@click.option("--unified", is_flag=True, help="Print the unified format also on a terminal.")
@click.option("--exit-code", is_flag=True, help="Exit 1 when the versions differ.")
@click.pass_context
def command(
    context: click.Context, doc: str, between: str, folder: Path, as_json: bool, unified: bool, exit_code: bool
) -> None:
    """Show what changed between two versions of an article, word by word, each change typed.

    DOC is an id, a unique part of one, or the article's address. A..B are numbers of versions: without them the latest
    (by time of capture) is compared with the one that stood before it; A and A.. compare with the latest, ..B from the
    first.

    Example: archive diff dantri:20260720215519144 1..2
    """
    from archive.change import to_json
    from archive.diff import diff
    from archive.diffview import unified as unified_lines

    document, old, new = _versions(folder, doc, between)
    found = diff(old.article, new.article)
    labels = _label(document, old), _label(document, new)
    if as_json:
        out_json(_about(document, old, new) | to_json(found))
    elif not found.changes:
        same = f"@{old.number} is compared with itself"
        only = same if old.number == new.number else "the versions say the same"
        err(f"no difference: {only}")
    elif is_rich() and not unified:
        _draw(found, *labels)
    else:
        for line in unified_lines(found, *labels):
            out(line)
    if exit_code and found.changes:
        context.exit(1)
