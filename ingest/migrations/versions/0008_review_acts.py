"""Assignments of experts, results of the field check, the bonus awarded and 市政府审定: frozen rows.

Revision: 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLE = "review_acts"
NAMED = ("district", "cycle", "kind", "subject", "number")


def upgrade() -> None:
    """Adds the table and the triggers that freeze its rows."""
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint(*NAMED),
    )
    for statement in _freezing(op.get_bind().dialect.name):
        op.execute(statement)


def _freezing(dialect: str) -> list[str]:
    """Statements after which UPDATE and DELETE fail; PostgreSQL has the function since 0002."""
    if dialect == "postgresql":
        return [
            f"CREATE TRIGGER {TABLE}_frozen BEFORE UPDATE OR DELETE ON {TABLE} "
            "FOR EACH ROW EXECUTE FUNCTION edureview_frozen()",
            f"CREATE TRIGGER {TABLE}_kept BEFORE TRUNCATE ON {TABLE} EXECUTE FUNCTION edureview_frozen()",
        ]
    refuse = f"BEGIN SELECT RAISE(ABORT, 'frozen row: {TABLE}'); END"
    same = f"id = NEW.id OR ({' AND '.join(f'{column} = NEW.{column}' for column in NAMED)})"
    return [
        *(
            f"CREATE TRIGGER {TABLE}_frozen_{action.lower()} BEFORE {action} ON {TABLE} {refuse}"
            for action in ("UPDATE", "DELETE")
        ),
        # INSERT OR REPLACE deletes without asking the DELETE trigger (unless recursive_triggers is on).
        f"CREATE TRIGGER {TABLE}_frozen_replace BEFORE INSERT ON {TABLE} "
        f"WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE {same}) {refuse}",
    ]


def downgrade() -> None:
    """Drops the table; its triggers go with it."""
    op.drop_table(TABLE)
