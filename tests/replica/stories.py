"""The stories the replica tells: text of our own, read from `stories/*.toml`, with its edits over time.

A story is one event; its articles are what the outlets printed of it. Every key is checked on load, and every edit is
applied once, so that a story which cannot be told fails before a server stands.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from archive.text import squash
from archive.values import Article, Block, Kind

FOLDER = Path(__file__).parent / "stories"
ERAS = {
    "dantri": ("2021", "emagazine", "2026"),
    "laodong": ("2021", "2022"),
    "vietnamplus": ("2017", "2021", "2023"),
    "baotintuc": ("2020",),
    "nhandan": ("2023",),
    "vnexpress": ("2020",),
    "vietgiaitri": ("2021",),
}
SECTIONS = frozenset(
    ["thoi-su", "the-gioi", "kinh-te", "xa-hoi", "phap-luat", "van-hoa", "the-thao", "giao-duc", "khoa-hoc"]
)
WHATS = frozenset(
    ["number", "name", "date", "quote", "headline", "lead", "caption", "typography", "paragraph", "correction"]
)
KINDS = frozenset({Kind.PARAGRAPH, Kind.CAPTION, Kind.SUBHEAD, Kind.QUOTE, Kind.LIST_ITEM})
FIRST = datetime.fromisoformat("2026-11-16T00:00:00+07:00")
LAST = datetime.fromisoformat("2026-11-20T23:00:00+07:00")

_NEEDED = {"outlet", "era", "slug", "section", "published", "title", "lead", "blocks"}
_ALLOWED = _NEEDED | {"byline", "agency", "source_line", "tags", "removed_after", "edit"}
_EDIT_KEYS = {"after", "what", "replace", "drop", "append", "touch_modified"}
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """One change of an article, `after` its publication; without `touch_modified` the outlet keeps silent about it."""

    after: timedelta
    what: str
    replace: tuple[tuple[str, str], ...] = ()
    drop: tuple[str, ...] = ()
    append: tuple[Block, ...] = ()
    touch_modified: bool = True

    def apply(self, article: Article) -> Article:
        """Give the article with this edit made; raise ValueError when a text to replace or to drop is not in it."""
        for old, new in self.replace:
            article = _replaced(article, old, new)
        for text in self.drop:
            if text not in [block.text for block in article.blocks]:
                raise ValueError(f"no block to drop reads {text!r}")
        kept = tuple(block for block in article.blocks if block.text not in self.drop)
        return replace(article, blocks=kept + self.append)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryArticle:
    """What one outlet printed of a story; `first` is its text as published, times are UTC."""

    outlet: str
    era: str
    slug: str
    section: str
    published: datetime
    first: Article
    edits: tuple[Edit, ...] = ()
    removed_after: timedelta | None = None

    def at(self, time: datetime) -> Article | None:
        """Give the text as it stood at this aware time: None before publication, the last text after removal."""
        if time < self.published:
            return None
        article = self.first
        for edit in self._made(time):
            article = edit.apply(article)
        return replace(article, modified=self.modified_at(time))

    def modified_at(self, time: datetime) -> datetime:
        """Give the time of modification that the page shows at this time: silent edits do not move it."""
        told = [self.published + edit.after for edit in self._made(time) if edit.touch_modified]
        return max(told, default=self.published)

    def removed_at(self, time: datetime) -> bool:
        """Tell whether the outlet has taken the article down by this time."""
        return self.removed_after is not None and time >= self.published + self.removed_after

    def _made(self, time: datetime) -> Iterable[Edit]:
        return (edit for edit in self.edits if self.published + edit.after <= time)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One event and all that the outlets printed of it."""

    name: str
    articles: tuple[StoryArticle, ...]


def load(folder: Path = FOLDER) -> tuple[Story, ...]:
    """Read all stories in name order; raise ValueError naming the file, the article and what is wrong with it."""
    stories = tuple(_story(path) for path in sorted(folder.glob("*.toml")))
    seen: dict[tuple[str, str], str] = {}
    for name, article in [(story.name, article) for story in stories for article in story.articles]:
        key = (article.outlet, article.slug)
        _check(key not in seen, f"{name}.toml: slug {key[1]!r} of {key[0]} is taken in {seen.get(key)}.toml")
        seen[key] = name
    return stories


