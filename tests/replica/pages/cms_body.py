"""The article's body in the content system of VietnamPlus and Nhân Dân, with the boxes that stand in it."""

from __future__ import annotations

from dataclasses import dataclass

from archive.values import Kind
from tests.replica.filler import headline
from tests.replica.pages.parts import GIF, Markup, Page, a, between, e, flow, linked


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


def opens_with_picture(page: Page) -> bool:
    """Tell whether the article has a lead picture, which stands outside the body."""
    return bool(page.article.blocks) and page.article.blocks[0].kind is Kind.CAPTION


def picture(page: Page, house: House, number: int) -> str:
    """Give a picture's address."""
    return f"{house.media}/images/{page.random('picture', number).getrandbits(128):032x}/anh-{number}.jpg.avif"


def _figure(page: Page, house: House, caption: str, number: int) -> str:
    return (
        f'<figure><img class="cms-photo lazyload" src="{GIF}" data-src="{picture(page, house, number)}"'
        f' alt="{a(caption)}" cms-photo-caption="{a(caption)}"/><figcaption>{e(caption)}</figcaption></figure>'
    )


def body(page: Page, house: House) -> str:
    """Print the body, source line and writer in it."""
    article = page.article
    rest = article.blocks[1:] if opens_with_picture(page) else article.blocks
    relate = f'<a href="{page.teaser(2).url}" target="_blank" class="cms-relate">'
    markup = Markup(
        paragraph=lambda text: f"<p>{linked(text, page.random('link', text), relate)}</p>\n",
        figure=lambda caption, number: _figure(page, house, caption, number),
    )
    printed = between(flow(rest, markup, first=2), _boxes(page), page.random("boxes"))
    return (
        '<div class="article__body zce-content-body cms-body" itemprop="articleBody"> '
        f"{''.join(printed)}{_closing(page, house)}{advertisement('ArticleAfterBody')} </div>"
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
    return f'<div class="article-relate"><div class="related-news">{story(page, 5)}</div></div>'


def _note(page: Page) -> str:
    random = page.random("notebox")
    lines = "".join(f"<p>{e(headline(random))}</p>" for _ in range(3))
    return f'<div class="notebox align-center cms-note"> <p><b>Bên lề</b></p> {lines}</div>\n'


def story(page: Page, index: int) -> str:
    """Print another article as lists and boxes show it."""
    teaser = page.teaser(index)
    return (
        f'<article class="story"> <h2 class="story__heading" data-tracking="{teaser.number}"> <a class=" cms-link"'
        f' href="{teaser.url}" title="{a(teaser.title)}"> {e(teaser.title)} </a> </h2> </article>'
    )


def advertisement(place: str) -> str:
    """Print an empty place for an advertisement."""
    return (
        f'<div id="sdaWeb_Sda{place}" class="rennab " data-platform="1" data-position="Web_Sda{place}"'
        ' style="display:none"></div>'
    )
