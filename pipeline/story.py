"""Whether what was found on an unknown page is a story: running text of its own, not teasers, notices or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.values import Article, Kind
from pipeline.notarticle import link_share, says_missing, shown_text

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from pipeline.generic import Found
    from pipeline.jsonld import Said

#: A page that does not call itself an article must tell more than this (characters) ...
_NOTICE = 100
#: ... and more than this beside so many teasers of other pages.
_BESIDE_TEASERS = 250
_TEASERS = 3


def not_story(root: HtmlElement, article: Article, said: Said, found: Found) -> str:
    """Tell why a page is no story; an empty string when it is one."""
    if not article.blocks:
        return "no running text found"
    if _is_listing(root, article, said, found.linked):
        return "a listing page"
    if why := says_missing(article):
        return why
    # A clock at the top of a page without text is the site's.
    dated = article.published is not None and found.headline is not None and not found.scattered
    told = said.news or said.first("og:type") == "article" or dated
    running = sum(len(block.text) for block in article.blocks if block.kind is not Kind.SUBHEAD)
    if found.teasers >= _TEASERS and not said.news and (found.scattered or (running < _BESIDE_TEASERS and not told)):
        return "a listing page"
    return "" if told or running > _NOTICE else "no running text found"


def _is_listing(root: HtmlElement, article: Article, said: Said, linked: float) -> bool:
    """Tell a page of headlines: its best part is links, or next to nothing of a long page is running text."""
    running = sum(len(block.text) for block in article.blocks if len(block.text) > 60)
    if linked > 0.4:
        return not said.news
    whole = len(shown_text(root))
    return whole > 2000 and running < whole * 0.06 and link_share(root) > 0.6
