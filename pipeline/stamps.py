"""When an article was published and changed: every time that a page tells, and which of them is believed.

In this order of trust: JSON-LD, meta tags, what is printed, the digits of the address, which are a creation stamp.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from archive.values import Dated
from pipeline.dates import VIETNAM, has_clock, read_time, time_in_id
from pipeline.selector import values

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.jsonld import Said
    from pipeline.outlet import Outlet, Template

_PUBLISHED = ("article:published_time", "datepublished", "pubdate", "og:article:published_time", "date")
_MODIFIED = ("article:modified_time", "datemodified", "lastmod", "og:updated_time")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamps:
    """The times believed, None where none is told, and all that were told."""

    published: Dated | None = None
    modified: Dated | None = None
    told: tuple[Dated, ...] = ()


def read_stamps(root: HtmlElement, said: Said, template: Template, outlet: Outlet, *, url: str) -> Stamps:
    """Read every time that a page and its address tell; the change may lie before the publication."""
    published = _distinct(_published(root, said, template, outlet, url=url))
    modified = _distinct(_modified(root, said, template))
    first, changed = _believed(published), _believed(modified)
    told = tuple(replace(one, agrees=_agree(one, first)) for one in published)
    told += tuple(replace(one, agrees=_agree(one, changed)) for one in modified)
    return Stamps(published=first, modified=changed, told=told)


def _published(root: HtmlElement, said: Said, template: Template, outlet: Outlet, *, url: str) -> Iterator[Dated]:
    yield from _read("published", "json-ld", [said.text("datePublished")])
    yield from _read("published", "meta", [said.first(*_PUBLISHED)])
    for selector in template.published:
        yield from _read("published", "selector", values(root, (selector,)))
    number = outlet.article_id(url) or ""
    if created := time_in_id(number, outlet.time_in_id):
        yield Dated(what="published", rule="address", time=created, raw=number)


def _modified(root: HtmlElement, said: Said, template: Template) -> Iterator[Dated]:
    yield from _read("modified", "json-ld", [said.text("dateModified")])
    yield from _read("modified", "meta", [said.first(*_MODIFIED)])
    for selector in template.modified:
        yield from _read("modified", "selector", values(root, (selector,)))


def _read(what: str, rule: str, printed: Iterable[str]) -> Iterator[Dated]:
    for raw in printed:
        if raw and (time := read_time(raw)):
            yield Dated(what=what, rule=rule, time=time, raw=raw)


def _distinct(found: Iterable[Dated]) -> list[Dated]:
    """Keep of each rule each time once, as first printed."""
    first: dict[object, Dated] = {}
    for dated in found:
        first.setdefault((dated.rule, dated.time), dated)
    return list(first.values())


def _believed(found: list[Dated]) -> Dated | None:
    """Give the first that tells the time of day, else the first that tells a day."""
    exact = (one for one in found if one.rule == "address" or has_clock(one.raw))
    return next(exact, None) or next(iter(found), None)


def _agree(one: Dated, believed: Dated | None) -> bool:
    if believed is None:
        return True
    if not has_clock(one.raw) and one.rule != "address":
        return one.time.astimezone(VIETNAM).date() == believed.time.astimezone(VIETNAM).date()
    return abs(one.time - believed.time) < timedelta(minutes=1)
