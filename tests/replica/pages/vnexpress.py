"""VnExpress, 2020 to 2026: `h1.title-detail`, `p.description`, `article.fck_detail`."""

from __future__ import annotations

import re

from tests.replica.filler import headline, target
from tests.replica.pages.heads import document, graph, meta, news_article
from tests.replica.pages.parts import GIF, Markup, Page, a, between, day_and_time, e, flow, iso, linked, local

MENU = (
    "Thời sự,Thế giới,Kinh doanh,Khoa học công nghệ,Góc nhìn,Bất động sản,Sức khỏe,Thể thao,Giải trí,Pháp luật,Giáo dục"
)
LAZY = ("listtag", "listmyvne", "cungchuyenmuc", "danhchoban", "topnew", "blockRight_2", "blockRight_3", "bottom")


def render(page: Page) -> str:
    """Print an article."""
    body = (
        f'{_top(page)}<section class="section page-detail top-detail "><div class="container detail-new">'
        f"{_social(page)}"
        f'<div class="sidebar-1">{_header(page)}<h1 class="title-detail">\n{e(page.article.title)} </h1>'
        f'<div class="topbar-sticky nav-sticky"><div class="container"><h2 class="title"><span>'
        f" {e(page.article.title)}</span></h2>{_social(page)}</div>"
        f"</div>{_description(page)}{_article(page)}{_footer(page)}"
        '<div id="_detail_topic" class="lazier"></div></div><div class="sidebar-2 col-sticky">'
        f"{_lazy('topview_ov', 'blockRight')}</div></div></section>"
        f'<section class="section page-detail bottom-detail"><div class="container">{_lists(page)}</div></section>'
    )
    top = '<!DOCTYPE html>\n<html lang="vi" xmlns="http://www.w3.org/1999/xhtml">\n'
    return document(page, _head(page), body, weight=target(page.url), top=top)


def _head(page: Page) -> str:
    article = page.article
    tags = ", ".join(article.tags)
    return "".join(
        [
            f"<title>{e(article.title)} - Báo VnExpress"
            f"</title>{meta('name', 'description', article.lead + ' - VnExpress')}",
            meta("name", "keywords", tags) + '<meta charset="utf-8">' + meta("name", "tt_article_id", page.number),
            meta("name", "tt_list_folder_name", f"VnExpress,{page.section}"),
            graph(page, "vnexpress.net", _picture(page, 1)),
            *(meta("property", "article:tag", tag) for tag in article.tags[:1]),
            f'<meta content="{iso(page.published)}" itemprop="datePublished" name="pubdate"/>',
            f'<meta content="{iso(page.modified)}" itemprop="dateModified" name="lastmod"/>',
            meta("name", "its_tag", tags) + f'<link rel="canonical" href="{page.url}">',
            news_article(page, author={"@type": "Organization", "name": "VnExpress"}, publisher="Báo VnExpress"),
        ]
    )


def _top(page: Page) -> str:
    entries = "".join(f'<li><a title="{name}" href="/">{name}</a></li>' for name in MENU.split(","))
    return (
        '<section class="section top-header sticky"><div class="container ">'
        '<a href="/" data-medium="Logo" class="logo">'
        f'</a><span class="time-now">{day_and_time(page.now, "{day}, {date}")}</span></div></section>'
        '<section id="supper_masthead" class="section banner-ads"></section><div id="sis_bgu"></div>'
        '<section class="section wrap-main-nav" id="wrap-main-nav"><nav class="main-nav scroll-nav">'
        '<ul class="parent">'
        f"{entries}</ul></nav></section>"
    )


def _social(page: Page) -> str:
    """Print the bar of buttons that stands beside the article and again above it."""
    return (
        '<div class="social_pin"><ul class="social_left"><li><a href="javascript:;" class="social_fb flexbox btn_share"'
        f' data-type="fb" rel="nofollow"></a></li><li class="myvne_save_for_later" data-article-id="{page.number}"'
        ' title="Lưu bài viết"></li></ul></div>'
    )


def _lazy(*names: str) -> str:
    return "".join(f'<div id="_detail_{name}" class="lazier"></div>' for name in names)


def _header(page: Page) -> str:
    shown = day_and_time(page.published, "{day}, {date}, {time} (GMT+7)")
    return (
        '<div class="header-content width_common"><ul class="breadcrumb" data-campaign="Header"><li>'
        f'<a href="{page.section_url}" title="{a(page.section)}">{e(page.section)}</a></li><li><a'
        f' href="{page.section_url}/tin-tuc" title="Tin tức">Tin tức</a></li></ul>'
        f'<span class="date">{shown}</span></div>'
    )


