"""Related articles in square brackets at the end of a sentence: `Cầu đã thông xe. [Bến đò cuối cùng]`, a link."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from archive.text import squash

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_WRAPPERS = frozenset({"b", "strong", "em", "i", "span", "u", "font"})
#: A link with less text than this (characters) is no headline.
_HEADLINE = 12
_ENDS = tuple('.!?…”":;/)')


def cut_bracketed(part: HtmlElement) -> list[HtmlElement]:
    """Give the elements of related links in brackets; brackets that stand around a link are taken off the page."""
    return [node for link in part.iter("a") if (node := _whole(link)) is not None and _is_cut(node)]


def _whole(link: HtmlElement) -> HtmlElement | None:
    """Give the link with what only sets it bold or slanted; None for one that is no headline."""
    if not link.get("href") or len(squash("".join(link.itertext()))) < _HEADLINE:
        return None
    for above in _wrappers(link):
        link = above
    return link


def _wrappers(link: HtmlElement) -> Iterator[HtmlElement]:
    above = link.getparent()
    while above is not None and above.tag in _WRAPPERS and len(above) == 1:
        if (above.text or "").strip() or (above[0].tail or "").strip():
            return
        yield above
        above = above.getparent()


def _is_cut(node: HtmlElement) -> bool:
    text = squash("".join(node.itertext()))
    before, after = _before(node).rstrip(), (node.tail or "").lstrip()
    around = before.endswith("[") and after.startswith("]")
    if not around and not (text.startswith("[") and text.endswith("]") and text.count("[") == 1):
        return False
    before = before[:-1].rstrip() if around else before
    if not (before.endswith(_ENDS) or (not before and _begins_a_line(node))):
        return False
    if around:
        _set_before(node, before)
        node.tail = after[1:]
    return True


def _before(node: HtmlElement) -> str:
    earlier, above = node.getprevious(), node.getparent()
    return (earlier.tail if earlier is not None else above.text if above is not None else "") or ""


def _set_before(node: HtmlElement, text: str) -> None:
    earlier, above = node.getprevious(), node.getparent()
    if earlier is not None:
        earlier.tail = text
    elif above is not None:
        above.text = text


def _begins_a_line(node: HtmlElement) -> bool:
    earlier = node.getprevious()
    return earlier is None or earlier.tag in ("br", "p", "div", "figure", "ul", "table")
