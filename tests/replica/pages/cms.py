"""The content system that VietnamPlus (2023 on) and Nhân Dân share: `article__title cms-title` and its kin."""

from __future__ import annotations

from tests.replica.filler import target
from tests.replica.pages.cms_body import (
    NHANDAN,
    VIETNAMPLUS,
    House,
    advertisement,
    body,
    opens_with_picture,
    picture,
    story,
)
from tests.replica.pages.heads import document, graph, ld, meta, news_article
from tests.replica.pages.parts import Page, a, day_and_time, e, iso, local, slugged


def render_vietnamplus(page: Page) -> str:
    """Print an article of VietnamPlus, 2023 on."""
    middle = (
        f"{_avatar(page, VIETNAMPLUS)}{_title(page)}"
        f'<div class="article__meta">{_time(page, f"{local(page.published):%d/%m/%Y %H:%M}")}'
        "<div id='shortenlink-container'></div>"
        f"</div>{_social(page)}{body(page, VIETNAMPLUS)}{_tags(page, VIETNAMPLUS)}"
        f'<div class="wrap-comment" id="comment{page.number}" data-id="{page.number}" data-type="20"></div>'
    )
    return _whole(
        page, VIETNAMPLUS, f'{_crumbs_vietnamplus(page)}<div class="main-col article">{middle}</div>', "<body>"
    )


def render_nhandan(page: Page) -> str:
    """Print an article of Nhân Dân."""
    shown = day_and_time(page.published, "{day}, ngày {date} - {time}", capital=True)
    middle = (
        f'{_crumbs_nhandan(page)}<div class="article__header">{_title(page)}</div><div class="col">'
        '<div class="main-col content-col">'
        f'<div class="article__meta">{_time(page, shown)}<div class="features article__social">'
        f'<a href="javascript:void(0);" class="item fb" data-href="{page.url}" data-rel="facebook">Facebook</a>'
        f'<a href="https://www.google.com/" class="gg-prefer" rel="nofollow">Prefer Nhan Dan on Google</a></div></div>'
        f"{_avatar(page, NHANDAN)}{advertisement('ArticleAfterAvatar')}{body(page, NHANDAN)}"
        f'<div class="article-footer">{_related(page)}{_tags(page, NHANDAN)}<div class="wrap-comment"'
        f' id="comment{page.number}" data-id="{page.number}" data-type="20"></div></div></div></div>'
    )
    return _whole(page, NHANDAN, f'<div class="article">{middle}</div>', '<body class="detail-normal">')


def _whole(page: Page, house: House, middle: str, body_tag: str) -> str:
    inside = (
        f'{advertisement("Masthead")}<header class="site-header-topic"><ul class="menu">{_menu(page, house)}'
        "</ul></header>"
        f'<div class="site-body">{advertisement("Background")}<div class="container">{advertisement("Top")}{middle}'
        f'<div class="sub-col sidebar-right">{_stories(page)}</div></div></div>'
    )
    top = f'<!DOCTYPE html> <html lang="vi" class="{page.outlet}"> '
    return document(page, _head(page, house), inside, weight=target(page.url), body_tag=body_tag, top=top)


def _crumbs_vietnamplus(page: Page) -> str:
    links = "".join(f'<a href="{page.section_url}" title="{a(name)}">{e(name)}</a> ' for name in ("Tin ảnh", "Video"))
    main = f'<div class="main"> <a href="{page.section_url}" title="{a(page.section)}">{e(page.section)}</a> </div>'
    return f'<div class="breadcrumb "> {main} <div class="sub"> {links}</div> </div>'


def _crumbs_nhandan(page: Page) -> str:
    links = "".join(
        f'<h2 class="main"> <a href="{page.section_url}" title="{a(name)}">{e(name)}</a> </h2> '
        for name in (page.section, "Tin tức")
    )
    return f'<div class="breadcrumb breadcrumb-detail"> {links}</div>'


