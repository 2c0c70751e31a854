"""`crawl check`: what an outlet's file makes of one page."""

from __future__ import annotations

import sys
from dataclasses import asdict, replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from archive.options import json_option
from archive.terminal import err, out, out_json
from archive.values import Capture, Outcome, Reading
from crawler import checkview
from crawler.options import outlets_option, via_option
from pipeline.case import Case, differences, load_case, save_case
from pipeline.outlet import Outlet, generic_outlet, load_outlets, outlet_for

_NOT_OK = 8
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("check")
@click.argument("outlet", required=False)
@click.argument("page", metavar="FILE|URL", required=False)
@click.option("--url", metavar="ADDRESS", help="The address that the file was fetched from (else what the page says).")
@json_option
@click.option("--text", "as_text", is_flag=True, help="Print the article's seed text alone.")
@click.option("--save-case", metavar="DIR", type=_FOLDER, help="Write page and article to DIR as a case.")
@click.option("--against", metavar="CASE", type=_FOLDER, help="Tell what is read otherwise than the case says.")
@via_option
@outlets_option
@click.pass_context
def command(ctx: click.Context, /, **given: Any) -> None:
    """Show what OUTLET's file makes of one page: a FILE, - for stdin, or a URL that is fetched once.

    OUTLET is a name from `crawl outlets`, a host, or `auto` to find it by the address; with --against, OUTLET and page
    are the case's own where they are not given. Exit code 8 when the page's outcome is not ok, or not as its case says.

    Example: crawl check dantri page.html --text
    """
    known = load_outlets(given["outlets"])
    case = load_case(given["against"]) if given["against"] else None
    name = given["outlet"] or (case.outlet if case else None)
    if name is None:
        raise click.UsageError("which outlet? Give its name, or auto to find it by the page's address")
    _known_name(name, known)
    capture = _of_case(case, given) or _capture(_page(given["page"]), given["url"] or "", given["via"])
    outlet = _outlet(name, capture, known)
    reading = _read(capture, outlet)
    if given["save_case"]:
        save_case(given["save_case"], capture, outlet.name, reading)
        err(f"written to {given['save_case']}: read article.json against the page before it counts as true")
    changes = differences(case, reading) if case else None
    if given["as_json"]:
        against = {} if changes is None else {"against": [asdict(change) for change in changes]}
        out_json(checkview.to_json(outlet.name, capture.url, reading) | against)
    elif given["as_text"]:
        _show_text(reading)
    else:
        for line in checkview.lines(outlet, capture.url, reading) if changes is None else checkview.changes(changes):
            out(line)
    as_wanted = reading.outcome is Outcome.OK if changes is None else not changes
    ctx.exit(0 if as_wanted else _NOT_OK)


def _page(page: str | None) -> str:
    if page is None:
        raise click.UsageError("which page? Give a saved page, - or an http address (or --against CASE)")
    return page


def _of_case(case: Case | None, given: dict[str, Any]) -> Capture | None:
    """Give the case's own page, or a given file at the case's address when neither it nor the user tells one."""
    if case is None:
        return None
    if given["page"] is None:
        return case.capture
    capture = _capture(given["page"], given["url"] or "", given["via"])
    return replace(capture, url=capture.url or case.url)


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


def _show_text(reading: Reading) -> None:
    if reading.article:
        out(checkview.seed_text(reading.article).rstrip("\n"))
    else:
        err(f"{reading.outcome.value}: {reading.reason}")
