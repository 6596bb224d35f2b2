"""The record is made by its migrations, and only forwards."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.orm import Session

from ingest.errors import RecordTooNewError
from ingest.migrate import HEAD, MIGRATIONS, revision, upgrade
from ingest.store import open_store
from ingest.tables import Base, Job, Page, Passage


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


def test_升级时已索引的段落仍可检索_读到一半的接着读(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'record.sqlite3'}")
    with engine.connect() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for id_, state, indexed_at in ((1, "indexed", "'2019-03-01'"), (2, "reading", "NULL"), (3, "indexed", "NULL")):
            connection.exec_driver_sql(
                "INSERT INTO documents (id, district, cycle, file, sha256, size, kind, state, reason, title, facts, ingested_at, indexed_at)"
                f" VALUES ({id_}, '云山区', 2019, '{id_}.pdf', '{id_}', 1, 'pdf', '{state}', '', '', '{{}}', '2019-03-01', {indexed_at})"
            )
            connection.exec_driver_sql(
                "INSERT INTO pages (id, document_id, number, label, state, reason, text, spans, width, height)"
                f" VALUES ({id_}, {id_}, 1, '', 'text', '', '文字', '[]', 0, 0)"
            )
            connection.exec_driver_sql(
                'INSERT INTO passages (id, "key", document_id, page_id, start, "end", text, context)'
                f" VALUES ({id_}, 'k', {id_}, {id_}, 0, 2, '文字', '')"
            )
        connection.commit()
    upgrade(engine)
    with Session(engine) as session:
        assert [passage.indexed for passage in session.scalars(select(Passage).order_by(Passage.id))] == [
            True,
            False,
            False,
        ]
        [job] = session.scalars(select(Job)).all()
        assert (job.document_id, job.stage, job.begin, job.defects, job.orphans) == (2, "read", 1, [], [])
        assert session.get_one(Page, 1).findings == []
