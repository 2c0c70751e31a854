"""WARC 1.1 (ISO 28500:2017): a capture as members, appended to its outlet's file of the day.

One capture is one run of gzip members, one record each: `request`, then `response` (payload exactly as received, before
content decoding; de-chunked, header names canonical, header values byte for byte) or `revisit` (304, or a payload kept
before), then `metadata` (a JSON object with the outcome and all that the database holds of the capture), then, when it
gave a new version, the article as a `conversion`. An import, which has no response, holds its bytes as a `resource`. A
payload that is already compressed is wrapped at gzip level 0, not compressed twice.

The records of a run name each other: WARC-Concurrent-To where the standard allows it (5.7), in a conversion
WARC-Refers-To the record that it was read from. Their ids follow from the capture's chain digest, so that a later
revisit can name the record that holds its payload.
"""

from __future__ import annotations

import json
import zlib
from base64 import b32encode
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha1, sha256
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid4, uuid5

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordbuilder import RecordBuilder
from warcio.warcwriter import WARCWriter

from archive.articlejson import to_json
from archive.entry import Before
from archive.errors import Damaged
from archive.httphead import HttpHead, parted, target
from archive.values import Article, Capture, Outcome

_REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found", 410: "Gone"}
_CODED = {"gzip", "x-gzip", "deflate", "br", "zstd"}
#: How gzip, zstd, zip, JPEG, PNG, WebP (in RIFF) and PDF files begin.
_PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"%PDF")
#: The namespace of our records' ids.
_IDS = uuid5(NAMESPACE_URL, "urn:luuchieu:warc-record")
_UNMODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def warc_date(time: datetime) -> str:
    """Give the time as WARC-Date, with microseconds.

    >>> warc_date(datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC))
    '2026-11-20T01:02:03.000000Z'
    """
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def record_id(chain: str, part: str) -> str:
    """Give the id of a record of the capture with this chain digest: its request, payload, metadata or conversion.

    >>> record_id("ab", "payload")
    '<urn:uuid:ee5fb059-48cb-5a2a-b15f-505a44fb0f23>'
    """
    return f"<urn:uuid:{uuid5(_IDS, f'{chain} {part}') if chain else uuid4()}>"


def members(
    capture: Capture,
    *,
    keep: bool,
    facts: dict[str, Any],
    article: Article | None = None,
    kept_before: Before | None = None,
) -> bytes:
    """Give the capture as a run of gzip members.

    `keep` stores the payload; `kept_before` is an earlier capture that holds the same one, or that a 304 speaks of;
    `facts` is what the database says of the capture, written as the metadata record.
    """
    chain = (facts.get("filed") or {}).get("chain", "")
    ids = {part: record_id(chain, part) for part in ("request", "payload", "metadata", "conversion")}
    asked = _request(capture, _head(capture, ids["request"])) if _was_asked(capture) else None
    given = _payload(capture, _head(capture, ids["payload"]), keep, kept_before)
    told = _json("metadata", capture, _head(capture, ids["metadata"]), facts)
    run = b""
    if asked:
        run += packed(_together(asked, given and ids["payload"]))
    if given:
        run += packed(_together(given, asked and ids["request"]), level=0 if _is_packed(capture, given) else 6)
    run += packed(_together(told, ids["payload"] if given else asked and ids["request"]))
    if article is not None:
        head = _head(capture, ids["conversion"]) | ({"WARC-Refers-To": ids["payload"]} if given else {})
        run += packed(_json("conversion", capture, head, to_json(article)))
    return run


def _head(capture: Capture, name: str) -> dict[str, str]:
    return {"WARC-Record-ID": name, "WARC-Date": warc_date(capture.fetched_at)}


def _was_asked(capture: Capture) -> bool:
    return capture.status is not None or bool(capture.request_headers)


def _together(record: Any, other: str | None) -> Any:
    """Name another record of the same capture in this one."""
    if other:
        record.rec_headers.add_header("WARC-Concurrent-To", other)
    return record


def _payload(capture: Capture, head: dict[str, str], keep: bool, kept_before: Before | None) -> Any:
    """Give the record of what was answered, None when nothing was or it is not kept."""
    if not _was_asked(capture) and capture.body and keep:
        return _resource(capture, head)
    if capture.status is None or not (keep or kept_before or capture.status == 304):
        return None
    if capture.status == 304 or (kept_before is not None and not keep):
        return _revisit(capture, head, kept_before)
    return _response(capture, head)


def heads(capture: Capture) -> dict[str, str]:
    """Give the sha256 (hex) of the HTTP heads as the request's and the response's records hold them."""
    found = {}
    if _was_asked(capture):
        found["request"] = sha256(_request_head(capture).to_ascii_bytes()).hexdigest()
    if capture.status is not None:
        found["response"] = sha256(_http(capture).to_ascii_bytes()).hexdigest()
    return found


