"""`archive export QUERY… --to PATH`: versions chosen by a search, for spreadsheets, corpora and other archives."""

from __future__ import annotations

import math
import re
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from archive.options import TIME, archive_option, json_option
from archive.terminal import err, out_json
from archive.typed import Typed, as_typed

_PART = re.compile(r"([a-z][a-z0-9_-]*)=(0?\.\d+|1|1\.0+)$")


def read_split(text: str) -> tuple[tuple[str, float], ...]:
    """Read the parts of a split. Raises click.BadParameter.

    >>> read_split("train=.8,test=.2")
    (('train', 0.8), ('test', 0.2))
    """
    found = [_PART.match(part.strip()) for part in text.split(",")]
    parts = tuple((one[1], float(one[2])) for one in found if one)
    names = {name for name, _ in parts}
    if not all(found) or len(names) < len(parts) or not math.isclose(sum(share for _, share in parts), 1.0):
        raise click.BadParameter(
            f"{text!r} is no split: write train=.8,test=.2, shares adding up to 1", param_hint="--split"
        )
    return parts


@click.command(cls=Typed)
@click.argument("query", nargs=-1)
@click.option(
    "--to", "path", type=click.Path(path_type=Path), required=True, metavar="PATH", help="The file, or folder."
)
@click.option(
    "--format", "form", type=click.Choice(["jsonl", "csv", "seeds", "warc"]), default="jsonl", show_default=True,
    help="JSON lines, CSV, a folder of seed texts with manifest, or WARC.",
)  # fmt: skip
@click.option("--outlet", "outlets", multiple=True, metavar="NAME", help="Only this outlet; may be repeated.")
@click.option("--since", type=TIME, help="Only what was published at this time or later.")
@click.option("--until", type=TIME, help="Only what was published before this time.")
@click.option("--all-versions", "every", is_flag=True, help="Every version that matches, not one of each article.")
@click.option("--unique", is_flag=True, help="One text of each cluster of repeats: the one captured first.")
@click.option("--split", metavar="PARTS", help="Parts by cluster, such as train=.8,test=.2; PATH becomes a folder.")
@click.option("--seed", type=int, default=0, show_default=True, help="Decides which cluster goes to which part.")
@click.option("--include-noarchive", "private", is_flag=True, help="Also pages that ask for no copy to be shown.")
@click.option("--raw", is_flag=True, help="CSV: leave texts that a spreadsheet takes for formulas as they are.")
@archive_option
@json_option
def command(
    query: tuple[str, ...],
    *,
    path: Path,
    form: str,
    outlets: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    every: bool,
    unique: bool,
    split: str | None,
    seed: int,
    private: bool,
    raw: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Export versions chosen by a search: of each article the current one, if it matches. Without QUERY, all.

    PATH gets its name only when it is whole; what was killed goes on by the same command.

    Example: archive export "bão số 9" --since 30d --format csv --to bao.csv
    """
    if unique and every:
        raise click.UsageError("--unique wants one text of each cluster, --all-versions every one: choose")
    from archive.export import Target, export
    from archive.folder import Folder
    from archive.index import catch_up
    from archive.selection import Wanted, select_versions

    wanted = Wanted(
        query=as_typed(query),
        outlets=outlets,
        since=since,
        until=until,
        every_version=every,
        unique=unique,
        private=private,
        parts=read_split(split) if split else (),
        seed=seed,
    )
    with Folder.open(folder) as opened:
        if not catch_up(opened).complete:
            err("the index is behind and another process is catching up: recent articles may be missing")
        selected = select_versions(opened, wanted)
        if selected.withheld:
            err(f"left out {selected.withheld} documents whose pages ask for no copy to be shown (noarchive)")
            err("to export them too, say --include-noarchive")
        if not selected.chosen:
            found = "nothing else was found" if selected.withheld else "nothing found"
            err(f"{found} for {wanted.query!r}: nothing was written")
            raise SystemExit(1)
        target = Target(path=path, form=form, raw=raw)
        resumed = export(opened, selected, wanted, target, now=datetime.now(UTC), report=_report)
    if as_json:
        out_json(
            {
                "path": str(path),
                "format": form,
                "texts": len(selected.chosen),
                "withheld": selected.withheld,
                "resumed": resumed,
            }
        )
    gone_on = f", {resumed} of them before it was interrupted" if resumed else ""
    err(f"wrote {len(selected.chosen)} texts to {path}{gone_on}")


def _report(done: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done} texts\r")
        sys.stderr.flush()
    elif done % 10_000 == 0:
        err(f"{done} texts")
