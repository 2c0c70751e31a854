"""Responses out of any WARC, gzipped or plain, of any writer (ISO 28500:2017): one at a time, whatever its size."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archive.httphead import parted
from archive.warcdate import read_date
from archive.warcrecord import Record, records
from archive.warcsource import Source

_VIA = re.compile(r"^via: *(https?://\S+)", re.MULTILINE)
#: What other writers leave out or count in their own way: the record can be believed all the same.
_FORGIVEN = ("no WARC-Record-ID", "the payload does not give its WARC-Payload-Digest")
_KEPT = frozenset({"response", "warcinfo"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One HTTP answer as a WARC holds it; the body still chunked and encoded as its writer left it.

    `truncated` says why the writer cut it (WARC-Truncated); `oversize` that it was too large to hold here. `via` is the
    stand-in server that the file's head names.
    """

    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    truncated: str = ""
    oversize: bool = False
    via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A record that is no response to read: its type, and for a damaged one (`damaged`) where and what."""

    kind: str
    where: str = ""
    what: str = ""


def responses(path: Path) -> Iterator[Response | Passed]:
    """Give the file's responses in order, and what else it holds. Raises OSError."""
    via = ""
    with path.open("rb") as file:
        for record in records(Source(file), keep=_KEPT):
            where = f"{path.name}:{record.offset}"
            wrong = [why for why in record.wrong if why not in _FORGIVEN]
            if wrong or not record.whole:
                yield Passed(kind="damaged", where=where, what="; ".join(wrong))
            elif record.kind == "warcinfo":
                found = _VIA.search(record.block.decode("utf-8", "replace"))
                via = found[1] if found else ""
            elif record.kind != "response" or not record.target.startswith(("http://", "https://")):
                yield Passed(kind=record.kind)
            else:
                yield _response(record, via) or Passed(kind="damaged", where=where, what="no HTTP answer or no date")


def _response(record: Record, via: str) -> Response | None:
    time = read_date(record.fields.get("warc-date", ""))
    if time is None:
        return None
    known = {"url": record.target, "fetched_at": time, "via": via}
    segment = "a segment of it" if "warc-segment-number" in record.fields else ""
    truncated = record.fields.get("warc-truncated", "") or segment
    if not record.block:
        return _oversize(record, known)
    try:
        status, headers, body = parted(record.block)
    except ValueError:
        return None
    more = {"status": status, "headers": headers, "body": body, "truncated": truncated}
    return Response(**known, **more)  # type: ignore[arg-type]  # fields by name


def _oversize(record: Record, known: dict[str, object]) -> Response | None:
    if not record.payload_bytes:
        return None
    return Response(**known, status=200, headers=(), body=b"", oversize=True)  # type: ignore[arg-type]  # by name
