"""The outlets as the replica plays them: hosts, sections, feeds with each outlet's quirks, addresses, manners."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tests.replica.filler import rng
from tests.replica.pages.parts import local

NAMES = {
    "thoi-su": "Thời sự",
    "the-gioi": "Thế giới",
    "kinh-te": "Kinh tế",
    "xa-hoi": "Xã hội",
    "phap-luat": "Pháp luật",
    "van-hoa": "Văn hóa",
    "the-thao": "Thể thao",
    "giao-duc": "Giáo dục",
    "khoa-hoc": "Khoa học",
}
HOME = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One outlet's site.

    `feeds` maps a path to (section or HOME, style); `section` gives a section's path; `address` gives an article's path
    from (slug, section's path stem, number, published, era). `tag` says what the ETag digests: the article's text, the
    whole page, or nothing. `gone` is the status of an article that was taken down.
    """

    name: str
    display: str
    host: str
    aliases: tuple[str, ...]
    section: Callable[[str], str]
    address: Callable[[str, str, str, datetime, str], str]
    feeds: dict[str, tuple[str, str]]
    sitemaps: tuple[str, ...]
    codings: tuple[str, ...]
    first_number: int
    tag: str = "text"
    last_modified: bool = True
    gone: int = 404
    disallow: tuple[str, ...] = ()
    crawl_delay: int = 0
    page_path: str = "{path}?page={number}"

    @property
    def home(self) -> str:
        """Give the address of the home page, without the last slash."""
        return f"https://{self.host}"

    def robots(self) -> str:
        """Give robots.txt; a crawl delay stands in it for some outlets only."""
        lines = ["User-agent: *", *(f"Disallow: {path}" for path in self.disallow)]
        lines += [f"Crawl-delay: {self.crawl_delay}"] if self.crawl_delay else []
        return "\n".join([*lines, *(f"Sitemap: {self.home}{path}" for path in self.sitemaps), ""])


def stamp(slug: str, published: datetime) -> str:
    """Give the 17 digits of an address: when the article was begun, which is some time before it was published."""
    random = rng(slug, "stamp")
    begun = local(published).timestamp() - random.randrange(300, 9_000)
    return f"{local(datetime.fromtimestamp(begun, published.tzinfo)):%Y%m%d%H%M%S}{random.randrange(1000):03d}"


def _named(names: dict[str, str], pattern: str) -> Callable[[str], str]:
    return lambda section: pattern.format(names.get(section, section))


def _feeds(pattern: str, style: str, names: dict[str, str], home: str = "home") -> dict[str, tuple[str, str]]:
    sections = {pattern.format(names.get(section, section)): (section, style) for section in NAMES}
    return {pattern.format(home): (HOME, style), **sections}


_DANTRI = {"kinh-te": "kinh-doanh"}
_VIETNAMPLUS = {section: section.replace("-", "") for section in NAMES}
_NHANDAN = {
    "kinh-te": "kinhte-1185",
    "the-gioi": "thegioi-1231",
    **{
        key: f"{key.replace('-', '')}-{1170 + at}" for at, key in enumerate(NAMES) if key not in ("kinh-te", "the-gioi")
    },
}
_BAOTINTUC = {
    "thoi-su": "thoi-su-472ct0",
    "the-gioi": "the-gioi-130ct0",
    "kinh-te": "kinh-te-128ct0",
    "xa-hoi": "xa-hoi-129ct0",
    "phap-luat": "phap-luat-475ct0",
    "the-thao": "the-thao-273ct0",
    "van-hoa": "van-hoa-158ct0",
    "giao-duc": "giao-duc-135ct0",
    "khoa-hoc": "khoa-hoc-cong-nghe-131ct0",
}


def _vietnamplus_address(slug: str, section: str, number: str, published: datetime, era: str) -> str:
    return f"/{slug}-post{number}.vnp" if era == "2023" else f"/{slug}/{number}.vnp"


