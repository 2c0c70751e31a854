"""What the outlets have to print: every story's articles and the five seeds, each at its own address."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from archive import seeds
from archive.values import Article
from tests.replica.pages.parts import Noise, slugged
from tests.replica.site import stamp
from tests.replica.sites import SITES
from tests.replica.stories import Story, StoryArticle


class Told(Protocol):
    """A text that changes over time."""

    @property
    def published(self) -> datetime:
        """Say when the outlet first printed it."""

    def at(self, time: datetime) -> Article | None:
        """Give the text as it stood then, None before it was published."""

    def modified_at(self, time: datetime) -> datetime:
        """Give the time of modification that the page owned to then."""

    def removed_at(self, time: datetime) -> bool:
        """Tell whether it was taken down by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article of one outlet, with the address it lives at. `old` pieces are listed last, whatever the time."""

    outlet: str
    era: str
    number: str
    path: str
    section: str
    told: Told
    story: str
    old: bool = False
    noise: Noise = field(default_factory=Noise)

    @property
    def url(self) -> str:
        """Give the article's address."""
        return SITES[self.outlet].home + self.path

    def shown(self, now: datetime) -> Article | None:
        """Give the text that the page shows: None before publication and once it was taken down."""
        return None if self.told.removed_at(now) else self.told.at(now)

    def changed(self, now: datetime) -> datetime:
        """Say when the text last really changed, silent edits too: what the server knows."""
        edits = getattr(self.told, "edits", ())
        return max([self.told.published, *(t for t in (self.told.published + e.after for e in edits) if t <= now)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A seed as a text that never changes."""

    article: Article
    published: datetime

    def at(self, time: datetime) -> Article | None:
        """Give the text; it was printed long ago."""
        return self.article

    def modified_at(self, time: datetime) -> datetime:
        """Give the time of publication."""
        return self.published

    def removed_at(self, time: datetime) -> bool:
        """Tell that it is still there."""
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and when a seed was printed, as far as it is known; the rest is likely and invented."""

    era: str
    number: str
    published: str
    tags: tuple[str, ...]


PLACES = (
    Place(era="2021", number="20221207083912641", published="2022-12-07T09:12+07:00", tags=("Nga", "NATO", "Ukraine")),
    Place(era="2021", number="994312", published="2022-01-13T07:53+07:00", tags=("Nga", "NATO", "Ukraina")),
    Place(era="2021", number="6282017", published="2022-01-21T23:40+07:00", tags=()),
    Place(era="2022", number="1111480", published="2022-10-31T06:48+07:00", tags=("Nga", "Mỹ", "đàm phán")),
    Place(era="2021", number="762281", published="2021-12-27T08:05+07:00", tags=("Nga", "Mỹ")),
)


def seed_pieces() -> tuple[Piece, ...]:
    """Give the five seeds as articles of their outlets, in their pages' eras."""
    return tuple(_seed_piece(seed, place) for seed, place in zip(seeds.load(), PLACES, strict=True))


def _seed_piece(seed: seeds.Seed, place: Place) -> Piece:
    published = seed.published or datetime.fromisoformat(place.published)
    slug = slugged(seed.article.title)
    site = SITES[seed.outlet]
    path = site.address(slug, "the-gioi", place.number, published, place.era)
    if seed.url and seed.url != site.home + path:
        path = seed.url.removeprefix(site.home)
    return Piece(
        outlet=seed.outlet,
        era=place.era,
        number=place.number,
        path=path,
        section="the-gioi",
        told=Given(article=replace(seed.article, tags=place.tags), published=published),
        story=f"seed {seed.number}",
        old=True,
        noise=_noise(seed),
    )


def _noise(seed: seeds.Seed) -> Noise:
    """Give what a seed's page shows beside the article, from the lines of the seed's own file."""
    lines = [line.strip() for line in seed.text.splitlines() if line.strip()]
    if seed.number == 0:
        return Noise(
            above=tuple(line.split(". ", 1)[1] for line in lines[:3]), event=seed.event_line.partition(": ")[2]
        )
    if seed.number == 2:
        title = seed.article.contained[1].title
        return Noise(further=(title, lines[-1].removeprefix(title).strip()))
    if seed.number == 3:
        return Noise(sign_off=seed.article.byline[0], twice=True, below=tuple(lines[lines.index("TIN LIÊN QUAN") :]))
    bracket = next((line for line in lines if line.startswith("[")), "")
    return Noise(bracket=bracket)


def pieces(stories: Iterable[Story]) -> tuple[Piece, ...]:
    """Give all stories' articles in order of publication; each outlet's numbers rise with time."""
    told = [(story.name, article) for story in stories for article in story.articles]
    told.sort(key=lambda entry: (entry[1].published, entry[1].slug))
    used: dict[str, int] = {}
    return tuple(_piece(name, article, used) for name, article in told)


def _piece(story: str, article: StoryArticle, used: dict[str, int]) -> Piece:
    site = SITES[article.outlet]
    number = _number(article, used)
    return Piece(
        outlet=article.outlet,
        era=article.era,
        number=number,
        path=site.address(article.slug, article.section, number, article.published, article.era),
        section=article.section,
        told=article,
        story=story,
    )


def _number(article: StoryArticle, used: dict[str, int]) -> str:
    """Give the outlet's own number of an article: a stamp of time, or the next of a rising series."""
    first = SITES[article.outlet].first_number
    if not first:
        return stamp(article.slug, article.published)
    used[article.outlet] = used.get(article.outlet, first) + 7 + len(article.slug) % 11
    return str(used[article.outlet])


def further(piece: Piece, everything: Sequence[Piece]) -> tuple[Article, ...]:
    """Give the texts that an aggregator prints below an article: those the page holds, else two of other stories."""
    own = piece.told.at(piece.told.published)
    if piece.old or own is None:
        return own.contained[:1] if own else ()
    earlier = [
        other
        for other in everything
        if other.story != piece.story and not other.old and other.told.published < piece.told.published
    ]
    texts = [other.told.at(piece.told.published) for other in earlier[-2:]]
    return tuple(text for text in texts if text is not None)