def warcinfo(name: str, facts: dict[str, str], now: datetime) -> bytes:
    """Give the member that opens a file."""
    builder = RecordBuilder(warc_version="1.1")
    record = builder.create_warcinfo_record(name, {"format": "WARC File Format 1.1", **facts})
    record.rec_headers.replace_header("WARC-Date", warc_date(now))
    return packed(record, level=6)


def response_of(run: bytes, *, outlet: str, url: str) -> Capture | None:
    """Give the capture whose response (of an import: bytes) this run of members holds, or None when it holds none.

    Raises Damaged when it is no run of members.
    """
    for record in _records(run, url):
        if record.rec_type in ("response", "resource"):
            block, told = record.raw_stream.read(), record.rec_headers
            is_http = record.rec_type == "response"
            kind = (("Content-Type", told.get_header("Content-Type") or ""),)
            status, headers, body = parted(block) if is_http else (None, kind, block)
            return Capture(
                outlet=outlet,
                url=url,
                fetched_at=datetime.fromisoformat(told.get_header("WARC-Date")),
                outcome=Outcome.OK,
                status=status,
                headers=headers,
                body=body,
            )
    return None


def _records(run: bytes, url: str) -> Iterator[Any]:
    try:
        yield from ArchiveIterator(BytesIO(run), no_record_parse=True)
    except (ArchiveLoadFailed, zlib.error, EOFError):
        raise Damaged(f"the WARC records of {url} cannot be read: run `archive verify`") from None


def is_coded(capture: Capture) -> bool:
    """Tell whether the payload came already compressed: by its content encoding, or itself a packed file or picture."""
    coding = (capture.header("content-encoding") or "").split(",")[-1].strip().lower()
    return coding in _CODED or capture.body.startswith(_PACKED)


def _is_packed(capture: Capture, record: Any) -> bool:
    return record.rec_type != "revisit" and is_coded(capture)


def packed(record: Any, *, level: int = 6) -> bytes:
    """Give a record as a gzip member of its own."""
    plain = BytesIO()
    WARCWriter(plain, gzip=False, warc_version="1.1").write_record(record)
    packer = zlib.compressobj(level, zlib.DEFLATED, 31)
    return packer.compress(plain.getvalue()) + packer.flush()


def _request(capture: Capture, common: dict[str, str]) -> Any:
    return _build("request", capture, common, http_headers=_request_head(capture))


def _request_head(capture: Capture) -> HttpHead:
    parts = urlsplit(capture.url)
    headers = [pair for pair in capture.request_headers if pair[0].lower() != "host"]
    line = f"{capture.method} {target(parts.path, parts.query)} HTTP/1.1"
    return HttpHead(line, [("Host", parts.netloc), *headers], is_http_request=True)


def _http(capture: Capture) -> HttpHead:
    status = f"{capture.status} {_REASONS.get(capture.status or 0, '')}".strip()
    renamed = {"transfer-encoding": "X-Orig-Transfer-Encoding"}  # the body below is de-chunked
    headers = [(renamed.get(name.lower(), name), value) for name, value in capture.headers]
    return HttpHead(status, headers, protocol="HTTP/1.1")


def _response(capture: Capture, common: dict[str, str]) -> Any:
    body = BytesIO(capture.body)
    return _build("response", capture, common, http_headers=_http(capture), payload=body, length=len(capture.body))


def _resource(capture: Capture, head: dict[str, str]) -> Any:
    kind = capture.header("content-type") or "application/octet-stream"
    body = {"payload": BytesIO(capture.body), "length": len(capture.body), "warc_content_type": kind}
    return _build("resource", capture, head, **body)


def _revisit(capture: Capture, head: dict[str, str], before: Before | None) -> Any:
    same = capture.status != 304
    headers = head | {"WARC-Profile": RecordBuilder.REVISIT_PROFILE_1_1 if same else _UNMODIFIED}
    if before:
        headers |= {"WARC-Refers-To": record_id(before.chain, "payload")} if before.kept else {}
        headers |= {"WARC-Refers-To-Target-URI": before.url, "WARC-Refers-To-Date": warc_date(before.at)}
    if same:
        digest = sha1(capture.body, usedforsecurity=False).digest()
        headers["WARC-Payload-Digest"] = f"sha1:{b32encode(digest).decode()}"
    return _build("revisit", capture, headers, http_headers=_http(capture))


def _json(kind: str, capture: Capture, common: dict[str, str], value: dict[str, Any]) -> Any:
    body = json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8", "backslashreplace")
    payload = {"payload": BytesIO(body), "length": len(body), "warc_content_type": "application/json"}
    return _build(kind, capture, common, **payload)


def _build(kind: str, capture: Capture, headers: dict[str, str], **content: Any) -> Any:
    builder = RecordBuilder(warc_version="1.1")
    return builder.create_warc_record(capture.url, kind, warc_headers_dict=dict(headers), **content)
