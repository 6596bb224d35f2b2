"""Versions of documents; the evaluation year, self points, submissions and rectification: rows the database refuses to change.

Revision: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# Table → columns that together name a row once and for all, beside its id.
FROZEN: dict[str, tuple[str, ...]] = {
    "cycle_acts": (),
    "self_sheets": ("district", "cycle", "version"),
    "submission_acts": ("district", "cycle", "number"),
    "problems": ("district", "cycle", "number"),
    "problem_acts": ("problem_id", "number"),
}


def upgrade() -> None:
    """Adds the mark of replaced documents, the tables, and the triggers that freeze their rows."""
    op.add_column("documents", sa.Column("superseded_by", sa.Integer(), nullable=True))
    op.create_table(
        "cycle_acts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_cycle_acts_cycle", "cycle_acts", ["cycle"])
    op.create_table(
        "self_sheets",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("entries", sa.Text(), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("source", sa.String(300), nullable=False),
        sa.Column("source_sha256", sa.String(64), nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("district", "cycle", "version"),
    )
    op.create_table(
        "submission_acts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("manifest", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("district", "cycle", "number"),
    )
    op.create_table(
        "problems",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(300), nullable=False),
        sa.Column("due_on", sa.String(10), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("district", "cycle", "number"),
    )
    op.create_table(
        "problem_acts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("problem_id", sa.Integer(), sa.ForeignKey("problems.id"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("problem_id", "number"),
    )
    for statement in _freezing(op.get_bind().dialect.name):
        op.execute(statement)


def _freezing(dialect: str) -> list[str]:
    """Statements after which UPDATE and DELETE on the frozen tables fail; PostgreSQL has the function since 0002."""
    if dialect == "postgresql":
        return [
            statement
            for table in FROZEN
            for statement in (
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION edureview_frozen()",
                f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} EXECUTE FUNCTION edureview_frozen()",
            )
        ]
    refuse = "BEGIN SELECT RAISE(ABORT, 'frozen row: {}'); END"
    statements = []
    for table, columns in FROZEN.items():
        statements += [
            f"CREATE TRIGGER {table}_frozen_{action.lower()} BEFORE {action} ON {table} {refuse.format(table)}"
            for action in ("UPDATE", "DELETE")
        ]
        # INSERT OR REPLACE deletes without asking the DELETE trigger (unless recursive_triggers is on).
        same = "id = NEW.id"
        if columns:
            same += f" OR ({' AND '.join(f'{column} = NEW.{column}' for column in columns)})"
        statements.append(
            f"CREATE TRIGGER {table}_frozen_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse.format(table)}"
        )
    return statements


def downgrade() -> None:
    """Drops them all; their triggers go with them."""
    for table in reversed(FROZEN):
        op.drop_table(table)
    with op.batch_alter_table("documents") as batch:
        batch.drop_column("superseded_by")
