"""One capture: its run of WARC members held against itself, and its rows against what the run states of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import Row

from archive.articlejson import from_json
from archive.digest import content_digest, observed_digest
from archive.entry import chain_of, json_digest
from archive.rows import STATED
from archive.strip import WITHDRAWN
from archive.times import from_us
from archive.tombstone import digest_kept
from archive.warc import warc_date
from archive.warcrecord import Record, records
from archive.warcsource import CHUNK, Source

_TOLD = frozenset({"metadata", "conversion"})
_HEADED = {"request": "request", "response": "response", "revisit": "response"}
_GIVERS = ("new", "revised")
Found = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A capture's run as it was read: what it states, and what is wrong with it as WARC, with the record it is in."""

    facts: dict[str, Any]
    filed: dict[str, Any]
    article: Any
    response: Record | None
    records: tuple[Record, ...] = ()
    wrong: str = ""
    bad: Record | None = None


def sha256_of(file: BinaryIO, begin: int, length: int) -> str:
    """Give the sha256 (hex) of these bytes as stored, or of those that are there."""
    file.seek(begin)
    digest, left = hashlib.sha256(), length
    while left > 0 and (piece := file.read(min(left, CHUNK))):
        digest.update(piece)
        left -= len(piece)
    return digest.hexdigest()


def read_run(file: BinaryIO, begin: int, length: int, *, strict: bool = False) -> Run:
    """Read the run of members that lies there, all of it, in bounded memory; `strict` looks at idle bits too."""
    found = list(records(Source(file, begin=begin, end=begin + length, strict=strict), keep=_TOLD))
    for record in found if strict else ():
        record.wrong += _odd_header(file, record)
    bad = next((record for record in found if record.wrong), None)
    told = {record.kind: record for record in found}
    facts, article = (_read_json(told.get(kind)) for kind in ("metadata", "conversion"))
    filed = facts.pop("filed", None) if isinstance(facts, dict) else None
    wrong = "; ".join(bad.wrong) if bad else _unlike(found)
    if not wrong and not (isinstance(facts, dict) and isinstance(filed, dict)):
        wrong = "no metadata record of ours"
    return Run(
        facts=facts if isinstance(facts, dict) else {},
        filed=filed if isinstance(filed, dict) else {},
        article=article,
        response=told.get("response") or told.get("resource"),
        records=tuple(found),
        wrong=wrong,
        bad=bad,
    )


def _odd_header(file: BinaryIO, record: Record) -> list[str]:
    """Say so when the gzip header is not as we write it: no flags, no time, a level's mark, Unix (RFC 1952)."""
    file.seek(record.offset)
    header = file.read(10)
    ours = header[3:8] == bytes(5) and header[8:9] in (b"\0", b"\2", b"\4") and header[9:] == b"\3"
    return [] if ours else ["its gzip header is not as it was written"]


def _unlike(found: list[Record]) -> str:
    """Say what of a run is missing or stands twice, or nothing."""
    kinds = [record.kind for record in found]
    if kinds.count("metadata") != 1:
        return f"{kinds.count('metadata')} metadata records"
    twice = {kind for kind in kinds if kinds.count(kind) > 1}
    return f"more than one record of type {', '.join(sorted(twice))}" if twice else ""


def _read_json(record: Record | None) -> Any:
    try:
        return json.loads(record.block) if record else None
    except ValueError:
        return None


def against_rows(row: Row[Any], run: Run) -> Iterator[Found]:
    """Hold a sound run against the rows of its capture: kind and what of each disagreement."""
    yield from _chain(row, run)
    yield from _payload(run)
    yield from _covered(run)
    yield from _capture(row, run)
    if row.number is not None or run.facts.get("number") is not None:
        yield from _version(row, run)
    yield from _observed(row, run)


def _chain(row: Row[Any], run: Run) -> Iterator[Found]:
    if not row.chain == run.filed.get("chain") == chain_of(run.facts):
        yield "chain", "the capture's facts do not give its chain digest"
    if run.facts.get("previous") != (row.before or ""):
        yield "chain", f"it does not follow the capture of {row.outlet} before it"


def _payload(run: Run) -> Iterator[Found]:
    if not run.filed.get("payload_kept"):
        return
    if run.response is None:
        yield "missing", "the payload that was kept"
    elif run.response.payload_sha256 != run.facts.get("payload_sha256"):
        yield "digest", "the payload does not give its sha256"


