"""Reading in steps: what is still to do for a document, pages that wait for recognition, findings, passages found early.

Revision: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns and the queue; what is already stored has no findings, and is indexed when its document is."""
    op.add_column("pages", sa.Column("source", sa.String(300), nullable=False, server_default=""))
    op.add_column("pages", sa.Column("findings", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("documents", sa.Column("findings", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index("ix_pages_progress", "pages", ["document_id", "state", "source"])
    op.add_column("passages", sa.Column("indexed", sa.Boolean(), nullable=False, server_default=sa.false()))
    done = "SELECT id FROM documents WHERE indexed_at IS NOT NULL"
    op.execute(f"UPDATE passages SET indexed = true WHERE document_id IN ({done})")
    op.create_table(
        "jobs",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("defects", sa.JSON(), nullable=False),
        sa.Column("stops", sa.Integer(), nullable=False),
        sa.Column("begin", sa.Integer(), nullable=False),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=False),
        sa.Column("orphans", sa.JSON(), nullable=False),
        sa.Column("queued_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("document_id"),
    )
    # What an earlier version was reading when it was broken off is taken up again from the first page that is not stored.
    op.execute(
        "INSERT INTO jobs (document_id, stage, pages, title, defects, stops, begin, refusal, published, orphans, queued_at) "
        "SELECT id, 'read', 0, '', '[]', 0, 1, '', 0, '[]', ingested_at FROM documents WHERE state = 'reading'"
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("jobs")
    op.drop_column("passages", "indexed")
    op.drop_index("ix_pages_progress", "pages")
    op.drop_column("documents", "findings")
    op.drop_column("pages", "findings")
    op.drop_column("pages", "source")
