"""`archive history DOC`: what happened to an article, capture by capture."""

from __future__ import annotations

from pathlib import Path

import click

from archive.options import archive_option, json_option
from archive.terminal import out, out_json


@click.command()
@click.argument("doc")
@archive_option
@json_option
def command(doc: str, folder: Path, as_json: bool) -> None:
    """Tell what happened to an article: versions, when each was seen, edits and their bounds.

    DOC is an id, a unique part of one, or the article's address.

    Example: archive history dantri:20260720215519144
    """
    from archive.documents import resolve
    from archive.folder import Folder
    from archive.history import history
    from archive.historyjson import to_json
    from archive.historyview import lines

    with Folder.open(folder) as opened, opened.read() as connection:
        told = history(connection, resolve(connection, doc))
    if as_json:
        out_json(to_json(told))
        return
    for line in lines(told):
        out(line)
