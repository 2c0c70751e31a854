"""File a capture: WARC members, fsync, then one transaction; acknowledged when `file` returns.

What is filed together is true together: the capture, the version it gave, the document's fingerprints and relations,
the links it showed, and its own link's next visit.
"""

from __future__ import annotations

import asyncio
import hashlib
import threading
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from archive import __version__, known, links, related, rows
from archive.decide import Known
from archive.documents import names_of
from archive.entry import Entry, chain_of, cleaned, facts_of
from archive.folder import Folder
from archive.segment import Place, append, cut, read, repair
from archive.tables import captures
from archive.values import Capture, Outcome, Verdict
from archive.warc import members, response_of


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


class Filing:
    """Files the captures of one crawl of one outlet, whose lock the caller holds."""

    def __init__(self, folder: Folder, *, outlet: str, crawl_id: int, keep_all: bool = False) -> None:
        """Open the outlet's files, cutting back what a killed crawl left unacknowledged."""
        self.folder = folder
        self.outlet = outlet
        self.crawl_id = crawl_id
        self.keep_all = keep_all
        #: Held from what is known of a document until its decision is filed, when several pages are under way.
        self.turn = asyncio.Lock()
        self._one = threading.Lock()
        with folder.read() as connection:
            self._chain = _last_chain(connection, outlet)
            self.cut = repair(folder.warc_dir, outlet, _committed(connection, outlet))

    def known(self, document: str, *, url: str, identity: str) -> Known | None:
        """Give what is known of a document before its reading is decided."""
        with self.folder.read() as connection:
            return known.known(connection, document, url=url, identity=identity)

    def kept(self, document: str, number: int) -> Capture | None:
        """Give the capture that gave this version, read back from its WARC; None when its payload was not kept."""
        with self.folder.read() as connection:
            found = known.kept(connection, document, number)
        if found is None:
            return None
        return response_of(read(self.folder.warc_dir, found.place), outlet=self.outlet, url=found.url)

    def file(self, entry: Entry) -> Filed:
        """File the entry, one after another in any thread. Raises DiskFull or Busy with nothing acknowledged."""
        with self._one:
            return self._file(cleaned(entry))

    def _file(self, entry: Entry) -> Filed:
        said = facts_of(entry, previous=self._chain)
        chain = chain_of(said)
        with self.folder.read() as connection:
            before = rows.kept_before(connection, self.outlet, said["payload_sha256"])
        keep = entry.new_content is not None or (before is None and self._keeps(entry.capture))
        written = said | {"payload_kept": keep, "chain": chain, "crawl_id": self.crawl_id}
        run = members(entry.capture, keep=keep, facts=written, article=entry.new_content, kept_before=before)
        place = append(self.folder.warc_dir, self.outlet, run, now=entry.now, facts=_software(entry.capture))
        more = {"payload_kept": keep, "chain": chain, "crawl_id": self.crawl_id}
        more["warc_sha256"] = hashlib.sha256(run).hexdigest()
        try:
            with self.folder.write() as connection:
                filed = _commit(connection, entry, said, place, more)
        except BaseException:
            cut(self.folder.warc_dir, place)
            raise
        self._chain = chain
        return filed

    def _keeps(self, capture: Capture) -> bool:
        """Keep each distinct payload of every outcome but ok and not_modified (what gave a version is always kept)."""
        if not capture.body:
            return False
        return self.keep_all or capture.outcome not in (Outcome.OK, Outcome.NOT_MODIFIED)


def _software(capture: Capture) -> dict[str, str]:
    stated = {"software": f"luuchieu/{__version__}", "isPartOf": capture.outlet}
    return stated | ({"via": capture.via} if capture.via else {})


def _commit(connection: Connection, entry: Entry, said: dict[str, Any], place: Place, more: dict[str, Any]) -> Filed:
    """Write all rows of the entry; the caller owns the transaction."""
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
    if document is not None and entry.new_content is not None:
        repeats = _repeats(connection, related.update(connection, document, entry.new_content), document)
    found = links.add(connection, entry.found, entry.now) if entry.found else 0
    if entry.link is not None:
        links.visited(connection, entry.link, entry.capture, changed=_changed(entry), now=entry.now)
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
    if entry.new_content is not None:
        version = rows.insert_version(
            connection,
            document,
            entry.decision,
            entry.new_content,
            captured_at=said["fetched_at"],
            crawl_id=crawl_id,
        )
    else:
        version = rows.version_id(connection, document, entry.decision.number)
    if entry.reading is not None:
        read_as = {"identity": said["identity"], "template": said["template"], "digest": said["reading_digest"]}
        rows.insert_extraction(connection, version, **read_as)
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


def _last_chain(connection: Connection, outlet: str) -> str:
    query = select(captures.c.chain).where(captures.c.outlet == outlet).order_by(captures.c.id.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none() or ""


def _committed(connection: Connection, outlet: str) -> dict[str, int]:
    ends = select(captures.c.warc_file, func.max(captures.c.warc_offset + captures.c.warc_length))
    query = ends.where(captures.c.outlet == outlet).group_by(captures.c.warc_file)
    return {file: int(end) for file, end in connection.execute(query)}