SITES = {
    site.name: site
    for site in (
        Site(
            name="dantri",
            display="Dân trí",
            host="dantri.com.vn",
            aliases=("www.dantri.com.vn", "m.dantri.com.vn"),
            section=_named(_DANTRI, "/{}.htm"),
            address=lambda slug, section, number, *_: f"/{_DANTRI.get(section, section)}/{slug}-{number}.htm",
            feeds=_feeds("/rss/{}.rss", "bom", _DANTRI),
            sitemaps=("/google-news-sitemap.xml", "/sitemaps/articles.xml"),
            codings=("br", "gzip"),
            first_number=0,
            tag="page",
            last_modified=False,
            disallow=("/tim-kiem/", "/search/", "/*?*preview="),
            page_path="{stem}/trang-{number}.htm",
        ),
        Site(
            name="laodong",
            display="Lao Động",
            host="laodong.vn",
            aliases=("www.laodong.vn",),
            section=_named({}, "/{}/"),
            address=lambda slug, section, number, *_: f"/{section}/{slug}-{number}.ldo",
            feeds=_feeds("/rss/{}.rss", "plain", {}),
            sitemaps=("/sitemap.xml",),
            codings=("gzip",),
            first_number=1_748_200,
            tag="",
            disallow=("/tim-kiem", "/print/"),
            crawl_delay=1,
        ),
        Site(
            name="vietnamplus",
            display="VietnamPlus",
            host="www.vietnamplus.vn",
            aliases=("vietnamplus.vn",),
            section=_named(_VIETNAMPLUS, "/{}/"),
            address=_vietnamplus_address,
            feeds=_feeds("/rss/{}.rss", "colon", _VIETNAMPLUS),
            sitemaps=("/sitemap.xml",),
            codings=("gzip",),
            first_number=1_142_300,
            gone=410,
            disallow=("/tim-kiem/", "/print-", "/Utilities/"),
        ),
        Site(
            name="baotintuc",
            display="Báo Tin tức",
            host="baotintuc.vn",
            aliases=("www.baotintuc.vn",),
            section=_named(_BAOTINTUC, "/{}.htm"),
            address=lambda slug, section, number, *_: f"/{section}/{slug}-{number}.htm",
            feeds=_feeds("/{}.rss", "plain", {"khoa-hoc": "khoa-hoc-cong-nghe"}, "tin-moi-nhat"),
            sitemaps=("/sitemap.xml",),
            codings=("gzip", "deflate"),
            first_number=0,
            tag="",
            last_modified=False,
            page_path="{stem}/trang-{number}.htm",
        ),
        Site(
            name="nhandan",
            display="Báo Nhân Dân điện tử",
            host="nhandan.vn",
            aliases=("www.nhandan.vn",),
            section=_named(_VIETNAMPLUS, "/{}/"),
            address=lambda slug, section, number, *_: f"/{slug}-post{number}.html",
            feeds=_feeds("/rss/{}.rss", "colon", _NHANDAN),
            sitemaps=("/sitemap.xml",),
            codings=("br", "gzip"),
            first_number=1_001_400,
            gone=410,
            disallow=("/tim-kiem/", "/print.html", "/api/"),
        ),
        Site(
            name="vnexpress",
            display="VnExpress",
            host="vnexpress.net",
            aliases=("www.vnexpress.net",),
            section=_named({"kinh-te": "kinh-doanh"}, "/{}"),
            address=lambda slug, section, number, *_: f"/{slug}-{number}.html",
            feeds={
                **_feeds("/rss/{}.rss", "html", {"kinh-te": "kinh-doanh"}),
                "/rss/tin-moi-nhat.rss": (HOME, "odd"),
            },
            sitemaps=("/google-news-sitemap.xml",),
            codings=("zstd", "br", "gzip"),
            first_number=5_101_000,
            tag="page",
            last_modified=False,
            disallow=("/tim-kiem", "/interactions/"),
            page_path="{stem}-p{number}",
        ),
        Site(
            name="vietgiaitri",
            display="Việt Giải Trí",
            host="vietgiaitri.com",
            aliases=("www.vietgiaitri.com",),
            section=_named({}, "/{}/"),
            address=lambda slug, section, number, published, *_: f"/{slug}-{local(published):%Y%m%d}i{number}",
            feeds=_feeds("/rss/{}.rss", "plain", {}),
            sitemaps=("/sitemap.xml",),
            codings=("zstd", "gzip"),
            first_number=7_340_100,
            tag="",
            last_modified=False,
        ),
    )
}
