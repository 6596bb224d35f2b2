"""Backup and restore: what comes back is what was there, byte for byte; nothing foreign, newer or damaged gets in; nothing is lost."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from review.accounts import accounts, add_account
from review.audit import acts
from review.backup import make_backup
from review.backup_file import MANIFEST, check_backup
from review.documents import list_documents, stored_text
from review.errors import BackupError, NotAllowedError
from review.papers.wording import revise, wording
from review.people import Person
from review.restore import restore_backup
from review.self_points import sheet
from review.sign_in import person_of, sign_in
from review.workspace import Settings, Workspace
from tests.postgres import fresh_database, needs_postgres
from tests.review.submissions import CYCLE, DISTRICT, full_marks, put_document

WHERE = (DISTRICT, CYCLE)
PASSWORD = "虚构-口令-Backup-2019"


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    put_document(workspace, "甲.txt", "虚构：甲。")
    full_marks(workspace)
    add_account(workspace, "虚构督导员", "office", PASSWORD)
    revise(workspace, *WHERE, "虚构：去年有 3 所。", "虚构：去年共有 3 所。", "虚构督导员")
    (workspace.settings.home / "mapping-model.json").write_text("{}", encoding="utf-8")
    return workspace


@pytest.fixture
def elsewhere(tmp_path: Path) -> Workspace:
    return Workspace(Settings(tmp_path / "另一台"))


def contents(workspace: Workspace) -> dict[str, Any]:
    """What people see of the record."""
    return {
        "documents": [document.to_json() for document in list_documents(workspace)],
        "text": stored_text(workspace, "甲.txt")[0][1],
        "points": sheet(workspace, *WHERE).to_json(),
        "wording": wording(workspace, *WHERE),
        "accounts": [account.to_json() for account in accounts(workspace)],
        "original": [path.read_bytes() for path in sorted(workspace.store.originals.glob("??/*"))],
    }


def test_恢复到另一处_内容相同_登录失效_操作记录完好(filled: Workspace, elsewhere: Workspace, tmp_path: Path) -> None:
    token = sign_in(filled, "虚构督导员", PASSWORD).token
    before = contents(filled)
    made = make_backup(filled, tmp_path / "备份.zip")
    assert made.damaged == ()
    assert made.rows["documents"] == 1
    assert made.head[0] == len(acts(filled)), "备份自己也记下了"
    assert acts(filled)[-1].act == "backed_up"
    done = restore_backup(elsewhere, tmp_path / "备份.zip", index=False)
    assert (done.faults, done.put_aside) == ((), None)
    assert contents(elsewhere) == before
    assert person_of(filled, token) is not None
    assert person_of(elsewhere, token) is None
    told = acts(elsewhere)
    assert [act.act for act in told[-2:]] == ["backed_up", "restored"]
    assert (elsewhere.settings.home / "mapping-model.json").read_text(encoding="utf-8") == "{}"
    assert not list(elsewhere.settings.home.glob("restore-*"))


def test_还没有写回数据库文件的也在备份里(filled: Workspace, elsewhere: Workspace, tmp_path: Path) -> None:
    """What was committed into the write-ahead log while somebody keeps the database open."""
    with filled.store.sessions() as reader:
        reader.connection()
        put_document(filled, "乙.txt", "虚构：乙。")
        assert (filled.settings.home / "edureview.sqlite3-wal").stat().st_size
        make_backup(filled, tmp_path / "备份.zip")
    restore_backup(elsewhere, tmp_path / "备份.zip", index=False)
    assert {document.file for document in list_documents(elsewhere)} == {"甲.txt", "乙.txt"}


def test_已有数据时拒绝_移到一边才恢复_原来的都在(filled: Workspace, elsewhere: Workspace, tmp_path: Path) -> None:
    make_backup(filled, tmp_path / "备份.zip")
    put_document(elsewhere, "后来的.txt", "虚构：后来的。")
    with pytest.raises(BackupError, match="已有数据"):
        restore_backup(elsewhere, tmp_path / "备份.zip", index=False)
    assert [document.file for document in list_documents(elsewhere)] == ["后来的.txt"]
    done = restore_backup(elsewhere, tmp_path / "备份.zip", replace=True, index=False)
    assert done.put_aside is not None
    assert [document.file for document in list_documents(Workspace(elsewhere.settings))] == ["甲.txt"]
    kept = Workspace(Settings(done.put_aside))
    assert [document.file for document in list_documents(kept)] == ["后来的.txt"]
    assert stored_text(kept, "后来的.txt")[0][1] == [(1, "虚构：后来的。")]


def test_别的程序开着时不恢复(filled: Workspace, elsewhere: Workspace, tmp_path: Path) -> None:
    make_backup(filled, tmp_path / "备份.zip")
    put_document(elsewhere, "后来的.txt", "虚构：后来的。")
    with closing(sqlite3.connect(elsewhere.settings.home / "edureview.sqlite3")) as other:
        other.execute("SELECT count(*) FROM documents").fetchone()
        with pytest.raises(BackupError, match="还开着"):
            restore_backup(Workspace(elsewhere.settings), tmp_path / "备份.zip", replace=True, index=False)
    assert [document.file for document in list_documents(elsewhere)] == ["后来的.txt"]


def test_中途失败_一切照旧(
    filled: Workspace, elsewhere: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_backup(filled, tmp_path / "备份.zip")
    put_document(elsewhere, "后来的.txt", "虚构：后来的。")
    elsewhere.store.engine.dispose()
    before = sorted(path.name for path in elsewhere.settings.home.iterdir() if path.suffix != ".lock")
    import os

    real = os.replace

    def fail(source: Path, target: Path) -> None:
        if Path(target).name == "edureview.sqlite3" and Path(source).parent.name.startswith("restore-"):
            raise OSError("没有地方")
        real(source, target)

    monkeypatch.setattr("review.restore.os.replace", fail)
    with pytest.raises(OSError, match="没有地方"):
        restore_backup(elsewhere, tmp_path / "备份.zip", replace=True, index=False)
    monkeypatch.undo()
    now = sorted(path.name for path in elsewhere.settings.home.iterdir() if path.suffix != ".lock")
    assert [name for name in now if not name.endswith(("-wal", "-shm"))] == [
        name for name in before if not name.endswith(("-wal", "-shm"))
    ]
    assert [document.file for document in list_documents(Workspace(elsewhere.settings))] == ["后来的.txt"]


def changed(
    path: Path, target: Path, change: Callable[[str, bytes], bytes | None], extra: tuple[str, bytes] | None = None
) -> Path:
    """The backup with parts changed or left out, and one added."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
        if extra is not None:
            new.writestr(*extra)
    return target


