"""Documents, pages, passages, and what is proposed about them; case files.

Revision: 0001, the first
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the first tables of the record."""
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(500), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("type_code", sa.String(2)),
        sa.Column("data_year", sa.Integer()),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("duplicate_of", sa.Integer(), sa.ForeignKey("documents.id")),
        sa.Column("ingested_at", sa.DateTime(), nullable=False),
        sa.Column("indexed_at", sa.DateTime()),
        sa.UniqueConstraint("district", "cycle", "file", "sha256"),
    )
    op.create_index("ix_documents_district_cycle", "documents", ["district", "cycle"])
    op.create_index("ix_documents_sha256", "documents", ["sha256"])
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("width", sa.Double(), nullable=False),
        sa.Column("height", sa.Double(), nullable=False),
        sa.Column("char_boxes", sa.LargeBinary()),
        sa.UniqueConstraint("document_id", "number"),
    )
    op.create_index("ix_pages_document_id", "pages", ["document_id"])
    op.create_table(
        "passages",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(60), nullable=False),
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("documents.id"), nullable=False),
        sa.Column("page_id", sa.Integer(), sa.ForeignKey("pages.id"), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.UniqueConstraint("document_id", "key"),
    )
    op.create_index("ix_passages_document_id", "passages", ["document_id"])
    op.create_index("ix_passages_page_id", "passages", ["page_id"])
    op.create_index("ix_passages_key", "passages", ["key"])
    op.create_table(
        "evidence_links",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("passage_id", sa.Integer(), sa.ForeignKey("passages.id"), nullable=False),
        sa.Column("item", sa.String(8), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.UniqueConstraint("passage_id", "item"),
    )
    op.create_index("ix_evidence_links_passage_id", "evidence_links", ["passage_id"])
    op.create_index("ix_links_item", "evidence_links", ["item"])
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("passage_id", sa.Integer(), sa.ForeignKey("passages.id"), nullable=False),
        sa.Column("metric", sa.String(60), nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(12), nullable=False),
        sa.Column("year", sa.Integer()),
        sa.Column("scope", sa.String(60), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
    )
    op.create_index("ix_facts_passage_id", "facts", ["passage_id"])
    op.create_index("ix_facts_metric", "facts", ["metric"])
    op.create_table(
        "cases",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_cases_district_cycle", "cases", ["district", "cycle"])


def downgrade() -> None:
    """Drops them all, the ones that refer to others first."""
    for table in ("cases", "facts", "evidence_links", "passages", "pages", "documents"):
        op.drop_table(table)
