"""A proof in plain words: what is proven, what is not, and how someone else can check it (docs/proof.md)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from archive.historyview import local
from archive.proof import Proof
from archive.times import from_us

#: The chain's first and last links are printed; `--json` gives all.
_ENDS = 3


def proven(proof: Proof) -> list[str]:
    """Say what is proven to whoever has the head's digest from elsewhere, or trusts this archive's keeper."""
    return [
        "integrity: text, address, time and payload digest of this version are the ones in this chain; to change one of"
        " them is to change every chain digest behind it and the day's head",
        f"order: it was filed as number {proof.place} of its outlet's chain, behind what stands before it and ahead of"
        " what follows",
        "age: as old as the oldest copy of the day's head that stands elsewhere (published, printed, time-stamped);"
        " without such a copy, only what this archive's own clock said",
    ]


def not_proven(proof: Proof) -> list[str]:
    """Say what is not."""
    via = proof.capture["via"]
    said = [
        "origin: outlets do not sign their pages, so nothing here shows to a stranger that the outlet sent this",
        "time: the capture's time is this archive's own clock",
        "completeness: what was not fetched is not in the chain; a keeper who made the whole archive anew before any"
        " head was published could have made it say anything",
    ]
    if via:
        said.insert(0, f"that it came from the outlet at all: it was received via {via}")
    return said


def lines(proof: Proof) -> Iterator[str]:
    """Tell the proof, a line each."""
    facts = proof.facts
    yield f"{proof.document.name}@{proof.number}  {proof.permanent_id}"
    yield proof.document.url
    if proof.document.withdrawn_at is not None:
        at = local(proof.document.withdrawn_at)
        yield f"withdrawn    {at}: {proof.document.withdrawn_reason}; its digests stay in the chain"
    yield f"captured     {local(from_us(facts['fetched_at']))} (Vietnam; this archive's clock), {_way(proof)}"
    yield f"last seen    {local(proof.last_seen)}, by {proof.seen} capture(s) in all"
    yield f"content      sha256 {proof.digest}"
    yield f"payload      sha256 {facts['payload_sha256'] or 'none'} ({facts['payload_bytes']} bytes as received)"
    yield f"in the WARC  {proof.capture['warc_file']}, byte {proof.capture['warc_offset']}"
    yield ""
    yield from _chain(proof)
    yield ""
    for title, said in (("Proven", proven(proof)), ("Not proven", not_proven(proof))):
        yield f"{title}:"
        yield from (f"  - {one}" for one in said)


def to_json(proof: Proof) -> dict[str, Any]:
    """Give the proof as plain JSON values, all links included: enough to check it without the archive."""
    return {
        "document": proof.document.name,
        "version": proof.number,
        "id": proof.permanent_id,
        "url": proof.document.url,
        "digest": proof.digest,
        "captured_at": from_us(proof.facts["fetched_at"]).isoformat(),
        "seen": proof.seen,
        "last_seen": proof.last_seen.isoformat(),
        "capture": proof.capture,
        "place": proof.place,
        "facts": proof.facts,
        "chain": [{"facts": link.facts, "chain": link.chain} for link in proof.links],
        "head": {"day": proof.head.day.isoformat(), "sha256": proof.head.digest, "text": proof.head.text},
        "proven": proven(proof),
        "not_proven": not_proven(proof),
    }


def _way(proof: Proof) -> str:
    via = proof.capture["via"]
    return f"via {via}" if via else "live, from the outlet's own address"


def _chain(proof: Proof) -> Iterator[str]:
    count = len(proof.links)
    whose, day = proof.document.outlet, proof.head.day
    yield f"Chain of {whose}, from capture {proof.place}: {count} link(s) to the head of {day} (UTC)"
    for at, link in enumerate(proof.links):
        if at < _ENDS or at >= count - _ENDS:
            yield f"  {proof.place + at:>7}  facts {link.facts[:16]}…  chain {link.chain}"
        elif at == _ENDS:
            yield f"      …    {count - 2 * _ENDS} more (--json gives all)"
    yield f"Head of {proof.head.day}: sha256 {proof.head.digest} ({len(proof.head.outlets)} outlet(s))"
