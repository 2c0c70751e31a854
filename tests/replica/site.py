"""What the replica knows of an outlet's site: hosts, sections, feeds, addresses, manners."""

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
    from (slug, section, number, published, era); `months` the path of a month's sitemap. `tag` says what the ETag
    digests: the article's text, the whole page, or nothing. `gone` is the status of an article that was taken down;
    `cookies` are set with every page.
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
    months: str = ""
    chunked: bool = False
    cookies: tuple[str, ...] = ()

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
