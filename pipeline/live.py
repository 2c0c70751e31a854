"""A live blog's entries: found by the template, by microdata, or as siblings that each begin with a time of day."""

from __future__ import annotations

import re
from itertools import groupby, islice, takewhile
from typing import TYPE_CHECKING

from archive.text import squash
from pipeline.dates import VIETNAM, read_time
from pipeline.notarticle import link_share
from pipeline.selector import all_elements, elements, text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.outlet import Template

    Times = dict[HtmlElement, HtmlElement | None]

_CLOCK = re.compile(
    r"(?:lúc\s*)?(?:[01]?\d|2[0-3])\s*(?::|h|giờ)\s*[0-5]\d(?::[0-5]\d)?(?:\s*phút)?"
    r"(?:\s*[-,|–]?\s*(?:ngày\s*)?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?)?"
    r"|\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?\s*[-,|–]?\s*(?:[01]?\d|2[0-3])\s*[:h]\s*[0-5]\d",
    re.IGNORECASE,
)
_HOLDERS = ("div", "li", "article", "section", "p")
#: A time of day is shorter than this, and one of so many elements at an entry's beginning.
_CLOCK_SIZE = 200
_LOOKS = 50
#: What stands between a time and what it tells of.
PARTING = " :-–—|"
#: An entry tells more than this (characters), and not in links: a programme's line, a list of headlines do not.
_TELLING = 40
_TIMERS = ("time", "span", "b", "strong", "em", "i", "p", "div", "h3", "h4", "a")
#: So many siblings that begin with a time make a live blog where the page calls itself one, where its head does, and
#: where nothing does: an article may tell a rescue hour by hour.
_FEWEST = 3
_FEWEST_SAID = 2
_FEWEST_UNTOLD = 6
_SIGNED = re.compile(r"text-align:\s*right|author|source", re.I)
_LIVE_NAME = re.compile(r"(?:^|[^a-z])(?:live-?blog(?:posting)?|tuong-thuat|truc-tiep|dien-bien)(?:[^a-z]|$)", re.I)
_LIVE_WORD = re.compile(r"\b(?:trực tiếp|tường thuật|diễn biến|live ?blog)\b", re.IGNORECASE)


def find_entries(parts: list[HtmlElement], template: Template, url: str = "", *, live: bool = False) -> Times:
    """Give a live blog's entries in these parts, each with the element that prints its time.

    `live` tells that the page's head calls it a live blog.
    """
    selectors = (*template.entry, "[itemprop=liveBlogUpdate]")
    named = [node for part in parts for node in all_elements(part, selectors)]
    if named:
        return {node: _named_timer(node, template) for node in named if not set(node.iterancestors()) & set(named)}
    found: Times = {}
    for part in parts:
        timed = next(part.iter("time"), None) is not None or _may_hold_clocks(part)
        times = _timed_siblings(part, template, url, live=live) if timed else {}
        found |= times or _gathered(part, template, url, live=live)
    return found


def time_of(timer: HtmlElement | None) -> str:
    """Give an entry's time: ISO 8601 in Vietnam's zone where a day is told, else as printed."""
    if timer is None:
        return ""
    said, printed = timer.get("datetime") or timer.get("content") or "", text_of(timer)
    told = read_time(said) or read_time(printed)
    return told.astimezone(VIETNAM).isoformat() if told else printed.rstrip(PARTING)


def _named_timer(entry: HtmlElement, template: Template) -> HtmlElement | None:
    found = all_elements(entry, (*template.entry_time, "[itemprop=datePublished]"))
    return found[0] if found else _timer(entry)


def _may_hold_clocks(part: HtmlElement) -> bool:
    bold = (node.text for node in part.iter("b", "strong"))
    if any(text and _is_clock(text) for text in bold):
        return True
    return any("time" in (node.get("class") or "") for node in part.iter(*_TIMERS))


def _timed_siblings(part: HtmlElement, template: Template, url: str, *, live: bool) -> Times:
    found: list[Times] = []
    fewest = _FEWEST_SAID if live else _FEWEST_UNTOLD
    for parent in {node.getparent() for node in part.iter(*_HOLDERS) if node is not part}:
        for _, same in groupby((child for child in parent if isinstance(child.tag, str)), key=lambda node: node.tag):
            timed = {child: timer for child in same if child.tag in _HOLDERS and (timer := _timer(child)) is not None}
            told = sum(1 for child in timed if _tells(child))
            if _FEWEST <= told < fewest and _calls_itself_live(part, template, url):
                fewest = _FEWEST
            found += [timed] if told >= fewest else []
    return {entry: timer for times in found for entry, timer in times.items()}


def _gathered(part: HtmlElement, template: Template, url: str, *, live: bool) -> Times:
    """Gather what stands behind each time of day on a line of its own, up to the next, in one element."""
    timers = [node for node in part.iter("p", "h2", "h3", "h4") if _is_clock(_beginning(node))]
    if len(timers) < _FEWEST or not (live or _calls_itself_live(part, template, url)):
        return {}
    return {_entry_behind(timer, set(timers)): timer for timer in timers if timer.getparent() is not None}


def _entry_behind(timer: HtmlElement, timers: set[HtmlElement]) -> HtmlElement:
    entry = timer.makeelement("div")
    behind = list(takewhile(lambda node: node not in timers and not _signs(node), timer.itersiblings()))
    timer.addprevious(entry)
    entry.extend([timer, *behind])
    return entry


def _signs(node: HtmlElement) -> bool:
    return node.get("align") == "right" or bool(_SIGNED.search(f"{node.get('style')} {node.get('class')}"))


def _calls_itself_live(part: HtmlElement, template: Template, url: str) -> bool:
    """Tell whether the template, the address, the markup's names or the page's title say that this is a live blog."""
    root = part.getroottree().getroot()
    if any(elements(root, (told[6:],)) for told in template.formats if told.startswith("live: ")):
        return True
    around = (part, *part.iterancestors())
    names = (node.get(name) or "" for node in around for name in ("class", "id", "itemtype"))
    if any(map(_LIVE_NAME.search, (url, *names))):
        return True
    titles = [text_of(node) for node in root.iter("title", "h1")]
    titles += [squash(node.get("content") or "") for node in root.iter("meta") if node.get("property") == "og:title"]
    return any(map(_LIVE_WORD.search, titles))


def _timer(entry: HtmlElement) -> HtmlElement | None:
    """Give the element of a time of day with which an entry begins."""
    for node in islice(entry.iterdescendants(*_TIMERS), _LOOKS):
        text = _beginning(node)
        if _is_clock(text) and _begins(entry, node):
            return node
        if text and len(node) == 0:
            return None
    return None


def _is_clock(text: str) -> bool:
    return len(text) < _CLOCK_SIZE and bool(_CLOCK.fullmatch(text.strip().rstrip(PARTING)))


def _beginning(node: HtmlElement) -> str:
    """Give the text of an element, or as much of it as tells that it is no time of day."""
    text = ""
    for piece in node.itertext():
        text += piece
        if len(text) > _CLOCK_SIZE:
            break
    return squash(text)


def _tells(entry: HtmlElement) -> bool:
    return len(text_of(entry)) > _TELLING and link_share(entry) < 0.5


def _begins(entry: HtmlElement, node: HtmlElement) -> bool:
    return text_of(entry).startswith(text_of(node))
