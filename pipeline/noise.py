"""What stands in an article's body and is not the article: boxes, by name or by shape, and lines, by their words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: Elements that are never text of an article.
SILENT = frozenset(
    "script style noscript template iframe object embed applet svg canvas button input select textarea label "  # noqa: SIM905 - so many names read best as words
    "audio video track map meta link head nav form dialog progress".split()
)
_NAMES = ("class", "id", "data-slot", "data-role", "type", "data-component-type", "data-content-name")
_NAMED = re.compile(
    r"(?:^|[-_ ])(?:related?|relatednews|lien-?quan|tin-?lien-?quan\w*|tinlienquan\w*|social|sharing|share|likeshare"
    r"|comments?|advert\w*|ads|adv|banner|rennab|sponsor\w*|newsletter|subscribe|popular|most-?read|doc-?nhieu"
    r"|xem-?them|tin-?moi|moi-?nhat|recommend\w*|sidebar|breadcrumbs?|tags?|keywords?|keysword|gliaplayer|quang-?cao"
    r"|likebox|toolbar|dta|mdbl|widget|google-news|article-event|article-business|article-lot|list-concern"
    r"|cung-chuyen-muc|video-hot|article-popular"
    r"|sda\w*|sas|boxdata|tin_xemthem|tin_lienquan|link-content-footer|link-source\w*|(?:article)?related?\w*|relate-container"
    r"|(?:article-)?oldnew|more-?news|readmore\w*|insert-wiki-content|noneditable|vnnadspos|boxtag|box-(?:author|category)"
    r"|box-stream-item|box_brief_info|inner-article|detail-(?:like|tab)|bottombar|fb-like|follow|gg-prefer|lazier|list-news"
    r"|save_for_later|mobile_save|footer-content|ifcomment|cb-container|list-threadbar|media-top|dt-news__event"
    r"|div_tamlongnhanai)(?:[-_ ]|$)",
    re.IGNORECASE,
)
#: Places that advertisers' scripts fill.
_PLACE = re.compile(r"(?:zone-|adm[-_]|admzone|adn?zone|abdf|sis_|_detail_|desktop-(?:in-article-|native|right))")
_BOXES = frozenset({"div", "section", "ul", "ol", "aside", "article", "footer", "table", "dl"})
_CHECKED = _BOXES | {"span", "p", "h3", "h4", "center"}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
#: A box with more running text than this (characters outside links) is an article's own, whatever it is called.
_OWN_TEXT = 500
_LINES = re.compile(
    r"""(?ix) video \s đang \s hot
    | (?:các\s)? (?:tin|bài) (?:\s bài)? \s (?:viết\s)? liên \s quan :?
    | (?:tin\s)? cùng \s chuyên \s mục
    | dòng \s sự \s kiện :? .{0,80}
    | (?:tin\s)? mới \s nhất
    | gợi \s ý \s dành \s cho \s bạn
    | (?:tin\s)? đọc \s nhiều (?:\s (?:nhất|trong) .{0,40})?
    | (?:đọc|xem) \s thêm (?: \s?[:.>»]* )?
    | có \s thể \s bạn \s quan \s tâm :?
    | thông \s tin \s doanh \s nghiệp \s [-–] \s sản \s phẩm
    | theo \s dõi \s .{1,40} \s trên :? (?: \s (?:google \s news|facebook|zalo|youtube|tiktok) .{0,20} )?
    | quảng \s cáo | advertisement
    | \d{1,2} \s (?:giây|phút|giờ|ngày) \s trước
    | bình \s luận (?: \s? \(\d+\) )? | chia \s sẻ (?: \s bài \s viết .{0,40} )?
    | (?:>{1,3}|») \s? .+
    | từ \s khóa :? | tags? :?
    | \[ (?:đọc|xem) \s thêm .* \]
    | trở \s (?:lại|về) \s .{1,30}
    | chú \s thích \s ảnh"""
)


def is_noise_line(text: str) -> bool:
    """Tell whether a whole line is a label of the page's furniture.

    >>> is_noise_line("Video đang HOT"), is_noise_line("1 giờ trước"), is_noise_line("Tin mới nhất từ Kiev cho biết")
    (True, True, False)
    """
    return len(text) < 200 and bool(_LINES.fullmatch(text))


def is_noise_box(element: HtmlElement) -> bool:
    """Tell whether an element of a body is furniture: hidden, named so, an aside, or nothing but links."""
    tag = element.tag
    if tag in SILENT or element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return True
    if tag not in _CHECKED:
        return False
    if _is_named_so(element):
        return own_text(element) < _OWN_TEXT
    if tag in ("aside", "footer") or element.get("data-module") is not None:
        return own_text(element) < _OWN_TEXT
    return _is_bracketed_link(element) if tag == "p" else tag in _BOXES and _is_link_box(element)


def _is_named_so(element: HtmlElement) -> bool:
    names = " ".join(filter(None, map(element.get, _NAMES)))
    if not names:
        return False
    card = element.tag == "article" and "story" in names.split()
    return card or bool(_NAMED.search(names) or _PLACE.match(element.get("id") or ""))


def _is_bracketed_link(element: HtmlElement) -> bool:
    """Tell whether a paragraph is nothing but a link in square brackets: a related article."""
    if next(element.iter("a"), None) is None:
        return False
    text = "".join(element.itertext()).strip()
    return text.startswith("[") and text.endswith("]") and text.count("[") == 1


def own_text(element: HtmlElement) -> int:
    """Count the characters of running text: in paragraphs, outside links and headings."""
    total = sum(len(node.text or "") for node in element.iter("p"))
    return total + sum(len(node.tail or "") for p in element.iter("p") for node in p)


def _is_link_box(element: HtmlElement) -> bool:
    """Tell whether a box holds headlines only: links to other pages with at most a label beside them."""
    if next(element.iter("a"), None) is None or next(element.iter("blockquote", "figcaption"), None) is not None:
        return False
    whole = linked = links = 0
    for node in element.iter():
        if not isinstance(node.tag, str) or node.tag in SILENT:
            continue
        if node.tag == "a":
            length = len("".join(node.itertext()).strip())
            linked, links = linked + length, links + (length >= 15)
    whole = sum(len(text.strip()) for text in element.itertext())
    if whole > 4000 or not links:
        return False
    lone = element.tag in ("ul", "ol") or links >= 2 or element.tag == "article"
    return lone and linked >= 20 and whole - linked <= max(40, whole // 5)