def _head(page: Page, house: House) -> str:
    article = page.article
    tags = ",".join(article.tags)
    person = {"@type": "Person", "name": article.byline[0] if article.byline else ""}
    crumbs = {"@type": "ListItem", "position": 1, "item": {"@id": page.section_url, "name": page.section}}
    return "".join(
        [
            f"<title>{e(article.title)}</title>{meta('name', 'description', article.lead)}",
            meta("name", "keywords", tags) + meta("name", "news_keywords", tags),
            meta("http-equiv", "Content-Type", "text/html; charset=utf-8") + meta("http-equiv", "refresh", "1800"),
            meta("name", "author", house.name) + meta("name", "GENERATOR", house.name),
            f"<script> var cmsConfig = {{ domainDesktop: '{house.home}', objectId: {page.number}, }}; </script>",
            f'<link rel="canonical" href="{page.url}" />',
            graph(page, house.name, picture(page, house, 1)) + meta("property", "article:tag", tags),
            meta("property", "article:section", page.section),
            meta("property", "article:published_time", iso(page.published)),
            meta("property", "article:modified_time", iso(page.modified)),
            ld({"@type": "BreadcrumbList", "itemListElement": [crumbs]}),
            news_article(page, author=person, publisher=house.name),
        ]
    )


def _menu(page: Page, house: House) -> str:
    return "".join(f'<li><a href="{house.home}/" title="{name}">{name}</a></li>' for name in house.menu.split(","))


def _title(page: Page) -> str:
    return (
        f'<h1 class="article__title cms-title "> {e(page.article.title)} </h1> <div class="article__sapo cms-desc">'
        f" <p>{e(page.article.lead)}</p> </div> {advertisement('ArticleAfterSapo')}"
    )


def _time(page: Page, shown: str) -> str:
    when = iso(page.published)
    return (
        f'<time class="time" datetime="{when}" data-time="{int(page.published.timestamp())}" data-friendly="false">'
        f'{shown}</time> <meta class="cms-date" itemprop="datePublished" content="{when}">'
    )


def _social(page: Page) -> str:
    return (
        '<div class="wrap-social"><div class="social-pin article__social"><a href="javascript:void(0);" class="item fb"'
        f' data-href="{page.url}" data-rel="facebook" title="Facebook">Facebook</a></div><a'
        ' href="https://news.google.com/" class="google-news" target="_blank">Theo dõi VietnamPlus </a></div>'
    )


def _avatar(page: Page, house: House) -> str:
    """Print the lead picture or the video, which stands outside the body."""
    if page.article.format == "video":
        return '<div class="article__avatar"><video controls="true" class="video_player"></video></div>'
    if not opens_with_picture(page):
        return ""
    caption = page.article.blocks[0].text
    return (
        f'<figure class="article__avatar "> <img class="cms-photo" src="{picture(page, house, 1)}" alt="{a(caption)}"'
        f' cms-photo-caption="{a(caption)}"/> <figcaption>{e(caption)}</figcaption> </figure>'
    )


def _related(page: Page) -> str:
    stories = "".join(story(page, index) for index in (0, 1))
    return (
        '<div class="related-news"> <h3 class="box-heading"> <span class="title">Tin liên quan </span> </h3>'
        f' <div class="box-content" data-source="related-news">{stories}</div> </div>'
    )


def _stories(page: Page) -> str:
    views = page.ticking("views").randrange(1000, 90_000)
    stories = "".join(story(page, index) for index in range(2, 6))
    return (
        '<div class="trending fyi-position"> <h3 class="box-heading"> <span class="title">Tin đọc nhiều</span> </h3>'
        f' <div class="box-content" data-source="mostread-news">{stories}<p>{views} lượt đọc</p></div> </div>'
    )


def _tags(page: Page, house: House) -> str:
    return '<div class="article__tag"> ' + "".join(_tag(tag, house) for tag in page.article.tags) + "</div>"


def _tag(tag: str, house: House) -> str:
    url = house.home + house.tag_url.format(slug=slugged(tag), number=sum(map(ord, tag)))
    return f'<a class="link active" href="{url}" title="{a(tag)}">{house.tag_mark}{e(tag)}</a> '
