"""A folder of saved pages, served at their own addresses; they belong to their publishers and never come with us."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from tests.replica.pages.parts import Teaser
from tests.replica.site import Site
from tests.replica.sites import SITES

_LINK = re.compile(r"<(?:link|meta)\b[^>]*>", re.IGNORECASE)
_DIGITS = re.compile(r"(?P<slug>[a-z0-9-]+)-(?P<number>\d{17})")
_DAY = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?_")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedPage:
    """One saved page: its file's bytes, and how lists show it."""

    site: Site
    path: str
    body: bytes
    teaser: Teaser


def load(folder: Path) -> dict[tuple[str, str], SavedPage]:
    """Read a folder of saved pages: `<outlet>/<file>.html`; give them by host and path.

    The address is the page's own canonical or og:url, else what its name tells (Dân trí's `<slug>-<17 digits>`); pages
    that name no article's address (homes, sections, fragments) are left out.
    """
    found = (page for site in SITES.values() for page in _pages(site, folder / site.name))
    return {(page.site.host, page.path): page for page in found}


def _pages(site: Site, folder: Path) -> Iterator[SavedPage]:
    for file in sorted(folder.glob("*.html")):
        body = file.read_bytes()
        text = body.decode("utf-8", "replace")
        path = _path(site, text, file.stem)
        if path:
            yield SavedPage(site=site, path=path, body=body, teaser=_teaser(site, path, text, file.stem))


def _path(site: Site, text: str, stem: str) -> str:
    """Find a page's path: what it calls its own address, else what its scripts or its file's name tell."""
    own = next((path for path in map(_article_path, _addresses(text)) if path), "")
    return own or _path_by_number(text) or _path_by_name(text, stem)


def _path_by_number(text: str) -> str:
    """Find the path that a page's own number leads to: Dân trí's `data-article-id`, VietnamPlus' print link."""
    number = re.search(r'data-(?:article-id|idnews)="(\d{17})"', text)
    linked = number and re.search(rf'"(?:https://dantri\.com\.vn)?(/[a-z0-9/-]+-{number[1]}\.htm)', text)
    printed = re.search(r"Print\.aspx\?contentid=(\d+)", text)
    return linked[1] if linked else f"/ban-luu/{printed[1]}.vnp" if printed else ""


def _path_by_name(text: str, stem: str) -> str:
    named = _DIGITS.search(stem)
    section = re.search(r'data-url-cate="/([a-z-]+)\.htm"', text)
    return f"/{section[1] if section else 'the-gioi'}/{named['slug']}-{named['number']}.htm" if named else ""


def _addresses(text: str) -> Iterator[str]:
    """Give the addresses that a page calls its own, canonical first."""
    tags = [re.sub(r"\s+", " ", tag) for tag in _LINK.findall(text[:200_000])]
    for mark, attribute in (('rel="canonical"', "href"), ('property="og:url"', "content")):
        for tag in tags:
            value = re.search(rf'{attribute}="([^"]+)"', tag)
            if mark in tag and value:
                yield unescape(value[1])


def _article_path(address: str) -> str:
    path = urlsplit(address).path
    return path if re.search(r"\d{4,}", path.rpartition("/")[2] or path) else ""


def _teaser(site: Site, path: str, text: str, stem: str) -> Teaser:
    title = re.search(r'property="og:title"\s+content="([^"]+)"|<title>([^<]+)</title>', text)
    day = _DAY.search(stem)
    published = (
        datetime(int(day[1]), int(day[2]), int(day[3] or 1), tzinfo=UTC) if day else datetime(2020, 1, 1, tzinfo=UTC)
    )
    shown = unescape(next(filter(None, title.groups()), path)).strip() if title else path
    number = re.findall(r"\d{4,}", path)[-1]
    return Teaser(url=site.home + path, title=shown, lead=shown, published=published, number=number)
