"""Pages that are no article though their status is 200: gates, missing pages, logins, maintenance, empty shells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.text import squash
from archive.values import Article

if TYPE_CHECKING:
    from lxml.html import HtmlElement

#: A gate's page is smaller than this (characters), and shows less text than `_SHOWN`.
_GATE_SIZE = 20_000
_SHOWN = 700
_TURN = re.compile(
    r"location\s*\.\s*(?:reload|replace|assign)\s*\(|location(?:\.href)?\s*=|http-equiv=.?refresh", re.IGNORECASE
)
_COOKIE = re.compile(r"document\s*\.\s*cookie\s*=|D1N=", re.IGNORECASE)
_CHALLENGE = re.compile(
    r"cf-chl|challenge-platform|cf_chl_opt|<title>\s*just a moment|_incapsula_resource|checking your browser"
    r"|px-captcha|g-recaptcha|h-captcha|cf-turnstile|ddos[- ]?(?:guard|protection)|aws-waf-token"
    r"|verify(?:ing)? you are (?:a )?human|please enable (?:javascript|cookies)"
    r"|xác minh bạn (?:không phải là robot|là con người)|access denied|you have been blocked|request rejected"
    r"|truy cập (?:của bạn |này )?(?:đã )?bị (?:từ chối|chặn)",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"\b404\b|not found|không tìm thấy|không tồn tại|đã bị (?:xóa|gỡ|xoá)|đã được gỡ|nội dung (?:này )?không (?:còn|có)"
    r"|trang (?:bạn )?(?:yêu cầu|tìm kiếm|truy cập) .{0,30}(?:không|chưa)",
    re.IGNORECASE,
)
_NO_PAGE = re.compile(
    r"\b404\b|page not found|không tìm thấy (?:trang|nội dung|bài viết|đường dẫn)|trang (?:này )?không tồn tại",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"bảo trì|nâng cấp hệ thống|đang (?:được )?nâng cấp|maintenance|temporarily unavailable|service unavailable|quá tải"
    r"|\b50[0234]\b .{0,20}(?:error|gateway|unavailable)|server error in|runtime error",
    re.IGNORECASE,
)
#: A notice in an article's place is shorter than this (characters), and speaks of the page itself.
_NOTICE = 500
_GONE = re.compile(
    r"(?:bài viết|trang|nội dung|đường dẫn|tin bài|bài báo)(?: này| bạn [^.]{0,40}?| mà bạn [^.]{0,40}?)? (?:hiện )?"
    r"(?:không (?:còn )?(?:tồn tại|khả dụng)|không còn"
    r"|(?:đã )?(?:bị|được) (?:xóa|xoá|gỡ)|chưa (?:được )?(?:xuất bản|tồn tại))",
    re.IGNORECASE,
)
_CLOSED_SITE = re.compile(
    r"(?:hệ thống|website|trang web|máy chủ|trang tin)[^.]{0,30}(?:bảo trì|nâng cấp|quá tải)", re.IGNORECASE
)
_LOGIN = re.compile(r"đăng nhập|log ?in|sign ?in", re.IGNORECASE)
# Both cases written out: to ignore the case takes three times as long.
_VIETNAMESE = re.compile(
    "[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹĂÂĐÊÔƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ]"
)


#: Letters with marks are a quarter of a Vietnamese text; under this share it is none.
_VIETNAMESE_SHARE = 0.05
_LONG_ENOUGH = 200
#: Another script is told by fewer letters than another language.
_SCRIPT_ENOUGH = 40


def gate(text: str) -> str:
    """Tell why a page is a gate before the outlet's page; an empty string when it is none.

    >>> gate('<script>document.cookie="D1N=ab"+"; path=/";window.location.reload(true);</script>')
    'a script sets a cookie and reloads'
    """
    if len(text) > _GATE_SIZE:
        return ""
    shown = _shown(text)
    if shown < 60 and _COOKIE.search(text) and _TURN.search(text):
        return "a script sets a cookie and reloads"
    return "a challenge page" if shown < _SHOWN and _CHALLENGE.search(text) else ""


def _shown(text: str) -> int:
    bare = re.sub(r"(?is)<(script|style|noscript|title)\b.*?</\1\s*>|<[^>]*>", " ", text)
    return len(" ".join(bare.split()))


def not_article(root: HtmlElement) -> str:
    """Tell why a page without a known body is no article: missing, closed, login or empty; else an empty string."""
    heading = squash(" ".join(" ".join(node.itertext()) for tag in ("title", "h1") for node in root.iter(tag)))
    shown = shown_text(root)
    told = f"{heading} {shown[:400]}"
    if len(shown) < 20:
        return "an empty shell"
    # News tells of missing people and closed bridges too: only a short page, or a plain heading, is taken at its word.
    if (len(shown) < 1500 and _MISSING.search(told)) or (len(shown) < 6000 and _NO_PAGE.search(heading)):
        return "a page that says it was not found"
    if len(shown) < 1000 and _CLOSED.search(told):
        return "a maintenance page"
    if len(shown) < 4000 and _LOGIN.search(told) and _asks_password(root):
        return "a login page"
    return ""


def says_missing(article: Article) -> str:
    """Tell when what stands where an outlet prints its articles only says that there is none; else an empty string.

    >>> says_missing(Article(title="Không tìm thấy bài viết")), says_missing(Article(title="Không tìm thấy nạn nhân"))
    ('a page that says it was not found', '')
    """
    text = " ".join([article.title, *(block.text for block in article.blocks[:8])])
    # News with a lead or a picture may tell of pages that are gone.
    if article.lead or article.images or len(text) > _NOTICE or len(article.blocks) > 4:
        return ""
    if _NO_PAGE.search(article.title) or _GONE.search(text):
        return "a page that says it was not found"
    return "a maintenance page" if _CLOSED_SITE.search(text) else ""


def _asks_password(root: HtmlElement) -> bool:
    return any((node.get("type") or "").lower() == "password" for node in root.iter("input"))


def shown_text(root: HtmlElement) -> str:
    """Give the text of the page's body, squashed."""
    body = next(root.iter("body"), root)
    return squash(" ".join(body.itertext()))


