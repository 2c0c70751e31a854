"""What `crawl check` tells of a page: as plain values, in lines for a person, and against a case."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from archive.values import Article, Reading
from pipeline.address import host_of
from pipeline.case import Difference
from pipeline.outlet import Outlet


def to_json(outlet: str, url: str, reading: Reading) -> dict[str, Any]:
    """Give a check's result as plain JSON values."""
    from archive.articlejson import to_json as article_json

    return {
        "outlet": outlet,
        "url": url,
        "outcome": reading.outcome.value,
        "template": reading.template,
        "article": article_json(reading.article) if reading.article else None,
        "text": seed_text(reading.article),
        "missing": list(reading.missing),
        "elapsed_ms": reading.elapsed_ms,
        "reason": reading.reason,
        "counts": {
            "trafilatura": reading.counts.trafilatura,
            "restored": reading.counts.restored,
            "refused": reading.counts.refused,
        },
    }


def seed_text(article: Article | None) -> str:
    """Give an article's seed text, or an empty string."""
    from archive.seedtext import render

    return render(article) if article else ""


def changes(found: list[Difference]) -> Iterator[str]:
    """Tell what is read otherwise than a case says, part by part."""
    for change in found:
        yield change.part
        yield f"  case  {_told(change.expected)}"
        yield f"  now   {_told(change.found)}"
    yield f"{len(found)} part(s) read otherwise than the case says" if found else "as the case says"


def _told(value: Any) -> str:
    if isinstance(value, dict) and "kind" in value:
        return f"{value['kind']}: {value['text']}"
    if value is None or isinstance(value, str):
        return value or "(nothing)"
    return json.dumps(value, ensure_ascii=False)


def lines(outlet: Outlet, url: str, reading: Reading) -> Iterator[str]:
    """Tell how a page is read, for a person."""
    counts = reading.counts
    yield f"outlet    {outlet.name}{' (unverified)' if outlet.unverified else ''}"
    yield f"address   {url or '(the page does not tell)'}"
    yield f"document  {_document(outlet, url)}"
    yield f"outcome   {reading.outcome.value}{f' ({reading.reason})' if reading.reason else ''}"
    yield f"template  {reading.template or '-'}"
    if reading.missing:
        yield f"missing   {', '.join(reading.missing)}"
    yield f"time      {reading.elapsed_ms} ms"
    if reading.article is None:
        return
    yield f"blocks    {counts.trafilatura} from trafilatura, {counts.restored} restored, {counts.refused} refused"
    for name, value in _fields(reading.article):
        yield f"{name:<9} {value}"
    yield ""
    for block in reading.article.blocks:
        yield f"{block.kind.value:<10} {block.text.replace(chr(10), chr(10) + ' ' * 11)}"
    for part in reading.article.contained:
        yield f"contained  {part.title} ({len(part.blocks)} blocks)"


def _document(outlet: Outlet, url: str) -> str:
    """Tell under which name the page would be archived, or why it would not: a crawl fetches articles only."""
    if not url:
        return "not known without the address: give --url"
    if host_of(url) not in outlet.hosts:
        return f"none: the address is on none of the hosts of {outlet.name}"
    return outlet.document_name(url) or "none: the pattern `article` does not fit the address, so no crawl fetches it"


def _fields(article: Article) -> list[tuple[str, str]]:
    from archive.options import VIETNAM

    times = [(name, getattr(article, name)) for name in ("published", "modified")]
    shown = {name: f"{time.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S %z}" if time else "" for name, time in times}
    shown["published"] += f" ({article.published_rule})" if article.published else ""
    rows = [
        ("title", article.title),
        ("byline", ", ".join(article.byline)),
        ("agency", article.agency),
        ("lead", article.lead),
        *shown.items(),
        ("section", article.section),
        ("event", article.event),
        ("tags", ", ".join(article.tags)),
        ("source", article.source_line),
        ("pictures", str(len(article.images)) if article.images else ""),
    ]
    return [(name, value) for name, value in rows if value]
