"""The content system that VietnamPlus (2023 on) and Nhân Dân share: `article__title cms-title` and its kin."""

from __future__ import annotations

from dataclasses import dataclass

from archive.values import Kind
from tests.replica.filler import headline, target
from tests.replica.pages.parts import (
    GIF,
    Markup,
    Page,
    a,
    between,
    day_and_time,
    document,
    e,
    flow,
    graph,
    iso,
    ld,
    linked,
    local,
    meta,
    news_article,
    slugged,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What differs between the outlets that use the system."""

    name: str
    home: str
    media: str
    tag_url: str
    tag_mark: str
    menu: str


VIETNAMPLUS = House(
    name="Vietnam+ (VietnamPlus)",
    home="https://www.vietnamplus.vn",
    media="https://media.vietnamplus.vn",
    tag_url="/tag/{slug}-tag{number}.vnp",
    tag_mark="#",
    menu="Chính trị,Thế giới,Kinh tế,Xã hội,Đời sống,Văn hóa,Thể thao,Khoa học,Công nghệ,Môi trường,Du lịch,Ôtô-Xe máy",
)
NHANDAN = House(
    name="Báo Nhân Dân điện tử",
    home="https://nhandan.vn",
    media="https://cdn.nhandan.vn",
    tag_url="/tu-khoa/{slug}-tag{number}.html",
    tag_mark="",
    menu="Chính trị,Kinh tế,Văn hóa,Xã hội,Pháp luật,Du lịch,Thế giới,Thể thao,Giáo dục,Y tế,Môi trường,Bạn đọc",
)


def render_vietnamplus(page: Page) -> str:
    """Print an article of VietnamPlus, 2023 on."""
    middle = (
        f"{_avatar(page, VIETNAMPLUS)}{_title(page)}"
        f'<div class="article__meta">{_time(page, f"{local(page.published):%d/%m/%Y %H:%M}")}'
        "<div id='shortenlink-container'></div>"
        f"</div>{_social(page)}{_body(page, VIETNAMPLUS)}{_tags(page, VIETNAMPLUS)}"
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
        f"{_avatar(page, NHANDAN)}{_ad('ArticleAfterAvatar')}{_body(page, NHANDAN)}"
        f'<div class="article-footer">{_related(page)}{_tags(page, NHANDAN)}<div class="wrap-comment"'
        f' id="comment{page.number}" data-id="{page.number}" data-type="20"></div></div></div></div>'
    )
    return _whole(page, NHANDAN, f'<div class="article">{middle}</div>', '<body class="detail-normal">')


def _whole(page: Page, house: House, middle: str, body_tag: str) -> str:
    body = (
        f'{_ad("Masthead")}<header class="site-header-topic"><ul class="menu">{_menu(page, house)}</ul></header>'
        f'<div class="site-body">{_ad("Background")}<div class="container">{_ad("Top")}{middle}'
        f'<div class="sub-col sidebar-right">{_stories(page)}</div></div></div>'
    )
    top = f'<!DOCTYPE html> <html lang="vi" class="{page.outlet}"> '
    return document(page, _head(page, house), body, weight=target(page.url), body_tag=body_tag, top=top)


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
            graph(page, house.name, _picture(page, house, 1)) + meta("property", "article:tag", tags),
            meta("property", "article:section", page.section),
            meta("property", "article:published_time", iso(page.published)),
            meta("property", "article:modified_time", iso(page.modified)),
            ld({"@type": "BreadcrumbList", "itemListElement": [crumbs]}),
            news_article(page, author=person, publisher=house.name),
        ]
    )


def _ad(place: str) -> str:
    return (
        f'<div id="sdaWeb_Sda{place}" class="rennab " data-platform="1" data-position="Web_Sda{place}"'
        ' style="display:none"></div>'
    )


def _menu(page: Page, house: House) -> str:
    return "".join(f'<li><a href="{house.home}/" title="{name}">{name}</a></li>' for name in house.menu.split(","))


def _title(page: Page) -> str:
    return (
        f'<h1 class="article__title cms-title "> {e(page.article.title)} </h1> <div class="article__sapo cms-desc">'
        f" <p>{e(page.article.lead)}</p> </div> {_ad('ArticleAfterSapo')}"
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
    """Print the lead picture, which stands outside the body."""
    blocks = page.article.blocks
    if not blocks or blocks[0].kind is not Kind.CAPTION:
        return ""
    caption = blocks[0].text
    return (
        f'<figure class="article__avatar "> <img class="cms-photo" src="{_picture(page, house, 1)}" alt="{a(caption)}"'
        f' cms-photo-caption="{a(caption)}"/> <figcaption>{e(caption)}</figcaption> </figure>'
    )


def _picture(page: Page, house: House, number: int) -> str:
    return f"{house.media}/images/{page.random('picture', number).getrandbits(128):032x}/anh-{number}.jpg.avif"


def _figure(page: Page, house: House, caption: str, number: int) -> str:
    return (
        f'<figure><img class="cms-photo lazyload" src="{GIF}" data-src="{_picture(page, house, number)}"'
        f' alt="{a(caption)}" cms-photo-caption="{a(caption)}"/><figcaption>{e(caption)}</figcaption></figure>'
    )


def _body(page: Page, house: House) -> str:
    article = page.article
    rest = article.blocks[1:] if _avatar(page, house) else article.blocks
    relate = f'<a href="{page.teaser(2).url}" target="_blank" class="cms-relate">'
    markup = Markup(
        paragraph=lambda text: f"<p>{linked(text, page.random('link', text), relate)}</p>\n",
        figure=lambda caption, number: _figure(page, house, caption, number),
    )
    printed = between(flow(rest, markup, first=2), _boxes(page), page.random("boxes"))
    return (
        '<div class="article__body zce-content-body cms-body" itemprop="articleBody"> '
        f"{''.join(printed)}{_closing(page, house)}{_ad('ArticleAfterBody')} </div>"
    )


def _closing(page: Page, house: House) -> str:
    line, names = page.article.source_line, ", ".join(page.article.byline)
    source = f'<div class="article__source"> <div class="source"> <span class="name">{e(line)}</span> </div> </div>'
    author = f'<div class="article__author"> <p class="name">{e(names)}</p> </div> '
    return (author if names else "") + (source if line else "")


def _boxes(page: Page) -> list[str]:
    boxes = [_middle(page, ""), _relate(page)] + ([_middle(page, "1")] if len(page.article.blocks) > 6 else [])
    return boxes + ([_note(page)] if page.outlet == "nhandan" and page.random("note").random() < 0.3 else [])


def _middle(page: Page, number: str) -> str:
    key = page.ticking("middle", number).randrange(10**6)
    place = f"SdaArticleMiddle{number}"
    return (
        f'<div class="sda_middle"> <div id="sdaWeb_{place}" class="rennab fyi" data-platform="1"'
        f' data-position="Web_{place}"><p>QC {key}</p></div>\n</div>\n'
    )


def _relate(page: Page) -> str:
    story = _story(page, 5)
    return f'<div class="article-relate"><div class="related-news">{story}</div></div>'


def _note(page: Page) -> str:
    random = page.random("notebox")
    lines = "".join(f"<p>{e(headline(random))}</p>" for _ in range(3))
    return f'<div class="notebox align-center cms-note"> <p><b>Bên lề</b></p> {lines}</div>\n'


def _related(page: Page) -> str:
    stories = "".join(_story(page, index) for index in (0, 1))
    return (
        '<div class="related-news"> <h3 class="box-heading"> <span class="title">Tin liên quan </span> </h3>'
        f' <div class="box-content" data-source="related-news">{stories}</div> </div>'
    )


def _story(page: Page, index: int) -> str:
    teaser = page.teaser(index)
    return (
        f'<article class="story"> <h2 class="story__heading" data-tracking="{teaser.number}"> <a class=" cms-link"'
        f' href="{teaser.url}" title="{a(teaser.title)}"> {e(teaser.title)} </a> </h2> </article>'
    )


def _stories(page: Page) -> str:
    views = page.ticking("views").randrange(1000, 90_000)
    stories = "".join(_story(page, index) for index in range(2, 6))
    return (
        '<div class="trending fyi-position"> <h3 class="box-heading"> <span class="title">Tin đọc nhiều</span> </h3>'
        f' <div class="box-content" data-source="mostread-news">{stories}<p>{views} lượt đọc</p></div> </div>'
    )


def _tags(page: Page, house: House) -> str:
    return '<div class="article__tag"> ' + "".join(_tag(tag, house) for tag in page.article.tags) + "</div>"


def _tag(tag: str, house: House) -> str:
    url = house.home + house.tag_url.format(slug=slugged(tag), number=sum(map(ord, tag)))
    return f'<a class="link active" href="{url}" title="{a(tag)}">{house.tag_mark}{e(tag)}</a> '
