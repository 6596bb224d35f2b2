"""Run by Alembic: the connection always comes from ingest.migrate, which also owns the transaction."""

from __future__ import annotations

from alembic import context

from ingest.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    transactional_ddl=True,
    render_as_batch=True,  # SQLite cannot alter a column in place
)
with context.begin_transaction():
    context.run_migrations()
