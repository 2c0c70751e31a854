"""VietnamPlus of 2017 and 2021: `header.article-header` and `div.article-body.cms-body`, captions bare in a div."""

from __future__ import annotations

from tests.replica.filler import headline, target
from tests.replica.pages.heads import document, graph, meta, news_article
from tests.replica.pages.parts import Markup, Page, a, between, e, flow, iso, local, slugged

HOME = "https://www.vietnamplus.vn"


def render_2017(page: Page) -> str:
    """Print an article of 2017: its text stands loose in the body, cut by line breaks."""
    markup = Markup(
        paragraph=lambda text: f"{e(text)}<br /><br />\n",
        figure=lambda caption, number: _photo(page, caption, number, alt=""),
        quote=lambda text: f"<blockquote>{e(text)}</blockquote>\n",
    )
    source = e(page.article.source_line)
    return _whole(page, markup, source, [_video(page)], " AdAsia")


def render_2021(page: Page) -> str:
    """Print an article of 2021: paragraphs, pictures named after the headline, related links in square brackets."""
    title = page.article.title
    markup = Markup(figure=lambda caption, number: _photo(page, caption, number, alt=f"{title} ảnh {number}"))
    source = f"<p>{e(page.article.source_line)}</p>" if page.article.source_line else ""
    bracket = page.noise.bracket or f"[{page.teaser(4).title}]"
    return _whole(page, markup, source, [f'<p><a href="{page.teaser(4).url}">{e(bracket)}</a></p>'])


def _whole(page: Page, markup: Markup, source: str, boxes: list[str], ads: str = "") -> str:
    article = page.article
    printed = "".join(between(flow(article.blocks, markup), boxes, page.random("boxes")))
    body = (
        f'{_menu()}<header class="article-header"><h1 class="cms-title">{e(article.title)}</h1>\n'
        f'<p class="meta">{_author(page)} <time datetime="{iso(page.published)}">'
        f'{local(page.published):%d/%m/%Y %H:%M} GMT+7</time><a class="print" rel="nofollow noopener" target="_blank"'
        f' href="{HOME}/Utilities/Print.aspx?contentid={page.number}"><i class="fa fa-print"></i>Bản in</a></p>\n'
        f'</header>\n<div class="cms-desc">{e(article.lead)}</div>\n<div class="article-body cms-body{ads}">\n'
        f"{printed}{source}</div>{_below(page)}"
    )
    return document(page, _head(page), body, weight=target(page.url))


def _head(page: Page) -> str:
    article = page.article
    tags = ",".join(article.tags)
    person = {"@type": "Person", "name": article.byline[0] if article.byline else ""}
    return "".join(
        [
            f"<title>{e(article.title)}</title>{meta('http-equiv', 'Content-Type', 'text/html; charset=utf-8')}",
            meta("name", "description", article.lead) + meta("name", "keywords", tags),
            meta("name", "author", "Vietnam+ (VietnamPlus)") + f'<link rel="canonical" href="{page.url}" />',
            graph(page, "Vietnam+ (VietnamPlus)", _picture(page, 1)) + meta("property", "article:tag", tags),
            meta("property", "article:section", page.section),
            meta("property", "article:published_time", iso(page.published)),
            meta("property", "article:modified_time", iso(page.modified)),
            news_article(page, author=person, publisher="Vietnam+ (VietnamPlus)"),
        ]
    )


def _menu() -> str:
    names = [
        "Chính trị",
        "Kinh tế",
        "Xã hội",
        "Thế giới",
        "Văn hóa",
        "Thể thao",
        "Khoa học",
        "Công nghệ",
        "Chuyện lạ",
        "Môi trường",
    ]
    return "<ul>" + "".join(f'<li><a href="{HOME}/">{name}</a></li>' for name in names) + "</ul>"


def _author(page: Page) -> str:
    names, agency = ", ".join(page.article.byline), "(TTXVN/Vietnam+)" if page.article.agency else ""
    shown = f"{names} {agency}".strip()
    return f'<span class="author cms-author">{e(shown)}</span>' if names else ""


def _picture(page: Page, number: int) -> str:
    day = local(page.published)
    name = f"{slugged(page.article.title)[:30]}{number}.jpg"
    return f"https://img.vietnamplus.vn/t660/Uploaded/ngtmbh/{day:%Y_%m_%d}/{name}"


def _photo(page: Page, caption: str, number: int, alt: str) -> str:
    url = _picture(page, number)
    return (
        f'<div class="article-photo"><a href="{url}" data-index="{number - 1}"><img src="{url}" alt="{a(alt)}" /></a>'
        f"{e(caption)}</div>\n"
    )


def _video(page: Page) -> str:
    key = page.ticking("sas").randrange(10**6, 10**7)
    return (
        f'<div id="sas_intextContainer_{key}">\n<div id="sas_relDiv_{key}">\n<div id="sas_absDiv_{key}">Quảng cáo\n'
        "</div>\n</div>\n</div>\n"
    )


def _below(page: Page) -> str:
    random = page.ticking("below")
    entries = "".join(
        f'<li><a href="{teaser.url}">{e(teaser.title)}</a> {random.randrange(900)}</li>'
        for teaser in map(page.teaser, range(4))
    )
    return f"<div><h3>Tin cùng chuyên mục</h3><ul>{entries}</ul><p>{e(headline(random))}</p></div>"
