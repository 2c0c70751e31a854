"""CSS selectors of outlet files, answered by names or XPath: `selector` for elements, `selector@attr` for a value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from archive.text import squash
from pipeline.names import Names

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ATTRIBUTE = re.compile(r"@([A-Za-z][\w:-]*)$")


def split_attribute(selector: str) -> tuple[str, str]:
    """Split `selector@attr` into the selector and the attribute's name, which is empty when none is asked for.

    >>> split_attribute("main time@datetime"), split_attribute("h1")
    (('main time', 'datetime'), ('h1', ''))
    """
    found = _ATTRIBUTE.search(selector)
    return (selector[: found.start()], found[1]) if found else (selector, "")


@cache
def compiled(css: str) -> Any:
    """Give the XPath of one CSS selector, to be called with an element. Raises ValueError for a bad selector."""
    from cssselect import HTMLTranslator, SelectorError
    from lxml.etree import XPath, XPathError

    try:
        return XPath(HTMLTranslator().css_to_xpath(css))
    except (SelectorError, XPathError, ValueError) as error:
        raise ValueError(f"bad selector {css!r}: {error}") from None


@lru_cache(maxsize=2)
def _names(root: HtmlElement) -> Names:
    return Names(root)


@lru_cache(maxsize=256)
def _found(root: HtmlElement, css: str) -> tuple[HtmlElement, ...]:
    found = _names(root).find(css) if root.getparent() is None else None
    return tuple(compiled(css)(root)) if found is None else found


def forget() -> None:
    """Let go of the last page: what was found in it is remembered while it is read, as fields and body ask alike."""
    _found.cache_clear()
    _names.cache_clear()


def elements(root: HtmlElement, selectors: Iterable[str]) -> list[HtmlElement]:
    """Give the elements of the first selector that matches any."""
    for selector in selectors:
        if found := _found(root, split_attribute(selector)[0]):
            return list(found)
    return []


@cache
def _union(selectors: tuple[str, ...]) -> Any:
    return compiled(", ".join(split_attribute(selector)[0] for selector in selectors))


def all_elements(root: HtmlElement, selectors: Sequence[str]) -> list[HtmlElement]:
    """Give what any of the selectors matches, once, in page order."""
    names = _names(root.getroottree().getroot())
    asked = tuple(selector for selector in selectors if names.may_match(split_attribute(selector)[0]))
    if root.getparent() is None and len(asked) > 1:
        wanted = {element for selector in asked for element in elements(root, (selector,))}
        return [element for element in root.iter() if element in wanted] if wanted else []
    found: list[HtmlElement] = _union(asked)(root) if asked else []
    return found


_PARTING = frozenset({"br", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "section"})


def text_of(element: HtmlElement) -> str:
    """Give an element's text, squashed: words that a line break or a block parts stay apart.

    >>> from lxml.html import fromstring
    >>> text_of(fromstring("<h1>Cầu mới<br>thông <i>xe</i></h1>"))
    'Cầu mới thông xe'
    """
    pieces: list[str] = []
    _gather(element, pieces)
    return squash("".join(pieces))


def _gather(element: HtmlElement, pieces: list[str]) -> None:
    parted = " " if element.tag in _PARTING else ""
    pieces += (parted, element.text or "")
    for child in element:
        if isinstance(child.tag, str):
            _gather(child, pieces)
        pieces.append(child.tail or "")
    pieces.append(parted)


def value(element: HtmlElement, attribute: str = "") -> str:
    """Give an element's attribute, or its text, squashed."""
    return squash(element.get(attribute) or "") if attribute else text_of(element)


def values(root: HtmlElement, selectors: Iterable[str]) -> list[str]:
    """Give the non-empty values of the first selector that has any."""
    for selector in selectors:
        css, attribute = split_attribute(selector)
        found = [text for element in _found(root, css) if (text := value(element, attribute))]
        if found:
            return found
    return []


def first_value(root: HtmlElement, selectors: Iterable[str]) -> str:
    """Give the first non-empty value, or an empty string."""
    return next(iter(values(root, selectors)), "")
