"""`archive diff DOC [A..B|DOC]`: what changed between two versions of an article, or between any two texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import VIETNAM, archive_option, json_option
from archive.terminal import console, err, is_rich, out, out_json, safe

if TYPE_CHECKING:
    from archive.change import Diff
    from archive.diffsource import Text
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


def _label(about: dict[str, Any]) -> str:
    if "file" in about:
        return "standard input" if about["file"] == "-" else str(about["file"])
    captured = datetime.fromisoformat(about["captured_at"]).astimezone(VIETNAM)
    return f"{about['document']}@{about['version']}\t{captured:%Y-%m-%d %H:%M:%S %z}"


def _about(document: Document, version: Version) -> dict[str, Any]:
    about = {"document": document.name, "version": version.number, "url": document.url}
    return about | {"captured_at": version.captured_at.isoformat(), "digest": version.digest}


def _texts(folder: Path, doc: str, between: str) -> tuple[Text, Text]:
    """Give the two texts: two versions of one document, or two documents or files."""
    from archive.diffsource import is_file, of

    if is_file(doc) or (between and not _RANGE.match(between.strip()) and (".." not in between or is_file(between))):
        if not between:
            raise click.UsageError(f"{doc} is a file: name a second text to compare it with")
        return of(folder, doc), of(folder, between)
    document, old, new = _versions(folder, doc, between)
    return (_about(document, old), old.article), (_about(document, new), new.article)


def _json_of(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """Tell what was compared: of one document its name and address once, of two those of each."""
    if not (old.get("document") and old.get("document") == new.get("document")):
        return {"old": old, "new": new}
    shared = ("document", "url")
    sides = ({key: value for key, value in side.items() if key not in shared} for side in (old, new))
    return {key: old[key] for key in shared} | dict(zip(("old", "new"), sides, strict=True))


def _draw(diff: Diff, old: str, new: str) -> None:
    from archive.diffside import WIDE, side_by_side
    from archive.diffview import coloured, summary

    screen = console()
    if screen.width >= WIDE:
        screen.print(side_by_side(diff, old, new))
    else:
        screen.print(safe(f"{old}\n{new}\n"), style="bold")
        for line in coloured(diff):
            screen.print(line)
    screen.print(f"\n{summary(diff)}")


def _wanted(text: str) -> frozenset[str]:
    from archive.changetype import TYPES

    names = frozenset(name.strip() for name in text.split(",") if name.strip())
    if unknown := sorted(names - set(TYPES)):
        raise click.BadParameter(f"no type of change is called {', '.join(unknown)}: there are {', '.join(TYPES)}")
    return names


def _tell(found: Diff, labels: tuple[str, str], *, unified: bool, stat: bool) -> None:
    from archive.diffview import stat as counted
    from archive.diffview import unified as unified_lines

    if is_rich() and not (unified or stat):
        _draw(found, *labels)
        return
    for line in counted(found) if stat else unified_lines(found, *labels):
        out(line)


def _write(found: Diff, old: Text, new: Text, file: Path) -> None:
    from archive.diffhtml import page

    file.write_text(page(found, new[1].title, _label(old[0]), _label(new[0])), encoding="utf-8")
    err(f"written: {file}")


@click.command("diff")
@click.argument("doc", metavar="DOC|FILE")
@click.argument("between", metavar="[A..B|DOC|FILE]", default="")
@click.option("--only", default="", metavar="TYPE,…", help="Only changes of these types (number,name …).")
@click.option("--stat", is_flag=True, help="Only how many changes of each type.")
@click.option("--unified", is_flag=True, help="Print the unified format also on a terminal.")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page, both texts side by side.")
@click.option("--exit-code", is_flag=True, help="Exit 1 when the texts differ.")
@archive_option
@json_option
@click.pass_context
def command(
    context: click.Context,
    *,
    doc: str,
    between: str,
    only: str,
    stat: bool,
    unified: bool,
    html: Path | None,
    exit_code: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Show what changed between two versions of an article, or between any two, word by word, each change typed.

    DOC is an id, a unique part of one, or the article's address. A..B are numbers of versions: without them the latest
    (by time of capture) is compared with the one that stood before it; A and A.. compare with the latest, ..B from the
    first. A second DOC (with @N for a version) or FILE of seed text is compared with the first instead.

    Example: archive diff dantri:20260720215519144 1..2; archive diff dantri:20260720215519144 vietnamplus:842611
    """
    from archive import change
    from archive.diff import diff

    wanted = _wanted(only)
    old, new = _texts(folder, doc, between)
    found = diff(old[1], new[1])
    if wanted:
        found = change.only(found, wanted)
    if html:
        _write(found, old, new, html)
    if as_json:
        out_json(_json_of(old[0], new[0]) | change.to_json(found))
    elif not found.changes:
        err(f"no difference{f' of type {only}' if only else ''}: {_same(old[0], new[0])}")
    elif stat or not html:
        _tell(found, (_label(old[0]), _label(new[0])), unified=unified, stat=stat)
    if exit_code and found.changes:
        context.exit(1)


def _same(old: dict[str, Any], new: dict[str, Any]) -> str:
    if old == new:
        return f"@{old['version']} is compared with itself" if "version" in old else "a file is compared with itself"
    return "the two say the same"
