"""What Dân trí's pages of all eras share: head, menus, pictures, boxes."""

from __future__ import annotations

from tests.replica.filler import headline
from tests.replica.pages.heads import graph, ld, meta, news_article
from tests.replica.pages.parts import Markup, Page, a, ago, e, iso, linked, local, slugged

HOME = "https://dantri.com.vn"
MENU = "Xã hội,Thế giới,Kinh doanh,Bất động sản,Thể thao,Việc làm,Nhân ái,Sức khỏe,Văn hóa,Giải trí,Giáo dục,Pháp luật"
GREY = "data:image/svg+xml;charset=utf-8,%3Csvg xmlns%3D'http%3A%2F%2Fwww.w3.org%2F2000%2Fsvg'%2F%3E"


def author_url(name: str) -> str:
    """Give an author's page."""
    return f"{HOME}/tac-gia/{slugged(name)}-{sum(map(ord, name)) % 9000 + 1000}.htm"


def picture_url(page: Page, number: int, folder: str = "") -> str:
    """Give a picture's address; `folder` is the size, empty for the original."""
    stamp = page.random("picture", number).randrange(10**12, 10**13)
    day = local(page.published)
    return f"https://icdn.dantri.com.vn/{folder}{day:%Y/%m/%d}/{slugged(page.article.title)[:40]}-{stamp}.jpg"


def head(page: Page) -> str:
    """Print the head: the outlet stands as author, the writer only in the structured data."""
    article = page.article
    people = [{"@type": "Person", "name": name, "url": author_url(name)} for name in article.byline]
    return "".join(
        [
            '<meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{e(article.title)} | Báo Dân trí</title>",
            meta("name", "description", article.lead),
            meta("name", "keywords", ",".join(article.tags)),
            meta("name", "copyright", "Dân trí") + meta("name", "author", "Dân trí"),
            graph(page, "Báo điện tử Dân trí", picture_url(page, 1, "zoom/1200_630/")),
            meta("property", "article:author", "https://www.facebook.com/baodantridientu"),
            meta("property", "article:publisher", "https://www.facebook.com/baodantridientu"),
            f'<link rel="alternate" href="{page.url}" hreflang="vi-vn"><link rel="canonical" href="{page.url}">',
            _crumbs(page),
            news_article(page, author=people[0] if len(people) == 1 else people, publisher="Báo Dân Trí"),
        ]
    )


def _crumbs(page: Page) -> str:
    """Print the breadcrumb list in the shape that the outlet really uses: a list of lists."""
    first = {"@type": "ListItem", "position": 1, "name": "Trang chủ", "item": HOME}
    second = {"@type": "ListItem", "position": 2, "name": page.section, "item": page.section_url}
    return ld({"@type": "BreadcrumbList", "itemListElement": [[first], [second]]})


def menu(page: Page) -> str:
    """Print header and navigation."""
    random = page.random("menu")
    entries = "".join(
        f'<li class="has-child"><a href="/{slugged(name)}.htm">{name}</a><ol class="submenu">'
        + "".join(f'<li><a href="/{slugged(name)}.htm">{headline(random)}</a></li>' for _ in range(4))
        + "</ol></li>"
        for name in MENU.split(",")
    )
    return (
        '<div data-module="google-one-tap"></div><header class="header container bg-wrap">'
        '<div class="header-top flex-jcb"><h1 class="header-logo flex-jcc"><a aria-label="" href="/"></a></h1></div>'
        f'</header><nav class="menu container bg-wrap"><ol class="menu-wrap bg-wrap">{entries}</ol></nav>'
    )


def markup(
    page: Page, figure_class: str = "image align-center", subhead: str = "<h4><strong>{}</strong></h4>"
) -> Markup:
    """Give Dân trí's way to print blocks; the name of the headline is glued to every picture as its alt text."""
    return Markup(
        paragraph=lambda text: f"<p>{linked(text, page.random('link', text), _autolink(page))}</p>",
        figure=lambda caption, number: figure(page, caption, number, figure_class),
        subhead=lambda text: subhead.format(e(text)),
    )


