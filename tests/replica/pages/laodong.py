"""Lao Động: the Angular template of about 2021, and `article.article-detail` of 2022 on."""

from __future__ import annotations

from collections.abc import Sequence

from archive.values import Block, Kind
from tests.replica.filler import headline, target
from tests.replica.pages.heads import document, graph, ld, meta
from tests.replica.pages.parts import GIF, Markup, Page, a, between, day_and_time, e, flow, iso, linked, local

HOME = "https://laodong.vn"
MENU = "Thời sự,Thế giới,Xã hội,Pháp luật,Kinh tế,Công đoàn,Bất động sản,Văn hóa,Giải trí,Thể thao,Sức khỏe,Xe +"


def render_2021(page: Page) -> str:
    """Print an article in the Angular template."""
    article = page.article
    authors = ", ".join(article.byline) + " LDO" if article.byline else ""
    above, blocks = _lead_picture(page, "")
    body = (
        f'{_top(page)}<div ng-controller="ChiTietTinCtrl as vm" articleid="{page.number}">{above}'
        f'<h1>{e(article.title)}</h1><p><span class="authors">{e(authors)}</span> |'
        f" {local(page.published):%d/%m/%Y %H:%M}</p>"
        f'<div class="chappeau"><p>{e(article.lead)}</p></div>'
        f'<div class="art-body">{_flow(page, blocks, "")}{_closing(page)}</div>{_related(page)}{_tags(page)}</div>'
        f"{_lists(page)}"
    )
    return _whole(page, body)


def render_2022(page: Page) -> str:
    """Print an article in the template of 2022 on."""
    article = page.article
    author = f'<span class="author">{e(", ".join(article.byline))}</span> | ' if article.byline else ""
    above, blocks = _lead_picture(page, "insert-center-image")
    shown = day_and_time(page.published, "{day}, {date} {time}")
    time = "" if _undated(page) else f'<span class="time">{shown}</span>'
    body = (
        f'{_top(page)}<div class="wrapper-01"><article class="article-detail">{above}'
        f'<h1 class="title">{e(article.title)}</h1><div>{author}{time}</div>'
        f'<div class="chappeau">{e(article.lead)}</div><div id="gallery-ctt" class="art-body"'
        f' itemprop="articleBody">{_flow(page, blocks, "insert-center-image")}{_closing(page)}</div>{_tags(page)}'
        f"</article>{_related(page)}{_lists(page)}</div>"
    )
    return _whole(page, body)


def _undated(page: Page) -> bool:
    """Tell whether the page prints no time, as that of the fourth seed."""
    return bool(page.noise.sign_off)


def _whole(page: Page, body: str) -> str:
    article = page.article
    head = "".join(
        [
            f'<meta charset="utf-8"><title>{e(article.title)}</title>{meta("name", "description", article.lead)}',
            meta("name", "keywords", ", ".join(article.tags)),
            meta("name", "robots", "noarchive,index,follow"),
            graph(page, "laodong.vn", f"https://media-cdn.laodong.vn{_photo(page, 1)}"),
            meta("property", "article:published_time", iso(page.published)),
            meta("property", "article:section", page.section),
            f'<link rel="canonical" href="{page.url}">{_structured(page)}',
        ]
    )
    return document(page, head, body, weight=target(page.url))


def _structured(page: Page) -> str:
    """Print the structured data: a list, whose last member is the article."""
    site = {"@type": "WebSite", "name": "Lao Động Online | LAODONG.VN", "url": f"{HOME}/"}
    people = [{"@type": "Person", "name": name} for name in page.article.byline]
    news = {
        "@type": "NewsArticle",
        "headline": page.article.title,
        "datePublished": iso(page.published),
        "dateModified": iso(page.modified),
        "author": people,
    }
    return ld(site, news)


