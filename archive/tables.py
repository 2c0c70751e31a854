"""The archive's tables (SQLAlchemy Core), the same on SQLite and PostgreSQL. Times are UTC microseconds."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, MetaData, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Text is compared byte by byte, as SQLite does it: one order on every database, whatever its locale.
String = sa.String().with_variant(sa.String(collation="C"), "postgresql")
Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# SQLite gives row ids to INTEGER keys only.
_ID = BigInteger().with_variant(Integer, "sqlite")

#: Facts of the archive as a whole: `via` (the stand-in server all captures came through, or "" for live), `made`.
facts = Table("facts", metadata, Column("key", String, primary_key=True), Column("value", Text, nullable=False))

#: One row per crawl of one outlet; `batch` names the command that began it together with others; `ended_at` is null
#: while it runs or when it was killed.
crawls = Table(
    "crawls",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("batch", String, nullable=False, index=True),
    Column("outlet", String, nullable=False, index=True),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("summary", Text, nullable=False, server_default="{}"),
)

#: One row per request made. (file, offset, length, sha256) is the run of WARC members that holds it; `chain` digests
#: this capture's row with the outlet's previous one; `reading_digest` is what today's extraction read. `template`,
#: `fields` (names of those the page had, with spaces between), `blocks` and `characters` tell how that reading went,
#: also when it gave no version: null where nothing was read.
captures = Table(
    "captures",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("crawl_id", ForeignKey("crawls.id")),
    Column("outlet", String, nullable=False),
    Column("url", Text, nullable=False),
    Column("purpose", String, nullable=False),
    Column("fetched_at", BigInteger, nullable=False, index=True),
    Column("outcome", String, nullable=False),
    Column("status", Integer),
    Column("reason", Text, nullable=False, server_default=""),
    Column("via", String),
    Column("payload_sha256", String, index=True),
    Column("payload_bytes", BigInteger, nullable=False, server_default="0"),
    Column("payload_kept", Boolean, nullable=False, server_default="0"),
    Column("warc_file", String, nullable=False),
    Column("warc_offset", BigInteger, nullable=False),
    Column("warc_length", BigInteger, nullable=False),
    Column("warc_sha256", String, nullable=False),
    Column("document_id", ForeignKey("documents.id"), index=True),
    Column("version_id", ForeignKey("versions.id"), index=True),
    Column("reading_digest", String),
    Column("template", String),
    Column("fields", String),
    Column("blocks", Integer),
    Column("characters", Integer),
    Column("chain", String, nullable=False),
    Index("ix_captures_url", "url", postgresql_using="hash"),
    Index("ix_captures_outlet_id", "outlet", "id"),
    Index("ix_captures_outcome_outlet", "outcome", "outlet"),
    Index("uq_captures_warc", "warc_file", "warc_offset", unique=True),
)

#: What lives at one canonical address. `name` is `outlet:article-id`. Of a withdrawn one is left when and why it was.
documents = Table(
    "documents",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("name", String, nullable=False, unique=True),
    Column("outlet", String, nullable=False, index=True),
    Column("url", Text, nullable=False),
    Column("first_capture_at", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger),
    Column("withdrawn_reason", Text),
    Index("ix_documents_url", "url", postgresql_using="hash"),
)

#: One state of one document's content, never changed. `content` is the article as JSON (the lossless form), read by
#: the extraction of `identity`; `confirmed` marks a suspect text that a second fetch confirmed. `permanent_id` is what
#: it is cited by (`permanent.py`).
versions = Table(
    "versions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("permanent_id", String, nullable=False, index=True),
    Column("digest", String, nullable=False, index=True),
    Column("content", Text, nullable=False),
    Column("captured_at", BigInteger, nullable=False, index=True),
    Column("boring", Boolean, nullable=False, server_default="0"),
    Column("confirmed", Boolean, nullable=False, server_default="0"),
    Column("crawl_id", ForeignKey("crawls.id"), index=True),
    Index("uq_versions_document_number", "document_id", "number", unique=True),
    Index("uq_versions_document_digest", "document_id", "digest", unique=True),
)

#: Which extractor (`identity`) read which version how: a version's first extraction gave its digest; a later extractor
#: may read the same state differently (another `digest`), which is no edit.
extractions = Table(
    "extractions",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("version_id", ForeignKey("versions.id"), nullable=False),
    Column("identity", String, nullable=False),
    Column("template", String, nullable=False),
    Column("digest", String, nullable=False),
    Index("uq_extractions_version_identity", "version_id", "identity", unique=True),
)

#: What one capture showed beside the content, stored when it changed: dates, tags, section, images, counts, missing.
observations = Table(
    "observations",
    metadata,
    Column("capture_id", ForeignKey("captures.id"), primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False, index=True),
    Column("digest", String, nullable=False),
    Column("fields", Text, nullable=False),
)

#: Addresses to fetch and their next visit. `next_visit` null: not to be fetched again.
links = Table(
    "links",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("outlet", String, nullable=False),
    Column("url", Text, nullable=False, unique=True),
    Column("purpose", String, nullable=False),
    Column("found_at", BigInteger, nullable=False),
    Column("found_in", Text, nullable=False, server_default=""),
    Column("depth", Integer, nullable=False, server_default="0"),
    Column("next_visit", BigInteger),
    Column("last_visit", BigInteger),
    Column("last_change", BigInteger),
    Column("last_outcome", String),
    Column("visits", Integer, nullable=False, server_default="0"),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("etag", String, nullable=False, server_default=""),
    Column("last_modified", String, nullable=False, server_default=""),
    Index("ix_links_outlet_next_visit", "outlet", "next_visit"),
)

#: Hosts that a crawl visits now, on an archive that several machines fill: whose turn it is, and until when by the
#: database's clock unless it says so again.
leases = Table(
    "leases",
    metadata,
    Column("host", String, primary_key=True),
    Column("holder", String, nullable=False, server_default=""),
    Column("until", BigInteger, nullable=False, server_default="0"),
)

#: The change log that the full-text index follows: one sequence number per changed document.
changes = Table(
    "changes",
    metadata,
    Column("seq", _ID, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), nullable=False),
    sqlite_autoincrement=True,
)

#: FracMinHash of each document's current text: the 5-syllable shingles whose hash falls in 1/16.
shingles = Table(
    "shingles",
    metadata,
    Column("hash", BigInteger, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

#: A finer sample of each document's current text, by which candidates are told from chance (`fingerprint.sketch`).
sketches = Table(
    "sketches",
    metadata,
    Column("document_id", ForeignKey("documents.id"), primary_key=True),
    Column("sketch", Text, nullable=False),
)

#: Paragraph digests of each document's current text, in page order.
paragraphs = Table(
    "paragraphs",
    metadata,
    Column("digest", BigInteger, primary_key=True),
    Column("document_id", ForeignKey("documents.id"), primary_key=True, index=True),
    Column("ordinal", Integer, primary_key=True),
    sqlite_with_rowid=False,
)

#: Documents that share text, confirmed exactly; a < b. Containments are shares of a's (b's) 5-syllable shingles.
relations = Table(
    "relations",
    metadata,
    Column("a", ForeignKey("documents.id"), primary_key=True),
    Column("b", ForeignKey("documents.id"), primary_key=True, index=True),
    Column("kind", String, nullable=False),
    Column("containment_a_in_b", Integer, nullable=False),  # parts per million: the same value on every database
    Column("containment_b_in_a", Integer, nullable=False),
    Column("shared_blocks", Integer, nullable=False),
)
