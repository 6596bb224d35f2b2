"""The record is made by its migrations, and only forwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, text

from ingest.errors import RecordTooNewError
from ingest.migrate import HEAD, MIGRATIONS, revision, upgrade
from ingest.store import open_store
from ingest.tables import Base


def test_迁移结果与表定义一致(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        assert revision(connection) == HEAD


def test_HEAD就是最新的迁移() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_current_head() == HEAD


def test_再次打开不改动也不输出(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    open_store(tmp_path)
    open_store(tmp_path)
    assert capfd.readouterr() == ("", "")


def test_已是最新版时不加载alembic(tmp_path: Path) -> None:
    open_store(tmp_path)
    code = f"import sys; from pathlib import Path; from ingest.store import open_store; open_store(Path({str(tmp_path)!r})); assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])


def test_更新版本的数据库拒绝打开(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RecordTooNewError, match="9999"):
        upgrade(store.engine)


def test_迁移中途失败不留半套表(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    create = op.create_table

    def fail_at_facts(name: str, *columns: object) -> object:
        if name == "facts":
            raise RuntimeError("power cut")
        return create(name, *columns)

    monkeypatch.setattr(op, "create_table", fail_at_facts)
    engine = create_engine(f"sqlite:///{tmp_path / 'record.sqlite3'}")
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(engine)
    assert inspect(engine).get_table_names() == []


def test_两个进程同时首次打开(tmp_path: Path) -> None:
    code = f"from pathlib import Path; from ingest.store import open_store; open_store(Path({str(tmp_path)!r}))"
    both = [subprocess.Popen([sys.executable, "-c", code], cwd=Path(__file__).parents[2]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
