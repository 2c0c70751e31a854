"""Dân trí's e-magazines and photo stories: `article.e-magazine`, the title sometimes only a picture."""

from __future__ import annotations

from archive.values import Kind
from tests.replica.filler import target
from tests.replica.pages import dantri_common as common
from tests.replica.pages.heads import document
from tests.replica.pages.parts import Page, a, between, day_and_time, e, flow

SUBHEAD = '<h4 class="align-center" contenteditable="false" data-theme="1">{}</h4>'


def render(page: Page) -> str:
    """Print a photo story, or an e-magazine under a cover picture when the article has chapters."""
    main = f'<main class="body container">{_magazine(page)}{common.tags(page)}</main>'
    body = f"{common.menu(page)}{main}{common.business(page)}"
    return document(page, common.head(page) + common.data_layer(page), body, weight=target(page.url))


def covered(page: Page) -> bool:
    """Tell whether the title is a picture: then no heading of the page has it as text."""
    return any(block.kind is Kind.SUBHEAD for block in page.article.blocks)


def _magazine(page: Page) -> str:
    markup = common.markup(page, "image align-overflow", SUBHEAD)
    unit = f'<div id="dta-{page.ticking("unit").randrange(10**6)}-container" class="dta-unit">Quảng cáo</div>'
    printed = between(flow(page.article.blocks, markup), [unit], page.random("boxes"))
    kind = "d-magazine" if covered(page) else "photo-story"
    inside = "".join(
        [_author(page), _sapo(page), f'<div class="e-magazine__body">{"".join(printed)}</div>', _source(page)]
    )
    if covered(page):
        return f'{_cover(page)}<article class="e-magazine bg-wrap {kind}">{inside}</article>'
    return f'<article class="e-magazine bg-wrap {kind}">{_heading(page)}{inside}</article>'


def _cover(page: Page) -> str:
    picture = common.picture_url(page, 99)
    return f'<div class="e-magazine__cover"><h1><img alt="{a(page.article.title)}" src="{picture}"></h1></div>'


def _heading(page: Page) -> str:
    return (
        f'<div class="e-magazine__maincate"><h3><a href="{page.section_url}">{e(page.section.upper())}</a></h3></div>'
        f'<div class="e-magazine__info"><h1 class="e-magazine__title">{e(page.article.title)}</h1></div>'
    )


def _sapo(page: Page) -> str:
    return f'<div class="e-magazine__sapo sapo-top">{e(page.article.lead)}</div>' if page.article.lead else ""


def _author(page: Page) -> str:
    """Print writer and time, in the classes that the outlet's own style sheet has for them."""
    if not page.article.byline:
        return ""
    name, time = e(", ".join(page.article.byline)), day_and_time(page.published)
    text = f'<div class="name">{name}</div><div class="time">{time}</div>'
    info = f'<div class="author-info"><div class="author-info__text">{text}</div></div>'
    return f'<div class="e-magazine__author-wrap"><div class="author">{info}</div></div>'


def _source(page: Page) -> str:
    line = page.article.source_line
    return f'<div class="singular-source">{e(line)}</div>' if line else ""
