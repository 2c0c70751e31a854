"""Digests of content, and what counts as an edit.

The digest of a version is the sha256 of title, byline, lead, blocks with kind, and source line, after NFC and
white-space squash. Dates, tags, section, images and counters are observed beside it and are never an edit.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from archive.articlejson import to_json
from archive.text import place_tone, squash
from archive.tombstone import digest_kept
from archive.values import Article, Reading

_CONTENT = ("title", "byline", "lead", "blocks", "source_line")
_QUOTES = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "..."}
)
_WORD = re.compile(r"\w+")
_TIGHT = re.compile(r'\s*([-,.;:!?()"\'/])\s*')


def _sha256(value: Any) -> str:
    return hashlib.sha256(
        json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    ).hexdigest()


def _content(article: Article) -> list[Any]:
    return [
        squash(article.title),
        [squash(name) for name in article.byline],
        squash(article.lead),
        [[block.kind.value, squash(block.text)] for block in article.blocks],
        squash(article.source_line),
    ]


def content_digest(article: Article) -> str:
    """Give the sha256 (hex) of the article's content proper.

    >>> content_digest(Article(title="Hoà bình ")) == content_digest(Article(title=" Hoà  bình", section="thế giới"))
    True
    """
    return _sha256(_content(article))


def observed(reading: Reading) -> dict[str, Any]:
    """Give what a capture showed beside the content: stored per capture when it changed, never an edit."""
    if reading.article is None:
        return {}
    beside = {key: value for key, value in to_json(reading.article).items() if key not in _CONTENT}
    asked = {"noarchive": True} if reading.noarchive else {}
    return beside | {"missing": list(reading.missing), "template": reading.template} | asked


def observed_digest(fields: dict[str, Any]) -> str:
    """Give the sha256 (hex) of observed fields; of withdrawn ones the digest that their tombstone keeps."""
    return digest_kept(fields) or _sha256(fields)


def plain(text: str) -> str:
    """Give the text without what typography may change: quotes' shape, dashes, tone placement, space at punctuation.

    >>> plain("“Hòa bình” –  nay") == plain('"Hoà bình" - nay')
    True
    """
    placed = _WORD.sub(lambda word: place_tone(word[0]), squash(text).translate(_QUOTES))
    return _TIGHT.sub(r"\1", placed)


def is_boring(old: Article, new: Article) -> bool:
    """Tell whether two contents differ in typography only: white space, quotes, dashes, tone placement.

    >>> is_boring(Article(title="“Hoà”"), Article(title='"Hòa"')), is_boring(Article(title="12"), Article(title="21"))
    (True, False)
    """
    return content_digest(old) != content_digest(new) and _plain_content(old) == _plain_content(new)


def _plain_content(article: Article) -> list[Any]:
    return [
        plain(article.title),
        [plain(name) for name in article.byline],
        plain(article.lead),
        [[block.kind.value, plain(block.text)] for block in article.blocks],
        plain(article.source_line),
    ]
