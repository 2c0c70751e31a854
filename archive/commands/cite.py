"""`archive cite DOC@N`: a version cited by its permanent id, for a footnote, a bibliography or Wikipedia."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.options import archive_option, json_option
from archive.terminal import out, out_json

if TYPE_CHECKING:
    from archive.cite import Cited


@click.command()
@click.argument("doc")
@click.option(
    "--style",
    type=click.Choice(["text", "bibtex", "csl-json", "wikipedia"]),
    default="text",
    show_default=True,
    help="The form of the citation.",
)
@archive_option
@json_option
def command(doc: str, *, style: str, folder: Path, as_json: bool) -> None:
    """Cite a version: title, outlet, address, capture time, digest, and a short id that stays.

    DOC is an id, a unique part of one, the article's address, or a version's permanent id; @N names a version, without
    it the one that the newest capture shows. The permanent id finds the version in every command that takes a DOC.

    Example: archive cite dantri:20260720215519144@1 --style bibtex
    """
    from archive.cite import STYLES

    cited = _cited(folder, doc)
    said = STYLES[style](cited)
    if not as_json:
        for line in said.splitlines():
            out(line)
        return
    out_json(
        {
            "id": cited.permanent_id,
            "document": cited.document,
            "version": cited.number,
            "outlet": cited.outlet,
            "url": cited.url,
            "title": cited.article.title,
            "captured_at": cited.captured_at.isoformat(),
            "digest": cited.digest,
            "via": cited.via,
            "style": style,
            "citation": said,
        }
    )


def _cited(folder: Path, doc: str) -> Cited:
    from sqlalchemy import select

    from archive import permanent
    from archive.cite import Cited
    from archive.documents import number_of, resolve, version
    from archive.folder import Folder
    from archive.outletnames import name_of
    from archive.tables import captures

    with Folder.open(folder) as opened, opened.read() as connection:
        document = resolve(connection, doc)
        found = version(connection, document, number_of(connection, doc))
        gave = select(captures.c.via).where(captures.c.version_id == found.id).order_by(captures.c.id).limit(1)
        return Cited(
            permanent_id=permanent.shown(connection, found.permanent_id),
            document=document.name,
            number=found.number,
            outlet=name_of(connection, document.outlet, document.url),
            url=document.url,
            article=found.article,
            captured_at=found.captured_at,
            digest=found.digest,
            via=connection.execute(gave).scalar_one_or_none(),
        )
