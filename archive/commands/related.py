"""`archive related DOC|--all`: which documents share text with one, or all pairs that do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json, out_json_line

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from archive.named import Named
    from archive.related import Relation

#: Pairs whose documents are named at once.
_TOGETHER = 500
_WORDS = {
    "same_text": "the same text as",
    "near_duplicate": "nearly the same as",
    "contains": "contains",
    "contained_in": "is contained in",
    "shares_passages": "shares passages with",
}


def _pair(relation: Relation, known: dict[int, Named]) -> dict[str, Any]:
    return {
        "a": known[relation.a].plain,
        "b": known[relation.b].plain,
        "kind": relation.kind,
        "containment_a_in_b": relation.containment_a_in_b,
        "containment_b_in_a": relation.containment_b_in_a,
        "shared_blocks": relation.shared_blocks,
    }


def _named(connection: Connection, found: list[Relation]) -> Iterator[dict[str, Any]]:
    from archive.named import named

    known = named(connection, {end for one in found for end in (one.a, one.b)})
    yield from (_pair(one, known) for one in found)


def _all(folder: Path) -> Iterator[dict[str, Any]]:
    from archive import related
    from archive.folder import Folder

    with Folder.open(folder) as opened, opened.read() as connection:
        every = list(related.every(connection))
        for begin in range(0, len(every), _TOGETHER):
            yield from _named(connection, every[begin : begin + _TOGETHER])


def _of(folder: Path, doc: str) -> list[dict[str, Any]]:
    from archive import related
    from archive.documents import resolve
    from archive.folder import Folder

    with Folder.open(folder) as opened, opened.read() as connection:
        return list(_named(connection, related.of(connection, resolve(connection, doc).id)))


def _line(pair: dict[str, Any]) -> str:
    shares = f"{pair['containment_a_in_b']:.0%} of it there, {pair['containment_b_in_a']:.0%} of that here"
    blocks = f"{pair['shared_blocks']} paragraph{'' if pair['shared_blocks'] == 1 else 's'} in common"
    return f"{_WORDS[pair['kind']]} {pair['b']['document']} ({shares}; {blocks})\n    {pair['b']['title']}"


@click.command()
@click.argument("doc", required=False)
@click.option("--all", "everything", is_flag=True, help="All pairs of the archive, each once.")
@archive_option
@json_option
@click.pass_context
def command(context: click.Context, doc: str | None, everything: bool, folder: Path, as_json: bool) -> None:
    """Show the documents that share text with one, the closest first.

    DOC is an id, a unique part of one, or the article's address. With --all --json one line of JSON per pair: a, b,
    kind (same_text, near_duplicate, contains, contained_in, shares_passages; seen from a), which share of a is in b
    and of b in a (of different runs of five syllables), and how many paragraphs both have.

    Example: archive related dantri:20260720215519144
    """
    if (doc is None) == (not everything):
        raise click.UsageError("give either DOC or --all")
    pairs = iter(_all(folder)) if doc is None else iter(_of(folder, doc))
    count = 0
    if as_json and doc is not None:
        found = list(pairs)
        out_json(found)
        count = len(found)
    else:
        for count, pair in enumerate(pairs, 1):  # noqa: B007  # counted for the exit code
            if as_json:
                out_json_line(pair)
            else:
                out(_line(pair) if doc is not None else f"{pair['a']['document']} {_line(pair)}")
    if not count:
        err("no document shares text with it" if doc is not None else "no two documents share text")
        context.exit(1)
