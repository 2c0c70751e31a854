"""`archive withdraw DOC`: a document's content taken out of every file of the archive, a tombstone kept."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json

if TYPE_CHECKING:
    from archive.folder import Folder
    from archive.withdraw import Plan


@click.command()
@click.argument("docs", nargs=-1, metavar="[DOC]…")
@click.option("--reason", default="", help="Why: it is told wherever the document was, and cannot be changed later.")
@click.option("--with-copies", is_flag=True, help="Also the documents that share its text.")
@click.option("--dry-run", is_flag=True, help="Tell what would be taken out, and do nothing.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@archive_option
@json_option
def command(
    docs: tuple[str, ...],
    *,
    reason: str,
    with_copies: bool,
    dry_run: bool,
    yes: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Take documents' content out of database, index, exports and WARC files, for good; a tombstone stays.

    DOC is an id, a unique part of one, or the article's address. The tombstone keeps the reason and the digests, so
    that chain and `verify` still hold; a later crawl does not bring the content back. One that was killed goes on by
    the same command, without DOC too.

    Example: archive withdraw dantri:20260720215519144 --reason "court order 12/2026" --dry-run
    """
    from archive.folder import Folder
    from archive.withdraw import pending, withdraw

    with Folder.open(folder) as opened:
        begun = pending(opened)
        planned = begun or _plan(opened, docs, reason, with_copies)
        said = _as_json(opened, planned, resumed=begun is not None)
        if not as_json:
            _show(said)
        if not dry_run:
            _ask(yes)
            said["deleted"] = withdraw(opened, planned, now=datetime.now(UTC), report=_report)
            said["done"] = True
    if as_json:
        out_json(said)
    for one in said["deleted"]:
        err(one)
    if said["done"]:
        err("withdrawn; whoever has a copy made before (a backup, an export moved elsewhere) has the text still")


def _plan(folder: Folder, docs: tuple[str, ...], reason: str, with_copies: bool) -> Plan:
    from archive.documents import resolve
    from archive.errors import UsageProblem
    from archive.text import squash
    from archive.withdraw import plan

    if not docs:
        raise click.UsageError("name at least one document")
    if not squash(reason):
        raise click.UsageError("give a --reason: it is what the tombstone says")
    with folder.read() as connection:
        found = list({one.id: one for one in (resolve(connection, doc) for doc in docs)}.values())
    if gone := [one.name for one in found if one.withdrawn_at is not None]:
        raise UsageProblem(f"{gone[0]} is withdrawn already: `archive show {gone[0]}` shows its tombstone")
    planned = plan(folder, found, squash(reason), report=_report)
    while with_copies and planned.copies:
        with folder.read() as connection:
            found += [resolve(connection, name) for name in planned.copies]
        planned = plan(folder, found, squash(reason), report=_report)
    return planned


def _as_json(folder: Folder, planned: Plan, *, resumed: bool) -> dict[str, Any]:
    from archive import backups, exports

    return {
        "reason": planned.reason,
        "documents": planned.documents,
        "versions": planned.versions,
        "captures": len(planned.captures),
        "mentions": planned.mentioned,
        "copies": planned.copies,
        "exports": [str(path) for path in exports.known(folder.path)],
        "backups": [str(path) for path in backups.known(folder.path)],
        "resumed": resumed,
        "deleted": [],
        "done": False,
    }


def _show(said: dict[str, Any]) -> None:
    again = "goes on: " if said["resumed"] else ""
    out(f"{again}{', '.join(said['documents'])}: {said['versions']} versions, {said['captures']} captures")
    out(f"reason: {said['reason']}")
    for url in said["mentions"]:
        out(f"the payload of {url} prints the same text: it is dropped, its article stays")
    for name in said["copies"]:
        out(f"{name} says the same and stays: name it too, or give --with-copies")
    for path in said["exports"]:
        out(f"an export stands in {path}: the text is taken out of it")
    for path in said["backups"]:
        out(f"a backup stands in {path}: it keeps the text until you delete it or run this there (--archive)")


def _ask(yes: bool) -> None:
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("this cannot be undone: say --yes, or try --dry-run first")
        click.confirm("This cannot be undone. Withdraw?", abort=True, err=True)


def _report(said: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{said}")
        sys.stderr.flush()
