"""Edits of published articles: how much changed, of what type, how long after publication, and who admitted it.

An edit is silent when neither the page's own modified time moved on with it nor a note in the article speaks of it
(`Đính chính`, `cập nhật`, `cáo lỗi` …). The most telling come first: what a fact-checker asks about (figures, dates,
names, quotations) before wording, silent ones before admitted ones, large ones before small ones.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from archive.change import Change, Diff, Row
from archive.diff import diff
from archive.documents import Document, by_name
from archive.history import Edit, History, history
from archive.sentences import words
from archive.tables import captures, documents, observations, versions
from archive.times import to_us
from archive.tombstone import digest_kept

_NOTE = re.compile(
    r"(?i)đính chính|cập nhật|cáo lỗi|xin lỗi bạn đọc|đã (?:được )?sửa|sửa lại|bài viết (?:đã )?được|hiệu chỉnh"
)
#: How telling a change of each type is; a type not listed counts as `other`.
TELLING = {
    **dict.fromkeys(("number", "negation"), 6.0),
    **dict.fromkeys(("name", "quotation", "attribution", "date"), 5.0),
    **dict.fromkeys(("headline", "place"), 4.0),
    **dict.fromkeys(("lead", "correction"), 3.0),
    **dict.fromkeys(("caption", "byline"), 1.0),
    **dict.fromkeys(("spelling", "typography"), 0.0),
}
_NO_EDIT = {name for name, weight in TELLING.items() if not weight}
_OTHER, _SILENT = 2.0, 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An edit and what it says of itself.

    `share` is the part of the words of both versions that changed (0 to 1), `types` counts the changes. `delay_from`
    and `delay_to` bound how long after publication it was made. `admitted_by` is "modified" (the page's own time moved
    on, to `modified`), "note", or "" for a silent one.
    """

    document: Document
    title: str
    edit: Edit
    diff: Diff
    types: dict[str, int]
    share: float
    delay_from: timedelta
    delay_to: timedelta
    admitted_by: str
    modified: datetime | None

    @property
    def is_silent(self) -> bool:
        """Tell whether nothing on the page admits the edit."""
        return not self.admitted_by

    @property
    def weight(self) -> float:
        """How telling the edit is: its most telling type, more for a silent one, and a little for its size."""
        best = max((TELLING.get(name, _OTHER) for name in self.types), default=0.0)
        return best + (_SILENT if self.is_silent else 0.0) + math.log10(1 + 100 * self.share)


def edits(connection: Connection, *, since: datetime, outlet: str | None = None) -> list[Revision]:
    """Give the edits first seen since, most telling first; those of typography only and of withdrawn documents not."""
    found = [one for name in _edited(connection, since, outlet) for one in _of(connection, name, since)]
    found = [one for one in found if not set(one.types) <= _NO_EDIT]
    return sorted(found, key=lambda one: (-one.weight, -one.edit.before.timestamp(), one.document.name))


def _edited(connection: Connection, since: datetime, outlet: str | None) -> list[str]:
    """Name the documents with several versions, one of which was seen since."""
    several = select(versions.c.document_id).group_by(versions.c.document_id).having(func.count() > 1)
    seen = select(captures.c.document_id).where(
        captures.c.fetched_at >= to_us(since), captures.c.version_id.is_not(None), captures.c.document_id.in_(several)
    )
    query = select(documents.c.name).where(documents.c.id.in_(seen), documents.c.withdrawn_at.is_(None))
    if outlet:
        query = query.where(documents.c.outlet == outlet)
    return list(connection.execute(query.order_by(documents.c.name)).scalars())


def _of(connection: Connection, name: str, since: datetime) -> Iterator[Revision]:
    document = by_name(connection, name)
    if document is None:
        return
    told = history(connection, document)
    for edit in told.edits:
        if not edit.boring and edit.before >= since:
            yield _revision(connection, told, edit)


def _revision(connection: Connection, told: History, edit: Edit) -> Revision:
    articles = {version.number: version.article for version in told.versions}
    old, new = articles[edit.from_version], articles[edit.to_version]
    found = diff(old, new)
    first = told.versions[0].article.published
    published = min(time for time in (first, told.states[0].first_seen) if time)
    was, now = (_observed(connection, told.document, at) for at in (edit.after, edit.before))
    modified = _time(now.get("modified"))
    return Revision(
        document=told.document,
        title=new.title,
        edit=edit,
        diff=found,
        types=dict(Counter(change.type for change in found.changes)),
        share=_share(found),
        delay_from=max(edit.after - published, timedelta(0)),
        delay_to=edit.before - published,
        admitted_by=_admitted(found.changes, was, now, edit),
        modified=modified,
    )


def _observed(connection: Connection, document: Document, at: datetime) -> dict[str, Any]:
    """Give what the document's page said beside its content at a time: what it last was when it changed."""
    query = (
        select(observations.c.fields)
        .join(captures, captures.c.id == observations.c.capture_id)
        .where(observations.c.document_id == document.id, captures.c.fetched_at <= to_us(at))
        .order_by(captures.c.fetched_at.desc(), captures.c.id.desc())
        .limit(1)
    )
    fields = json.loads(connection.execute(query).scalar_one_or_none() or "{}")
    return {} if digest_kept(fields) else fields


def _time(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) and value else None


def _share(found: Diff) -> float:
    """Give the share of the words of both sides that were taken out or put in."""
    rows = [row for row in found.rows if row.op != "moved_away"]
    whole = sum(len(words(row.old)) + len(words(row.new)) for row in rows)
    apart = sum(len(words(old)) + len(words(new)) for row in rows for old, new, same in _segments(row) if not same)
    return apart / whole if whole else 0.0


def _segments(row: Row) -> Iterator[tuple[str, str, bool]]:
    yield from row.segments or ((row.old, row.new, False),)


def _admitted(changes: tuple[Change, ...], was: dict[str, Any], now: dict[str, Any], edit: Edit) -> str:
    """Tell what on the page admits an edit: its own time moved on, or a note that was not there before."""
    before, after = _time(was.get("modified")), _time(now.get("modified"))
    if after and (after > before if before else after > edit.after):
        return "modified"
    noted = [change for change in changes if _NOTE.search(change.new) and not _NOTE.search(change.old)]
    is_noted = bool(now.get("note")) and now.get("note") != was.get("note")
    return "note" if is_noted or any(change.where != "title" for change in noted) else ""
