"""A page's text to an lxml tree, whatever the page does: control characters, huge scripts, nesting without end.

Scripts, styles and comments are cut before parsing (JSON-LD is kept aside): they are most of a page's weight, and a
10 MB inline script would cost the text behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Elements deeper than this are flattened: libxml2 drops what lies deeper than its own limit.
DEEPEST = 150
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ENTITY = re.compile(
    r"&#(?:0*(?P<dec>\d{1,3}|5529[6-9]|55[3-9]\d\d|5[67]\d{3}|655(?:34|35))"
    r"|[xX]0*(?P<hex>[0-9a-fA-F]{1,2}|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF]))"
    r"(?![0-9a-fA-F]);?"
)
_CUT = re.compile(r"<!--|<(script|style)(?=[\s>/])", re.IGNORECASE)
_TAG_END = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*?>""")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)[^<>]*>")
#: A page wider than this (characters) has each tag looked at for its attributes, a narrower one only where one is far.
_WIDE = 250_000
_FAR = re.compile(r"<[a-zA-Z][^<]{30000}")
_NAME = re.compile(r"<[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(r"""[\s/]*[^\s=>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']*))?""")
_WHOLE_TAG = re.compile(r"""<[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*+>""")
_TELLING = frozenset({"ul", "ol", "figure", "figcaption", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})
_VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())  # noqa: SIM905 - so many names read best as words


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A parsed page and the JSON-LD texts that stood in it."""

    root: HtmlElement
    json_ld: tuple[str, ...]


def parse_page(text: str) -> Page | None:
    """Parse a page; None when nothing of it is markup or text."""
    plain, scripts = cut_scripts(text)
    json_ld = tuple(_CONTROL.sub("", script) for script in scripts)
    root = _parse(cut_attributes(clean_entities(plain)))
    if root is None:
        return None
    return Page(root=root, json_ld=json_ld)


def _parse(text: str) -> HtmlElement | None:
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    parser.set_element_class_lookup(_alike())
    root = _tree(text, parser)
    cut = parser.error_log.last_error
    if (root is not None and _too_deep()(root)) or (cut is not None and "depth" in cut.message):
        root = _tree(flatten(text), parser)
    return root


@cache
def _alike() -> Any:
    # One class for all elements, chosen in C: lxml.html's own lookup costs more than all else of an element.
    from lxml.etree import ElementDefaultClassLookup
    from lxml.html import HtmlElement

    return ElementDefaultClassLookup(element=HtmlElement)


def _tree(text: str, parser: Any) -> HtmlElement | None:
    from lxml import etree, html

    try:
        return html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def clean_entities(text: str) -> str:
    r"""Drop raw control characters and the entities that stand for one; windows-1252 entities become what was meant.

    >>> clean_entities("a&#1;b&#x1F;c\x02d&#150;e&#7897;g&#55357;")
    'abcd–e&#7897;g'
    """
    if _CONTROL.search(text):
        text = _CONTROL.sub("", text)
    return _ENTITY.sub(_entity, text) if "&#" in text else text


def _entity(found: re.Match[str]) -> str:
    code = int(found["dec"]) if found["dec"] else int(found["hex"], 16)
    if code in (9, 10, 13) or 32 <= code < 127 or 160 <= code < 0xD800:
        return found[0]
    if 128 <= code < 160:
        return bytes([code]).decode("cp1252", "ignore")
    return ""


def cut_scripts(text: str) -> tuple[str, tuple[str, ...]]:
    """Cut scripts, styles and comments; give the rest and the JSON-LD texts. Linear, also over unclosed tags.

    >>> cut_scripts('a<script>x</script>b<!-- c --><script type="application/ld+json">{}</script>d')
    ('abd', ('{}',))
    """
    kept: list[str] = []
    json_ld: list[str] = []
    position, unclosed, otherwise = 0, set[str](), set[str]()
    for found in _CUT.finditer(text):
        if found.start() < position:
            continue
        closing = f"</{found[1].lower()}" if found[1] else "-->"
        end = -1 if closing in unclosed else _closed(text, closing, found.end(), otherwise)
        if end < 0:
            unclosed.add(closing)
            continue
        kept.append(text[position : found.start()])
        if found[1] and (opening := _TAG_END.match(text, found.end())) and "ld+json" in opening[0]:
            json_ld.append(text[opening.end() : end])
        position = text.find(">", end) + 1 or len(text)
    kept.append(text[position:])
    return "".join(kept), tuple(json_ld)


def cut_attributes(text: str, most: int = 400) -> str:
    """Cut what stands in one tag behind its first `most` attributes: libxml2's time grows with their square.

    >>> cut_attributes("<p " + "a=1 " * 90_000 + ">chữ</p>", 2)
    '<p a=1 a=1>chữ</p>'
    """
    # Cheap for every other page: only a long way without the next tag can hold so many.
    suspects = len(text) > _WIDE or _FAR.search(text)
    return _WHOLE_TAG.sub(lambda tag: _narrow(tag[0], most), text) if suspects else text


def _narrow(tag: str, most: int) -> str:
    if len(tag) < 4 * most:
        return tag
    position = start = len(_NAME.match(tag)[0])  # type: ignore[index]  # a tag that matched has a name
    for _ in range(most):
        found = _ATTRIBUTE.match(tag, position)
        if not found:
            return tag
        position = found.end()
    return tag[:position] + (">" if position > start else tag[position:])


def _closed(text: str, closing: str, start: int, otherwise: set[str]) -> int:
    """Find the closing tag, in whatever case; `otherwise` gathers those that are no more written as usual."""
    end = -1 if closing in otherwise else text.find(closing, start)
    if end >= 0 or closing == "-->":
        return end
    otherwise.add(closing)
    found = re.compile(re.escape(closing), re.IGNORECASE).search(text, start)
    return found.start() if found else -1


@cache
def _too_deep() -> Any:
    # Level by level from the root: almost free on an ordinary page, as the levels soon are empty.
    from lxml.etree import XPath

    return XPath(f"boolean({'/*' * DEEPEST})")


def flatten(text: str, deepest: int = DEEPEST // 3) -> str:
    """Drop the tags that open deeper than `deepest` with the tags that close them; their text stays.

    Tags that say what a text is are counted apart, so that thousands of wrappers cost no caption its kind.

    >>> flatten("<div><b><i><p>x</p></i></b></div>", 2)
    '<div><b><p>x</p> </b></div>'
    """
    depths = {True: 0, False: 0}

    def tag(found: re.Match[str]) -> str:
        name = found[2].lower()
        if name in _VOID or name in ("p", "li"):
            return found[0]
        telling = name in _TELLING
        if found[1]:
            depths[telling] = max(depths[telling] - 1, 0)
            return found[0] if depths[telling] < deepest else " "
        depths[telling] += 1
        return found[0] if depths[telling] <= deepest else ""

    return _TAG.sub(tag, text)
