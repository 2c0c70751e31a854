"""A version in the forms of an export: a line of JSON, a row of CSV (RFC 4180), a seed text with its manifest line."""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from typing import Any

from archive.articlejson import to_json
from archive.seedtext import render
from archive.values import Article

COLUMNS = (
    "id",
    "document",
    "version",
    "outlet",
    "url",
    "title",
    "byline",
    "lead",
    "published",
    "captured_at",
    "section",
    "tags",
    "digest",
    "cluster",
    "via",
    "text",
)
#: What a spreadsheet takes for a formula's begin (OWASP, CSV injection), full-width signs included.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """All that an export tells of one version."""

    permanent_id: str
    document: str
    number: int
    outlet: str
    url: str
    digest: str
    captured_at: datetime
    cluster: str
    via: str | None
    article: Article


def row_of(one: Exported) -> dict[str, Any]:
    """Give the version's columns as plain values; `text` is its seed text."""
    article = one.article
    return {
        "id": one.permanent_id,
        "document": one.document,
        "version": one.number,
        "outlet": one.outlet,
        "url": one.url,
        "title": article.title,
        "byline": "; ".join(article.byline),
        "lead": article.lead,
        "published": article.published.isoformat() if article.published else "",
        "captured_at": one.captured_at.isoformat(),
        "section": article.section,
        "tags": "; ".join(article.tags),
        "digest": one.digest,
        "cluster": one.cluster,
        "via": one.via or "",
        "text": render(article),
    }


def jsonl(one: Exported) -> bytes:
    """Give the version as one line of JSON, the whole article with it."""
    said = row_of(one) | {"byline": list(one.article.byline), "tags": list(one.article.tags)}
    said |= {"published": said["published"] or None, "via": one.via, "article": to_json(one.article)}
    return (json.dumps(said, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def csv_head() -> bytes:
    """Give the row of column names."""
    return _line(list(COLUMNS))


def csv_row(one: Exported, *, raw: bool) -> bytes:
    """Give the version as a row of CSV; unless `raw`, no text in it is a formula to a spreadsheet."""
    return _line([value if raw else harmless(value) for value in row_of(one).values()])


def harmless(value: Any) -> Any:
    """Put a quote before a text that a spreadsheet would compute; numbers stay numbers.

    >>> harmless("=1+1"), harmless("-5 độ"), harmless(-5), harmless("Bão")
    ("'=1+1", "'-5 độ", -5, 'Bão')
    """
    return f"'{value}" if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA) else value


def seed_of(one: Exported) -> tuple[str, bytes, bytes]:
    """Give the version's seed text: its file's name, the file, and its line of the manifest."""
    name, text = f"{one.permanent_id}.txt", render(one.article).encode("utf-8", "replace")
    said = {key: value for key, value in row_of(one).items() if key not in ("text", "lead")}
    line = {"file": name, "sha256": hashlib.sha256(text).hexdigest(), **said}
    return name, text, (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _line(values: list[Any]) -> bytes:
    made = StringIO()
    csv.writer(made, lineterminator="\r\n").writerow(values)
    return made.getvalue().encode("utf-8", "replace")
