"""What is filed together, and the facts of it that the chain digests and the WARC metadata record holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from archive.articlejson import from_json, to_json
from archive.digest import content_digest, observed, observed_digest
from archive.text import clean, short_name
from archive.times import to_us
from archive.values import Article, Capture, Decision, Kind, Link, Reading, Verdict

#: The fields whose presence is kept with each capture, by the part of an article that holds them.
MEASURED = {
    "title": "title",
    "byline": "byline",
    "lead": "lead",
    "body": "blocks",
    "source_line": "source_line",
    "published": "published",
    "modified": "modified",
    "section": "section",
    "event": "event",
    "tags": "tags",
    "images": "images",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """An earlier capture: of the same payload, `kept` then, or what a 304 speaks of; its chain digest names it."""

    url: str
    at: datetime
    chain: str
    kept: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One capture to file, with all that follows from it.

    `document` and `url` name what it is a capture of, when that is known; `found` are the links it showed; `now` is the
    crawl's clock.
    """

    capture: Capture
    now: datetime
    link: Link | None = None
    document: str | None = None
    url: str | None = None
    reading: Reading | None = None
    decision: Decision | None = None
    found: tuple[Link, ...] = ()

    @property
    def new_content(self) -> Article | None:
        """The article, when filing it makes a version."""
        if self.decision is None or self.decision.verdict is Verdict.SEEN or self.reading is None:
            return None
        return self.reading.article


def cleaned(entry: Entry) -> Entry:
    """Drop from every text what a database refuses or a reader cannot see: control characters, lone surrogates."""
    capture = replace(entry.capture, url=clean(entry.capture.url), reason=clean(entry.capture.reason))
    reading = entry.reading
    if reading is not None and reading.article is not None:
        reading = replace(reading, article=from_json(_clean(to_json(reading.article))))
    names = {
        "document": short_name(entry.document) if entry.document else entry.document,
        "url": clean(entry.url) if entry.url else entry.url,
    }
    return replace(entry, capture=capture, reading=reading, **names)  # type: ignore[arg-type]  # by name


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_clean(each) for each in value]
    return {key: _clean(each) for key, each in value.items()} if isinstance(value, dict) else value


def payload_digest(capture: Capture) -> str:
    """Give the sha256 (hex) of the payload as received, '' when there is none."""
    return hashlib.sha256(capture.body).hexdigest() if capture.body else ""


def measured(reading: Reading | None) -> dict[str, Any]:
    """Give how a reading went, for the drift alarm: the fields found, and how many blocks and characters.

    >>> from archive.values import Outcome
    >>> measured(Reading(outcome=Outcome.OK, identity="", article=Article(title="Tin", byline=("Lan",))))
    {'fields': 'title byline', 'blocks': 0, 'characters': 0}
    """
    if reading is None:
        return {"fields": None, "blocks": None, "characters": None}
    article = reading.article
    if article is None:
        return {"fields": "", "blocks": 0, "characters": 0}
    found = [name for name, part in MEASURED.items() if getattr(article, part)]
    found += ["captions"] if any(block.kind is Kind.CAPTION for block in article.blocks) else []
    # Photo stories and videos are held against their like: a day of nothing else is no drift.
    found += [f"format:{article.format}"] if article.format not in ("", "article") else []
    length = sum(len(block.text) for block in article.blocks)
    return {"fields": " ".join(found), "blocks": len(article.blocks), "characters": length}


def facts_of(entry: Entry, *, previous: str, heads: dict[str, str] | None = None) -> dict[str, Any]:
    """Give the facts of an entry as plain JSON values; `previous` is the outlet's last chain digest.

    `heads` are the digests of the HTTP heads as its WARC records hold them.
    """
    capture, reading, decision = entry.capture, entry.reading, entry.decision
    return {
        "outlet": capture.outlet,
        "url": capture.url,
        "purpose": capture.purpose.value,
        "fetched_at": to_us(capture.fetched_at),
        "outcome": capture.outcome.value,
        "status": capture.status,
        "reason": capture.reason,
        "via": capture.via,
        "elapsed_ms": capture.elapsed_ms,
        "payload_sha256": payload_digest(capture),
        "payload_bytes": len(capture.body),
        "document": entry.document,
        "document_url": entry.url,
        "number": decision.number if decision else None,
        "verdict": decision.verdict.value if decision else None,
        "digest": decision.digest if decision else None,
        "boring": decision.boring if decision else False,
        "confirmed": decision.confirmed if decision else False,
        "reextracted": decision.reextracted if decision else False,
        "reading_digest": content_digest(reading.article) if reading and reading.article else None,
        "identity": reading.identity if reading else None,
        "template": reading.template if reading else None,
        **measured(reading),
        "observed": observed(reading) if reading else {},
        "article_sha256": _article_digest(entry.new_content),
        "heads": heads or {},
        "previous": previous,
    }


def _article_digest(article: Article | None) -> str:
    """Give the sha256 (hex) of the article as its conversion record holds it, '' when there is none."""
    return json_digest(to_json(article)) if article is not None else ""


def json_digest(value: dict[str, Any]) -> str:
    """Give the sha256 (hex) of plain JSON values, whatever the order of their keys.

    >>> json_digest({"a": 1, "b": 2}) == json_digest({"b": 2, "a": 1})
    True
    """
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()


def facts_digest(facts: dict[str, Any]) -> str:
    """Give the sha256 (hex) of a capture's own facts: all but `previous`.

    What was observed counts by its digest, so that a tombstone may stand in its place (`tombstone.py`).
    """
    own = {name: value for name, value in facts.items() if name != "previous"}
    own["observed"] = observed_digest(facts.get("observed") or {})
    return json_digest(own)


def link_of(previous: str, digest: str) -> str:
    """Give the chain digest: the sha256 (hex) of the outlet's previous one and the digest of a capture's facts.

    >>> link_of("", "ab")[:8]
    'd4048dbe'
    """
    return hashlib.sha256(f"{previous} {digest}".encode()).hexdigest()


def chain_of(facts: dict[str, Any]) -> str:
    """Give the digest that ties this capture's facts to the outlet's previous capture."""
    return link_of(str(facts.get("previous")), facts_digest(facts))
