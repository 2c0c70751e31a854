"""`archive seeds`: the five reference articles and what each part of their files is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from archive.options import VIETNAM, json_option
from archive.terminal import out, out_json

if TYPE_CHECKING:
    from archive.seeds import Seed
    from archive.values import Article

_WIDTH = 12


def _as_json(seed: Seed) -> dict[str, Any]:
    from archive.articlejson import to_json

    spans = [
        {"part": span.part, "start": span.start, "end": span.end, "what": span.what, "owner": span.owner}
        for span in seed.spans
    ]
    own = {"number": seed.number, "name": seed.name, "sha256": seed.sha256, "outlet": seed.outlet, "era": seed.era}
    own |= {"url": seed.url or None, "date": seed.date or None}
    beside = {"event_line": seed.event_line, "noise": list(seed.noise), "spans": spans}
    return own | to_json(seed.article) | beside


def _line(name: str, text: str) -> None:
    """Print `name  text`, long text wrapped and hung under its beginning."""
    import shutil
    import textwrap

    width = max(40, min(120, shutil.get_terminal_size((110, 24)).columns))
    lines = textwrap.wrap(text, width - _WIDTH - 2, break_long_words=False, break_on_hyphens=False) or [""]
    for at, line in enumerate(lines):
        out(f"{name if at == 0 else '':<{_WIDTH}}  {line}")


def _published(seed: Seed) -> str:
    if seed.published:
        return f"{seed.published.astimezone(VIETNAM):%d/%m/%Y %H:%M}"
    return f"{seed.date} (no time printed)" if seed.date else "unknown"


def _show_article(article: Article) -> None:
    from archive.seedtext import parts

    for kind, text in parts(article):
        _line(kind.replace("_", " "), text)


def _show(seed: Seed) -> None:
    out(f"Seed {seed.number}  {seed.name}  {seed.outlet}, {seed.era}")
    if seed.url:
        _line("address", seed.url)
    _line("published", _published(seed))
    _show_article(seed.article)
    if seed.event_line:
        _line("event line", seed.event_line)
    for line in seed.noise:
        _line("noise", line)
    for article in seed.article.contained:
        out("\n  and below it on the same page:")
        _show_article(article)


@click.command("seeds")
@click.argument("number", type=click.IntRange(0, 4), required=False)
@json_option
def command(number: int | None, as_json: bool) -> None:
    """Show the five seed articles and their annotation, or seed NUMBER (0 to 4).

    For each: outlet, title, byline, published, lead, blocks with their kind, source line, noise, and the further
    articles that its page holds.

    Example: archive seeds 2 --json
    """
    from archive.seeds import load

    seeds = [seed for seed in load() if number in (None, seed.number)]
    if as_json:
        out_json([_as_json(seed) for seed in seeds])
        return
    for at, seed in enumerate(seeds):
        if at:
            out()
        _show(seed)
