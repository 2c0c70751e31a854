"""Báo Tin tức, 2020 to 2026: an ASP.NET form, text written with entities, the body cut in two by an advertisement."""

from __future__ import annotations

from html.entities import codepoint2name

from tests.replica.filler import headline, target
from tests.replica.pages.heads import document, graph, meta, news_article
from tests.replica.pages.parts import Markup, Page, a, between, day_and_time, e, flow, iso, local

MENU = (
    "Thời sự,Thế giới,Kinh tế,Xã hội,Pháp luật,Văn hóa,Thể thao,Giáo dục,Quân sự,Hồ sơ,Khoa học - Công nghệ,Địa phương"
)


def coded(text: str) -> str:
    """Write the letters that HTML has names for by their names, as the outlet's editor does.

    >>> coded('nhà "mới" ở Đông')
    'nh&agrave; &quot;mới&quot; ở Đ&ocirc;ng'
    """
    return "".join(f"&{codepoint2name[ord(c)]};" if c in '"&<>' or 160 <= ord(c) < 256 else c for c in text)


def render(page: Page) -> str:
    """Print an article."""
    body = (
        f'<div id="fb-root"></div><form method="post" action="./Details.aspx?n={page.number}&amp;PageType=2"'
        ' id="form1">'
        f'<input type="hidden" name="__VIEWSTATE" id="__VIEWSTATE" value="{_view_state(page)}" />'
        f'<input type="hidden" name="hdNewsId" id="hdNewsId" value="{page.number}" />{_top(page)}'
        f'<div class="detail-content w1040"><div class="lc-bar"><div class="ccr_threadbar"><a href="{page.section_url}"'
        f' class="threadbar_topic" title="{a(page.section)}">{e(page.section)}</a></div></div>'
        f'<div class="detail-content_wrapper"><div class="detail-left"><div class="breadcrumb"></div>{_article(page)}'
        "</div></div></div></form>"
    )
    top = '\n<!DOCTYPE html>\n<html lang="vi" xmlns="http://www.w3.org/1999/xhtml">\n'
    return document(page, _head(page), body, weight=target(page.url), top=top)


def _head(page: Page) -> str:
    article = page.article
    glued = "".join(article.byline) + article.agency
    return "".join(
        [
            meta("http-equiv", "Content-Type", "text/html; charset=utf-8"),
            f"<title>{e(article.title)} | baotintuc.vn</title>{meta('name', 'description', article.lead)}",
            meta("name", "author", "baotintuc.vn") + meta("name", "news_keywords", ", ".join(article.tags)),
            f'<meta itemprop="datePublished" content="{iso(page.published)}" />',
            graph(page, "baotintuc.vn", _picture(page, 1)),
            meta("property", "article:published_time", iso(page.published)),
            meta("property", "article:section", page.section),
            meta("property", "dable:item_id", page.number),
            *(meta("property", "article:tag", tag) for tag in article.tags),
            news_article(page, author={"@type": "Person", "name": glued}, publisher="baotintuc.vn"),
            f'<link rel="canonical" href="{page.url}" />',
        ]
    )


def _view_state(page: Page) -> str:
    return f"{page.ticking('state').getrandbits(9000):x}"


def _top(page: Page) -> str:
    random = page.random("menu")
    entries = "".join(f'<li><a href="/">{name}</a></li>' for name in MENU.split(","))
    slides = "".join(f'<div class="swiper-slide"><a>{e(headline(random))}</a></div>' for _ in range(5))
    return (
        f'<ul>{entries}</ul><div class="list-threadbar"><div class="swiper toppic-dsk-sw"><div class="swiper-wrapper">'
        f"{slides}</div></div></div>"
    )


def _article(page: Page) -> str:
    article = page.article
    return (
        f'<h1 class="detail-title">\n            {e(article.title)}\n        </h1><div class="action-link">'
        f'<div class="date">\n<span class="txt">\n{day_and_time(page.published, "{day}, {date} {time}", capital=True)}'
        f'</span>&nbsp;|&nbsp;<h4 class="cate"><a href="{page.section_url}" title="{a(page.section)}"><strong>'
        f'{e(page.section)}</strong></a></h4></div></div><div class="content">'
        f'<h2 class="sapo">\n{e(article.lead)}\n</h2>'
        f'{_concern(page)}<div class="content_wrapper"><div id="plhMain_NewsDetail1_divSharelink"'
        f' class="share share-sticky"><a href="/{page.number}.htm" rel="nofollow"></a></div><div class="boxdetail">'
        f'<div class="contents">{_text(page)}</div>{_author(page)}{_widget(page, 2)}</div></div>{_tags(page)}'
        f'<iframe src="https://s1.baotintuc.vn/Comment.aspx?n={page.number}" id="ifComment">'
        f"</iframe>{_data(page)}</div>"
    )


