"""`archive search QUERY`: articles found, best first, with the words that were searched marked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import TIME, VIETNAM, archive_option, json_option
from archive.terminal import console, err, is_rich, out, out_json, safe
from archive.typed import Typed, as_typed

if TYPE_CHECKING:
    from archive.search import Hit, Hits
    from archive.snippet import Mark

#: Seconds a search spends on catching up with the archive before it answers from what the index holds.
PATIENCE = 20.0


@click.command(cls=Typed)
@click.argument("query", nargs=-1, required=True)
@click.option("--outlet", "outlets", multiple=True, metavar="NAME", help="Only this outlet; may be repeated.")
@click.option("--since", type=TIME, help="Only what was published at this time or later.")
@click.option("--until", type=TIME, help="Only what was published before this time.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=10, show_default=True, help="Hits to show.")
@click.option("--sort", type=click.Choice(["rank", "date"]), default="rank", show_default=True, help="Order of hits.")
@click.option("--exact", is_flag=True, help="Names as typed only, not their other spellings.")
@click.option("--all-versions", "every", is_flag=True, help="Each version that matches, not one of each article.")
@click.option("--no-fold", is_flag=True, help="Show near-duplicates each by itself.")
@archive_option
@json_option
def command(
    query: tuple[str, ...],
    *,
    outlets: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    limit: int,
    sort: str,
    exact: bool,
    every: bool,
    no_fold: bool,
    folder: Path,
    as_json: bool,
) -> None:
    """Find articles, with or without tone marks.

    All words must match. "phrases", "near each other"~5, -without, this OR that, prefix*, and title:, lead:, caption:,
    author:, source:, section:, tag:, outlet:, since: and until: are understood; so are other spellings of names.

    Example: archive search '"dam phan" Ukraine -NATO' --since 7d
    """
    _catch_up(folder)
    from archive.search import Manner, search

    typed = as_typed(query)
    manner = Manner(sort=sort, exact=exact, every=every, fold=not no_fold)
    found = search(folder / "index", typed, outlets=outlets, since=since, until=until, limit=limit, manner=manner)
    if as_json:
        out_json(_as_json(found))
    else:
        _show(found)
    if not found.total:
        if not as_json:
            err(f"nothing found for {typed!r}{_why(folder, typed, outlets)}")
        raise SystemExit(1)


def _catch_up(folder: Path) -> None:
    """Bring the index up to date when it is behind; a current one costs no look at the database."""
    from archive import index

    if index.behind(folder) == 0:
        return
    from archive.folder import Folder

    try:
        with Folder.open(folder) as opened:
            done = index.catch_up(opened, seconds=PATIENCE)
    except PermissionError as error:
        err(f"the index may be behind: {error.filename} cannot be written")
        return
    if not done.complete:
        err("the index is behind and another process or a later search will catch up: recent articles may be missing")


def _why(folder: Path, typed: str, outlets: Sequence[str]) -> str:
    return _unknown(folder, outlets) or _withdrawn(folder, typed)


def _tell(found: Hits) -> None:
    """Say what was searched beside what was typed."""
    for name, *others in found.variants:
        err(f"also searched for {name}: {', '.join(others)} (--exact leaves them out)")
    if found.folded:
        err(f"nothing is spelled {found.query!r}: these are found without tone marks")


def _withdrawn(folder: Path, typed: str) -> str:
    """Say so when the query is the id or the address of a document that was withdrawn."""
    from archive.documents import resolve
    from archive.errors import UsageProblem
    from archive.folder import Folder

    with Folder.open(folder) as opened, opened.read() as connection:
        try:
            found = resolve(connection, typed)
        except UsageProblem:
            return ""
    if found.withdrawn_at is None:
        return ""
    return f": {found.name} was withdrawn on {found.withdrawn_at:%Y-%m-%d}: {found.withdrawn_reason}"


def _unknown(folder: Path, outlets: Sequence[str]) -> str:
    """Say which outlet of those asked for the archive has nothing of."""
    from difflib import get_close_matches

    from archive.folder import Folder
    from archive.stats import outlets_of

    if not outlets:
        return ""
    with Folder.open(folder) as opened:
        known = outlets_of(opened)
    for outlet in outlets:
        if outlet not in known:
            near = get_close_matches(outlet, known, n=1)
            return f": the archive has nothing of {outlet!r}" + (f"; did you mean {near[0]!r}?" if near else "")
    return ""


def _as_json(found: Hits) -> dict[str, Any]:
    return {
        "query": found.query,
        "total": found.total,
        "folded": found.folded,
        "variants": [list(names) for names in found.variants],
        "hits": [_hit(hit) for hit in found.hits],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "document": hit.document,
        "version": hit.version,
        "outlet": hit.outlet,
        "url": hit.url,
        "title": hit.title,
        "published": hit.published.isoformat() if hit.published else None,
        "captured_at": hit.captured_at.isoformat(),
        "score": hit.score,
        "snippet": hit.snippet,
        "marks": [list(mark) for mark in hit.marks],
        "title_marks": [list(mark) for mark in hit.title_marks],
        "similar": hit.similar,
    }


def _show(found: Hits) -> None:
    _tell(found)
    shown = _drawn if is_rich() else _plain
    for at, hit in enumerate(found.hits):
        if at:
            out()
        shown(hit)
    if len(found.hits) < found.total:
        err(f"{len(found.hits)} of {found.total} documents shown: --limit shows more")


def _plain(hit: Hit) -> None:
    out(hit.title or hit.url)
    out(f"    {_about(hit)}")
    out(f"    {_marked(hit.snippet, hit.marks)}")


def _drawn(hit: Hit) -> None:
    from rich.padding import Padding

    screen = console()
    screen.print(_text(hit.title or hit.url, hit.title_marks, style="bold"))
    screen.print(Padding(_text(_about(hit), (), style="dim"), (0, 0, 0, 4)))
    screen.print(Padding(_text(hit.snippet, hit.marks), (0, 0, 0, 4)))


def _about(hit: Hit) -> str:
    time = hit.published or hit.captured_at
    similar = f" · {hit.similar} nearly the same" if hit.similar else ""
    return f"{hit.outlet} · {time.astimezone(VIETNAM):%d/%m/%Y %H:%M} · {hit.document}@{hit.version}{similar}"


def _marked(text: str, marks: Sequence[Mark]) -> str:
    """Put the found words in « », those side by side together."""
    for start, end in reversed(_joined(text, marks)):
        text = f"{text[:start]}«{text[start:end]}»{text[end:]}"
    return text


def _joined(text: str, marks: Sequence[Mark]) -> list[Mark]:
    joined: list[Mark] = []
    for start, end in marks:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _text(text: str, marks: Sequence[Mark], *, style: str = "") -> Any:
    """Draw a text with its found words bold and coloured; made safe piece by piece, so that the marks stay in place."""
    from rich.text import Text

    drawn = Text(style=style)
    last = 0
    for start, end in _joined(text, marks):
        drawn.append(safe(text[last:start])).append(safe(text[start:end]), style="bold yellow")
        last = end
    return drawn.append(safe(text[last:]))
