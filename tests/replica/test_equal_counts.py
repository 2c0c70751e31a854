"""The replica is built as the outlets' real pages are, not as our extractor would like them.

For every era with a saved real page: each selector of the template matches equally often on that page and on a replica
page with the same blocks, and the replica's article uses no class, id or data attribute that the outlet does not.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

import lxml.html
import pytest

from archive.values import Article, Capture, Outcome, Reading
from pipeline.extract import extract
from pipeline.outlet import Template, load_outlets
from pipeline.selector import compiled, split_attribute
from tests.replica import saved
from tests.replica.clock import read_time
from tests.replica.pages import render
from tests.replica.pages.parts import Noise, Page
from tests.replica.sites import SITES
from tests.replica.stories import load
from tests.replica.world import World

FOLDER = os.environ.get("ARCHIVE_REAL_PAGES", "")
pytestmark = pytest.mark.skipif(not FOLDER, reason="ARCHIVE_REAL_PAGES names no folder of saved real pages")

NOW = read_time("2026-11-20T23:30:00+07:00")
ONE = ("match", "title", "lead", "published", "source_line", "body", "event", "media")
SEVERAL = ("byline", "section", "tags", "captions")

#: What the person who saved a page cut away, by the beginning of the file's name.
CUT = {
    "dantri/2022-12_": {"byline", "published", "section", "event"},
    "dantri/2025-05-06_": {"byline", "section"},
    "vietnamplus/2017-12-04_": {"title", "lead"},
}
#: Names that crawlers' code reports of an outlet and that no saved page has.
REPORTED = {"vietnamplus": "article-relate", "nhandan": "article-relate"}
REGION = {
    "dantri": "//main",
    "vietnamplus": '//div[@class="site-body" or starts-with(@class, "article-b")] | //header[@class="article-header"]',
    "nhandan": '//div[@class="site-body"]',
    "baotintuc": '//div[contains(@class, "detail-content ")]',
    "vnexpress": '//section[contains(@class, "page-detail")]',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A saved page and the replica's page with the same number of blocks of each kind."""

    name: str
    template: Template
    real: str
    played: str
    cut: frozenset[str]


@cache
def world() -> World:
    return World(load(), {})


def read(outlet: str, url: str, body: bytes) -> Reading:
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    capture = Capture(
        outlet=outlet, url=url, fetched_at=NOW, outcome=Outcome.OK, status=200, headers=headers, body=body
    )
    return extract(capture, load_outlets()[outlet])


def alike(article: Article) -> Article:
    """Give an article of the same shape with text of our own."""
    blocks = tuple(
        replace(block, text=f"Câu thứ {number} của một bài thử, dài vừa đủ để đứng làm một đoạn trong trang này.")
        for number, block in enumerate(article.blocks)
    )
    tags = tuple(f"thẻ {number}" for number in range(len(article.tags)))
    lead = f"{article.lead_prefix}Mở đầu của bài thử." if article.lead else ""
    byline = tuple(f"Người Viết {number}" for number in range(len(article.byline)))
    return replace(article, title="Tên của bài thử", lead=lead, blocks=blocks, tags=tags, byline=byline)


def played(outlet: str, era: str, article: Article) -> str:
    known = (piece for piece in world().pieces if (piece.outlet, piece.era) == (outlet, era))
    piece = next(piece for piece in known if piece.shown(NOW) and not piece.old)
    page: Page = replace(world().page(piece, NOW), article=alike(article), noise=Noise(event=article.event))
    return render(page)


@cache
def pairs() -> tuple[Pair, ...]:
    return tuple(_pairs(Path(FOLDER)))


def _pairs(folder: Path) -> Iterator[Pair]:
    for page in saved.load(folder).values():
        outlet = page.site.name
        reading = read(outlet, page.teaser.url, page.body)
        file = next(file for file in (folder / outlet).iterdir() if file.read_bytes() == page.body)
        if reading.article is None:
            raise AssertionError(f"{file} is an article's page, and was read as {reading.outcome}: {reading.reason}")
        template = next(template for template in load_outlets()[outlet].templates if template.name == reading.template)
        cut = [fields for start, fields in CUT.items() if f"{outlet}/{file.name}".startswith(start)]
        yield Pair(
            name=file.name,
            template=template,
            real=page.body.decode("utf-8"),
            played=played(outlet, template.era, reading.article),
            cut=frozenset().union(*cut),
        )


