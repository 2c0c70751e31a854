"""`crawl get`: archive these pages now."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archive.options import archive_option, json_option
from archive.terminal import err, out, out_json
from crawler.options import outlets_option, via_option

if TYPE_CHECKING:
    from crawler.order import Order

_NOT_OK = 8


@click.command("get")
@click.argument("urls", metavar="URL...", nargs=-1, required=True)
@via_option
@outlets_option
@archive_option
@json_option
def command(urls: tuple[str, ...], via: str | None, outlets: Path | None, folder: Path, as_json: bool) -> None:
    """Archive these pages now, of known outlets and of any other host.

    Prints for each the document's version and the outcome; exit 8 when one is not ok.

    Example: crawl get https://vnexpress.net/bai-viet-4954454.html
    """
    from crawler.choice import check_manners, claim
    from crawler.contact import warn_without_contact
    from crawler.progress import shown
    from crawler.run import run_all

    check_manners(via, None)
    orders = _orders(urls, via=via, outlets=outlets, folder=folder)
    claim(folder, via)
    if via is None:
        warn_without_contact()
    with shown() as watch:
        done, code = asyncio.run(run_all(orders, watch))
    captured = [event for one in done for event in one.captured]
    ended = [_last(url, captured) for url in dict.fromkeys(urls)]
    _print(ended, as_json=as_json)
    # A page that did not come is said by 8; what kept the crawl itself from its work is graver.
    if code in (0, 7):
        code = 0 if all(page["outcome"] == "ok" for page in ended) else _NOT_OK
    raise SystemExit(code)


def _orders(urls: Iterable[str], *, via: str | None, outlets: Path | None, folder: Path) -> list[Order]:
    """Give one crawl for each outlet, known or not. Raises UsageProblem for what is no page's address."""
    from archive.errors import UsageProblem
    from archive.links import is_fetchable
    from crawler.choice import new_batch
    from crawler.order import Order
    from pipeline.outlet import generic_outlet, load_outlets, outlet_for

    known, batch = load_outlets(outlets), new_batch()
    by_outlet: dict[str, list[str]] = {}
    for url in dict.fromkeys(urls):
        if not is_fetchable(url):
            raise UsageProblem(f"{url!r} is no page's address: write it with http:// or https:// and its host")
        outlet = outlet_for(url, known) or generic_outlet(_host(url))
        by_outlet.setdefault(outlet.name, []).append(url)
    common: dict[str, Any] = {"archive": folder, "batch": batch, "outlets": outlets, "via": via, "leashed": True}
    return [Order(outlet=name, urls=tuple(some), **common) for name, some in by_outlet.items()]


def _host(url: str) -> str:
    from urllib.parse import urlsplit

    return urlsplit(url).hostname or ""


def _last(url: str, captured: list[dict[str, Any]]) -> dict[str, Any]:
    """Give what became of an address, its redirects followed."""
    found, seen = {"url": url, "outcome": "error", "reason": "not fetched"}, {url}
    for event in captured:
        if event["event"] != "captured" or event["purpose"] != "page" or event["link"] not in seen:
            continue
        if event["outcome"] == "redirect" and event["target"]:
            seen.add(event["target"])
        found = event
    kept = {name: found.get(name) for name in ("outcome", "reason", "document", "number", "verdict")}
    return {"url": url} | kept


def _print(ended: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        out_json(ended)
        return
    for page in ended:
        version = f"{page['document']}@{page['number']}" if page["document"] and page["number"] else "-"
        out(f"{version}  {page['outcome']}  {page['url']}")
        if page["reason"]:
            err(f"{page['url']}: {page['reason']}")
