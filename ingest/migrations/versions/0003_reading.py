"""What reading found: findings of documents and pages, and where the picture of a page that waits for recognition is.

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
    """Adds the columns; what is already stored has no findings."""
    op.add_column("pages", sa.Column("source", sa.String(300), nullable=False, server_default=""))
    op.add_column("pages", sa.Column("findings", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("documents", sa.Column("findings", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Drops them."""
    op.drop_column("documents", "findings")
    op.drop_column("pages", "findings")
    op.drop_column("pages", "source")
