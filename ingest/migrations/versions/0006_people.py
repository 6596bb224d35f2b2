"""Accounts, sign-ins, and the log of every act, whose rows the database refuses to change.

Revision: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_SAME = "number = NEW.number OR (district = NEW.district AND place = NEW.place)"


def upgrade() -> None:
    """Creates the tables and the triggers that freeze the log."""
    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False, unique=True),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("districts", sa.JSON(), nullable=False),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("external", sa.String(200), nullable=True, unique=True),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("person_id", sa.Integer(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("token_sha256", sa.String(64), nullable=False, unique=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    op.create_table(
        "failed_sign_ins",
        sa.Column("name_sha256", sa.String(64), primary_key=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "audit_log",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("person", sa.String(60), nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("session", sa.String(80), nullable=False),
        sa.Column("act", sa.String(40), nullable=False),
        sa.Column("district", sa.String(60), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("entry", sa.String(64), nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.UniqueConstraint("district", "place"),
    )
    op.create_index("ix_audit_log_person", "audit_log", ["person"])
    for statement in _freezing(op.get_bind().dialect.name):
        op.execute(statement)


def _freezing(dialect: str) -> list[str]:
    """Statements after which UPDATE and DELETE on the log fail; PostgreSQL has the function since 0002."""
    if dialect == "postgresql":
        return [
            "CREATE TRIGGER audit_log_frozen BEFORE UPDATE OR DELETE ON audit_log "
            "FOR EACH ROW EXECUTE FUNCTION edureview_frozen()",
            "CREATE TRIGGER audit_log_kept BEFORE TRUNCATE ON audit_log EXECUTE FUNCTION edureview_frozen()",
        ]
    refuse = "BEGIN SELECT RAISE(ABORT, 'frozen row: audit_log'); END"
    return [
        f"CREATE TRIGGER audit_log_frozen_update BEFORE UPDATE ON audit_log {refuse}",
        f"CREATE TRIGGER audit_log_frozen_delete BEFORE DELETE ON audit_log {refuse}",
        # INSERT OR REPLACE deletes without asking the DELETE trigger (unless recursive_triggers is on).
        f"CREATE TRIGGER audit_log_frozen_replace BEFORE INSERT ON audit_log "
        f"WHEN EXISTS (SELECT 1 FROM audit_log WHERE {_SAME}) {refuse}",
    ]


def downgrade() -> None:
    """Drops them all; their triggers go with them."""
    for table in ("audit_log", "failed_sign_ins", "sessions", "people"):
        op.drop_table(table)
