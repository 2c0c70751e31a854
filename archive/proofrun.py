"""A capture's WARC records held against the facts that its chain digest covers: each byte that says something.

Facts hold the digests of both HTTP heads, the payload and the article; time and address stand in every record's head.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from archive.entry import chain_of, json_digest
from archive.times import from_us
from archive.warc import warc_date

_HEADED = {"request": "request", "response": "response", "revisit": "response"}


def told(run: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give a run's facts and what was filed beside them. Raises ValueError when it tells none."""
    for record in _records(run):
        if record.rec_type == "metadata":
            facts = json.loads(record.raw_stream.read())
            return facts, facts.pop("filed")
    raise ValueError("there is no metadata record")


def untrue(run: bytes, facts: dict[str, Any], filed: dict[str, Any]) -> Iterator[str]:
    """Say what in the run is not what the facts say."""
    if filed.get("chain") != chain_of(facts):
        yield "its facts do not give its chain digest"
    when, seen = warc_date(from_us(facts["fetched_at"])), set()
    for record in _records(run):
        kind, head = record.rec_type, record.rec_headers
        seen.add(kind)
        if head.get_header("WARC-Date") != when or head.get_header("WARC-Target-URI") != facts["url"]:
            yield f"the {kind} record states another time or address"
        yield from _block(kind, record.raw_stream.read(), facts)
    if filed.get("payload_kept") and "response" not in seen:
        yield "the payload that was kept is gone"
    if facts.get("article_sha256") and filed.get("dropped") != "withdrawn" and "conversion" not in seen:
        yield "the version's article is gone"


def _records(run: bytes) -> Iterator[Any]:
    try:
        yield from ArchiveIterator(BytesIO(run), no_record_parse=True)
    except ArchiveLoadFailed as error:
        raise ValueError("bytes are no WARC record") from error


def _block(kind: str, block: bytes, facts: dict[str, Any]) -> Iterator[str]:
    head, end, payload = block.partition(b"\r\n\r\n")
    if (name := _HEADED.get(kind)) and _sha256(head + end) != facts["heads"].get(name):
        yield f"the {kind}'s HTTP head is not the one that was filed"
    if kind == "response" and _sha256(payload) != facts["payload_sha256"] and (payload or facts["payload_sha256"]):
        yield "the payload is not the one that was filed"
    if kind == "conversion" and json_digest(json.loads(block)) != facts["article_sha256"]:
        yield "the article is not the one that was filed"


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
