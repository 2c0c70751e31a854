"""`archive compare DOC|FILE|-|--new`: an article against the nearest seed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import TIME, archive_option, json_option
from archive.terminal import err, out, out_json

if TYPE_CHECKING:
    from archive.compare import Comparison
    from archive.diffsource import Text
    from archive.seeds import Seed
    from archive.values import Article

    Row = tuple[dict[str, Any], Article, Comparison]


def _new(folder: Path, since: datetime | None) -> list[Text]:
    """Give the documents first filed since then, or by the last crawl."""
    from archive.documents import new_in_last_crawl, new_since, version
    from archive.folder import Folder

    with Folder.open(folder) as opened, opened.read() as connection:
        new = new_since(connection, since) if since else new_in_last_crawl(connection)
        found = [(document, version(connection, document, 1)) for document in new]
    return [
        ({"document": document.name, "version": first.number, "url": document.url}, first.article)
        for document, first in found
    ]


def _texts(folder: Path, what: str | None, *, is_new: bool, since: datetime | None) -> list[Text]:
    from archive.diffsource import of

    if is_new == bool(what):
        raise click.UsageError("name one text (an id, an address, a file or -), or ask for --new")
    if since and not is_new:
        raise click.UsageError("--since goes with --new: it says how far back new documents are looked for")
    if is_new:
        return _new(folder, since)
    assert what is not None  # one of the two is there
    about, article = of(folder, what)
    return [({key: value for key, value in about.items() if key not in ("captured_at", "digest")}, article)]


def _label(about: dict[str, Any]) -> str:
    return f"{about['document']}@{about['version']}" if "document" in about else str(about["file"])


def _print(rows: Sequence[Row], *, as_json: bool, as_list: bool) -> None:
    from archive.compareview import lines, to_json

    if as_json:
        told = [about | {"title": article.title} | to_json(found) for about, article, found in rows]
        out_json(told if as_list else told[0])
        return
    for at, (about, article, found) in enumerate(rows):
        if at:
            out()
        out(_label(about))
        for line in lines(found, article.title):
            out(line)


def _write(rows: Sequence[Row], file: Path, *, is_new: bool) -> None:
    from archive.comparehtml import page

    what = "New documents beside the references" if is_new else "Comparison with the references"
    shown = [(_label(about), article.title, found) for about, article, found in rows]
    file.write_text(page(shown, now=datetime.now(UTC), what=what), encoding="utf-8")
    err(f"written: {file}")


def _seeds(number: int | None, reference: Path | None) -> list[Seed]:
    from archive.errors import UsageProblem
    from archive.references import references
    from archive.seeds import load

    listed = references(reference) if reference else load()
    found = [seed for seed in listed if number in (None, seed.number)]
    if not found:
        known = ", ".join(str(seed.number) for seed in listed)
        raise UsageProblem(f"there is no reference {number}: there are {known}")
    return found


@click.command("compare")
@click.argument("what", metavar="[DOC|FILE|-]", required=False)
@click.option("--new", "is_new", is_flag=True, help="Compare the documents first filed by the last crawl.")
@click.option("--since", type=TIME, help="With --new: those first filed since (1d, 21/11/2026 …).")
@click.option("--seed", "number", type=click.IntRange(0), help="Compare with this seed only.")
@click.option(
    "--reference",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Compare with the texts (*.txt) of this folder instead of the seeds.",
)
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), help="Write a page: with --new, the report.")
@archive_option
@json_option
@click.option("--exit-code", is_flag=True, help="Exit 1 when a text is no exact copy of its nearest seed.")
@click.pass_context
def command(
    context: click.Context,
    *,
    what: str | None,
    is_new: bool,
    since: datetime | None,
    number: int | None,
    reference: Path | None,
    html: Path | None,
    folder: Path,
    as_json: bool,
    exit_code: bool,
) -> None:
    """Hold an article against the nearest seed: what both say, what only one says, facts that conflict.

    DOC is an id, a unique part of one, or the article's address, with @N for a version. FILE and - (standard input)
    hold seed text, so that a page that is not archived can be compared too.

    Example: archive compare --new --since 1d; or, not archived: crawl check dantri page.html --text | archive compare -
    """
    from archive.compare import compare

    seeds = _seeds(number, reference)
    texts = _texts(folder, what, is_new=is_new, since=since)
    if not texts:
        if as_json:
            out_json([])
        err("no new document was filed since then" if since else "the last crawl filed no new document")
        context.exit(1)
    rows = [(about, article, compare(article, seeds)) for about, article in texts]
    if html:
        _write(rows, html, is_new=is_new)
    if as_json or not html:
        _print(rows, as_json=as_json, as_list=is_new)
    if exit_code and not all(found.is_exact for _, _, found in rows):
        context.exit(1)
