"""`archive show DOC[@N]`: a version of an article as seed text, or as JSON."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from archive.options import archive_option, json_option
from archive.terminal import out_json, safe


@click.command()
@click.argument("doc")
@archive_option
@json_option
def command(doc: str, folder: Path, as_json: bool) -> None:
    """Print a version of an article as seed text; without @N the one that the newest capture shows.

    DOC is an id, a unique part of one, the article's address, or a version's permanent id; @N names a version. Of a
    withdrawn article the tombstone is shown.

    Example: archive show dantri:20260720215519144@1
    """
    from archive import permanent, tombview
    from archive.articlejson import to_json
    from archive.documents import number_of, resolve, version
    from archive.folder import Folder
    from archive.history import history
    from archive.historyjson import seen_json
    from archive.seedtext import render

    with Folder.open(folder) as opened, opened.read() as connection:
        document = resolve(connection, doc)
        if document.withdrawn_at is not None:
            tombview.show(connection, document, as_json=as_json)
            return
        shown = version(connection, document, number_of(connection, doc))
        cited = permanent.shown(connection, shown.permanent_id)
        seen = seen_json(history(connection, document), shown.number) if as_json else {}
    if not as_json:
        sys.stdout.write(safe(render(shown.article)))
        return
    about = {
        "document": document.name,
        "version": shown.number,
        "id": cited,
        "outlet": document.outlet,
        "url": document.url,
        "digest": shown.digest,
        "captured_at": shown.captured_at.isoformat(),
        "template": shown.template,
        "confirmed": shown.confirmed,
    }
    out_json(about | seen | {"article": to_json(shown.article), "text": render(shown.article)})
