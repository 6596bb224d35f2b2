"""PostgreSQL for tests: a database of its own for each test, on the server that TEST_POSTGRES_URL names; without it they are skipped."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, make_url, text

URL = os.environ.get("TEST_POSTGRES_URL", "")
needs_postgres = pytest.mark.skipif(not URL, reason="没有 TEST_POSTGRES_URL")
# What takes minutes runs on SQLite every time and on a server when it is asked for.
needs_slow_postgres = pytest.mark.skipif(
    not (URL and os.environ.get("TEST_POSTGRES_SLOW")), reason="没有 TEST_POSTGRES_URL 和 TEST_POSTGRES_SLOW=1"
)


@contextmanager
def fresh_database() -> Iterator[str]:
    """The address of an empty database, dropped again at the end with whoever is still connected to it."""
    name = f"edureview_test_{uuid.uuid4().hex[:12]}"
    server = create_engine(URL, isolation_level="AUTOCOMMIT")
    try:
        with server.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        yield make_url(URL).set(database=name).render_as_string(hide_password=False)
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    finally:
        server.dispose()
