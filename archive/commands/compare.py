"""`archive compare DOC|FILE|-|--new`: an article against the nearest seed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json

if TYPE_CHECKING:
    from archive.seeds import Seed
    from archive.values import Article

#: A text and what is known of it beside (document, version, url or file).
Text = tuple[dict[str, Any], "Article"]


def _read(name: str) -> Text:
    """Read seed text from a file, or from standard input for "-". Raises UsageProblem when it is none."""
    from archive.errors import UsageProblem
    from archive.seedtext import parse

    shown = "standard input" if name == "-" else name
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        article = parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise UsageProblem(f"{shown} is not UTF-8 text: give seed text, as `archive show` prints it") from None
    except OSError as error:
        raise UsageProblem(f"cannot read {shown}: {error.strerror}") from None
    if not article.title:
        raise UsageProblem(f"{shown} is empty: give seed text, as `archive show` prints it")
    return {"file": name}, article


def _document(folder: Path, doc: str) -> list[Text]:
    """Give a document's version (the latest without @N) from the archive."""
    from archive.documents import number_of, resolve, version
    from archive.folder import Folder

    with Folder.open(folder) as opened, opened.read() as connection:
        document = resolve(connection, doc)
        found = version(connection, document, number_of(connection, doc))
    return [({"document": document.name, "version": found.number, "url": document.url}, found.article)]


def _new(folder: Path) -> list[Text]:
    """Give the documents first filed by the last crawl."""
    from archive.documents import new_in_last_crawl, version
    from archive.folder import Folder

    with Folder.open(folder) as opened, opened.read() as connection:
        found = [(document, version(connection, document, 1)) for document in new_in_last_crawl(connection)]
    return [
        ({"document": document.name, "version": first.number, "url": document.url}, first.article)
        for document, first in found
    ]


def _texts(folder: Path, what: str | None, *, is_new: bool) -> list[Text]:
    if is_new == bool(what):
        raise click.UsageError("name one text (an id, an address, a file or -), or ask for --new")
    if is_new:
        return _new(folder)
    assert what is not None  # one of the two is there
    return [_read(what)] if what == "-" or Path(what).is_file() else _document(folder, what)


def _print(texts: Sequence[Text], seeds: Sequence[Seed], *, as_json: bool, as_list: bool) -> bool:
    """Compare each text and print it; tell whether one of them differs from its nearest seed."""
    from archive.compare import compare
    from archive.compareview import lines, to_json

    told, differs = [], False
    for at, (about, article) in enumerate(texts):
        found = compare(article, seeds)
        differs = differs or not found.is_exact
        if as_json:
            told.append(about | {"title": article.title} | to_json(found))
            continue
        if at:
            out()
        out(f"{about['document']}@{about['version']}" if "document" in about else about["file"])
        for line in lines(found, article.title):
            out(line)
    if as_json:
        out_json(told if as_list else told[0])
    return differs


@click.command("compare")
@click.argument("what", metavar="[DOC|FILE|-]", required=False)
@click.option("--new", "is_new", is_flag=True, help="Compare the documents first filed by the last crawl.")
@click.option("--seed", "number", type=click.IntRange(0, 4), help="Compare with this seed only.")
@archive_option
@json_option
@click.option("--exit-code", is_flag=True, help="Exit 1 when a text is no exact copy of its nearest seed.")
@click.pass_context
def command(
    context: click.Context,
    what: str | None,
    is_new: bool,
    number: int | None,
    folder: Path,
    as_json: bool,
    exit_code: bool,
) -> None:
    """Hold an article against the nearest seed: what both say, what only one says, facts that conflict.

    DOC is an id, a unique part of one, or the article's address, with @N for a version. FILE and - (standard input)
    hold seed text, so that a page that is not archived can be compared too.

    Example: archive compare --new; or, not archived: crawl check dantri page.html --text | archive compare -
    """
    from archive.seeds import load

    texts = _texts(folder, what, is_new=is_new)
    if not texts:
        if as_json:
            out_json([])
        err("the last crawl filed no new document")
        context.exit(1)
    seeds = [seed for seed in load() if number in (None, seed.number)]
    if _print(texts, seeds, as_json=as_json, as_list=is_new) and exit_code:
        context.exit(1)