def _top(page: Page) -> str:
    random = page.random("menu")
    entries = "".join(f'<li><a href="{HOME}/">{name}</a></li>' for name in MENU.split(","))
    newest = "".join(f"<li><a>{e(headline(random))}</a></li>" for _ in range(8))
    return (
        f"<header><ul>{entries}</ul><div>MỚI NHẤT</div><ul>{newest}</ul>"
        "<div>CƠ QUAN CỦA TỔNG LIÊN ĐOÀN LAO ĐỘNG VIỆT NAM</div></header>"
    )


def _lead_picture(page: Page, figure_class: str) -> tuple[str, Sequence[Block]]:
    """Print the picture that stands above the headline when the article begins with one (second seed)."""
    blocks = page.article.blocks
    if blocks and blocks[0].kind is Kind.CAPTION:
        return _figure(page, blocks[0].text, 1, figure_class), blocks[1:]
    return "", blocks


def _flow(page: Page, blocks: Sequence[Block], figure_class: str) -> str:
    first = 1 + len(page.article.blocks) - len(blocks)
    link = f'<a href="{HOME}/">'
    markup = Markup(
        paragraph=lambda text: f"<p>{linked(text, page.random('link', text), link)}</p>",
        figure=lambda caption, number: _figure(page, caption, number, figure_class),
        subhead=lambda text: f"<h3><strong>{e(text)}</strong></h3>",
    )
    return "".join(between(flow(blocks, markup, first=first), [_inline(page)], page.random("boxes")))


def _figure(page: Page, caption: str, number: int, figure_class: str) -> str:
    address = f"https://media-cdn.laodong.vn{_photo(page, number)}"
    named = f' class="{figure_class}"' if figure_class else ""
    text = f"<figcaption>{e(caption)}</figcaption>" * (2 if page.noise.twice else 1)
    return (
        f'<figure{named}><img data-src="{address}" class="lazyload" alt="{a(caption)}" width="660" height="440"'
        f' src="{GIF}">{text}</figure>'
    )


def _photo(page: Page, number: int) -> str:
    day = local(page.published)
    return f"/storage/newsportal/{day.year}/{day.month}/{day.day}/{page.number}/anh-{number}.jpg"


def _inline(page: Page) -> str:
    """Print the box of related articles as it also stands between paragraphs."""
    links = "".join(f'<div><a href="{t.url}">{e(t.title)}</a></div>' for t in (page.teaser(6), page.teaser(7)))
    return f'<div class="tin-lien-quan">{links}</div>'


def _closing(page: Page) -> str:
    """Print what stands after the last block: the source line, the writer's name once more."""
    line, sign = page.article.source_line, page.noise.sign_off
    source = f"<p>{e(line)}</p>" if line else ""
    return source + (f'<p style="text-align:right"><strong>{e(sign)}</strong></p>' if sign else "")


def _tags(page: Page) -> str:
    links = "".join(f'<a href="{HOME}/tags/{a(tag.replace(" ", "-"))}.ldo">{e(tag)}</a>' for tag in page.article.tags)
    return f'<div class="lst-tags">{links}</div>' if links else ""


def _related(page: Page) -> str:
    """Print the related articles below: those of the seed's file, or others of the outlet."""
    below = page.noise.below
    if below:
        lines = "".join(f"<div><a>{e(line)}</a></div>" for line in below)
        return f'<div class="tin-lien-quan">{lines}</div>'
    entries = "".join(
        f'<div><a href="{teaser.url}">{e(teaser.title)}</a><p>{e(teaser.lead)}</p></div>'
        for teaser in map(page.teaser, range(3))
    )
    return f'<div class="tin-lien-quan"><h3>TIN LIÊN QUAN</h3>{entries}</div>'


def _lists(page: Page) -> str:
    random = page.ticking("lists")
    newest = "".join(f"<li>{e(headline(random))} ({random.randint(1, 59)} phút trước)</li>" for _ in range(10))
    return f'<div class="related"><h3>Tin mới nhất</h3><ul>{newest}</ul><h3>Gợi ý dành cho bạn</h3></div>'
