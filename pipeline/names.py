"""Elements found by the names they bear: what most selectors ask of a page, answered without a walk for each.

XPath looks at every element again for each selector, and an outlet's file asks dozens of them of each page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    Test = Callable[[HtmlElement], bool]

#: What XPath's `normalize-space` parts; `str.split` knows more.
_SPACE = re.compile("[ \t\r\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a selector asks of an element: a name that it bears (`.class`, `attribute` or `<tag`), tests that it stands,
    and what the elements above it, or only its parent, are asked."""

    key: str
    tests: tuple[Test, ...]
    above: Asked | None = None
    parent: bool = False


class Names:
    """A page's elements by tag, by attribute and by class, gathered when asked for; what bears which must then stay."""

    def __init__(self, root: HtmlElement) -> None:
        self._root = root
        self._bearing: dict[str, list[HtmlElement]] = {}
        for element in self._bearers("class"):
            for word in set(words(element)):
                self._bearing.setdefault(f".{word}", []).append(element)

    def find(self, css: str) -> tuple[HtmlElement, ...] | None:
        """Give what a selector matches, in page order; None for one that needs XPath."""
        asked = _asked(css)
        return tuple(self._matches(asked)) if asked else None

    def may_match(self, css: str) -> bool:
        """Tell whether a selector can match anything of the page; True where that is not known at once."""
        asked = _asked(css)
        return not (asked and asked.key[0] == "." and asked.key not in self._bearing)

    def _bearers(self, key: str) -> list[HtmlElement]:
        if key not in self._bearing and key[0] != ".":
            self._bearing[key] = list(self._root.iter(key[1:])) if key[0] == "<" else _bearers(key)(self._root)
        return self._bearing.get(key, [])

    def _matches(self, asked: Asked) -> Iterator[HtmlElement]:
        found = iter(self._bearers(asked.key))
        if asked.above:
            above = dict.fromkeys(self._matches(asked.above)) if self._bearers(asked.key) else {}
            if not above:
                return
            if asked.parent:
                found = (element for element in found if element.getparent() in above)
            elif asked.key[0] == "<":
                found = (element for top in _topmost(above) for element in top.iterdescendants(asked.key[1:]))
            else:
                found = (element for element in found if any(one in above for one in element.iterancestors()))
        for element in found:
            if all(test(element) for test in asked.tests):
                yield element


def _topmost(above: dict[HtmlElement, None]) -> Iterator[HtmlElement]:
    return (element for element in above if not any(one in above for one in element.iterancestors()))


def words(element: HtmlElement) -> list[str]:
    """Give the classes of an element."""
    names = element.get("class") or ""
    return names.split() if names.isascii() else _SPACE.split(names)


@cache
def _bearers(attribute: str) -> Any:
    from lxml.etree import XPath

    return XPath(f"descendant-or-self::*[@{attribute}]")


@cache
def _asked(css: str) -> Asked | None:
    """Read a selector; None for what only XPath knows: several, siblings, pseudo-classes, namespaces."""
    from cssselect import SelectorError, parse

    try:
        found = parse(css)
    except SelectorError:
        return None
    return _read(found[0].parsed_tree) if len(found) == 1 and found[0].pseudo_element is None else None


def _read(tree: Any) -> Asked | None:
    from cssselect.parser import CombinedSelector

    if not isinstance(tree, CombinedSelector):
        return _compound(tree, None)
    above = _read(tree.selector)
    return (
        _compound(tree.subselector, above, tree.combinator == ">") if above and tree.combinator in (" ", ">") else None
    )


def _compound(tree: Any, above: Asked | None, parent: bool = False) -> Asked | None:
    """Read the names of one element; what it must bear is a class, else another attribute, else its tag."""
    from cssselect.parser import Attrib, Class, Element, Hash

    keys: list[str] = []
    tests: list[Test] = []
    while isinstance(tree, (Class, Hash, Attrib)):
        if isinstance(tree, Attrib):
            if not (test := _attribute(tree)):
                return None
            keys, tests = [*keys, tree.attrib.lower()], [*tests, test]
        else:
            name, word = ("class", tree.class_name) if isinstance(tree, Class) else ("id", tree.id)
            keys = [f".{word}", *keys] if name == "class" else [*keys, "id"]
            tests.append(_has_class(word) if name == "class" else _equals("id", word))
        tree = tree.selector
    if not isinstance(tree, Element) or tree.namespace or not (keys or tree.element):
        return None
    if tree.element:
        keys.append(f"<{tree.element.lower()}")
        tests.append(_has_tag(tree.element.lower()))
    return Asked(key=keys[0], tests=tuple(tests), above=above, parent=parent)


def _attribute(tree: Any) -> Test | None:
    """Give the test of an attribute selector; an empty value matches nothing in CSS, and is left to XPath."""
    name, value = tree.attrib.lower(), tree.value.value if tree.value else ""
    if tree.namespace or tree.flag or not name.replace("-", "").isalpha():
        return None
    if tree.operator == "exists":
        return lambda element: element.get(name) is not None
    if tree.operator == "=":
        return _equals(name, value)
    if tree.operator == "^=" and value:
        return lambda element: (element.get(name) or "").startswith(value)
    return (lambda element: value in (element.get(name) or "")) if tree.operator == "*=" and value else None


def _has_class(word: str) -> Test:
    return lambda element: word in words(element)


def _has_tag(tag: str) -> Test:
    return lambda element: bool(element.tag == tag)


def _equals(name: str, value: str) -> Test:
    return lambda element: element.get(name) == value
