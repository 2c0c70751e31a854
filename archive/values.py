"""The values that flow through the house: Capture → Reading → Decision → Version.

All are frozen, slotted and keyword-only. Times are aware and UTC. Expected outcomes are values here, never exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What came of one capture: exactly one of these."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    REDIRECT = "redirect"
    GONE = "gone"
    GATED = "gated"
    BLOCKED = "blocked"
    TRUNCATED = "truncated"
    CORRUPT = "corrupt"
    TOO_LARGE = "too_large"
    SUSPECT = "suspect"
    EXTRACT_FAILED = "extract_failed"
    NOT_ARTICLE = "not_article"
    ROBOTS = "robots"
    TIMEOUT = "timeout"
    REFUSED_ADDRESS = "refused_address"
    INTERRUPTED = "interrupted"
    WITHDRAWN = "withdrawn"
    ERROR = "error"


class Purpose(StrEnum):
    """What a link, and so its capture, is fetched for; a withdrawal is no fetch but a statement in the same chain."""

    PAGE = "page"
    FEED = "feed"
    SITEMAP = "sitemap"
    SECTION = "section"
    ROBOTS = "robots"
    WITHDRAWAL = "withdrawal"


class Kind(StrEnum):
    """What a block of an article is."""

    PARAGRAPH = "paragraph"
    SUBHEAD = "subhead"
    CAPTION = "caption"
    QUOTE = "quote"
    LIST_ITEM = "list_item"
    TABLE = "table"
    ENTRY = "entry"


class Verdict(StrEnum):
    """What filing an article means for its document."""

    NEW = "new"
    REVISED = "revised"
    SEEN = "seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One request and what came of it, as it came.

    `body` is the payload exactly as received (de-chunked, still content-encoded); `headers` are (name, value) pairs in
    the order received, repeated names kept. `fetched_at` is the crawl's clock when the answer was complete.
    `via` names the server that stood in for the outlet (replica), or is None for a live capture.
    """

    outlet: str
    url: str
    fetched_at: datetime
    outcome: Outcome
    purpose: Purpose = Purpose.PAGE
    method: str = "GET"
    request_headers: tuple[tuple[str, str], ...] = ()
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    reason: str = ""
    via: str | None = None
    elapsed_ms: int = 0

    def header(self, name: str) -> str | None:
        """Give the first header of this name (case-insensitive), or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of an article: its kind and its squashed NFC text.

    `credit` is whom a caption names as its source, also printed in `text`; `time` is the time of a live blog's entry,
    ISO 8601 where the page tells the day, else as printed, and not part of `text`. Neither is content: blocks that
    differ in them alone are equal.
    """

    kind: Kind
    text: str
    credit: str = field(default="", compare=False)
    time: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of an article: its real address (never a data: placeholder), alt text and caption as printed."""

    url: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A time that one source on a page tells: of what (published, modified), by which rule, what was printed.

    `agrees` says whether it is the time that the article holds, as exactly as `raw` tells it.
    """

    what: str
    rule: str
    time: datetime
    raw: str
    agrees: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, clean.

    `lead` holds the outlet's printed prefix, which `lead_prefix` repeats alone (`(Dân trí) - `). The content proper,
    the part whose change is an edit, is title, byline, lead, blocks and source line; all else is observed beside it.
    A rule is json-ld, meta, selector or address; `dates` holds every time told, in that order of trust. `format` is
    article, photo, emagazine, video, live, infographic or quiz; `note` an editor's box; `own_id` the outlet's own id.
    """

    title: str
    byline: tuple[str, ...] = ()
    lead: str = ""
    blocks: tuple[Block, ...] = ()
    source_line: str = ""
    lead_prefix: str = ""
    byline_raw: str = ""
    agency: str = ""
    published: datetime | None = None
    published_raw: str = ""
    published_rule: str = ""
    modified: datetime | None = None
    modified_raw: str = ""
    modified_rule: str = ""
    dates: tuple[Dated, ...] = ()
    section: str = ""
    event: str = ""
    tags: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    canonical: str = ""
    own_id: str = ""
    format: str = "article"
    note: str = ""
    contained: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockCounts:
    """Where the blocks came from: trafilatura's output, restored from the page, refused as not shown by the page."""

    trafilatura: int = 0
    restored: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an extractor made of one capture.

    `identity` is the digest of template, extraction version and library versions; `missing` names the fields that the
    template promises and the page lacks. `article` is None unless `outcome` is ok or suspect. `noarchive` says that the
    page asks for no copy to be shown.
    """

    outcome: Outcome
    identity: str
    template: str = ""
    article: Article | None = None
    missing: tuple[str, ...] = ()
    counts: BlockCounts = field(default_factory=BlockCounts)
    reason: str = ""
    elapsed_ms: int = 0
    noarchive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address to fetch: what for, and what was known of it at the last visit."""

    outlet: str
    url: str
    purpose: Purpose = Purpose.PAGE
    etag: str = ""
    last_modified: str = ""
    found_in: str = ""
    depth: int = 0
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do with a reading: pure, made without a database.

    `number` is the version's number: the new one for NEW and REVISED, the matched one for SEEN. `boring` says that the
    change from the previous version is typography only; `confirmed` that a suspect text was seen twice; `reextracted`
    that the state is a known one which another extractor read differently: no edit.
    """

    verdict: Verdict
    number: int
    digest: str
    boring: bool = False
    confirmed: bool = False
    reextracted: bool = False