def _autolink(page: Page) -> str:
    key = f"{page.random('autolink').getrandbits(96):024x}"
    return (
        f'<a href="{page.section_url}" data-auto-link-id="{key}" data-track-content=""'
        f' data-content-name="article-content-autolink" data-content-piece="article-content-autolink_{key}">'
    )


def figure(page: Page, caption: str, number: int, figure_class: str) -> str:
    """Print a picture that loads lazily, with its caption."""
    alt = a(f"{page.article.title} - {number}")
    key = page.random("photo", number).randrange(2_000_000, 5_000_000)
    return (
        f'<figure class="{figure_class}" contenteditable="false"><img title="{alt}" src="{GREY}" alt="{alt}"'
        f' data-width="1400" data-height="787" data-original="{picture_url(page, number)}" data-photo-id="{key}"'
        ' data-track-content="" data-content-name="article-content-image"'
        f' data-content-piece="article-content-image_{key}" data-src="{picture_url(page, number, "thumb_w/680/")}">'
        f"<figcaption><p>{e(caption)}</p></figcaption></figure>"
    )


def related(page: Page, tag: str, count: int, start: int = 0) -> str:
    """Print the box of related articles; `tag` is article in 2022 and aside in 2025."""
    entries = "".join(_related_one(page, start + index, index + 1) for index in range(count))
    return f'<{tag} class="article-related"><div class="title-head">Tin liên quan</div>{entries}</{tag}>'


def _related_one(page: Page, index: int, position: int) -> str:
    teaser = page.teaser(index)
    return (
        '<article class="article-item" data-content-name="article-related"'
        f' data-content-piece="article-related-position_{position}" data-track-content=""><div class="article-thumb">'
        f'<a href="{teaser.url}"><img alt="{a(teaser.title)}" height="90" width="135" src="{GREY}"></a></div>'
        f'<div class="article-content"><h3 class="article-title"><a href="{teaser.url}">{e(teaser.title)}</a></h3>'
        f'<div class="article-excerpt"><a href="{teaser.url}">{e(teaser.lead.removeprefix("(Dân trí) - "))}</a></div>'
        "</div></article>"
    )


def event(page: Page) -> str:
    """Print the box of the event that the article belongs to, if it does, with items so many hours old."""
    if not page.noise.event:
        return ""
    entries = "".join(
        f'<div class="article-item"><h3 class="article-title"><a href="{teaser.url}">{e(teaser.title)}</a></h3>'
        f'<span class="article-time">{ago(teaser.published, page.now)}</span></div>'
        for teaser in (page.teaser(index) for index in (3, 4))
    )
    return (
        '<div class="article-event"><div class="title"><span class="label">Dòng sự kiện:</span> '
        f'<a href="{HOME}/su-kien.htm">{e(page.noise.event)}</a></div>{entries}</div>'
    )


def tags(page: Page) -> str:
    """Print the list of tags below the article."""
    entries = "".join(
        f'<li><a data-content-name="article-tags" data-content-piece="article-tags-position_{place}"'
        f' href="{HOME}/tim-kiem/{a(tag.replace(" ", "+"))}.htm">{e(tag)}</a></li>'
        for place, tag in enumerate(page.article.tags, 1)
    )
    return f'<ul class="tags-wrap"><li class="label"><b>Tag</b></li>{entries}</ul>'


def business(page: Page) -> str:
    """Print the box of advertisements at the foot: what stands in it changes with the clock."""
    slides = "".join(
        f'<div class="swiper-slide"><a href="https://websosanh.vn/">{e(headline(page.ticking("ad", index)))}</a></div>'
        for index in range(6)
    )
    return (
        '<section class="article-business"><div id="swiper-business"><div><p class="dt-uppercase">'
        f'Thông tin doanh nghiệp - sản phẩm</p></div><div class="swiper"><div class="swiper-wrapper">{slides}</div>'
        "</div></div></section>"
    )


def data_layer(page: Page) -> str:
    """Print the script variables that repeat the article's facts."""
    shown = iso(page.published)
    return (
        f'<script>window.wDataLayer={{"platform":"web","page_type":"article","item_id":"{page.number}",'
        f'"published_date":"{shown}","views":{page.ticking("views").randrange(100, 90_000)}}};</script>'
    )