def _manifest(**changes: Any) -> Callable[[str, bytes], bytes]:
    return lambda name, data: (
        json.dumps(json.loads(data) | changes, ensure_ascii=False).encode() if name == MANIFEST else data
    )  # fmt: skip


def _flipped(name: str, data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1]) if name.startswith("originals/") else data


def _renamed(name: str, data: bytes) -> bytes:
    listed = json.loads(data) if name == MANIFEST else {}
    for one in listed.get("files", ()):
        if one["name"] == "mapping-model.json":
            one["name"] = "../../evil.json"
    return json.dumps(listed).encode() if listed else data


BROKEN: dict[str, tuple[Callable[[str, bytes], bytes | None], tuple[str, bytes] | None, str]] = {
    "原件变了一位": (_flipped, None, "散列不符"),
    "少了一个文件": (lambda name, data: None if name.startswith("originals/") else data, None, "与清单不符"),
    "多了一个文件": (lambda name, data: data, ("originals/ab/" + "ab" * 32, b"x"), "与清单不符"),
    "没有清单": (lambda name, data: None if name == MANIFEST else data, None, "没有备份清单"),
    "清单不是 JSON": (lambda name, data: b"{" if name == MANIFEST else data, None, "读不懂"),
    "别的程序的": (_manifest(format="other"), None, "不是本程序的备份"),
    "较新的格式": (_manifest(version=99), None, "请用较新的程序"),
    "较新的数据库": (_manifest(revision="9999"), None, "较新的程序备份"),
    "版本与里面的不同": (_manifest(revision="0001"), None, "版本不符"),
    "另一种数据库": (_manifest(database="postgresql"), None, "缺少数据库"),
    "名称想跑到外面": (_renamed, None, "不该有的文件"),
    "清单缺项": (_manifest(head=None), None, "清单不完整"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_坏的_别人的_较新的_都拒绝_什么也不动(
    filled: Workspace, elsewhere: Workspace, tmp_path: Path, case: str
) -> None:
    make_backup(filled, tmp_path / "备份.zip")
    change, extra, told = BROKEN[case]
    bad = changed(tmp_path / "备份.zip", tmp_path / "坏.zip", change, extra)
    with pytest.raises(BackupError, match=told):
        restore_backup(elsewhere, bad, index=False)
    left = [path.name for path in elsewhere.settings.home.iterdir()] if elsewhere.settings.home.exists() else []
    assert [name for name in left if not name.endswith(".lock")] == []
    assert not (tmp_path / "evil.json").exists()


def test_不是备份的文件也只说一句话(tmp_path: Path, elsewhere: Workspace) -> None:
    for name, data in (("空.zip", b""), ("文.zip", "不是".encode()), ("半.zip", b"PK\x03\x04" + b"\0" * 40)):
        (tmp_path / name).write_bytes(data)
        with pytest.raises(BackupError, match="不是完整的备份文件"):
            check_backup(tmp_path / name)
    with pytest.raises(BackupError):
        check_backup(tmp_path / "没有.zip")


def test_文件里任何一处坏了都只说一句话(filled: Workspace, tmp_path: Path) -> None:
    make_backup(filled, tmp_path / "备份.zip")
    whole, refused = (tmp_path / "备份.zip").read_bytes(), 0
    for at in range(30, len(whole), max(len(whole) // 150, 1)):
        damaged = bytearray(whole)
        damaged[at] ^= 0x5A
        (tmp_path / "坏.zip").write_bytes(damaged)
        try:
            check_backup(tmp_path / "坏.zip")
        except BackupError:  # anything else, such as what the decompressor raises, fails the test
            refused += 1
    assert refused > 100


def test_不覆盖已有的文件_损坏的原件点名(filled: Workspace, tmp_path: Path) -> None:
    (tmp_path / "备份.zip").write_bytes(b"x")
    with pytest.raises(BackupError, match="已经有这个文件"):
        make_backup(filled, tmp_path / "备份.zip")
    assert (tmp_path / "备份.zip").read_bytes() == b"x"
    (original,) = filled.store.originals.glob("??/*")
    original.write_bytes(b"changed")
    assert make_backup(filled, tmp_path / "二.zip").damaged == (original.name,)
    assert not list(tmp_path.glob(".*.zip*"))


@pytest.mark.parametrize("role", ["district", "expert", "office"])
def test_只有管理员和本机操作员能备份恢复(filled: Workspace, tmp_path: Path, role: Any) -> None:
    other = filled.acting_as(Person("别人", role, frozenset({DISTRICT})))
    with pytest.raises(NotAllowedError):
        make_backup(other, tmp_path / "备份.zip")
    with pytest.raises(NotAllowedError):
        restore_backup(other, tmp_path / "备份.zip")
    assert not (tmp_path / "备份.zip").exists()


@pytest.mark.model
def test_恢复之后马上能检索(demo: Workspace, tmp_path: Path) -> None:
    from review.searching import search

    make_backup(demo, tmp_path / "备份.zip")
    fresh = Workspace(Settings(tmp_path / "另一台"))
    done = restore_backup(fresh, tmp_path / "备份.zip")
    assert done.indexed > 100
    fresh = Workspace(Settings(tmp_path / "另一台"))
    assert [hit["citation"]["quote"] for hit in search(fresh, "普惠率", district="云山区")] == [
        hit["citation"]["quote"] for hit in search(demo, "普惠率", district="云山区")
    ]


@needs_postgres
def test_PostgreSQL_备份到另一个空库(tmp_path: Path) -> None:
    with fresh_database() as one, fresh_database() as two:
        first = Workspace(Settings(tmp_path / "一", one))
        put_document(first, "甲.txt", "虚构：甲。")
        full_marks(first)
        made = make_backup(first, tmp_path / "备份.zip")
        assert made.database == "postgresql"
        with pytest.raises(BackupError, match="备份的是 postgresql"):
            restore_backup(Workspace(Settings(tmp_path / "三")), tmp_path / "备份.zip", index=False)
        with pytest.raises(BackupError, match="数据库里已有数据"):
            restore_backup(Workspace(Settings(tmp_path / "一", one)), tmp_path / "备份.zip", replace=True, index=False)
        second = Workspace(Settings(tmp_path / "二", two))
        assert restore_backup(second, tmp_path / "备份.zip", index=False).faults == ()
        assert stored_text(second, "甲.txt")[0][1] == [(1, "虚构：甲。")]
        assert sheet(second, *WHERE).to_json() == sheet(first, *WHERE).to_json()
        for workspace in (first, second):
            workspace.store.engine.dispose()
