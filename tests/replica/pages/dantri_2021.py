"""Dân trí, 2021/22 to 2025: `article.singular-container`."""

from __future__ import annotations

from tests.replica.filler import target
from tests.replica.pages import dantri_common as common
from tests.replica.pages.heads import document
from tests.replica.pages.parts import Page, a, between, day_and_time, e, flow, local


def render(page: Page) -> str:
    """Print an article in the singular template."""
    body = (
        f'{common.menu(page)}<main class="body container"><div class="body-container">'
        '<div class="singular-sidebar" data-module="article-sidebar"></div><div class="grid-container">'
        f'<div class="singular-wrap">{_above(page)}{_crumbs(page)}{_article(page)}{_below(page)}</div></div>'
        "</div></main>"
        f"{common.business(page)}"
    )
    return document(page, common.head(page) + common.data_layer(page), body, weight=target(page.url))


def _above(page: Page) -> str:
    return "<ol>" + "".join(f"<li>{e(line)}</li>" for line in page.noise.above) + "</ol>" if page.noise.above else ""


def _crumbs(page: Page) -> str:
    links = "".join(
        f'<li><a title="{a(name)}" href="{page.section_url}" data-content-name="article-breadcrumb"'
        f' data-content-piece="article-breadcrumb-position_{place}" data-track-content="">{e(name)}</a></li>'
        for place, name in enumerate((page.section, "Tin tức"), 1)
    )
    return f'<ul class="breadcrumbs">{links}</ul>'


def _article(page: Page) -> str:
    article = page.article
    printed = between(flow(article.blocks, common.markup(page)), _boxes(page), page.random("boxes"))
    source = article.source_line.removeprefix("Theo ")
    theo = "Theo " if source != article.source_line else ""
    return (
        f'<article class="singular-container"><h1 class="title-page detail">{e(article.title)}</h1>{_author(page)}'
        f'<div data-module="article-audio" data-article-id="{page.number}"></div>'
        f'<h2 class="singular-sapo">{e(article.lead)}</h2><div class="singular-content">{"".join(printed)}</div>'
        + (f'<div class="singular-source">{theo}<strong>{e(source)}</strong></div>' if source else "")
        + "</article>"
    )


def _author(page: Page) -> str:
    names = "".join(f'<a href="{common.author_url(name)}"><b>{e(name)}</b></a>' for name in page.article.byline)
    shown = day_and_time(page.published)
    return (
        '<div class="author-wrap"><div class="author-avatar"><span> <i class="avatar-default"> </i> </span></div>'
        f'<div class="author-meta"><div class="author-name">{names}</div><time class="author-time"'
        f' datetime="{local(page.published):%Y-%m-%d %H:%M}">{shown}</time></div></div>'
    )


def _boxes(page: Page) -> list[str]:
    key = page.ticking("unit").randrange(100_000, 999_999)
    return [
        f'<div id="dta-{key}-container" class="dta-unit" style="border-bottom: 0px">Quảng cáo</div>',
        common.related(page, "article", 1, start=5),
    ]


def _below(page: Page) -> str:
    return (
        f'<div data-module="interaction" data-object-id="{page.number}"></div>'
        f'<div data-module="reaction-object" data-object-id="{page.number}"></div>{common.event(page)}'
        f"{common.related(page, 'aside', 3)}{common.tags(page)}"
        f'<div id="comment" data-module="comment" data-objectid="{page.number}"><div class="comment-head flex-jcb">'
        f"Bình luận ({page.ticking('comments').randrange(90)})</div></div>"
    )
