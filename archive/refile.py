"""SQL that files a capture again from what its WARC tells, without deciding or extracting anything anew."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from archive import crawls, links, related, rows, withdrawn
from archive.articlejson import from_json
from archive.permanent import permanent_id
from archive.readings import Accepted
from archive.retold import Retold
from archive.tables import captures, documents, extractions, versions
from archive.tables import crawls as crawl_rows
from archive.tables import facts as archive_facts
from archive.times import from_us
from archive.tombstone import digest_kept
from archive.values import Link, Purpose

_TOGETHER = 1000


def refile(connection: Connection, one: Retold, *, relate: bool = True) -> bool:
    """Write all rows of the capture; tell whether all that it names was there (its version may have been lost).

    Its document's relations follow, unless they are made for all documents afterwards (`relate`).
    """
    # What a capture filed by an earlier release does not tell is null.
    facts: dict[str, Any] = defaultdict(lambda: None, one.facts)
    crawl = _crawl(connection, facts, one.filed)
    document = rows.document_id(connection, facts["document"]) if facts["document"] else None
    version = None
    if facts["verdict"]:
        document = document or _document(connection, facts)
        version = _version(connection, document, facts, one, crawl)
    capture = rows.insert_capture(
        connection,
        facts,
        one.place,
        document_id=document,
        version_id=version,
        chain=one.filed["chain"],
        crawl_id=crawl,
        payload_kept=one.filed["payload_kept"] and one.intact,
        warc_sha256=one.sha256,
    )
    if document is not None and facts["observed"]:
        rows.observe(connection, capture=capture, document=document, fields=facts["observed"])
    if relate and document is not None and version is not None and not (one.content and digest_kept(one.content)):
        related.follow(connection, document, capture, from_json(one.content) if one.content else None)
    if document is not None and facts["purpose"] == Purpose.WITHDRAWAL:
        withdrawn.forget(connection, document, at=facts["fetched_at"], reason=facts["reason"])
    return version is not None or not facts["verdict"]


def _crawl(connection: Connection, facts: dict[str, Any], filed: dict[str, Any]) -> int:
    """Give the crawl that filed the capture, its row made unless it is there.

    A crawl is told by outlet and batch: a database that lost its last crawls gave their numbers to later ones.
    """
    number, batch, outlet = int(filed["crawl_id"]), filed.get("batch") or "", facts["outlet"]
    named = connection.execute(select(crawl_rows).where(crawl_rows.c.id == number)).one_or_none()
    if named is not None and named.outlet == outlet and batch in ("", named.batch):
        return number
    same = select(crawl_rows.c.id).where(crawl_rows.c.outlet == outlet, crawl_rows.c.batch == batch).limit(1)
    if (batch or named is not None) and (found := connection.execute(same).scalar_one_or_none()) is not None:
        return int(found)
    crawls.claim_origin(connection, crawls.origin_of(facts["via"]))
    row = {"batch": batch, "outlet": outlet, "started_at": facts["fetched_at"]}
    free = {} if named is not None else {"id": number}
    return int(connection.execute(insert(crawl_rows).values(**row, **free).returning(crawl_rows.c.id)).scalar_one())


def _document(connection: Connection, facts: dict[str, Any]) -> int:
    row = {"name": facts["document"], "outlet": facts["outlet"], "url": facts["document_url"]}
    made = insert(documents).values(**row, first_capture_at=facts["fetched_at"])
    return int(connection.execute(made.returning(documents.c.id)).scalar_one())


def _version(connection: Connection, document: int, facts: dict[str, Any], one: Retold, crawl: int) -> int | None:
    here = (versions.c.document_id == document) & (versions.c.number == facts["number"])
    found = connection.execute(select(versions.c.id).where(here)).scalar_one_or_none()
    if one.content is not None and found is None:
        found = _insert_version(connection, document, facts, one, crawl)
    if found is not None and facts["identity"] is not None:
        read_as = {"identity": facts["identity"], "template": facts["template"], "digest": facts["reading_digest"]}
        rows.insert_extraction(connection, found, outlet=facts["outlet"], **read_as)
    return found


def _insert_version(connection: Connection, document: int, facts: dict[str, Any], one: Retold, crawl: int) -> int:
    assert one.content is not None
    row = {name: facts[name] for name in ("number", "digest", "boring", "confirmed")} | {
        "document_id": document,
        "permanent_id": permanent_id(facts["document"], facts["digest"]),
        "content": rows.as_text(one.content),
        "captured_at": facts["fetched_at"],
        "crawl_id": crawl,
    }
    rows.touch(connection, document)
    return int(connection.execute(insert(versions).values(**row).returning(versions.c.id)).scalar_one())


def read_again(connection: Connection, accepted: Iterable[Accepted]) -> int:
    """Write accepted readings as extractions of their versions; give how many were new."""
    before = _count(connection, extractions.c.id)
    for one in accepted:
        query = select(versions.c.id).join(documents, documents.c.id == versions.c.document_id)
        mine = query.where(documents.c.name == one.document, versions.c.number == one.number)
        version = connection.execute(mine).scalar_one_or_none()
        if version is not None:
            read_as = {"identity": one.identity, "template": one.template, "digest": one.digest}
            rows.insert_extraction(connection, version, **read_as)
    return _count(connection, extractions.c.id) - before


def reject(connection: Connection, outlet: str, identities: Iterable[str], when: str) -> None:
    """Note that these extractions' readings of the outlet were rejected."""
    for identity in identities:
        key = rows.rejected_key(outlet, identity)
        if connection.execute(select(archive_facts.c.key).where(archive_facts.c.key == key)).first() is None:
            connection.execute(insert(archive_facts).values(key=key, value=when))


def end_crawls(connection: Connection) -> None:
    """Give each crawl the times of its first and last capture; what it counted is not told by the files."""
    query = select(captures.c.crawl_id, func.min(captures.c.fetched_at), func.max(captures.c.fetched_at))
    for crawl, first, last in connection.execute(query.group_by(captures.c.crawl_id)).all():
        changed = {"started_at": first, "ended_at": last, "summary": json.dumps({"rebuilt": True})}
        connection.execute(update(crawl_rows).where(crawl_rows.c.id == crawl).values(**changed))


def begin_links(connection: Connection, now: int) -> int:
    """Make each document's address and each list's due again; give how many there are."""
    lists = select(captures.c.outlet, captures.c.url, captures.c.purpose).distinct()
    lists = lists.where(captures.c.purpose.in_((Purpose.FEED, Purpose.SITEMAP, Purpose.SECTION)))
    pages = select(documents.c.outlet, documents.c.url).where(documents.c.withdrawn_at.is_(None))
    pages = pages.order_by(documents.c.id)
    found = 0
    for query in (lists, pages):
        for part in connection.execute(query).partitions(_TOGETHER):
            some = [
                Link(outlet=row[0], url=row[1], purpose=Purpose(row[2] if len(row) > 2 else "page")) for row in part
            ]
            found += links.add(connection, some, from_us(now))
    return found


def counts(connection: Connection) -> dict[str, int]:
    """Count captures, documents and versions."""
    columns = {"captures": captures.c.id, "documents": documents.c.id, "versions": versions.c.id}
    return {name: _count(connection, column) for name, column in columns.items()}


def _count(connection: Connection, column: Any) -> int:
    return int(connection.execute(select(func.count(column))).scalar_one())
