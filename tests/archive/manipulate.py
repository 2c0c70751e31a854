"""A forger: one capture of an outlet changed, removed or put in, and every digest behind it computed anew.

What comes out is an archive without a flaw of its own: only a head that was written before tells.
"""

from __future__ import annotations

import json
from base64 import b32encode
from collections.abc import Callable
from hashlib import sha1, sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.recordbuilder import RecordBuilder

from archive.articlejson import from_json
from archive.digest import content_digest
from archive.entry import chain_of, json_digest
from archive.warc import packed

Run = list[Any]


def manipulated(path: Path, kind: str, at: int, *, careless: bool = False) -> None:
    """Manipulate the capture of this place in a file that holds a whole chain; a careless forger forgets its facts."""
    head, runs = _read(path)
    if kind == "removed":
        del runs[at]
    elif kind == "inserted":
        at = min(at, len(runs) - 2)  # behind the last one nothing is put in: it is a new capture
        copied = [(record, body) for record, body in runs[at] if record.rec_type != "conversion"]
        _facts(copied, verdict="seen", article_sha256="")
        runs.insert(at + 1, copied)
    elif kind == "swapped":
        other = at - 1 if at else 1
        runs[at], runs[other] = runs[other], runs[at]
    else:
        wanted = {"payload": "response", "header": "response", "article": "conversion", "sum": "conversion"}.get(
            kind, "metadata"
        )
        run = _nearest(runs, at, wanted)
        facts = _told(run)
        _CHANGES[kind](run)
        if careless:
            _facts(run, **facts)
    _write(path, head, runs)


def _nearest(runs: list[Run], at: int, kind: str) -> Run:
    """Give the nearest run, from this one back, that holds such a record: without one there is nothing to forge."""
    order = [*reversed(runs[: at + 1]), *runs[at + 1 :]]
    return next(run for run in order if any(record.rec_type == kind for record, _ in run))


def _payload(run: Run) -> None:
    for place, (record, body) in enumerate(run):
        if record.rec_type == "response":
            begin = body.index(b"\r\n\r\n") + 4
            forged = body[:begin] + b"<p>forged</p>"
            run[place] = (record, forged)
            digest, size = sha256(forged[begin:]).hexdigest(), len(forged) - begin
            _facts(run, payload_sha256=digest, payload_bytes=size)


def _article(run: Run) -> None:
    for place, (record, body) in enumerate(run):
        if record.rec_type == "conversion":
            said = json.loads(body) | {"title": "Tựa khác"}
            run[place] = (record, json.dumps(said, ensure_ascii=False, sort_keys=True).encode())
            digest = content_digest(from_json(said))
            _facts(run, digest=digest, reading_digest=digest)
            _facts(run, article_sha256=json_digest(said))


def _header(run: Run) -> None:
    """Change what is not in the facts by itself: a header of the response, its digest in the facts with it."""
    for place, (record, body) in enumerate(run):
        if record.rec_type == "response":
            forged = body.replace(b"text/html", b"text/htm1")
            run[place] = (record, forged)
            head = sha256(forged[: forged.index(b"\r\n\r\n") + 4]).hexdigest()
            _facts(run, heads={"response": head})


def _date(run: Run) -> None:
    for record, _ in run:
        record.rec_headers.replace_header("WARC-Date", "2020-01-01T00:00:00.000000Z")
    _facts(run, fetched_at=1_577_836_800_000_000)


def _told(run: Run) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(next(body for record, body in run if record.rec_type == "metadata"))
    return told


def _facts(run: Run, **changed: Any) -> None:
    """Change facts; one that is a dict keeps what it has besides."""
    for place, (record, body) in enumerate(run):
        if record.rec_type == "metadata":
            facts = json.loads(body)
            for name, value in changed.items():
                facts[name] = facts[name] | value if name == "heads" else value
            run[place] = (record, json.dumps(facts, ensure_ascii=False, sort_keys=True).encode())


_CHANGES: dict[str, Callable[[Run], None]] = {
    "payload": _payload,
    "article": _article,
    "header": _header,
    "date": _date,
    "reason": lambda run: _facts(run, reason="forged"),
    "observed": lambda run: _facts(run, observed={"section": "forged"}),
    "sum": lambda run: _facts(run, article_sha256="0" * 64),
    "elapsed": lambda run: _facts(run, elapsed_ms=12345),
}
KINDS = ["removed", "inserted", "swapped", *_CHANGES]


def _read(path: Path) -> tuple[bytes, list[Run]]:
    data = path.read_bytes()
    runs: list[Run] = []
    head = b""
    for record in ArchiveIterator(BytesIO(data), no_record_parse=True):
        body = record.raw_stream.read()
        if record.rec_type == "warcinfo":
            record.raw_stream = BytesIO(body)
            head = packed(record)
        elif record.rec_type == "request" or not runs:
            runs.append([(record, body)])
        else:
            runs[-1].append((record, body))
    return head, runs


def _write(path: Path, head: bytes, runs: list[Run]) -> None:
    chain, data = "", [head]
    for run in runs:
        _facts(run, previous=chain)
        facts = _told(run)
        filed = facts.pop("filed")
        chain = chain_of(facts)
        filed["chain"] = chain
        _facts(run, filed=filed)
        data += [_packed(record, body) for record, body in run]
    path.write_bytes(b"".join(data))


def _packed(record: Any, body: bytes) -> bytes:
    kept = [pair for pair in record.rec_headers.headers if "Digest" not in pair[0] and pair[0] != "Content-Length"]
    if record.rec_type in ("request", "response"):
        payload = b32encode(sha1(body.partition(b"\r\n\r\n")[2], usedforsecurity=False).digest()).decode()
        kept.append(("WARC-Payload-Digest", f"sha1:{payload}"))
    record.rec_headers.headers = kept
    made = RecordBuilder(warc_version="1.1").create_warc_record(
        record.rec_headers.get_header("WARC-Target-URI"),
        "metadata",
        payload=BytesIO(body),
        length=len(body),
        warc_headers=record.rec_headers,
        warc_content_type=record.rec_headers.get_header("Content-Type"),
    )
    return packed(made)
