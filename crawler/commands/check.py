"""`crawl check`: what an outlet's file makes of one page."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from archive.options import json_option
from archive.terminal import out, out_json
from archive.values import Article, Capture, Outcome, Reading
from crawler.options import outlets_option, via_option
from pipeline.outlet import Outlet, generic_outlet, load_outlets, outlet_for

_NOT_OK = 8


@click.command("check")
@click.argument("outlet")
@click.argument("page", metavar="FILE|URL")
@click.option("--url", metavar="ADDRESS", help="The address that the file was fetched from (else what the page says).")
@json_option
@click.option("--text", "as_text", is_flag=True, help="Print the article's seed text alone.")
@via_option
@outlets_option
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Show what OUTLET's file makes of one page: a FILE, - for stdin, or a URL that is fetched once.

    OUTLET is a name from `crawl outlets`, a host, or `auto` to find it by the address. Exit code 8 when the page's
    outcome is not ok.

    Example: crawl check dantri page.html --text
    """
    known = load_outlets(given["outlets"])
    _known_name(given["outlet"], known)
    capture = _capture(given["page"], given["url"] or "", given["via"])
    outlet = _outlet(given["outlet"], capture, known)
    reading = _read(capture, outlet)
    if given["as_json"]:
        out_json(to_json(outlet.name, capture.url, reading))
    elif given["as_text"]:
        _show_text(reading)
    else:
        _show(outlet, capture.url, reading)
    ctx.exit(0 if reading.outcome is Outcome.OK else _NOT_OK)


def _capture(page: str, url: str, via: str | None) -> Capture:
    if page.startswith(("http://", "https://")):
        from crawler.fetch import fetch_once

        return fetch_once(page, via)
    body = _bytes(page)
    address = url or _told_address(body)
    return Capture(outlet="", url=address, fetched_at=datetime.now(UTC), outcome=Outcome.OK, status=200, body=body)


def _bytes(page: str) -> bytes:
    if page == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(page).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise click.UsageError(f"cannot read {page!r}: {reason}; give a saved page, - or an http address") from None


def _told_address(body: bytes) -> str:
    """Give the address that a saved page tells in its head, or an empty string."""
    from pipeline.article import canonical
    from pipeline.charset import decode_text
    from pipeline.jsonld import read_head
    from pipeline.page import parse_page

    page = parse_page(decode_text(body).text)
    return canonical("", read_head(page.root, page.json_ld)) if page else ""


def _outlet(name: str, capture: Capture, known: dict[str, Outlet]) -> Outlet:
    if name in known:
        return known[name]
    if name == "auto":
        from pipeline.address import host_of

        host = host_of(capture.url)
        if not host:
            raise click.UsageError("the page does not tell its address: name the OUTLET, or give --url ADDRESS")
        return outlet_for(capture.url, known) or generic_outlet(host)
    return outlet_for(f"https://{name}/", known) or generic_outlet(name)


def _known_name(name: str, known: dict[str, Outlet]) -> None:
    if name in known or name == "auto" or ("." in name and "/" not in name):
        return
    near = get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(known)}, auto."
    raise click.UsageError(f"no outlet {name!r}.{hint}")


def _read(capture: Capture, outlet: Outlet) -> Reading:
    if capture.outcome is not Outcome.OK:
        return Reading(outcome=capture.outcome, identity="", reason=capture.reason)
    # Imported before the clock starts: what is shown is the time of reading, not of loading libraries.
    import pipeline.warm  # noqa: F401 - for its effect alone
    from pipeline.extract import extract

    return extract(capture, outlet)


def to_json(outlet: str, url: str, reading: Reading) -> dict[str, Any]:
    """Give a check's result as plain JSON values."""
    from archive.articlejson import to_json as article_json

    return {
        "outlet": outlet,
        "url": url,
        "outcome": reading.outcome.value,
        "template": reading.template,
        "article": article_json(reading.article) if reading.article else None,
        "text": seed_text(reading.article),
        "missing": list(reading.missing),
        "elapsed_ms": reading.elapsed_ms,
        "reason": reading.reason,
        "counts": {
            "trafilatura": reading.counts.trafilatura,
            "restored": reading.counts.restored,
            "refused": reading.counts.refused,
        },
    }


def seed_text(article: Article | None) -> str:
    """Give an article's seed text, or an empty string."""
    from archive.seedtext import render

    return render(article) if article else ""


def _show_text(reading: Reading) -> None:
    from archive.terminal import err

    if reading.article:
        out(seed_text(reading.article).rstrip("\n"))
    else:
        err(f"{reading.outcome.value}: {reading.reason}")


def _show(outlet: Outlet, url: str, reading: Reading) -> None:
    counts = reading.counts
    out(f"outlet    {outlet.name}{' (unverified)' if outlet.unverified else ''}")
    out(f"address   {url or '(the page does not tell)'}")
    out(f"outcome   {reading.outcome.value}{f' ({reading.reason})' if reading.reason else ''}")
    out(f"template  {reading.template or '-'}")
    if reading.missing:
        out(f"missing   {', '.join(reading.missing)}")
    out(f"time      {reading.elapsed_ms} ms")
    if reading.article is None:
        return
    out(f"blocks    {counts.trafilatura} from trafilatura, {counts.restored} restored, {counts.refused} refused")
    for name, value in _fields(reading.article):
        out(f"{name:<9} {value}")
    out()
    for block in reading.article.blocks:
        out(f"{block.kind.value:<10} {block.text.replace(chr(10), chr(10) + ' ' * 11)}")
    for part in reading.article.contained:
        out(f"contained  {part.title} ({len(part.blocks)} blocks)")


def _fields(article: Article) -> list[tuple[str, str]]:
    from archive.options import VIETNAM

    times = [(name, getattr(article, name)) for name in ("published", "modified")]
    shown = {name: f"{time.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S %z}" if time else "" for name, time in times}
    shown["published"] += f" ({article.published_rule})" if article.published else ""
    rows = [
        ("title", article.title),
        ("byline", ", ".join(article.byline)),
        ("agency", article.agency),
        ("lead", article.lead),
        *shown.items(),
        ("section", article.section),
        ("event", article.event),
        ("tags", ", ".join(article.tags)),
        ("source", article.source_line),
        ("pictures", str(len(article.images)) if article.images else ""),
    ]
    return [(name, value) for name, value in rows if value]
