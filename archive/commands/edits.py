"""`archive edits`: what was changed after publication, most telling first, and what nobody admitted."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import TIME, VIETNAM, archive_option, json_option
from archive.terminal import err, out, out_json

if TYPE_CHECKING:
    from archive.edits import Revision

#: Changes shown of one edit.
_SHOWN = 3


def _plain(one: Revision) -> dict[str, Any]:
    from archive.change import to_json

    return {
        "document": one.document.name,
        "url": one.document.url,
        "title": one.title,
        "from_version": one.edit.from_version,
        "to_version": one.edit.to_version,
        "after": one.edit.after.isoformat(),
        "before": one.edit.before.isoformat(),
        "is_return": one.edit.is_return,
        "share": round(one.share, 4),
        "types": one.types,
        "minutes_after_publication": [round(delay.total_seconds() / 60) for delay in (one.delay_from, one.delay_to)],
        "silent": one.is_silent,
        "admitted_by": one.admitted_by or None,
        "modified": one.modified.isoformat() if one.modified else None,
        "changes": to_json(one.diff)["changes"],
    }


def _length(delay: timedelta) -> str:
    minutes = int(delay.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes % 60:02} min" if hours else f"{minutes} min"


def _show(one: Revision) -> None:
    admitted = {"modified": "its modified time moved on", "note": "a note tells it"}.get(one.admitted_by, "SILENT")
    types = ", ".join(f"{count} {name}" for name, count in one.types.items())
    seen = (
        f"{one.edit.after.astimezone(VIETNAM):%d/%m/%Y %H:%M} and {one.edit.before.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    )
    out(f"{one.document.name} @{one.edit.from_version}..{one.edit.to_version}  {one.title}")
    out(f"    {admitted}; {types}; {one.share:.1%} of the words; made between {seen},")
    out(f"    {_length(one.delay_from)} to {_length(one.delay_to)} after publication")
    for change in sorted(one.diff.changes, key=_rank)[:_SHOWN]:
        out(f"      {change.type}: {_cut(change.old) or '(nothing)'} → {_cut(change.new) or '(nothing)'}")


def _rank(change: Any) -> float:
    from archive.edits import TELLING

    return -TELLING.get(change.type, 2.0)


def _cut(text: str) -> str:
    return text if len(text) <= 90 else text[:89] + "…"


def _wanted(types: str) -> set[str]:
    from archive.changetype import TYPES
    from archive.errors import UsageProblem

    names = {name.strip() for name in types.split(",") if name.strip()}
    if unknown := sorted(names - set(TYPES)):
        raise UsageProblem(f"no type of change is called {', '.join(unknown)}: there are {', '.join(TYPES)}")
    return names


@click.command()
@click.option("--since", type=TIME, default="7d", show_default=True, help="Only edits seen since (7d, 21/11/2026 …).")
@click.option("--outlet", help="Only this outlet's.")
@click.option("--silent", is_flag=True, help="Only those that neither a modified time nor a note admits.")
@click.option("--type", "types", default="", metavar="TYPE,…", help="Only edits with a change of such a type.")
@archive_option
@json_option
@click.pass_context
def command(
    context: click.Context,
    *,
    since: datetime,
    outlet: str | None,
    silent: bool,
    types: str,
    folder: Path,
    as_json: bool,
) -> None:
    """List the edits of published articles, the most telling first.

    For each: how much changed, of what type, how long after publication, and whether the page's own modified time or a
    note in it admits the edit. Changes of typography only are left out.

    Example: archive edits --since 7d --silent --type number
    """
    from archive.edits import edits
    from archive.folder import Folder

    names = _wanted(types)
    with Folder.open(folder) as opened, opened.read() as connection:
        found = edits(connection, since=since, outlet=outlet)
    found = [one for one in found if (one.is_silent or not silent) and (not names or names & set(one.types))]
    if as_json:
        out_json([_plain(one) for one in found])
    else:
        for one in found:
            _show(one)
    if not found:
        err("no such edits")
        context.exit(1)
