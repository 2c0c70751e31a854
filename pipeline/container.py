"""Where an unknown page's text stands: its headline, the element that holds the running text, what holds both."""

from __future__ import annotations

import re
from collections import Counter
from itertools import accumulate, islice
from typing import TYPE_CHECKING

from archive.text import squash
from pipeline.selector import text_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.jsonld import Said

#: Running text is longer than this (characters).
_RUNNING = 40
_ASIDE = re.compile(
    r"(?:^|[-_ ])(?:side-?bar|right|aside|foot(?:er)?|comments?|related?|lien-?quan|popular|most-?read|doc-?nhieu"
    r"|tin-?moi|box-?news|list-?news)(?:[-_ ]|$)",
    re.IGNORECASE,
)
#: Headlines of this size (characters) at least are compared; shorter ones are names of sections.
_HEADLINE = 12
#: So many neighbours on each side tell whether a card is one of several.
_NEAR = 4


def find_headline(root: HtmlElement, said: Said) -> HtmlElement | None:
    """Give the element that prints the title: the heading that the page's head repeats, else the first one."""
    told = [title.casefold() for title in (said.text("headline"), said.first("og:title", "title"), page_title(root))]
    headings = [(node, text_of(node).casefold()) for node in root.iter("h1", "h2")]
    for node, text in headings:
        if len(text) >= _HEADLINE and any(text in title or (title and title in text) for title in told):
            return node
    first = next((node for node, text in headings if node.tag == "h1" and text), None)
    return _printed(root, told) if first is None else first


def _printed(root: HtmlElement, told: list[str]) -> HtmlElement | None:
    """Give the element without a heading's name that prints the title alone."""
    titles = {title for title in told if len(title) >= _HEADLINE}
    body = next(root.iter("body"), root)
    return next((node for node in body.iter() if node.text and squash(node.text).casefold() in titles), None)


def page_title(root: HtmlElement) -> str:
    """Give the longest part of the page's title: the site's name stands behind a stroke."""
    whole = next((text_of(node) for node in root.iter("title")), "")
    return max(re.split(r"\s+[|–—-]\s+", whole), key=len)


def find_container(
    root: HtmlElement, lines: frozenset[str], headline: HtmlElement | None
) -> tuple[HtmlElement | None, int]:
    """Give the element whose paragraphs hold the most running text, and how many cards of teasers were seen.

    Lines that trafilatura found count thrice. Without any the body is given.

    What stands before the headline counts half, a list's teasers nothing, a column named so a third.
    """
    scores: Counter[HtmlElement] = Counter()
    begun = headline is None
    teasers: dict[HtmlElement, bool] = {}
    for node in root.iter("h1", "h2", "p", "figcaption", "div", "td", "section", "article"):
        begun = begun or node is headline
        text = _running(node)
        if len(text) < _RUNNING or node is headline or node.tag in ("h1", "h2") or _is_teaser(node, teasers):
            continue
        weight = len(text) * (3 if text in lines else 1) * (1 if begun else 0.5) * (0.3 if _stands_aside(node) else 1)
        above = node.getparent() if node.tag in ("p", "figcaption") else node
        for share in (1.0, 0.7, 0.35):
            if above is None or above.tag in ("body", "html"):
                break
            scores[above] += int(weight * share)
            above = above.getparent()
    best = scores.most_common(1)[0][0] if scores else next(root.iter("body"), None)
    return best, sum(teasers.values())


def _running(node: HtmlElement) -> str:
    if node.tag not in ("p", "figcaption"):
        return squash((node.text or "") + " ".join(child.tail or "" for child in node))
    whole = squash("".join(node.itertext()))
    # Counted only until it is half: links may stand within links.
    linked = accumulate((len("".join(link.itertext())) for link in node.iter("a")), initial=0)
    return "" if any(size * 2 >= len(whole) for size in linked) else whole


def _is_teaser(node: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Tell whether a paragraph stands under a linked headline, in one of several cards that are built alike."""
    parent = node.getparent()
    for card in (parent, None if parent is None else parent.getparent()):
        if card is None or card.tag in ("body", "html"):
            return False
        if card not in known:
            known[card] = _holds_headline(card) and sum(map(_holds_headline, _alike(card))) > 1
        if known[card]:
            return True
    return False


def _alike(card: HtmlElement) -> list[HtmlElement]:
    near = [*islice(card.itersiblings(), _NEAR), *islice(card.itersiblings(preceding=True), _NEAR)]
    return [other for other in near if other.tag == card.tag and other.get("class") == card.get("class")]


def _holds_headline(card: HtmlElement) -> bool:
    headings = (node for node in card.iter("h2", "h3", "h4", "h5", "a") if node.tag != "a" or node.get("title"))
    return any(
        len(text_of(node)) > _HEADLINE and (node.tag == "a" or next(node.iter("a"), None) is not None)
        for node in headings
    )


def _stands_aside(node: HtmlElement) -> bool:
    around = (above for above in node.iterancestors() if above.tag not in ("body", "html"))
    return any(above.tag in ("aside", "footer") or _ASIDE.search(_names(above)) for above in around)


def _names(node: HtmlElement) -> str:
    return f"{node.get('class') or ''} {node.get('id') or ''}"


def find_region(container: HtmlElement, headline: HtmlElement | None) -> HtmlElement:
    """Give the smallest element that holds headline and text: clocks and names outside it are the site's."""
    shared = set() if headline is None else {headline, *headline.iterancestors()}
    above = [container, *container.iterancestors()]
    return next((node for node in above if node in shared), above[-1])


def pictures_above(region: HtmlElement, container: HtmlElement, headline: HtmlElement | None) -> list[HtmlElement]:
    """Give the captioned figures that stand between headline and text: lead pictures."""
    found: list[HtmlElement] = []
    around = {container, *container.iterancestors()}
    begun = False
    for node in region.iter():
        begun = begun or node is headline
        if node is container:
            break
        if (
            begun
            and node.tag == "figure"
            and next(node.iter("figcaption"), None) is not None
            and _is_free(node, around)
        ):
            found.append(node)
    return found


def _is_free(figure: HtmlElement, around: set[HtmlElement]) -> bool:
    """Tell whether a figure stands in no card or link of its own."""
    own = (node for node in figure.iterancestors() if node not in around)
    return not any(node.tag in ("a", "li", "article", "aside", "nav") for node in own)
