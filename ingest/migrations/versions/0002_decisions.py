"""Samples, experts' points, arbitrations and decisions: rows that the database itself refuses to change or delete.

Revision: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FROZEN = ("samples", "expert_points", "arbitrations", "decisions")


def upgrade() -> None:
    """Creates the tables and the triggers that freeze their rows."""
    op.create_table(
        "samples",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(40), nullable=False),
        sa.Column("frame_sha256", sa.String(64), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "expert_points",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(8), nullable=False),
        sa.Column("expert", sa.String(60), nullable=False),
        sa.Column("points", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("district", "cycle", "criterion", "expert"),
    )
    op.create_table(
        "arbitrations",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(8), nullable=False),
        sa.Column("arbiter", sa.String(60), nullable=False),
        sa.Column("points", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(20), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("decided_by", sa.String(60), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
    )
    for table in ("samples", "arbitrations", "decisions"):
        op.create_index(f"ix_{table}_district_cycle", table, ["district", "cycle"])
    op.create_index("ix_decisions_sha256", "decisions", ["sha256"])
    for statement in _freezing(op.get_bind().dialect.name):
        op.execute(statement)


def _freezing(dialect: str) -> list[str]:
    """Statements after which UPDATE and DELETE on the frozen tables fail."""
    if dialect == "postgresql":
        return [
            "CREATE FUNCTION edureview_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            "$$BEGIN RAISE EXCEPTION 'frozen row: %', TG_TABLE_NAME; END$$",
            *(
                f"CREATE TRIGGER {table}_frozen BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION edureview_frozen()"
                for table in FROZEN
            ),
            *(
                f"CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON {table} EXECUTE FUNCTION edureview_frozen()"
                for table in FROZEN
            ),
        ]
    refuse = "BEGIN SELECT RAISE(ABORT, 'frozen row: {}'); END"
    statements = [
        f"CREATE TRIGGER {table}_frozen_{action.lower()} BEFORE {action} ON {table} {refuse.format(table)}"
        for table in FROZEN
        for action in ("UPDATE", "DELETE")
    ]
    # INSERT OR REPLACE deletes without asking the DELETE trigger (unless recursive_triggers is on).
    for table in FROZEN:
        same = "id = NEW.id"
        if table == "expert_points":
            columns = ("district", "cycle", "criterion", "expert")
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
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION edureview_frozen()")
