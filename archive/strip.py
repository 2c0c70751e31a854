"""A capture's run of members without its content: what is left says what was there, and why it is not any more.

The metadata record stays, and with it the facts that the chain digests; what was taken out it names as `dropped`.
"""

from __future__ import annotations

import gzip
import json
import zlib
from io import BytesIO
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.recordbuilder import RecordBuilder

from archive.digest import observed_digest
from archive.errors import Damaged
from archive.members import Record, records
from archive.tombstone import digest_kept, tombstone
from archive.warc import packed

WITHDRAWN, PRUNED = "withdrawn", "pruned"
_DIGESTS = ("WARC-Block-Digest", "WARC-Payload-Digest", "Content-Length")


def stripped(run: bytes, why: str) -> bytes:
    """Give the run without its payload; with `why` withdrawn also without its article and what stood beside it.

    Raises Damaged when it is not a whole run of ours.
    """
    parts = list(records(BytesIO(run)))
    whole = [part for part in parts if isinstance(part, Record)]
    if len(whole) != len(parts) or [part.kind for part in whole].count("metadata") != 1:
        raise Damaged("a capture's run of WARC members is damaged: run `archive verify`, mend it, then begin again")
    dropped = {"response", "conversion", "resource"} if why == WITHDRAWN else {"response", "resource"}
    members = [(part.kind, run[part.offset : part.end]) for part in whole]
    gone = [_id(member) for kind, member in members if kind in dropped]
    left = ((kind, _unlinked(member, gone)) for kind, member in members if kind not in dropped)
    return b"".join(_rewritten(member, why) if kind == "metadata" else member for kind, member in left)


def is_stripped(run: bytes, why: str) -> bool:
    """Tell whether nothing more is to be taken out of the run."""
    kinds = {part.kind for part in records(BytesIO(run)) if isinstance(part, Record)}
    if kinds & {"response", "resource"}:
        return False
    return why != WITHDRAWN or ("conversion" not in kinds and not _shows(_metadata(run)))


def _metadata(run: bytes) -> dict[str, Any]:
    told = (part for part in records(BytesIO(run)) if isinstance(part, Record) and part.kind == "metadata")
    said: dict[str, Any] = json.loads(next(told).content)
    return said


def _shows(facts: dict[str, Any]) -> bool:
    observed = facts.get("observed")
    return bool(observed) and not digest_kept(observed)


def _id(member: bytes) -> bytes:
    return (
        next((line for line in _lines(member) if line.startswith(b"WARC-Record-ID:")), b":").partition(b":")[2].strip()
    )


def _lines(member: bytes) -> list[bytes]:
    return gzip.decompress(member).partition(b"\r\n\r\n")[0].split(b"\r\n")


def _unlinked(member: bytes, gone: list[bytes]) -> bytes:
    """Give the member without links to records that are gone, else as it is."""
    lines = _lines(member)
    kept = [
        line for line in lines if not (line.startswith(b"WARC-Concurrent-To:") and any(one in line for one in gone))
    ]
    if kept == lines:
        return member
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    rest = gzip.decompress(member).partition(b"\r\n\r\n")[2]
    return packer.compress(b"\r\n".join(kept) + b"\r\n\r\n" + rest) + packer.flush()


def _rewritten(member: bytes, why: str) -> bytes:
    """Give the metadata record's member as it is after the payload was dropped, its own id and date kept."""
    record = next(iter(ArchiveIterator(BytesIO(member), no_record_parse=True)))
    facts = json.loads(record.raw_stream.read())
    facts["filed"] |= {"payload_kept": False, "dropped": why}
    if why == WITHDRAWN and _shows(facts):
        facts["observed"] = tombstone(observed_digest(facts["observed"]))
    body = json.dumps(facts, ensure_ascii=False, sort_keys=True).encode("utf-8", "backslashreplace")
    head = record.rec_headers
    head.headers = [pair for pair in head.headers if pair[0] not in _DIGESTS]
    content = {"payload": BytesIO(body), "length": len(body), "warc_content_type": "application/json"}
    made = RecordBuilder(warc_version="1.1").create_warc_record(
        head.get_header("WARC-Target-URI"), "metadata", warc_headers=head, **content
    )
    return packed(made)
