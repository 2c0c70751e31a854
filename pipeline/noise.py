"""What stands in an article's body and is not the article: boxes, by name or by shape, and lines, by their words."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from archive.text import squash
from pipeline.address import host_of, path_of

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
    r"|div_tamlongnhanai|ck-cms-insert-new\w*|articles-edit|article-(?:author-multiple|detail-author)-wrapper|insert-rating"
    r"|networktop|tagandnetwork|abdf|box_img_video|txt_video|video-js|vplayer-container|for-reading-mode)(?:[-_ ]|$)",
    re.IGNORECASE,
)
#: Places that advertisers' scripts fill.
_PLACE = re.compile(
    r"(?:zone-|wrapper-inimage|adm[-_]|admzone|adn?zone|abdf|sis_|_detail_|desktop-(?:in-article-|native|right))"
)
_BOXES = frozenset({"div", "section", "ul", "ol", "aside", "article", "footer", "table", "dl"})
_LINES_OF_TEXT = frozenset({"p", "h3", "h4"})
_CHECKED = _BOXES | {"span", "p", "h3", "h4", "center"}
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
#: A box with more running text than this (characters outside links) is an article's own, whatever it is called.
_OWN_TEXT = 500
#: One with a paragraph of more running text than this is too, unless it holds headlines or its name leaves no doubt.
_SPEAKING = 60
_NO_DOUBT = re.compile(
    r"(?:^|[-_ ])(?:comments?|ifcomment|advert\w*|ads|adv|quang-?cao|sponsor\w*|newsletter|subscribe|gliaplayer"
    r"|breadcrumbs?)(?:[-_ ]|$)",
    re.IGNORECASE,
)
#: A list of headlines has less text than this.
_LONGEST_LIST = 4000
#: A link with less text than this is no headline.
_HEADLINE = 15
_READ_ALSO = re.compile(
    r"[*>»(\s]*(?:(?:mời .{0,20})?(?:xem|đọc) (?:thêm|tiếp)|(?:các )?(?:tin|bài)(?: viết)? liên quan)\s*:?",
    re.IGNORECASE,
)
_LONG_ID = re.compile(r"\d{6,}")
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
    | (?:mời \s .{1,30} )? theo \s dõi \s .{1,60} \s trên :?
      (?: \s (?:kênh \s)? (?:google \s news|facebook|zalo|youtube|tiktok) (?: .{0,20} | \s để \s .{0,80} ) )?
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


def is_noise_box(element: HtmlElement, base: str = "") -> bool:
    """Tell whether an element of a body is furniture: hidden, named so, an aside, or nothing but links.

    `base` is the page's address: it tells links to the same site from others. Without it all links are the site's.
    """
    tag = element.tag
    if tag in SILENT or element.get("hidden") is not None or _HIDDEN.search(element.get("style") or ""):
        return True
    if tag not in _CHECKED:
        return False
    if _is_named_so(element):
        return own_text(element) < _OWN_TEXT and (_is_beyond_doubt(element) or not _speaks(element))
    if tag in ("aside", "footer") or element.get("data-module") is not None:
        return own_text(element) < _OWN_TEXT
    if tag in _LINES_OF_TEXT or (tag == "div" and next(element.iterchildren(*_BOXES, "p", "figure"), None) is None):
        return _is_link_line(element, base) or (tag == "div" and _is_link_box(element, base))
    return tag in _BOXES and _is_link_box(element, base)


def _names_of(element: HtmlElement) -> str:
    return " ".join(filter(None, map(element.get, _NAMES)))


def _is_named_so(element: HtmlElement) -> bool:
    names = _names_of(element)
    return bool(names and _NAMED.search(names)) or _is_card_or_place(element)


def _is_card_or_place(element: HtmlElement) -> bool:
    card = element.tag == "article" and "story" in _names_of(element).split()
    return card or bool(_PLACE.match(element.get("id") or ""))


def _is_beyond_doubt(element: HtmlElement) -> bool:
    return _is_card_or_place(element) or bool(_NO_DOUBT.search(_names_of(element)))


def _speaks(element: HtmlElement) -> bool:
    """Tell whether a paragraph in a box is running text, and no headline stands beside it."""
    told = any(len(_text(p)) - _linked(p) > _SPEAKING for p in element.iter("p"))
    return told and not any(_is_headline(link) for link in element.iter("a"))


def _is_headline(link: HtmlElement) -> bool:
    text = _text(link)
    around = next(link.iterancestors("p"), None)
    return len(text) >= _HEADLINE and (around is None or _text(around) == text)


def _text(element: HtmlElement) -> str:
    return squash("".join(element.itertext()))


def _size(element: HtmlElement, most: int) -> int:
    """Count an element's characters, no further than over `most`: elements within elements are asked alike."""
    size = 0
    for text in element.itertext():
        size += len(text.strip())
        if size > most:
            break
    return size


def _linked(element: HtmlElement) -> int:
    return sum(len(_text(link)) for link in element.iter("a"))


def _is_link_line(element: HtmlElement, base: str) -> bool:
    """Tell whether a paragraph only sends the reader to another article."""
    if next(element.iter("a"), None) is None or _size(element, _LONGEST_LIST) > _LONGEST_LIST:
        return False
    links = list(islice((link for link in element.iter("a") if link.get("href") and _text(link)), 2))
    if not links:
        return False
    text = _text(element)
    if (label := _READ_ALSO.match(text)) and _linked(element) > (len(text) - label.end()) / 2:
        return True
    return _is_bracketed_link(element) or (
        len(links) == 1
        and _text(links[0]) == text.lstrip("•·*+-–»> ")
        and _is_other_article(links[0].get("href"), base)
    )


def _is_other_article(href: str, base: str) -> bool:
    try:
        url = urljoin(base, href.strip())
    except ValueError:
        return False
    own = bool(base) and _site(host_of(url)) == _site(host_of(base)) and path_of(url) != path_of(base)
    return own and bool(_LONG_ID.search(path_of(url)))


def _site(host: str) -> str:
    """Give the name that all hosts of one paper share: `dantri` for `m.dantri.com.vn`.

    >>> _site("m.dantri.com.vn"), _site("nhandan.vn"), _site("www.nhandan.com.vn")
    ('dantri', 'nhandan', 'nhandan')
    """
    labels = host.split(".")[:-1]
    if len(labels) > 1 and labels[-1] in ("com", "net", "org", "gov", "edu"):
        labels.pop()
    return labels[-1] if labels else host


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


def _leads_away(link: HtmlElement, base: str) -> bool:
    """Tell whether a list's link leads to another site: such lists name laws and sources, not related articles."""
    if not base or next(link.iterancestors("ul", "ol"), None) is None:
        return False
    host = host_of(link.get("href") or "")
    return bool(host) and _site(host) != _site(host_of(base))


def _is_link_box(element: HtmlElement, base: str) -> bool:
    """Tell whether a box holds headlines only: links to the site's pages with at most a label beside them."""
    if next(element.iter("a"), None) is None or next(element.iter("blockquote", "figcaption"), None) is not None:
        return False
    whole = _size(element, _LONGEST_LIST)
    if whole > _LONGEST_LIST:
        return False
    linked = links = 0
    for link in element.iter("a"):
        if not _leads_away(link, base):
            length = len("".join(link.itertext()).strip())
            linked, links = linked + length, links + (length >= 15)
    if not links:
        return False
    lone = element.tag in ("ul", "ol") or links >= 2 or element.tag == "article"
    return lone and linked >= 20 and whole - linked <= max(40, whole // 5)
