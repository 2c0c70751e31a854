"""SQL that makes one filed entry true: all its rows in the caller's transaction.

The capture, the version it gave, what it showed beside the content, fingerprints and relations, the links it showed,
and its own link's next visit are written together or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from archive import links, related, rows, withdrawn
from archive.documents import names_of
from archive.entry import Entry
from archive.segment import Place
from archive.values import Outcome, Purpose, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What became of a capture: acknowledged, durable.

    `repeats` names the documents whose text a new version shares; `found` counts the links that were new.
    """

    capture_id: int
    outcome: Outcome
    document: str | None = None
    number: int | None = None
    verdict: Verdict | None = None
    repeats: tuple[str, ...] = ()
    found: int = 0


def commit(connection: Connection, entry: Entry, said: dict[str, Any], place: Place, more: dict[str, Any]) -> Filed:
    """Write all rows of the entry, whose facts are `said`; `more` are the columns that only the filer knows."""
    document = rows.document_id(connection, entry.document) if entry.document else None
    version: int | None = None
    if entry.decision:
        if document is None:
            document = rows.insert_document(connection, entry, said["fetched_at"])
        version = _version(connection, entry, said, document, more["crawl_id"])
    capture = rows.insert_capture(connection, said, place, document_id=document, version_id=version, **more)
    repeats: tuple[str, ...] = ()
    if document is not None and said["observed"]:
        rows.observe(connection, capture=capture, document=document, fields=said["observed"])
    if document is not None and version is not None:
        near = related.follow(connection, document, capture, entry.new_content)
        repeats = _repeats(connection, near, document) if entry.new_content is not None else ()
    if document is not None and entry.capture.purpose is Purpose.WITHDRAWAL:
        withdrawn.forget(connection, document, at=said["fetched_at"], reason=entry.capture.reason)
    found = links.add(connection, entry.found, entry.now) if entry.found else 0
    if entry.link is not None:
        held = entry.decision is not None
        links.visited(connection, entry.link, entry.capture, changed=_changed(entry), held=held, now=entry.now)
    return Filed(
        capture_id=capture,
        outcome=entry.capture.outcome,
        document=entry.document if document is not None else None,
        number=said["number"],
        verdict=entry.decision.verdict if entry.decision else None,
        repeats=repeats,
        found=found,
    )


def _version(connection: Connection, entry: Entry, said: dict[str, Any], document: int, crawl_id: int) -> int:
    assert entry.decision is not None
    assert entry.document is not None
    if entry.new_content is not None:
        version = rows.insert_version(
            connection,
            document,
            entry.decision,
            entry.new_content,
            name=entry.document,
            captured_at=said["fetched_at"],
            crawl_id=crawl_id,
        )
    else:
        version = rows.version_id(connection, document, entry.decision.number)
    if entry.reading is not None:
        read_as = {"identity": said["identity"], "template": said["template"], "digest": said["reading_digest"]}
        rows.insert_extraction(connection, version, outlet=entry.capture.outlet, **read_as)
    return version


def _repeats(connection: Connection, relations: list[related.Relation], document: int) -> tuple[str, ...]:
    """Name the other documents that say much of the same: not those that share a passage only."""
    shared = [relation for relation in relations if relation.kind != "shares_passages"]
    return names_of(connection, [relation.b if relation.a == document else relation.a for relation in shared])


def _changed(entry: Entry) -> bool | None:
    """Tell whether the page changed since its last visit; None when the capture does not say."""
    if entry.capture.outcome is Outcome.NOT_MODIFIED:
        return False
    return entry.decision.verdict is not Verdict.SEEN if entry.decision else None
