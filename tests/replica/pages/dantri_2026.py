"""Dân trí, 2026: no class name of its own, `data-slot` instead."""

from __future__ import annotations

from tests.replica.filler import target
from tests.replica.pages import dantri_common as common
from tests.replica.pages.heads import document
from tests.replica.pages.parts import Page, a, between, day_and_time, e, flow, local


def render(page: Page) -> str:
    """Print an article in the data-slot template."""
    body = (
        f'{common.menu(page)}<main class="body container"><section data-module="post-news-viewed"'
        f' data-idnews="{page.number}"></section><section class="dt-grid dt-gap-[50px]"><div class="dt-h-full"'
        ' data-module="social-pin-v-2" data-height-from="[data-slot=container]"></div>'
        f'<div class="dt-flex dt-flex-col dt-space-y-6">{_top(page)}<section class="dt-flex dt-flex-col">'
        f"{_article(page)}{_interaction(page)}</section>{_tags(page)}"
        f'<div id="desktop-article-bottom" class="mdbl"></div></div>{_popular(page)}{_listing(page)}<div'
        ' class="dt-flex dt-flex-col"><div id="desktop-native-article-2" class="ads-sticky"></div></div></section>'
        '<section data-module="photo-swipe" data-selector="[data-slot=content] figure > img"></section>'
        f'<div id="desktop-footer" class="mdbl"></div>{common.business(page)}</main>'
    )
    return document(page, common.head(page) + common.data_layer(page), body, weight=target(page.url, 400_000, 480_000))


def _top(page: Page) -> str:
    return (
        '<section class="dt-flex dt-flex-wrap dt-justify-between dt-items-center">'
        '<ul class="dt-text-base dt-list-none">'
        f'<li class="dt-float-left"><a class="dt-text-black dt-font-normal" title="{a(page.section)}"'
        f' href="{page.section_url}" data-content-name="article-breadcrumb"'
        f' data-content-piece="article-breadcrumb-position_1" data-track-content="">{e(page.section)}</a></li></ul>'
        f'<time class="dt-flex dt-items-center" datetime="{local(page.published):%Y-%m-%d %H:%M}"> '
        f"{day_and_time(page.published)} </time></section>"
    )


def _article(page: Page) -> str:
    article = page.article
    printed = between(flow(article.blocks, common.markup(page)), _boxes(page), page.random("boxes"))
    source = f'<div class="singular-source">{e(article.source_line)}</div>' if article.source_line else ""
    return (
        '<article data-slot="container" class="dt-flex dt-flex-col dt-gap-6"><h1 data-slot="title"'
        f' class="dt-font-inter dt-font-semibold dt-text-black dt-text-4xl">{e(article.title)}</h1>{_author(page)}'
        f'<h2 data-slot="sapo" class="dt-font-arial dt-font-normal dt-text-lg">{e(article.lead)}</h2>'
        f'<div data-slot="content" id="desktop-in-article">{"".join(printed)}</div>{source}</article>'
    )


def _author(page: Page) -> str:
    people = "".join(_person(name) for name in page.article.byline)
    return (
        '<div class="dt-flex dt-justify-between dt-items-center dt-gap-1"><div class="dt-flex dt-items-center dt-gap-1'
        f' dt-h-6 dt-flex-1">{people}</div><div style="color:" data-module="article-audio-new"'
        f' data-article-id="{page.number}" data-article-type="0"></div></div>'
    )


def _person(name: str) -> str:
    url = common.author_url(name)
    return (
        '<div class="dt-flex dt-items-center dt-gap-2 dt-relative">'
        '<div class="dt-flex -dt-space-x-1 dt-overflow-hidden">'
        f'<a class="dt-size-6" rel="author" href="{url}"><img alt="{a(name)}" class="dt-rounded-full dt-size-full"'
        ' height="24" src="https://cdnphoto.dantri.com.vn/zoom/36_36/2024/11/26/chan-dung.jpeg" width="24"></a></div>'
        f'<div style="color:#000" class="dt-font-inter"><a style="color:#000" class="hover:dt-text-black" rel="author"'
        f' href="{url}">{e(name)}</a></div></div>'
    )


def _boxes(page: Page) -> list[str]:
    key = page.ticking("slot").randrange(10**6)
    return [
        f'<div data-slot="ads-in-content" id="desktop-in-article-1"><p>Quảng cáo</p><p>Mã {key}</p></div>',
        common.related(page, "aside", 1, start=5),
    ]


def _interaction(page: Page) -> str:
    return (
        '<section class="dt-mt-3 dt-flex dt-justify-between dt-items-center"><div data-module="interaction"'
        f' data-object-id="{page.number}"></div><div data-module="button-google" class="dt-relative dt-mt-10"></div>'
        '</section><div id="desktop-native-article-1"></div>'
        f'<section id="comment" data-module="comment" data-objectid="{page.number}"></section>'
    )


def _tags(page: Page) -> str:
    entries = "".join(
        f'<li class="dt-py-2 dt-px-4 dt-text-sm"><h4><a title="{a(tag)}" href="{common.HOME}/tim-kiem/'
        f'{a(tag.replace(" ", "+"))}.htm" data-content-name="article-tags"'
        f' data-content-piece="article-tags-position_{place}" data-track-content="">{e(tag)}</a></h4></li>'
        for place, tag in enumerate(page.article.tags, 1)
    )
    heading = '<li class="dt-mr-2"><h3 class="dt-text-sm dt-font-semibold">Tags:</h3></li>'
    return f'<section><ul class="dt-flex dt-flex-wrap dt-items-center dt-gap-1">{heading}{entries}</ul></section>'


def _popular(page: Page) -> str:
    entries = "".join(
        '<article class="dt-py-5 dt-flex dt-border-b" data-content-name="article-popular"'
        f' data-content-piece="article-popular-position_{place}" data-content-target="" data-track-content="">'
        f'<h3 data-count="{place}" class="dt-flex-1"><a href="{teaser.url}">{e(teaser.title)}</a></h3></article>'
        for place, teaser in ((place, page.teaser(place)) for place in (1, 2))
    )
    heading = f'<div class="dt-uppercase dt-border-t">Đọc nhiều trong {e(page.section)}</div>'
    last = '<div id="desktop-right-2" class="mdbl"></div>'
    return f'<div><div id="desktop-right-1" class="mdbl start"></div><article>{heading}{entries}</article>{last}</div>'


def _listing(page: Page) -> str:
    return (
        f'<section data-module="listing-article-detail" data-excluded-article="{page.number}"'
        f' data-title="{a(page.section)}" data-by-user="0" class="dt-col-span-2">{common.event(page)}</section>'
        f'<section data-module="news-content-report" data-articleid="{page.number}"></section>'
    )
