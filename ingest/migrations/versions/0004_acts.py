"""Acts of the office, findings on 附件 1, replacements in a sample, confirmations: rows the database refuses to change.

Revision: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Table → columns that together name a row once and for all, beside its id.
FROZEN: dict[str, tuple[str, ...]] = {
    "office_acts": (),
    "annex1_records": (),
    "replacements": ("sample_id", "kind", "unit_out"),
    "confirmations": (),
}


def upgrade() -> None:
    """Creates the tables and the triggers that freeze their rows."""
    op.create_table(
        "office_acts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("cycle", sa.Integer(), nullable=True),
        sa.Column("target", sa.String(60), nullable=False),
        sa.Column("value", sa.String(60), nullable=False),
        sa.Column("since", sa.String(10), nullable=False),
        sa.Column("weights", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(60), nullable=False),
        sa.Column("decided_on", sa.String(10), nullable=False),
        sa.Column("document", sa.String(300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
    )
    op.create_index("ix_office_acts_target", "office_acts", ["target"])
    op.create_table(
        "annex1_records",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("condition", sa.String(8), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("found_by", sa.String(60), nullable=False),
        sa.Column("found_on", sa.String(10), nullable=False),
        sa.Column("document", sa.String(300), nullable=False),
        sa.Column("document_sha256", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "replacements",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("sample_id", sa.Integer(), sa.ForeignKey("samples.id"), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("unit_out", sa.String(120), nullable=False),
        sa.Column("unit_in", sa.String(120), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(60), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("sample_id", "kind", "unit_out"),
    )
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("passage", sa.String(60), nullable=False),
        sa.Column("subject", sa.String(60), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("by", sa.String(60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
    )
    for table in ("annex1_records", "confirmations"):
        op.create_index(f"ix_{table}_district_cycle", table, ["district", "cycle"])
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
