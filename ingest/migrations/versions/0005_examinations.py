"""What the review pass has looked at, document by document, and why each link has its verdict.

Revision: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the reasons of links and the table of examinations; documents of before count as not examined yet."""
    op.add_column("evidence_links", sa.Column("reasons", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "examinations",
        sa.Column("document_id", sa.Integer(), sa.ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("looked_with", sa.JSON(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("nearest", sa.JSON(), nullable=False),
        sa.Column("examined_at", sa.DateTime(), nullable=False),
    )


def downgrade() -> None:
    """Drops both."""
    op.drop_table("examinations")
    with op.batch_alter_table("evidence_links") as table:
        table.drop_column("reasons")