def other_language(language: str, text: str, languages: tuple[str, ...]) -> str:
    """Tell which other language edition this is, by the page's own word and the letters used; else an empty string.

    >>> other_language("en", "Hanoi and Moscow hold talks on trade today", ("vi",))
    'en'
    >>> other_language("en", "Hà Nội và Mátxcơva đàm phán về thương mại hôm nay", ("vi",))
    ''
    >>> other_language("vi", "The two sides will hold further talks on trade and security in the spring. " * 4, ("vi",))
    'not Vietnamese'
    """
    primary = language.split("-")[0].strip()
    marked = len(_VIETNAMESE.findall(text))
    # No more letters than characters: most texts are told without counting them.
    if not languages or marked >= _VIETNAMESE_SHARE * len(text) > 0:
        return ""
    letters = sum(1 for c in text if c.isalpha()) or 1
    if marked / letters >= _VIETNAMESE_SHARE:
        return ""
    if primary and primary not in languages:
        return primary
    plain = sum(1 for c in text if c.isascii() and c.isalpha())
    # Cyrillic, Chinese, Korean, Lao: hardly a Latin letter.
    latin = sum(1 for c in text if c.isalpha() and (c < "\u0250" or "\u1e00" <= c <= "\u1eff"))
    if "vi" in languages and letters >= _SCRIPT_ENOUGH and latin < 0.3 * letters:
        return "not Vietnamese"
    # Long enough, all ASCII: nobody prints a whole lead of Vietnamese without a mark, whatever the page calls itself.
    unmarked = "vi" in languages and letters >= _LONG_ENOUGH and plain > 0.97 * letters
    return "not Vietnamese" if unmarked else ""


def link_share(element: HtmlElement) -> float:
    """Give the share of an element's text that stands in links: a listing has most of it there."""
    whole = sum(len(text.strip()) for text in element.itertext()) or 1
    return sum(len(text.strip()) for node in element.iter("a") for text in node.itertext()) / whole
