"""`archive proof`: what is proven of a version; a day's head written to a file, or the archive held against one."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json

if TYPE_CHECKING:
    from archive.folder import Folder
    from archive.proof import Proof

_DAMAGED = 4


@click.command()
@click.argument("doc", required=False)
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write the head there.")
@click.option(
    "--check", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Hold the archive against a head."
)
@click.option(
    "--day", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="With --write: the head of this day (UTC)."
)
@archive_option
@json_option
def command(
    doc: str | None,
    *,
    write: Path | None,
    check: Path | None,
    day: datetime | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Tell what is proven of a version, and what is not, with the chain from it to its day's head.

    DOC is an id, a unique part of one, the article's address, or a version's permanent id; @N names a version.
    --write puts a head in a file to be published or time-stamped elsewhere: today's, or the day's of DOC or --day.
    --check holds the archive against such a file; exit 4 when anything that it covers was changed, removed or put in.

    Example: archive proof dantri:20260720215519144@1 --write head-2026-11-20.txt
    """
    if (check and write) or (day and not write) or not (doc or check or write):
        raise click.UsageError("name a DOC, or --write a head, or --check one; --day goes with --write")
    from archive.folder import Folder

    with Folder.open(folder) as opened:
        proof = _prove(opened, doc) if doc else None
        if check:
            _check(opened, check, proof, as_json=as_json)
            return
        if proof is not None:
            _show(proof, as_json=as_json)
        if write:
            _write(opened, write, day.date() if day else proof.head.day if proof else datetime.now(UTC).date())


def _prove(folder: Folder, doc: str) -> Proof:
    from archive.documents import number_of, resolve
    from archive.proof import prove

    with folder.read() as connection:
        document, number = resolve(connection, doc), number_of(connection, doc)
    return prove(folder, document, number)


def _show(proof: Proof, *, as_json: bool) -> None:
    from archive.proofview import lines, to_json

    if as_json:
        out_json(to_json(proof))
        return
    for line in lines(proof):
        out(line)


def _write(folder: Folder, path: Path, day: date) -> None:
    from archive.errors import UsageProblem
    from archive.heads import head_of

    with folder.read() as connection:
        head = head_of(connection, day)
    if not head.outlets:
        raise UsageProblem(f"nothing was filed until {day}: there is no head to write")
    new = path.with_name(path.name + ".new")
    new.write_text(head.text, encoding="ascii", newline="\n")
    new.replace(path)
    err(f"wrote the head of {day} (UTC) to {path}; its sha256 is {head.digest}")
    err("it proves something once it stands where you cannot change it: publish it, or have it time-stamped (RFC 3161)")


def _check(folder: Folder, path: Path, proof: Proof | None, *, as_json: bool) -> None:
    from archive.heads import read_head
    from archive.proofcheck import check

    head = read_head(path)
    report = check(folder, head, report=_report)
    covered = proof is None or any(
        one.outlet == proof.document.outlet and one.captures >= proof.place for one in head.outlets
    )
    if as_json:
        out_json({"head": head.digest, "day": head.day.isoformat(), "covers": covered, **report.to_json()})
    else:
        for problem in report.problems:
            out(f"{problem.kind}: {problem.where}: {problem.what}")
    said = f"{len(report.problems)} problem(s)" if report.problems else "nothing was changed, removed or put in"
    err(f"held {report.captures} captures against the head of {head.day} (sha256 {head.digest}): {said}")
    if proof is not None:
        name = f"{proof.document.name}@{proof.number}"
        when = "under this head" if covered else "after this head, which says nothing of it"
        err(f"{name} was filed {when}")
    if report.problems:
        raise SystemExit(_DAMAGED)


def _report(seen: int) -> None:
    if sys.stderr.isatty() and seen % 100 == 0:
        sys.stderr.write(f"\r{seen} captures\r")
        sys.stderr.flush()
