"""WARC 1.1 (ISO 28500:2017): a capture as members, appended to its outlet's file of the day.

One capture is one run of gzip members, one record each: `request`, then `response` (payload exactly as received, before
content decoding; de-chunked, header names canonical, header values byte for byte) or `revisit` (304, or a payload kept
before), then `metadata` (a JSON object with the outcome and all that the database holds of the capture), then, when it
gave a new version, the article as a `conversion`. A payload that is already compressed is wrapped at gzip level 0, not
compressed twice.
"""

from __future__ import annotations

import json
import zlib
from base64 import b32encode
from datetime import UTC, datetime
from hashlib import sha1, sha256
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.recordbuilder import RecordBuilder
from warcio.warcwriter import WARCWriter

from archive.articlejson import to_json
from archive.httphead import HttpHead, parted, target
from archive.values import Article, Capture, Outcome

_REASONS = {200: "OK", 301: "Moved Permanently", 302: "Found", 304: "Not Modified", 404: "Not Found", 410: "Gone"}
_CODED = {"gzip", "x-gzip", "deflate", "br", "zstd"}
_UNMODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


def warc_date(time: datetime) -> str:
    """Give the time as WARC-Date, with microseconds.

    >>> warc_date(datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC))
    '2026-11-20T01:02:03.000000Z'
    """
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def members(
    capture: Capture,
    *,
    keep: bool,
    facts: dict[str, Any],
    article: Article | None = None,
    kept_before: tuple[str, datetime] | None = None,
) -> bytes:
    """Give the capture as a run of gzip members.

    `keep` stores the payload; `kept_before` is the address and time of an earlier capture that holds the same payload;
    `facts` is what the database says of the capture, written as the metadata record.
    """
    common = {"WARC-Date": warc_date(capture.fetched_at)}
    run = b""
    if capture.status is not None or capture.request_headers:
        run += packed(_request(capture, common), level=6)
    if capture.status is not None and (keep or kept_before or capture.status == 304):
        revisit = capture.status == 304 or (kept_before is not None and not keep)
        record = _revisit(capture, common, kept_before) if revisit else _response(capture, common)
        run += packed(record, level=0 if is_coded(capture) and not revisit else 6)
    run += packed(_json("metadata", capture, common, facts), level=6)
    if article is not None:
        run += packed(_json("conversion", capture, common, to_json(article)), level=6)
    return run


def heads(capture: Capture) -> dict[str, str]:
    """Give the sha256 (hex) of the HTTP heads as the request's and the response's records hold them."""
    found = {}
    if capture.status is not None or capture.request_headers:
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
    """Give the capture whose response this run of members holds, or None when it holds none."""
    for record in ArchiveIterator(BytesIO(run), no_record_parse=True):
        if record.rec_type == "response":
            status, headers, body = parted(record.raw_stream.read())
            return Capture(
                outlet=outlet,
                url=url,
                fetched_at=datetime.fromisoformat(record.rec_headers.get_header("WARC-Date")),
                outcome=Outcome.OK,
                status=status,
                headers=headers,
                body=body,
            )
    return None


def is_coded(capture: Capture) -> bool:
    """Tell whether the payload came already compressed."""
    return (capture.header("content-encoding") or "").split(",")[-1].strip().lower() in _CODED


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


def _revisit(capture: Capture, common: dict[str, str], kept_before: tuple[str, datetime] | None) -> Any:
    headers = common | {"WARC-Profile": RecordBuilder.REVISIT_PROFILE_1_1 if kept_before else _UNMODIFIED}
    if kept_before:
        headers |= {
            "WARC-Refers-To-Target-URI": kept_before[0],
            "WARC-Refers-To-Date": warc_date(kept_before[1]),
            "WARC-Payload-Digest": "sha1:" + b32encode(sha1(capture.body, usedforsecurity=False).digest()).decode(),
        }
    return _build("revisit", capture, headers, http_headers=_http(capture))


def _json(kind: str, capture: Capture, common: dict[str, str], value: dict[str, Any]) -> Any:
    body = json.dumps(value, ensure_ascii=False, sort_keys=True).encode("utf-8", "backslashreplace")
    payload = {"payload": BytesIO(body), "length": len(body), "warc_content_type": "application/json"}
    return _build(kind, capture, common, **payload)


def _build(kind: str, capture: Capture, headers: dict[str, str], **content: Any) -> Any:
    builder = RecordBuilder(warc_version="1.1")
    return builder.create_warc_record(capture.url, kind, warc_headers_dict=dict(headers), **content)
