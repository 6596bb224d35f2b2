"""What a language model proposes, until a person confirms or rejects it.

Revision: 0011
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the table."""
    op.create_table(
        "model_proposals",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("item", sa.String(8), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("quotes", sa.Text(), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("method", sa.String(10), nullable=False),
        sa.Column("model", sa.String(120), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("asked_by", sa.String(60), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("settled_by", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.UniqueConstraint("district", "cycle", "mark"),
    )
    op.create_index("ix_model_proposals_district_cycle", "model_proposals", ["district", "cycle", "item"])


def downgrade() -> None:
    """Drops the table."""
    op.drop_table("model_proposals")
