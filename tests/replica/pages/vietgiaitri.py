"""vietgiaitri.com, an aggregator: `div.entry.clearfix`, and further articles in full below the first."""

from __future__ import annotations

from collections.abc import Sequence

from archive.values import Article
from tests.replica.filler import headline, target
from tests.replica.pages.heads import document, graph, meta
from tests.replica.pages.parts import Markup, Page, a, e, flow, local

MENU = "Sao Việt,Sao Châu Á,Phim,Nhạc,Thời trang,Làm đẹp,Thế giới,Pháp luật,Thể thao,Ẩm thực,Du lịch,Công nghệ"


def render(page: Page) -> str:
    """Print an article, others below it."""
    article = page.article
    first = _blocks(page, article, video_after=3)
    others = "".join(_other(page, other) for other in page.further) + _head_only(page.noise.further)
    source = f"<p>{e(article.source_line)}</p>" if article.source_line else ""
    body = (
        f"{_menu(page)}<h1>{e(article.title)}</h1><div>{local(page.published):%H:%M %d/%m/%Y}</div>"
        f'<div class="entry clearfix"><p><strong>{e(article.lead)}</strong></p>{first}{source}{others}'
        f"</div>{_below(page)}"
    )
    head = (
        f'<meta charset="utf-8"><title>{e(article.title)} - Việt Giải Trí</title>{_meta(page)}'
        f'<link rel="canonical" href="{page.url}">'
    )
    return document(page, head, body, weight=target(page.url))


def _meta(page: Page) -> str:
    picture = "https://t.vietgiaitri.com/anh-1.jpg"
    keywords = meta("name", "keywords", ", ".join(page.article.tags))
    return meta("name", "description", page.article.lead) + keywords + graph(page, "Việt Giải Trí", picture)


def _menu(page: Page) -> str:
    return "<ul>" + "".join(f'<li><a href="/">{name}</a></li>' for name in MENU.split(",")) + "</ul>"


def _blocks(page: Page, article: Article, *, video_after: int) -> str:
    markup = Markup(figure=lambda caption, number: _figure(article, caption, number))
    printed = flow(article.blocks, markup)
    if video_after:
        printed.insert(min(video_after, len(printed) - 1), "<div>Video đang HOT</div>")
    return "\n".join(printed)


def _figure(article: Article, caption: str, number: int) -> str:
    alt = a(f"{article.title} - Hình {number}")
    return (
        f'<figure><img src="https://t.vietgiaitri.com/anh-{number}.jpg" alt="{alt}"><figcaption>{e(caption)}'
        "</figcaption></figure>"
    )


def _other(page: Page, article: Article) -> str:
    """Print a further article in full, as the outlet puts it below the first."""
    return (
        f"<h2>{e(article.title)}</h2><p><strong>{e(article.lead)}</strong></p>{_blocks(page, article, video_after=0)}"
    )


def _head_only(texts: Sequence[str]) -> str:
    """Print the head of one more article: its title, then what follows run together, as the seed's file has it."""
    return f"<h2>{e(texts[0])}</h2><div>{e(texts[1])}</div>" if texts else ""


def _below(page: Page) -> str:
    random = page.ticking("below")
    entries = "".join(f"<li>{e(headline(random))} - {random.randrange(50_000)} lượt xem</li>" for _ in range(12))
    return f"<div>Theo dõi VGT trên</div><ul>{entries}</ul>"
