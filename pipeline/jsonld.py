"""JSON-LD and meta tags: what a page tells machines. Article bodies in them are never read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

from archive.text import squash

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLES = frozenset(
    {"NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle", "BlogPosting"}
    | {"LiveBlogPosting", "VideoObject", "Report"}
)
_LONGEST = 2_000_000
_WRAPPED = re.compile(r"^\s*(?://\s*)?(?:<!--|<!\[CDATA\[)|(?://\s*)?(?:-->|\]\]>)\s*$")
_COMMA = re.compile(r",\s*([}\]])")
_KIND = re.compile(r'"@type"\s*:\s*"(\w{1,40})"')
_TIMES = re.compile(r'"(datePublished|dateModified)"\s*:\s*"([^"]{8,40})"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a page's head says: the article's JSON-LD object, and meta values by lower-case name, in page order."""

    article: dict[str, Any] = field(default_factory=dict)
    meta: dict[str, list[str]] = field(default_factory=dict)
    canonical: str = ""
    language: str = ""

    @property
    def news(self) -> bool:
        """Tell whether the head calls the page an article; a video may stand on any page."""
        return bool(_types(self.article) - {"VideoObject"})

    @property
    def live(self) -> bool:
        """Tell whether the head calls the page a live blog."""
        return "LiveBlogPosting" in _types(self.article)

    def first(self, *names: str) -> str:
        """Give the first value of the first of these meta names that has one."""
        return next((value for name in names for value in self.meta.get(name, ()) if value), "")

    def text(self, key: str) -> str:
        """Give a text of the article's JSON-LD object: the first when it is a list; entities decoded."""
        found = self.article.get(key)
        while isinstance(found, list) and found:
            found = found[0]
        if isinstance(found, dict):
            found = found.get("name")
        return squash(unescape(found)) if isinstance(found, str) else ""

    def authors(self) -> list[str]:
        """Give the names of the persons that the JSON-LD calls authors."""
        listed = self.article.get("author")
        people: list[Any] = listed if isinstance(listed, list) else [listed]
        named = [person.get("name") for person in people if _is_person(person)] + [
            p for p in people if isinstance(p, str)
        ]
        return [squash(unescape(name)) for name in named if isinstance(name, str) and name.strip()]


def _is_person(value: Any) -> bool:
    return isinstance(value, dict) and value.get("@type") in ("Person", None)


def read_head(root: HtmlElement, json_ld: tuple[str, ...]) -> Said:
    """Read JSON-LD, meta tags, canonical link and language of a page."""
    meta: dict[str, list[str]] = {}
    for node in root.iter("meta"):
        value = squash(node.get("content") or "")
        for name in {node.get("property"), node.get("name"), node.get("itemprop")} - {None}:
            if value and name:
                meta.setdefault(name.lower(), []).append(value)
    links = (node.get("href") or "" for node in root.iter("link") if (node.get("rel") or "").lower() == "canonical")
    return Said(
        article=_article(json_ld),
        meta=meta,
        canonical=next((link.strip() for link in links if link.strip()), ""),
        language=(root.get("lang") or "").lower(),
    )


def _article(texts: tuple[str, ...]) -> dict[str, Any]:
    found = [thing for text in texts for thing in _things(_parsed(text), 0) if _types(thing) & _ARTICLES]
    news = [thing for thing in found if _types(thing) != {"VideoObject"}]
    return next(iter(news or found), {})


def _parsed(text: str) -> Any:
    if len(text) > _LONGEST:
        return None
    bare = _WRAPPED.sub("", text).strip().rstrip(";")
    for one in (bare, _COMMA.sub(r"\1", bare)):
        try:
            return json.loads(one, strict=False)
        except (ValueError, RecursionError):
            pass
    return _salvaged(bare)


def _salvaged(text: str) -> Any:
    """Give kind and times of an article's object that is no JSON, say for a quotation mark in its headline."""
    kind = _KIND.search(text)
    return {"@type": kind[1], **dict(_TIMES.findall(text))} if kind and kind[1] in _ARTICLES else None


def _things(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 6:
        return
    if isinstance(value, list):
        for part in value[:200]:
            yield from _things(part, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity"):
            if isinstance(value.get(key), (list, dict)):
                yield from _things(value[key], depth + 1)


def _types(thing: dict[str, Any]) -> set[str]:
    kinds = thing.get("@type")
    return {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}