def _covered(run: Run) -> Iterator[Found]:
    """Hold what else the chain digest covers against the records: time, address, HTTP heads, the article."""
    heads, when = run.facts.get("heads"), _date(run.facts.get("fetched_at"))
    for record in run.records:
        if record.fields.get("warc-date") != when or record.target != run.facts.get("url"):
            yield "digest", f"the {record.kind} record states another time or address than the capture's facts"
        if record.kind in _HEADED and record.head_sha256 != (heads or {}).get(_HEADED[record.kind]):
            yield "digest", f"the {record.kind}'s HTTP head does not give its sha256"
    stated = run.facts.get("article_sha256") or ""
    if run.article is not None and json_digest(run.article) != stated:
        yield "digest", "the article in the WARC does not give its sha256"
    if stated and run.article is None and run.filed.get("dropped") != WITHDRAWN:
        yield "missing", "the version's article (no conversion record)"


def _date(fetched_at: Any) -> str:
    try:
        return warc_date(from_us(fetched_at))
    except (TypeError, ValueError, OverflowError):
        return ""


def _differ(what: str, ours: Any, stated: Any) -> Iterator[Found]:
    if ours != stated:
        yield "row", f"{what} is {_short(ours)} in the database, {_short(stated)} in the WARC"


def _short(value: Any) -> str:
    said = repr(value)
    return said if len(said) <= 80 else said[:79] + "…"


def _capture(row: Row[Any], run: Run) -> Iterator[Found]:
    for name in STATED:
        yield from _differ(name, getattr(row, name), run.facts.get(name))
    yield from _differ("payload_sha256", row.payload_sha256, run.facts.get("payload_sha256") or None)
    yield from _differ("payload_kept", row.payload_kept, run.filed.get("payload_kept"))
    if batch := run.filed.get("batch"):
        # A database that lost its last crawls gave their numbers to later ones: a crawl is told by its batch.
        yield from _differ("the crawl's batch", row.batch, batch)
    else:
        yield from _differ("crawl_id", row.crawl_id, run.filed.get("crawl_id"))
    stated = run.facts.get("document")
    if row.document is not None or run.facts.get("number") is not None:
        yield from _differ("document", row.document, stated)
    yield from _differ("number", row.number, run.facts.get("number"))


def _version(row: Row[Any], run: Run) -> Iterator[Found]:
    facts, gave = run.facts, run.facts.get("verdict") in _GIVERS
    if row.version_document != row.document_id:
        yield "row", "its version belongs to another document"
    if gave != (row.first == row.id):
        yield "row", f"{'the' if gave else 'no'} WARC record says that it gave version {row.number}"
    if not gave:
        return
    for name, stated in (("digest", "digest"), ("captured_at", "fetched_at"), ("boring", "boring")):
        yield from _differ(f"the version's {name}", getattr(row, f"version_{name}"), facts.get(stated))
    yield from _differ("the version's confirmed", row.version_confirmed, facts.get("confirmed"))
    if run.filed.get("dropped") == WITHDRAWN:
        if run.article is not None or not digest_kept(_parsed(row.content)):
            yield "row", "the version was withdrawn, but its content is still there"
    elif run.article is not None and row.first == row.id and _parsed(row.content) != run.article:
        yield "row", "the version's content is not the article in the WARC"
    if facts.get("verdict") == "new":
        yield from _document(row, facts)


def _document(row: Row[Any], facts: dict[str, Any]) -> Iterator[Found]:
    yield from _differ("the document's outlet", row.document_outlet, facts.get("outlet"))
    yield from _differ("the document's address", row.document_url, facts.get("document_url"))
    yield from _differ("the document's first capture", row.document_first_capture_at, facts.get("fetched_at"))


def _observed(row: Row[Any], run: Run) -> Iterator[Found]:
    """What was observed is stored when it differs from what was stored last: so the last stored must be equal."""
    observed = run.facts.get("observed")
    if observed and row.document_id is not None and _parsed(row.shown) != observed:
        yield "row", "what it showed beside the content is not what the database has"
    if row.own is None:
        return
    if not observed or row.own_document != row.document_id:
        yield "row", "the database has something observed that this capture does not state"
    elif row.own_digest != observed_digest(observed):
        yield "row", "what it showed beside the content does not give its digest"


def _parsed(text: Any) -> Any:
    """Read JSON; what is none, or bytes instead of text, equals nothing."""
    try:
        if isinstance(text, str):
            return json.loads(text)
    except ValueError:
        pass
    return text, "is not JSON"


def content_gives_digest(row: Row[Any]) -> bool:
    """Tell whether the stored content of the version that this capture gave gives the version's digest."""
    try:
        content = _parsed(row.content)
        return (digest_kept(content) or content_digest(from_json(content))) == str(row.version_digest)
    except (TypeError, ValueError, KeyError, AttributeError):
        return False
