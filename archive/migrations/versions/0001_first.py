"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
# Compared byte by byte on every database, whatever its locale.
STRING = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "crawls",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("batch", STRING, nullable=False),
        sa.Column("outlet", STRING, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("summary", TEXT, server_default="{}", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crawls")),
    )
    op.create_index(op.f("ix_crawls_batch"), "crawls", ["batch"], unique=False)
    op.create_index(op.f("ix_crawls_outlet"), "crawls", ["outlet"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", STRING, nullable=False),
        sa.Column("outlet", STRING, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("first_capture_at", sa.BigInteger(), nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_reason", TEXT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("name", name=op.f("uq_documents_name")),
    )
    op.create_index(op.f("ix_documents_outlet"), "documents", ["outlet"], unique=False)
    op.create_index("ix_documents_url", "documents", ["url"], unique=False, postgresql_using="hash")
    op.create_table(
        "facts",
        sa.Column("key", STRING, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_facts")),
    )
    op.create_table(
        "leases",
        sa.Column("host", STRING, nullable=False),
        sa.Column("holder", STRING, server_default="", nullable=False),
        sa.Column("until", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("host", name=op.f("pk_leases")),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outlet", STRING, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("purpose", STRING, nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("found_in", TEXT, server_default="", nullable=False),
        sa.Column("depth", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_visit", sa.BigInteger(), nullable=True),
        sa.Column("last_visit", sa.BigInteger(), nullable=True),
        sa.Column("last_change", sa.BigInteger(), nullable=True),
        sa.Column("last_outcome", STRING, nullable=True),
        sa.Column("visits", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("etag", STRING, server_default="", nullable=False),
        sa.Column("last_modified", STRING, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("url", name=op.f("uq_links_url")),
    )
    op.create_index("ix_links_outlet_next_visit", "links", ["outlet", "next_visit"], unique=False)
    op.create_table(
        "changes",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_changes_document_id_documents")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_changes")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "paragraphs",
        sa.Column("digest", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_paragraphs_document_id_documents")),
        sa.PrimaryKeyConstraint("digest", "document_id", "ordinal", name=op.f("pk_paragraphs")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_paragraphs_document_id"), "paragraphs", ["document_id"], unique=False)
    op.create_table(
        "relations",
        sa.Column("a", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("b", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", STRING, nullable=False),
        sa.Column("containment_a_in_b", sa.Integer(), nullable=False),
        sa.Column("containment_b_in_a", sa.Integer(), nullable=False),
        sa.Column("shared_blocks", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["a"], ["documents.id"], name=op.f("fk_relations_a_documents")),
        sa.ForeignKeyConstraint(["b"], ["documents.id"], name=op.f("fk_relations_b_documents")),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_relations")),
    )
    op.create_index(op.f("ix_relations_b"), "relations", ["b"], unique=False)
    op.create_table(
        "shingles",
        sa.Column("hash", sa.BigInteger(), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_shingles_document_id_documents")),
        sa.PrimaryKeyConstraint("hash", "document_id", name=op.f("pk_shingles")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_shingles_document_id"), "shingles", ["document_id"], unique=False)
    op.create_table(
        "sketches",
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sketch", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_sketches_document_id_documents")),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_sketches")),
    )
    op.create_table(
        "versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("permanent_id", STRING, nullable=False),
        sa.Column("digest", STRING, nullable=False),
        sa.Column("content", TEXT, nullable=False),
        sa.Column("captured_at", sa.BigInteger(), nullable=False),
        sa.Column("boring", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("confirmed", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("crawl_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name=op.f("fk_versions_crawl_id_crawls")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_versions_document_id_documents")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_versions")),
    )
    op.create_index(op.f("ix_versions_captured_at"), "versions", ["captured_at"], unique=False)
    op.create_index(op.f("ix_versions_crawl_id"), "versions", ["crawl_id"], unique=False)
    op.create_index(op.f("ix_versions_permanent_id"), "versions", ["permanent_id"], unique=False)
    op.create_index(op.f("ix_versions_digest"), "versions", ["digest"], unique=False)
    op.create_index("uq_versions_document_digest", "versions", ["document_id", "digest"], unique=True)
    op.create_index("uq_versions_document_number", "versions", ["document_id", "number"], unique=True)
    op.create_table(
        "captures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("crawl_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("outlet", STRING, nullable=False),
        sa.Column("url", TEXT, nullable=False),
        sa.Column("purpose", STRING, nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", STRING, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("reason", TEXT, server_default="", nullable=False),
        sa.Column("via", STRING, nullable=True),
        sa.Column("payload_sha256", STRING, nullable=True),
        sa.Column("payload_bytes", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("payload_kept", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("warc_file", STRING, nullable=False),
        sa.Column("warc_offset", sa.BigInteger(), nullable=False),
        sa.Column("warc_length", sa.BigInteger(), nullable=False),
        sa.Column("warc_sha256", STRING, nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reading_digest", STRING, nullable=True),
        sa.Column("template", STRING, nullable=True),
        sa.Column("fields", STRING, nullable=True),
        sa.Column("blocks", sa.Integer(), nullable=True),
        sa.Column("characters", sa.Integer(), nullable=True),
        sa.Column("chain", STRING, nullable=False),
        sa.ForeignKeyConstraint(["crawl_id"], ["crawls.id"], name=op.f("fk_captures_crawl_id_crawls")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_captures_document_id_documents")),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_captures_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_captures")),
    )
    op.create_index(op.f("ix_captures_document_id"), "captures", ["document_id"], unique=False)
    op.create_index(op.f("ix_captures_fetched_at"), "captures", ["fetched_at"], unique=False)
    op.create_index("ix_captures_outcome_outlet", "captures", ["outcome", "outlet"], unique=False)
    op.create_index("ix_captures_outlet_id", "captures", ["outlet", "id"], unique=False)
    op.create_index(op.f("ix_captures_payload_sha256"), "captures", ["payload_sha256"], unique=False)
    op.create_index("ix_captures_url", "captures", ["url"], unique=False, postgresql_using="hash")
    op.create_index(op.f("ix_captures_version_id"), "captures", ["version_id"], unique=False)
    op.create_index("uq_captures_warc", "captures", ["warc_file", "warc_offset"], unique=True)
    op.create_table(
        "extractions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("identity", STRING, nullable=False),
        sa.Column("template", STRING, nullable=False),
        sa.Column("digest", STRING, nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["versions.id"], name=op.f("fk_extractions_version_id_versions")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extractions")),
    )
    op.create_index("uq_extractions_version_identity", "extractions", ["version_id", "identity"], unique=True)
    op.create_table(
        "observations",
        sa.Column("capture_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", STRING, nullable=False),
        sa.Column("fields", TEXT, nullable=False),
        sa.ForeignKeyConstraint(["capture_id"], ["captures.id"], name=op.f("fk_observations_capture_id_captures")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_observations_document_id_documents")),
        sa.PrimaryKeyConstraint("capture_id", name=op.f("pk_observations")),
    )
    op.create_index(op.f("ix_observations_document_id"), "observations", ["document_id"], unique=False)
