"""The outlets that the replica plays, each with its own addresses and manners."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tests.replica.pages.parts import local
from tests.replica.site import HOME, NAMES, Site


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
            months="/sitemaps/news-{:%Y-%m}.xml",
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
            cookies=("ASP.NET_SessionId=ban0sao1thu2; path=/; HttpOnly", "visited=1; path=/"),
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
            months="/sitemaps/news-{0.year}-{0.month}.xml",
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
            chunked=True,
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
