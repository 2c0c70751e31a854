"""`archive lineage DOC`: which paragraph of a story was where first, and what each outlet made of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json

if TYPE_CHECKING:
    from archive.lineage import Line
    from archive.origin import Origin


def _read(folder: Path, doc: str) -> tuple[str, list[Line], list[Origin]]:
    from archive.clusters import cluster_of
    from archive.documents import resolve, version
    from archive.folder import Folder
    from archive.lineage import lines_of
    from archive.origin import origins
    from archive.storystates import states_of

    with Folder.open(folder) as opened, opened.read() as connection:
        document = resolve(connection, doc)
        version(connection, document)
        cluster = cluster_of(connection, document.id)
        states = states_of(connection, cluster)
    found = origins(states)
    sources = {one.state.document.id: one.nearest.document.id for one in found if one.nearest and one.nearest.share}
    return cluster.id, lines_of(states, sources), found


@click.command()
@click.argument("doc")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page with it to this file.")
@archive_option
@json_option
def command(doc: str, html: Path | None, folder: Path, as_json: bool) -> None:
    """Show which outlet had each paragraph of a story first, and which kept, cut, reworded, moved or dropped it.

    DOC is any document of the story (`archive clusters DOC`). First is who published first, as the page says and no
    later than it was captured. Whether the credit line was kept is told below, and whether the texts bear it out.

    Example: archive lineage dantri:20260720215519144 --html lineage.html
    """
    from archive.lineageview import drawn, to_json

    cluster, lines, found = _read(folder, doc)
    if html is not None:
        from archive.lineagehtml import page

        html.write_text(page(lines, found), encoding="utf-8")
        err(f"wrote {html}")
    if as_json:
        out_json(to_json(cluster, lines, found))
    elif html is None:
        for line in drawn(lines, found):
            out(line)
    if len(found) == 1:
        err("no other document of the archive shares this story's text")
