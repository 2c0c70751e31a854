"""What the templates of all outlets share: the page as a value, the flow of blocks, escaping, Vietnamese dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from html import escape
from itertools import groupby
from random import Random

from archive.text import fold
from archive.values import Article, Block, Kind
from tests.replica import filler

HANOI = timezone(timedelta(hours=7))
WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
GIF = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="


@dataclass(frozen=True, slots=True, kw_only=True)
class Teaser:
    """Another article as a list or a box shows it."""

    url: str
    title: str
    lead: str
    published: datetime
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """What a seed's page shows beside its article, line by line as the seed's file has it."""

    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    bracket: str = ""
    event: str = ""
    sign_off: str = ""
    twice: bool = False
    further: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that a template needs to print one article at one time."""

    outlet: str
    era: str
    url: str
    number: str
    article: Article
    section: str
    section_url: str
    published: datetime
    modified: datetime
    now: datetime
    teasers: tuple[Teaser, ...] = ()
    further: tuple[Article, ...] = ()
    noise: Noise = field(default_factory=Noise)

    def random(self, *parts: object) -> Random:
        """Give this page's own generator for one purpose: the clock does not change it."""
        return filler.rng(self.url, *parts)

    def ticking(self, *parts: object) -> Random:
        """Give a generator that changes with the clock, for counters and ids of advertisements."""
        return filler.rng(self.url, self.now.isoformat(timespec="minutes"), *parts)

    def teaser(self, index: int) -> Teaser:
        """Give the article that a box shows at this place; an invented one when the outlet has printed too few."""
        if self.teasers:
            return self.teasers[index % len(self.teasers)]
        title = filler.headline(self.random("teaser", index))
        return Teaser(url=self.section_url, title=title, lead=title + ".", published=self.published, number="0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """How one era prints each kind of block; `figure` takes the caption and the picture's number, counted from 1."""

    figure: Callable[[str, int], str]
    paragraph: Callable[[str], str] = lambda text: f"<p>{e(text)}</p>"
    subhead: Callable[[str], str] = lambda text: f"<h3>{e(text)}</h3>"
    quote: Callable[[str], str] = lambda text: f"<blockquote><p>{e(text)}</p></blockquote>"


def e(text: str) -> str:
    """Escape text for an element."""
    return escape(text, quote=False)


def a(text: str) -> str:
    """Escape text for an attribute."""
    return escape(text)


def flow(blocks: Sequence[Block], markup: Markup, *, first: int = 1) -> list[str]:
    """Print blocks in order; list items that follow one another share a list; pictures are counted from `first`."""
    printed: list[str] = []
    pictures = iter(range(first, 1000))
    for kind, group in groupby(blocks, key=lambda block: block.kind):
        texts = [block.text for block in group]
        if kind is Kind.LIST_ITEM:
            printed.append("<ul>" + "".join(f"<li>{e(text)}</li>" for text in texts) + "</ul>")
        else:
            printed += [_one(kind, text, markup, pictures) for text in texts]
    return printed


def _one(kind: Kind, text: str, markup: Markup, pictures: Iterator[int]) -> str:
    if kind is Kind.CAPTION:
        return markup.figure(text, next(pictures))
    prints = {Kind.SUBHEAD: markup.subhead, Kind.QUOTE: markup.quote}
    return prints.get(kind, markup.paragraph)(text)


def between(printed: Sequence[str], boxes: Iterable[str], random: Random) -> list[str]:
    """Put noise boxes between printed blocks, where the generator chooses: after the first text, before the last."""
    mixed = list(printed)
    for box in boxes:
        texts = [at for at, block in enumerate(mixed) if "<img" not in block] or [0]
        mixed.insert(random.randint(texts[0] + 1, max(texts[0] + 1, texts[-1])), box)
    return mixed


def linked(text: str, random: Random, opening: str, closing: str = "</a>") -> str:
    """Escape text as editors leave it: now and then two syllables linked by a script, one set in italics, a hard space.

    The text that a reader sees is the same.
    """
    words, what = text.split(" "), random.random()
    if len(words) < 12 or what > 0.3:
        return e(text) + ("&nbsp;" if what > 0.9 else "")
    at = random.randrange(4, len(words) - 4)
    if what > 0.12:
        opening, closing = "<em>", "</em>"
    begin, middle, end = (e(" ".join(part)) for part in (words[:at], words[at : at + 2], words[at + 2 :]))
    return f"{begin} {opening}{middle}{closing} {end}"


def local(moment: datetime) -> datetime:
    """Give a time as Hà Nội's clocks show it."""
    return moment.astimezone(HANOI)


def iso(moment: datetime) -> str:
    """Give a time in ISO 8601 with +07:00, to the second."""
    return local(moment).isoformat(timespec="seconds")


def day_and_time(moment: datetime, style: str = "{day}, {date} - {time}", *, capital: bool = False) -> str:
    """Print a time as outlets do; `capital` writes Thứ Hai for Thứ hai."""
    shown = local(moment)
    day = WEEKDAYS[shown.weekday()]
    return style.format(day=day.title() if capital else day, date=f"{shown:%d/%m/%Y}", time=f"{shown:%H:%M}")


def ago(then: datetime, now: datetime) -> str:
    """Say how long ago something was, as the boxes beside articles do.

    >>> from datetime import UTC
    >>> ago(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, 3, tzinfo=UTC))
    '3 giờ trước'
    """
    minutes = max(1, int((now - then).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} phút trước"
    return f"{minutes // 60} giờ trước" if minutes < 1440 else f"{minutes // 1440} ngày trước"


def slugged(text: str) -> str:
    """Make an ASCII slug of Vietnamese text.

    >>> slugged("Bạch An")
    'bach-an'
    """
    return "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in fold(text)).split())