def count(html: str, selector: str) -> int:
    return len(compiled(split_attribute(selector)[0])(lxml.html.fromstring(html)))


def test_every_era_with_a_saved_page_is_compared() -> None:
    eras = {pair.template.name for pair in pairs()}
    assert eras >= {"dantri/2021", "dantri/emagazine", "dantri/2026", "vietnamplus/2017", "vietnamplus/2023"}
    assert eras >= {"baotintuc/2020", "nhandan/2023", "vnexpress/2020"}


def test_each_selector_matches_as_often_on_the_replicas_page_as_on_the_real_one() -> None:
    unlike = []
    for pair in pairs():
        for field in (*ONE, *SEVERAL):
            for selector in getattr(pair.template, field):
                real, ours = count(pair.real, selector), count(pair.played, selector)
                near = abs(real - ours) <= (1 if field in SEVERAL else 0)
                unlike += [] if near or field in pair.cut else [(pair.name, field, selector, real, ours)]
    assert unlike == []


@pytest.mark.parametrize("tag", ["p", "figure", "figcaption", "img"])
def test_bodies_hold_as_many_of_each_element_outside_their_noise(tag: str) -> None:
    unlike = []
    for pair in pairs():
        counts = [_body_count(html, pair.template, tag) for html in (pair.real, pair.played)]
        # A real picture may go without a caption; the replica prints one picture for each caption.
        bare = counts[0] - _body_count(pair.real, pair.template, "figcaption") if tag in ("img", "figure") else 0
        unlike += [] if abs(counts[0] - bare - counts[1]) <= 1 else [(pair.name, tag, *counts)]
    assert unlike == []


def _body_count(html: str, template: Template, tag: str) -> int:
    tree = lxml.html.fromstring(html)
    for selector in template.strip:
        for box in compiled(selector)(tree):
            box.drop_tree()
    own = f"descendant::{tag}[not(ancestor::figcaption)]"
    return sum(len(body.xpath(own)) for body in compiled(template.body[0])(tree))


def test_noise_that_most_real_pages_of_an_era_have_stands_on_the_replicas_too() -> None:
    missing = []
    for template in {pair.template for pair in pairs()}:
        own = [pair for pair in pairs() if pair.template == template]
        for selector in template.strip:
            usual = sum(count(pair.real, selector) > 0 for pair in own) * 2 > len(own)
            missing += [(template.name, selector)] if usual and not count(own[0].played, selector) else []
    assert missing == []


@cache
def used_by(outlet: str) -> str:
    """Give all that an outlet's saved pages say, numbers left out; the two sister outlets vouch for each other."""
    sisters = ("vietnamplus", "nhandan") if outlet in ("vietnamplus", "nhandan") else (outlet,)
    files = (file for sister in sisters for file in sorted((Path(FOLDER) / sister).glob("*.html")))
    return _bare(" ".join(file.read_text("utf-8", "replace") for file in files)) + " " + REPORTED.get(outlet, "")


def _bare(text: str) -> str:
    return re.sub(r"\d+", "", text)


@pytest.mark.parametrize("outlet", sorted(REGION))
def test_the_replica_uses_no_name_that_the_outlet_does_not_use(outlet: str) -> None:
    known = set(re.findall(r"[\w-]+", used_by(outlet)))
    strange = {name for html in _articles(outlet, NOW) for name in _names(html, REGION[outlet]) if name not in known}
    assert strange == set()


def _articles(outlet: str, now: datetime) -> Iterator[str]:
    for piece in world().pieces:
        if piece.outlet == outlet and piece.shown(now):
            yield world().answer(SITES[outlet], piece.path, now).body.decode()


def _names(html: str, region: str) -> Iterator[str]:
    """Give the classes, ids and data attributes inside the article's part of a page."""
    for part in lxml.html.fromstring(html).xpath(region):
        for element in part.iter(lxml.etree.Element):
            for attribute, value in element.attrib.items():
                if attribute.startswith("data-"):
                    yield _bare(attribute)
                if attribute in ("class", "id", "data-slot", "data-module", "data-content-name"):
                    yield from re.findall(r"[\w-]+", _bare(value))
