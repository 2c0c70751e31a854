"""Decide what a reading means for its document: pure, without a database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from archive.digest import content_digest, is_boring
from archive.values import Article, Decision, Outcome, Reading, Verdict

#: A suspect text is believed when a second fetch at least this much later says the same.
CONFIRM_AFTER = timedelta(minutes=10)
#: A text that shrank to less than this share of its version is suspect: a soft error, a cut page.
_SHRUNK = 0.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the archive knows of a document.

    `numbers` maps each digest (as filed, and as read by `identity`) to its version's number; `current` is the content
    of the version that stood at the last capture and `identity` the extraction that read it last; `suspects` maps a
    suspect text's digest to the time it was first seen.
    """

    numbers: dict[str, int]
    latest: int
    current_number: int
    current_digest: str
    current: Article
    identity: str
    suspects: dict[str, datetime]


def decide(known: Known | None, reading: Reading, *, now: datetime, reread: Article | None = None) -> Decision | None:
    """Say whether the article read is NEW, REVISED or SEEN; None when there is nothing to file.

    `reread` is the current version's own payload read by the same extraction as `reading`, given when that changed
    since: if it says what `reading` says, the page did not change. A suspect text is filed when seen before, at least
    ten minutes ago.
    """
    if reading.article is None:
        return None
    digest = content_digest(reading.article)
    if known is not None and digest in known.numbers:
        return Decision(verdict=Verdict.SEEN, number=known.numbers[digest], digest=digest)
    if known is not None and reread is not None and content_digest(reread) == digest:
        return Decision(verdict=Verdict.SEEN, number=known.current_number, digest=digest, reextracted=True)
    suspect = is_suspect(known, reading) or _is_unread(known, reading, reread)
    if suspect and not _confirmed(known, digest, now):
        return None
    if known is None or known.latest == 0:
        return Decision(verdict=Verdict.NEW, number=1, digest=digest, confirmed=suspect)
    before = known.current if reread is None else reread
    return Decision(
        verdict=Verdict.REVISED,
        number=known.latest + 1,
        digest=digest,
        boring=is_boring(before, reading.article),
        confirmed=suspect,
    )


def is_suspect(known: Known | None, reading: Reading) -> bool:
    """Tell whether a text must be seen twice: promised fields are missing, or it shrank to a fraction."""
    if reading.outcome is Outcome.SUSPECT or reading.article is None:
        return True
    if known is None or known.latest == 0:
        return False
    return _length(reading.article) < _SHRUNK * _length(known.current)


def _length(article: Article) -> int:
    return sum(len(block.text) for block in article.blocks)


def _is_unread(known: Known | None, reading: Reading, reread: Article | None) -> bool:
    """Tell whether the current version was read by another extraction and cannot be read again: nothing to compare."""
    return bool(known and known.current_number and known.identity != reading.identity and reread is None)


def _confirmed(known: Known | None, digest: str, now: datetime) -> bool:
    first = known.suspects.get(digest) if known else None
    # Either may be the earlier one: old captures are filed late.
    return first is not None and abs(now - first) >= CONFIRM_AFTER
