"""Brings the SQL record to the newest version. Alembic is imported only when there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from ingest import tables_conversations, tables_cycle, tables_people, tables_proposals, tables_review  # noqa: F401 - the record is made of their tables too
from ingest.errors import RecordTooNewError

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
MIGRATION_LOCK = 0x65647572657669  # PostgreSQL: the advisory lock that whoever migrates holds
HEAD = "0011"  # the newest revision under migrations/versions; a test compares the two


def revision(connection: Connection) -> str | None:
    """The revision the database is at; None when it was never migrated."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def upgrade(engine: Engine) -> None:
    """Migrates the database behind `engine` to HEAD; returns at once when it is there already.

    Several processes may call this at the same time: one of them gets in, the others wait and find it done.
    Raises RecordTooNewError when the database was made by a newer version of the program.
    """
    with engine.connect() as connection:
        if revision(connection) == HEAD:
            return
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # Python's driver opens no transaction for CREATE TABLE by itself; without one, a killed migration
            # would leave half of the tables and no version.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        elif connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})")
        if revision(connection) != HEAD:
            _run(connection)
        connection.commit()


def _run(connection: Connection) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    now = revision(connection)
    if now is not None and now not in known_revisions():
        raise RecordTooNewError(now)
    command.upgrade(config, "head")


def known_revisions() -> frozenset[str]:
    """Every revision this program can bring to the newest one."""
    from alembic.script import ScriptDirectory

    return frozenset(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
