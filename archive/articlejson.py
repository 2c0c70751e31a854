"""An article as JSON, the lossless form: what is stored, exported and shown by `--json`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from archive.values import Article, Block, Dated, Image, Kind


def _time(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _read_time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def to_json(article: Article) -> dict[str, Any]:
    """Give an article as plain JSON values; times in ISO 8601 with their zone.

    >>> to_json(Article(title="Tin", byline=("Lan",)))["byline"]
    ['Lan']
    """
    return {
        "title": article.title,
        "byline": list(article.byline),
        "lead": article.lead,
        "published": _time(article.published),
        "modified": _time(article.modified),
        "section": article.section,
        "tags": list(article.tags),
        "blocks": [_block(block) for block in article.blocks],
        "source_line": article.source_line,
        "lead_prefix": article.lead_prefix,
        "byline_raw": article.byline_raw,
        "agency": article.agency,
        "published_raw": article.published_raw,
        "published_rule": article.published_rule,
        "modified_raw": article.modified_raw,
        "modified_rule": article.modified_rule,
        "dates": [_dated(dated) for dated in article.dates],
        "event": article.event,
        "images": [_image(image) for image in article.images],
        "canonical": article.canonical,
        "own_id": article.own_id,
        "format": article.format,
        "note": article.note,
        "contained": [to_json(part) for part in article.contained],
    }


def _block(block: Block) -> dict[str, str]:
    beside = {"credit": block.credit, "time": block.time}
    return {"kind": block.kind.value, "text": block.text} | {key: value for key, value in beside.items() if value}


def _read_block(data: dict[str, str]) -> Block:
    beside = {key: data.get(key) or "" for key in ("credit", "time")}
    return Block(kind=Kind(data["kind"]), text=data["text"], **beside)


def _image(image: Image) -> dict[str, str]:
    return {"url": image.url, "alt": image.alt, "caption": image.caption, "credit": image.credit}


def _dated(dated: Dated) -> dict[str, Any]:
    plain = {"what": dated.what, "rule": dated.rule, "time": _time(dated.time), "raw": dated.raw}
    return plain | {"agrees": dated.agrees}


def _read_dated(data: dict[str, Any]) -> Dated:
    return Dated(**{**data, "time": datetime.fromisoformat(data["time"])})


def from_json(data: dict[str, Any]) -> Article:
    """Give the article that `to_json` wrote; fields left out are empty.

    >>> from_json(to_json(Article(title="Tin", byline=("Lan",)))) == Article(title="Tin", byline=("Lan",))
    True
    """
    plain: tuple[str, ...] = ("title", "lead", "section", "source_line", "lead_prefix", "byline_raw", "agency")
    plain += (
        "published_raw",
        "published_rule",
        "modified_raw",
        "modified_rule",
        "event",
        "canonical",
        "own_id",
        "note",
    )
    return Article(
        **{name: data.get(name) or "" for name in plain},
        byline=tuple(data.get("byline") or ()),
        tags=tuple(data.get("tags") or ()),
        published=_read_time(data.get("published")),
        modified=_read_time(data.get("modified")),
        dates=tuple(_read_dated(dated) for dated in data.get("dates") or ()),
        format=data.get("format") or "article",
        blocks=tuple(_read_block(block) for block in data.get("blocks") or ()),
        images=tuple(Image(**image) for image in data.get("images") or ()),
        contained=tuple(from_json(part) for part in data.get("contained") or ()),
    )
