"""Status and drift of an outlet: as plain values, and in plain words for a person."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from archive.alarm import Alarm
from archive.chance import Share, Spread
from archive.drift import Crawled, Page, Window
from archive.historyview import local
from archive.reads import Read


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """All that is told of one outlet."""

    crawled: Crawled
    window: Window
    reads: tuple[Read, ...]
    alarms: tuple[Alarm, ...]


def to_json(status: Status) -> dict[str, Any]:
    """Give an outlet's status as plain JSON values; shares run from 0 to 1, times are ISO 8601."""
    crawled = status.crawled
    started, ended = (time.isoformat() if time else None for time in (crawled.started_at, crawled.ended_at))
    return {
        "outlet": crawled.outlet,
        "last_crawl": {"started_at": started, "ended_at": ended, "summary": crawled.summary} if started else None,
        "captures": crawled.outcomes,
        "links": {"known": crawled.links, "due": crawled.due},
        "pages": {"now": _side(status.window.now), "before": _side(status.window.before)},
        "templates": [_read_json(read) for read in status.reads],
        "alarms": [asdict(alarm) for alarm in status.alarms],
    }


def _side(pages: tuple[Page, ...]) -> dict[str, Any]:
    times = [page.fetched_at for page in pages]
    first, last = (min(times).isoformat(), max(times).isoformat()) if times else (None, None)
    return {"pages": len(pages), "first": first, "last": last}


def _read_json(read: Read) -> dict[str, Any]:
    names = ("now", "before")
    return {
        "template": read.template,
        "pages": dict(zip(names, read.pages, strict=True)),
        "promised": list(read.promised),
        "fields": {name: {"now": _value(now), "before": _value(before)} for name, (now, before) in read.fields.items()},
        "blocks": {name: asdict(side) if side else None for name, side in zip(names, read.blocks, strict=True)},
        "characters": {name: asdict(side) if side else None for name, side in zip(names, read.characters, strict=True)},
    }


def _value(share: Share) -> float | None:
    return round(share.value, 4) if share.of else None


def lines(status: Status) -> Iterator[str]:
    """Tell an outlet's status, a line each; alarms last, each beginning with `DRIFT`."""
    crawled = status.crawled
    yield crawled.outlet
    yield f"  last crawl  {_crawl(crawled)}"
    yield f"  captures    {', '.join(f'{name} {count:,}' for name, count in crawled.outcomes.items()) or 'none'}"
    yield f"  links       {crawled.links:,} known, {crawled.due:,} due"
    if status.window.now:
        yield f"  pages       {_pages(status.window)}"
    for read in status.reads:
        yield from (f"  {line}" for line in _read(read))
    for alarm in status.alarms:
        yield f"  DRIFT       {f'{alarm.template}: ' if alarm.template else ''}{alarm.text}"
        yield from (f"              {address}" for address in alarm.examples)


def _crawl(crawled: Crawled) -> str:
    if crawled.started_at is None:
        return "never"
    if crawled.ended_at is None:
        return f"begun {local(crawled.started_at)}, not ended: under way, or killed"
    failed = ", failed as a whole" if crawled.summary.get("failed") else ""
    return f"{local(crawled.started_at)} to {local(crawled.ended_at)}{failed}"


def _pages(window: Window) -> str:
    since = local(min(page.fetched_at for page in window.now))
    return f"{len(window.now):,} now (captured since {since}), {len(window.before):,} before"


def _read(read: Read) -> Iterator[str]:
    """Tell one template: on what share of its pages each field stood, median and middle four fifths of the lengths."""
    yield f"{read.template:<20} {read.pages[0]:,} now, {read.pages[1]:,} before"
    if not read.pages[0]:
        return
    if read.promised:
        yield f"    promised   {_shares(read, read.promised)}"
    others = [name for name, pair in read.fields.items() if name not in read.promised and any(s.hits for s in pair)]
    if others:
        yield f"    {'also' if read.promised else 'fields':<10} {_shares(read, others)}"
    yield f"    blocks     {_spreads(*read.blocks)}"
    yield f"    characters {_spreads(*read.characters)}"


def _shares(read: Read, names: Sequence[str]) -> str:
    """Tell the shares, fields of the same share together: `title, body 100%; lead 0% (before 100%)`."""
    together: dict[str, list[str]] = {}
    for name in names:
        if name in read.fields:
            together.setdefault(_both(*read.fields[name]), []).append(name)
    return "; ".join(f"{', '.join(alike)} {share}" for share, alike in together.items())


def _both(now: Share, before: Share) -> str:
    texts = [f"{share.value:.0%}" if share.of else "-" for share in (now, before)]
    return texts[0] if texts[0] == texts[1] or not before.of else f"{texts[0]} (before {texts[1]})"


def _spreads(now: Spread | None, before: Spread | None) -> str:
    told = [f"median {side.median:,} ({side.p10:,} to {side.p90:,})" for side in (now, before) if side]
    return told[0] if told[1:] in ([], told[:1]) else f"{told[0]}, before {told[1]}"