def _description(page: Page) -> str:
    """Print the lead, the place it names first in a stamp of its own."""
    stamp = re.match(r"([^-.,]{3,24}) - ", page.article.lead)
    if not stamp:
        return f'<p class="description">{e(page.article.lead)}</p>'
    rest = page.article.lead[stamp.end() :]
    return f'<p class="description"><span class="location-stamp">{e(stamp[1])}</span>{e(rest)}</p>'


def _article(page: Page) -> str:
    link = f'<a href="{page.section_url}" rel="dofollow">'
    markup = Markup(
        paragraph=lambda text: f'<p class="Normal">{linked(text, page.random("link", text), link)}</p>',
        quote=lambda text: f'<blockquote><p class="Normal">{e(text)}</p></blockquote>',
        figure=lambda caption, number: _figure(page, caption, number),
    )
    printed = between(flow(page.article.blocks, markup), [_inline(page)], page.random("boxes"))
    source = f'<p class="Normal" style="text-align:right;"><em>{e(page.article.source_line)}</em></p>'
    return (
        f'<article class="fck_detail ">\n{"".join(printed)}{source if page.article.source_line else ""}{_author(page)}'
        '<span id="article-end"></span><div data-component="true" data-component-type="tin_xemthem" data-thumb="1">'
        "</div>\n</article>"
    )


def _inline(page: Page) -> str:
    """Print the list of further articles as its script leaves it, between the paragraphs."""
    entries = "".join(f'<a href="{t.url}" title="{a(t.title)}">{e(t.title)}</a>' for t in map(page.teaser, (5, 6)))
    return (
        '<div data-component="true" data-component-type="tin_xemthem" data-component-value="5100001,5100002"'
        f' data-thumb="1">{entries}</div>'
    )


def _author(page: Page) -> str:
    names = ", ".join(page.article.byline)
    return f'<p class="Normal" style="text-align:right;"><strong>{e(names)}</strong></p>' if names else ""


def _picture(page: Page, number: int) -> str:
    key = page.random("picture", number).randrange(10**9)
    return f"https://vcdn1-vnexpress.vnecdn.net/{local(page.published):%Y/%m/%d}/anh-{number}-{key}.jpg?w=680&h=0&q=100"


def _figure(page: Page, caption: str, number: int) -> str:
    text, _, credit = caption.rpartition(" Ảnh: ")
    shown = f"{e(text)} Ảnh: <em>{e(credit)}</em>" if text else e(caption)
    address = a(_picture(page, number))
    return (
        '<figure data-size="true" itemprop="associatedMedia image" itemscope=""'
        ' itemtype="http://schema.org/ImageObject" class="tplCaption" style="width:680px">'
        f'<meta itemprop="url" content="{address}"><div class="fig-picture" data-width="680"><picture>'
        f'<source data-srcset="{address} 1x"><img itemprop="contentUrl" loading="lazy" intrinsicsize="680x0"'
        f' alt="{a(page.article.title)}" class="lazy" src="{GIF}" data-src="{address}"></picture></div>'
        f'<figcaption itemprop="description"><p class="Image">{shown}</p></figcaption></figure>'
    )


def _footer(page: Page) -> str:
    return (
        f'<div class="footer-content  width_common"><a href="{page.section_url}" class="save back-folder">&nbsp;&nbsp;'
        f'Trở lại {e(page.section)}</a><div class="myvne_save_for_later" data-article-id="{page.number}"></div><div'
        f' class="social"><a href="javascript:;" class="fb btn_share"></a></div></div>'
    )


def _lists(page: Page) -> str:
    random = page.ticking("lists")
    entries = "".join(f"<p>{e(headline(random))} ({random.randrange(300)})</p>" for _ in range(6))
    return (
        f'<div id="_detail_cungChuyenMuc" class="lazier">{entries}</div>{_lazy("quantam", "top_ykien")}'
        '<div class="section-comment">'
        f'<div id="box_comment_vne" class="box_comment_vne box_category width_common"></div></div>'
        f"{_lazy(*LAZY)}"
        '<div id="sis_richmedia"></div><div id="sis_slider"></div><div id="_footer" class="lazier"></div>'
        '<div id="_box_danhchoban" class="lazier"></div>'
    )
