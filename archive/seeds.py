"""The five seeds: reference articles as they were given, with what each of their characters is."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from archive.errors import Damaged
from archive.text import squash
from archive.values import Article, Block, Kind

_KINDS = {kind.value for kind in Kind}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Characters `start` (0-based) up to, not including, `end` of a seed's text, and the part that they are.

    `owner` is 0 for the seed's own article, n for the n-th article that the page contains below it. `what` says more.
    """

    part: str
    start: int
    end: int
    what: str = ""
    owner: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """One reference article: its file's text, and the article annotated in it.

    `published` is known to the minute or None; `date` is what is known otherwise (`2022-12`, `2022-01-21`). `noise` is
    one string a line. Articles that the page holds below the first are `article.contained`.
    """

    number: int
    name: str
    path: str
    sha256: str
    text: str
    outlet: str
    era: str
    url: str
    published: datetime | None
    date: str
    article: Article
    event_line: str
    noise: tuple[str, ...]
    spans: tuple[Span, ...]

    def slices(self, part: str, *, owner: int = 0) -> tuple[str, ...]:
        """Give the texts of a part, as they stand in the file."""
        return _slices(self.text, self.spans, part, owner=owner)


def _slices(text: str, spans: Iterable[Span], part: str, *, owner: int = 0) -> tuple[str, ...]:
    return tuple(text[span.start : span.end] for span in spans if (span.part, span.owner) == (part, owner))


def _spans(entry: dict[str, Any]) -> tuple[Span, ...]:
    lists = [entry["spans"], *(part["spans"] for part in entry.get("contained", ()))]
    return tuple(
        Span(part=row[0], start=row[1], end=row[2], what=row[3] if len(row) > 3 else "", owner=owner)
        for owner, rows in enumerate(lists)
        for row in rows
    )


def _article(text: str, spans: tuple[Span, ...], owner: int = 0, **known: Any) -> Article:
    def one(part: str) -> str:
        return squash(" ".join(_slices(text, spans, part, owner=owner)))

    byline = tuple(squash(name) for name in _slices(text, spans, "byline", owner=owner))
    return Article(
        title=one("title"),
        byline=byline,
        byline_raw=squash(" ".join([*byline, one("agency")])),
        agency=one("agency"),
        lead=one("lead"),
        lead_prefix="".join(_slices(text, spans, "lead_prefix", owner=owner)),
        blocks=tuple(
            Block(kind=Kind(span.part), text=squash(text[span.start : span.end]))
            for span in spans
            if span.owner == owner and span.part in _KINDS
        ),
        source_line=one("source_line"),
        published_raw=one("published"),
        event=one("event_line").partition(": ")[2],
        **known,
    )


def _seed(entry: dict[str, Any], folder: Traversable) -> Seed:
    data = (folder / entry["file"]).read_bytes()
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise Damaged(f"the seed {entry['file']} is not the file that was given: restore it from the repository")
    text, spans, url = data.decode("utf-8"), _spans(entry), entry.get("url", "")
    published = entry["published"].astimezone(UTC) if "published" in entry else None
    contained = tuple(_article(text, spans, owner) for owner in range(1, 1 + len(entry.get("contained", ()))))
    noise = "\n".join(_slices(text, spans, "noise")).splitlines()
    return Seed(
        **{key: entry[key] for key in ("number", "name", "sha256", "outlet", "era")},
        path=str(folder / entry["file"]),
        text=text,
        url=url,
        published=published,
        date=entry.get("date", ""),
        article=_article(text, spans, published=published, canonical=url, contained=contained),
        event_line=squash(" ".join(_slices(text, spans, "event_line"))),
        noise=tuple(line for line in map(squash, noise) if line),
        spans=spans,
    )


def _folder() -> Traversable:
    """Find the seeds: beside this module in an installed wheel, else in the repository."""
    package = resources.files("archive")
    inside = package / "seeds"
    return inside if inside.is_dir() else package / ".." / "seeds"


@cache
def load() -> tuple[Seed, ...]:
    """Give the five seeds in the order of their numbers.

    Raises Damaged when a seed's file is not byte for byte the one that was given.

    >>> [seed.outlet for seed in load()]
    ['dantri', 'laodong', 'vietgiaitri', 'laodong', 'vietnamplus']
    """
    table = tomllib.loads((resources.files("archive") / "seeds.toml").read_text("utf-8"))
    folder = _folder()
    return tuple(_seed(entry, folder) for entry in table["seed"])