def _concern(page: Page) -> str:
    entries = "".join(
        f'<li class="item"><h4><a href="{teaser.url}" title="{a(teaser.title)}">{e(teaser.title)}</a></h4></li>'
        for teaser in map(page.teaser, (0, 1))
    )
    return f'<ul id="plhMain_NewsDetail1_divRelation" class="list-concern">{entries}</ul>'


def _text(page: Page) -> str:
    """Print the body in its two halves, the video advertisement between them."""
    markup = Markup(
        paragraph=lambda text: f"<p>{coded(text)}</p>\n",
        subhead=lambda text: f"<h3>{coded(text)}</h3>\n",
        quote=lambda text: f"<blockquote><p>{coded(text)}</p></blockquote>\n",
        figure=lambda caption, number: _figure(page, caption, number),
    )
    printed = between(flow(page.article.blocks, markup), [_widget(page, 4)], page.random("boxes"))
    half = max(1, len(printed) // 2)
    video = (
        '<div class="gliaplayer-container" data-slot="baotintuc_desktop"><p>Video quảng cáo '
        f"{page.ticking('video').randrange(10**5)}</p></div>\n"
        '<script src="https://player.gliacloud.com/player/baotintuc_desktop" async></script>\n'
        '<noscript><iframe src="https://www.googletagmanager.com/ns.html?id=GTM-0000000"></iframe></noscript>\n'
    )
    return f'<div id="divfirst">{"".join(printed[:half])}</div>{video}<div id="divend">{"".join(printed[half:])}</div>'


def _picture(page: Page, number: int) -> str:
    day = local(page.published)
    return f"https://cdnmedia.baotintuc.vn/Upload/Xx0Anh1Cua2Bai3Bao4Tin5/files/{day:%Y/%m/%d}/anh-{number}.jpg"


def _figure(page: Page, caption: str, number: int) -> str:
    return (
        '<div style="text-align:center">\n<figure class="image" style="display:inline-block"><img alt="Chú thích ảnh"'
        f' height="458" src="{_picture(page, number)}" width="665">\n<figcaption>{coded(caption)}</figcaption>\n'
        "</figure>\n</div>\n"
    )


def _author(page: Page) -> str:
    names, line = ", ".join(page.article.byline), page.article.source_line or page.article.agency
    strong = f"<strong>{e(names)}</strong>" if names else ""
    return f'<div class="author">\n{strong}{f"<i> {e(line)}</i>" if line else ""}\n</div>'


def _widget(page: Page, index: int) -> str:
    teaser = page.teaser(index)
    return (
        f'<div class="widget"><a href="{teaser.url}" title="{a(teaser.title)}" class="widget_thumb"><img'
        f' src="https://cdnthumb.baotintuc.vn/ha_w/260/anh.jpg" alt="{a(teaser.title)}" /></a><div class="widget_info">'
        f'<a href="{teaser.url}" class="info-title">{e(teaser.title)}</a><p class="des">{e(teaser.lead)}</p>'
        "</div></div>"
    )


def _tags(page: Page) -> str:
    entries = " ".join(
        f'<li><a href="/tags/{a(tag.lower().replace(" ", "+"))}.htm" title="{a(tag)}"><strong>{e(tag)},'
        "</strong></a></li>"
        for tag in page.article.tags
    )
    return (
        '<div id="plhMain_NewsDetail1_divTags" class="keysword"><span class="kewsword-txt">Từ khóa: </span>'
        f"<ul>{entries}</ul></div>"
    )


def _data(page: Page) -> str:
    text = headline(page.ticking("data"))
    return (
        '<div class="boxdata"><div class="cb-container"><div class="media-top">'
        '<a href="/video.htm" class="first-topic">'
        f'<span class="first-topic-txt">{e(text)}</span></a></div></div></div>'
    )
