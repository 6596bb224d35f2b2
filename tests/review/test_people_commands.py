"""Accounts, rights and the log of acts at the command line."""

from __future__ import annotations

import json
import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.tables import Document, Page
from review.cli import main
from review.workspace import Settings, Workspace

GOOD = "九曲黄河万里沙-77"


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a document in each of two districts and an account of every role; to be copied, never used itself."""
    home = tmp_path_factory.mktemp("people")
    workspace = Workspace(Settings(home))
    with workspace.store.session() as session:
        for district, file in (("云山区", "甲.txt"), ("山水区", "机密乙.txt")):
            page = Page(number=1, label="第 1 页", state="text", text=f"{district}的虚构文字")
            session.add(
                Document(
                    district=district, cycle=2019, file=file, sha256=file.encode().hex()[:12] * 5, size=1, state="indexed",
                    pages=[page], ingested_at=datetime.now(UTC), indexed_at=datetime.now(UTC),
                )
            )  # fmt: skip
    workspace.store.engine.dispose()
    secret = tmp_path_factory.mktemp("secret") / "密码.txt"
    secret.write_text(GOOD + "\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EDUREVIEW_HOME", str(home))
        for name, role in (("虚构甲", "district"), ("虚构乙", "expert"), ("虚构丙", "office"), ("虚构丁", "admin")):
            bound = ["--district", "云山区"] if role in ("district", "expert") else []
            assert main(["user", "add", name, "--role", role, *bound, "--password-file", str(secret)]) == 0
    return home


@pytest.fixture
def home(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the data folder of this test."""
    shutil.copytree(template, tmp_path / "home")
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def told(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == code
    out, err = capsys.readouterr()
    return out + err


def test_账号列得出_密码不在其中(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = json.loads(told(capsys, "user", "list", "--json"))
    assert [(row["name"], row["role"]) for row in listed] == [
        ("虚构丁", "admin"), ("虚构丙", "office"), ("虚构乙", "expert"), ("虚构甲", "district"),
    ]  # fmt: skip
    assert "虚构甲　区县填报员　云山区" in told(capsys, "user", "list")
    assert "作出认定：市督导办、本机操作员" in told(capsys, "user", "rights")
    assert "argon2" not in str(listed)


def test_弱密码和缺区县都说明原因(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weak = tmp_path / "弱.txt"
    weak.write_text("1234567890", encoding="utf-8")
    assert "连续的字符" in told(capsys, "user", "password", "虚构甲", "--password-file", str(weak), code=1)
    assert "要写明负责哪些区县" in told(capsys, "user", "change", "虚构丙", "--role", "expert", code=1)
    assert "没有“chief”这种角色" in told(capsys, "user", "add", "某", "--role", "chief", "--no-password", code=1)
    assert "最后一个管理员" in told(capsys, "user", "disable", "虚构丁", code=1)


EVERY_DISTRICT = (
    ("documents",),
    ("documents", "--json"),
    ("documents", "--district", "山水区"),
    ("text", "机密乙.txt"),
    ("text", "机密乙.txt", "--district", "山水区"),
    ("search", "虚构文字", "--district", "山水区"),
    ("ask", "山水区的普惠率是多少？", "--district", "山水区"),
    ("facts", "--district", "山水区"),
    ("completeness", "--district", "山水区"),
    ("draft", "--district", "山水区"),
    ("findings", "--district", "山水区"),
    ("findings", "--all-districts"),
    ("annex1", "--district", "山水区"),
    ("confirm", "list", "--district", "山水区"),
    ("panel", "show", "--district", "山水区", "--cycle", "2019"),
    ("sample", "--district", "山水区", "--seed", "1"),
    ("decide", "--district", "山水区", "--cycle", "2019"),
    ("replay",),
    ("audit", "list"),
    ("audit", "export", "--district", "山水区", "-o", "不该有.jsonl"),
)


@pytest.mark.parametrize("name", ["虚构甲", "虚构乙"])
@pytest.mark.parametrize("command", EVERY_DISTRICT, ids=" ".join)
def test_任何命令都不透露别的区县(
    home: Path, capsys: pytest.CaptureFixture[str], name: str, command: tuple[str, ...]
) -> None:
    capsys.readouterr()
    main(["--as", name, *command])
    out = "".join(capsys.readouterr())
    asked = " ".join(command)
    for secret in ("机密乙", "山水区的虚构文字"):
        assert secret not in out.replace(asked, "") or secret in asked
    assert "山水区" not in out or "山水区" in asked
    assert not Path("不该有.jsonl").exists()


@pytest.mark.parametrize("command", [c for c in EVERY_DISTRICT if "山水区" in c], ids=" ".join)
def test_别的区县有没有材料_回答一个样(
    home: Path, capsys: pytest.CaptureFixture[str], command: tuple[str, ...]
) -> None:
    answers = []
    for district in ("山水区", "无此区"):
        capsys.readouterr()
        code = main(["--as", "虚构甲", *(part.replace("山水区", district) for part in command)])
        answers.append((code, "".join(capsys.readouterr()).replace(district, "某区")))
    assert answers[0] == answers[1]


def test_以账号的权限和名义做(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    give = (
        "panel",
        "give",
        "--district",
        "云山区",
        "--cycle",
        "2019",
        "--criterion",
        "B5",
        "--points",
        "30",
        "--expert",
    )
    assert "没有“专家打分”的权限" in told(capsys, "--as", "虚构丙", *give, "虚构丙", code=1)
    assert "以“虚构戊”的名义签署" in told(capsys, "--as", "虚构乙", *give, "虚构戊", code=1)
    assert "已登记" in told(capsys, "--as", "虚构乙", *give, "虚构乙")
    assert "没有“管理账号”的权限" in told(capsys, "--as", "虚构丙", "user", "list", code=1)
    assert "没有名为“无此人”的账号" in told(capsys, "--as", "无此人", "documents", code=1)
    told(capsys, "user", "disable", "虚构乙")
    assert "已停用" in told(capsys, "--as", "虚构乙", "documents", code=1)
    rows = json.loads(told(capsys, "audit", "list", "--json"))
    (given,) = [row for row in rows if row["act"] == "points_given"]
    assert (given["person"], given["district"]) == ("虚构乙", "云山区")
    assert given["session"].startswith("命令行")
    assert given["session"].endswith("代办")


def test_核对操作记录(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "操作记录 4 步，首尾相连" in told(capsys, "audit", "verify")
    head = told(capsys, "audit", "head").strip()
    assert "4 步" in told(capsys, "audit", "verify", "--head", head)
    assert "另行记下的链头" in told(capsys, "audit", "verify", "--head", "4:00000000", code=1)
    told(capsys, "audit", "verify", "--head", "四", code=2)
    exported = tmp_path / "导出.jsonl"
    told(capsys, "audit", "export", "--district", "云山区", "-o", str(exported))
    assert "首尾相连" in told(capsys, "audit", "verify", "--export", str(exported))
    connection = sqlite3.connect(home / "edureview.sqlite3")
    connection.execute("DROP TRIGGER audit_log_frozen_update")
    connection.execute("UPDATE audit_log SET subject = '别人' WHERE number = 2")
    connection.commit()
    connection.close()
    answer = told(capsys, "audit", "verify", code=1)
    assert "第 2 步" in answer
    assert "触发器" in answer
    assert "请保留现状" in answer