def duration(text: str) -> timedelta:
    """Read a length of time such as 90m, 2h or 1d.

    >>> duration("26h")
    datetime.timedelta(days=1, seconds=7200)
    """
    match = re.fullmatch(r"(\d+)([mhd])", text)
    if match is None:
        raise ValueError(f"{text!r} is no length of time: write 90m, 2h or 1d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _story(path: Path) -> Story:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        _check(set(data) == {"story", "article"}, f"keys are {sorted(data)}, wanted story and article")
        _check(data["story"] == path.stem, f"story is {data['story']!r}, wanted {path.stem!r}")
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from error
    return Story(name=path.stem, articles=tuple(_named(path, _article, entry) for entry in data["article"]))


def _named(path: Path, read: Callable[[Mapping[str, Any]], StoryArticle], entry: Mapping[str, Any]) -> StoryArticle:
    try:
        return read(entry)
    except (ValueError, TypeError, KeyError) as error:
        where = f"{entry.get('outlet', '?')}/{entry.get('slug', '?')}"
        raise ValueError(f"{path.name}: {where}: {error}") from error


def _article(entry: Mapping[str, Any]) -> StoryArticle:
    keys = set(entry)
    _check(keys >= _NEEDED, f"keys missing: {sorted(_NEEDED - keys)}")
    _check(keys <= _ALLOWED, f"unknown keys: {sorted(keys - _ALLOWED)}")
    _check(entry["era"] in ERAS.get(entry["outlet"], ()), f"no era {entry['era']!r} of outlet {entry['outlet']!r}")
    _check(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["slug"]) is not None, "slug is not plain a-z, 0-9 and hyphens")
    _check(entry["section"] in SECTIONS, f"no section {entry['section']!r}")
    _check(FIRST <= entry["published"] <= LAST, f"published {entry['published']} is outside {FIRST} to {LAST}")
    removed = entry.get("removed_after")
    article = StoryArticle(
        **{key: entry[key] for key in ("outlet", "era", "slug", "section")},
        published=entry["published"].astimezone(UTC),
        first=_text(entry),
        edits=tuple(_edit(edit) for edit in entry.get("edit", ())),
        removed_after=None if removed is None else duration(removed),
    )
    afters = [edit.after for edit in article.edits]
    _check(afters == sorted(afters), "edits are not in time order")
    article.at(datetime.max.replace(tzinfo=UTC))
    return article


def _text(entry: Mapping[str, Any]) -> Article:
    prefix = "(Dân trí) - " if entry["outlet"] == "dantri" else ""
    _check(entry["lead"].startswith(prefix), f"lead does not begin with {prefix!r}")
    return Article(
        title=_clean(entry["title"]),
        byline=tuple(map(_clean, entry.get("byline", ()))),
        lead=_clean(entry["lead"]),
        blocks=_blocks(entry["blocks"]),
        source_line=_clean(entry.get("source_line", "")),
        lead_prefix=prefix,
        agency=_clean(entry.get("agency", "")),
        published=entry["published"].astimezone(UTC),
        section=entry["section"],
        tags=tuple(map(_clean, entry.get("tags", ()))),
    )


def _edit(entry: Mapping[str, Any]) -> Edit:
    _check(set(entry) <= _EDIT_KEYS, f"unknown keys of an edit: {sorted(set(entry) - _EDIT_KEYS)}")
    _check(entry["what"] in WHATS, f"no kind of edit {entry['what']!r}")
    return Edit(
        after=duration(entry["after"]),
        what=entry["what"],
        replace=tuple((old, new) for old, new in entry.get("replace", ())),
        drop=tuple(entry.get("drop", ())),
        append=_blocks(entry.get("append", ())),
        touch_modified=entry.get("touch_modified", True),
    )


def _blocks(entries: Iterable[Mapping[str, str]]) -> tuple[Block, ...]:
    blocks = tuple(Block(kind=Kind(entry["kind"]), text=_clean(entry["text"])) for entry in entries)
    _check(all(block.kind in KINDS for block in blocks), f"kinds of blocks are {sorted(KINDS)}")
    return blocks


def _clean(text: str) -> str:
    _check(text == squash(text), f"not squashed NFC: {text!r}")
    return text


def _replaced(article: Article, old: str, new: str) -> Article:
    texts = [article.title, article.lead, article.source_line, *(block.text for block in article.blocks)]
    _check(any(old in text for text in texts), f"nothing to replace reads {old!r}")
    return replace(
        article,
        title=article.title.replace(old, new),
        lead=article.lead.replace(old, new),
        source_line=article.source_line.replace(old, new),
        blocks=tuple(replace(block, text=block.text.replace(old, new)) for block in article.blocks),
    )


def _check(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)
