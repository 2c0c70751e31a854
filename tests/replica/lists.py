"""Home and section pages: lists of articles in each outlet's own structure, between menus, counters and boxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from tests.replica.filler import headline, padded, rng, target
from tests.replica.pages.parts import Teaser, a, ago, e
from tests.replica.site import NAMES, Site


def _dantri(teaser: Teaser, place: int, now: datetime) -> str:
    return (
        '<article class="article-item" data-content-name="category-timeline_page_1"'
        ' data-content-piece="category-timeline_'
        f'page_1-position_{place}" data-track-content=""><div class="article-content"><h3 class="article-title">'
        f'<a href="{teaser.url}">{e(teaser.title)}</a></h3><div class="article-excerpt"><a href="{teaser.url}">'
        f"{e(teaser.lead)}</a></div></div></article>"
    )


def _laodong(teaser: Teaser, place: int, now: datetime) -> str:
    return (
        f'<li><article class="article-title N2"><h6 class=""><a href="{teaser.url}" title="{a(teaser.title)}">'
        f"\n{e(teaser.title)}\n</a></h6></article></li>"
    )


def _cms(teaser: Teaser, place: int, now: datetime) -> str:
    return (
        f'<article class="story"> <h2 class="story__heading" data-tracking="{teaser.number}"> <a class=" cms-link"'
        f' href="{teaser.url}" title="{a(teaser.title)}"> {e(teaser.title)} </a> </h2> <time class="time">'
        f"{ago(teaser.published, now)}</time> </article>"
    )


def _baotintuc(teaser: Teaser, place: int, now: datetime) -> str:
    path = "/" + teaser.url.split("/", 3)[3]
    return (
        f'<li class="ccl-item"><div class="item_info"><a href="{path}" title="{a(teaser.title)}" class="item_title">'
        f"\n{e(teaser.title)}\n</a></div></li>"
    )


def _vnexpress(teaser: Teaser, place: int, now: datetime) -> str:
    return (
        f'<article class="item-news item-news-common"><h3 class="title-news"><a data-medium="Item-{place}"'
        f' href="{teaser.url}" title="{a(teaser.title)}">{e(teaser.title)}</a></h3><p class="description"><a'
        f' href="{teaser.url}">{e(teaser.lead)}</a></p><span class="time-ago">{ago(teaser.published, now)}'
        "</span></article>"
    )


def _plain(teaser: Teaser, place: int, now: datetime) -> str:
    return f'<li><h3><a href="{teaser.url}">{e(teaser.title)}</a></h3><p>{e(teaser.lead)}</p></li>'


ENTRIES: dict[str, Callable[[Teaser, int, datetime], str]] = {
    "dantri": _dantri,
    "laodong": _laodong,
    "vietnamplus": _cms,
    "nhandan": _cms,
    "baotintuc": _baotintuc,
    "vnexpress": _vnexpress,
    "vietgiaitri": _plain,
}


def page(site: Site, title: str, path: str, teasers: Sequence[Teaser], *, now: datetime, following: str = "") -> str:
    """Print a list page; `following` is the path of the next one, empty on the last."""
    entries = "\n".join(ENTRIES[site.name](teaser, place, now) for place, teaser in enumerate(teasers, 1))
    random = rng(site.name, path, now.isoformat())
    boxes = "".join(f"<p>{e(headline(random))} ({random.randrange(900)})</p>" for _ in range(12))
    more = f'<a href="{site.home}{following}">Xem thêm</a>' if following else ""
    menu = "".join(f'<li><a href="{site.home}{site.section(key)}">{name}</a></li>' for key, name in NAMES.items())
    head = f'<meta charset="utf-8"><title>{e(title)}</title><link rel="canonical" href="{site.home}{path}">'
    body = f"<header><ul>{menu}</ul></header><main>{entries}{more}</main><div>{boxes}</div>"
    head, body = padded(head, body, name=site.name, url=site.home + path, weight=target(path, 110_000, 300_000))
    return f'<!DOCTYPE html>\n<html lang="vi"><head>{head}</head><body>{body}</body></html>\n'
