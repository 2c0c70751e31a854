"""Thousands of articles for batteries: syllables of our own stories in random order, the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from random import Random

from archive.values import Article, Block, Kind
from tests.replica.filler import rng
from tests.replica.stories import Story, StoryArticle, load

PLACES = (("dantri", "2026"), ("laodong", "2022"), ("vietnamplus", "2023"), ("baotintuc", "2020"))
PARAGRAPHS, SENTENCES, SYLLABLES = 6, 3, 18


def many(
    count: int, *, now: datetime, outlets: tuple[str, ...] = ("dantri", "laodong", "vietnamplus")
) -> tuple[Story, ...]:
    """Give this many one-article stories, published within a day before `now`: news sitemaps list them."""
    places = [place for place in PLACES if place[0] in outlets]
    return tuple(
        Story(name=f"many-{number}", articles=(_article(number, *places[number % len(places)], now=now),))
        for number in range(count)
    )


def _article(number: int, outlet: str, era: str, *, now: datetime) -> StoryArticle:
    random = rng("many", number)
    title = f"{_sentence(random, 9).rstrip('.')} {number}"
    blocks = tuple(Block(kind=Kind.PARAGRAPH, text=text) for text in _paragraphs(random))
    lead = f"(Dân trí) - {_sentence(random)}" if outlet == "dantri" else _sentence(random)
    first = Article(title=title, lead=lead, blocks=blocks, byline=("Minh Hà",), section="xa-hoi", tags=("thử",))
    return StoryArticle(
        outlet=outlet,
        era=era,
        slug=f"bai-thu-{number}",
        section="xa-hoi",
        published=now - timedelta(seconds=30 * (number + 2)),
        first=first,
    )


def _paragraphs(random: Random) -> Iterator[str]:
    for _ in range(PARAGRAPHS):
        yield " ".join(_sentence(random) for _ in range(SENTENCES))


def _sentence(random: Random, length: int = SYLLABLES) -> str:
    return " ".join(random.choices(_syllables(), k=length)).capitalize() + "."


@cache
def _syllables() -> tuple[str, ...]:
    texts = (block.text for story in load() for article in story.articles for block in article.first.blocks)
    return tuple(sorted({word.lower() for text in texts for word in text.split() if word.isalpha()}))
