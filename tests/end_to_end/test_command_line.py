"""The command line from a folder of real files to a cited answer: the contract of every command, bad files included."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from review.cli import edureview, main
from review.jobs import alone
from review.workspace import Settings, Workspace
from tests.demo.bad_files import DEMO, make_bad_files

CASE = DEMO.parent / "案卷.yaml"
GOOD = (
    "02 各类教育/云山区2018年学前教育事业发展情况报告.pdf",
    "02 各类教育/社区教育机构台账（2018）.xlsx",
    "02 各类教育/2018年社区教育与继续教育工作总结.docx",
    "03 教育保障/2018年无重大校园安全事故和无宗教渗透情况说明（零报告）.txt",
)


class Shell:
    """Runs commands against one data folder."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = 0) -> str:
        """Standard output; the exit code must be `code`. `errors` keeps standard error."""
        self._capsys.readouterr()
        assert main(arguments) == code, self._capsys.readouterr()
        captured = self._capsys.readouterr()
        self.errors = captured.err
        return captured.out

    def json(self, *arguments: str) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self(*arguments, "--json"))


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture
def demo_shell(shell: Shell, demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """Commands against the loaded demo district."""
    monkeypatch.setenv("EDUREVIEW_HOME", str(demo_home))
    return shell


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four good files and the four bad ones, as a district hands them in."""
    target = tmp_path / "报送材料"
    for name in GOOD:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(DEMO / name, target / name)
    make_bad_files(target / "问题文件")
    (target / "~$台账.docx").write_bytes(b"lock")
    return target


def test_一个文件夹_好的入库_坏的写明原因_再来一次不增加(shell: Shell, folder: Path) -> None:
    said = shell("ingest", str(folder), "--district", "云山区", "--cycle", "2019", code=3)
    assert "不能读取 4 个" in said
    assert "~$台账.docx" in said

    listed = shell.json("documents", "--district", "云山区")
    states = {document["file"]: document for document in listed}
    assert {name for name, document in states.items() if document["state"] == "indexed"} == set(GOOD)
    reasons = {name: document["reason"] for name, document in states.items() if document["state"] == "failed"}
    assert len(reasons) == 4
    assert "请" in reasons["问题文件/区政府文件（损坏）.pdf"]
    assert "加密" in reasons["问题文件/督导机构通知（加密）.pdf"]
    assert "空文件" in reasons["问题文件/空白材料.docx"]
    assert "请" in reasons["问题文件/活动照片打包.dat"]

    again = shell("ingest", str(folder), "--district", "云山区", "--cycle", "2019", code=3)
    assert "新增 0 个" in again
    assert "新建索引 0 段" in again
    assert shell.json("documents", "--district", "云山区") == listed

    coverage = shell.json("completeness", "--district", "云山区")["coverage"]
    assert coverage["documents"] == 8
    assert coverage["read"] == 4
    assert coverage["unreadable"] == 4


def test_不存在的路径_什么都不导入(shell: Shell, folder: Path) -> None:
    shell("ingest", str(folder), str(folder / "没有"), "--district", "云山区", code=1)
    assert "请检查路径" in shell.errors
    assert shell.json("documents") == []


def test_方案有二十一个指标_六十五个要点_一千分(shell: Shell) -> None:
    printed = shell.json("scheme")
    criteria = [criterion for indicator in printed["indicators"] for criterion in indicator["criteria"]]
    assert len(criteria) == 21
    assert sum(len(criterion["items"]) for criterion in criteria) == 65
    assert sum(int(criterion["points"]) for criterion in criteria if not criterion["bonus"]) == 1000
    assert len(printed["annex1"]) == 6
    assert "B5-5" in shell("scheme")


def test_案卷得分_台账可核对(shell: Shell) -> None:
    printed = shell.json("score", str(CASE))
    assert printed["total_points"] == "894.28"
    assert printed["credibility"] == "776/821"
    assert printed["grade"] == "待认定"
    assert {step["rule"] for step in printed["ledger"]} >= {"credibility", "rounding", "annex1", "grade"}
    text = shell("score", str(CASE))
    assert printed["sha256"] in text
    assert "{'" not in text


def test_错误的案卷列出全部问题并以一退出(shell: Shell, tmp_path: Path) -> None:
    broken = tmp_path / "错误案卷.yaml"
    text = (
        CASE.read_text(encoding="utf-8").replace('B1: "', 'B1: "-').replace('awarded: "8"', 'awarded: "21"')
        + "\n多余: 1\n"
    )
    broken.write_text(text, encoding="utf-8")
    shell("score", str(broken), code=1)
    for word in ("B1", "21", "多余"):
        assert word in shell.errors
    shell("rank", str(broken), str(CASE), code=1)
    assert "错误案卷.yaml" in shell.errors


def test_排名(shell: Shell) -> None:
    (row,) = shell.json("rank", str(CASE))
    assert row["district"] == "云山区"
    assert row["rank"] == 1
    assert set(row) >= {"district", "rank", "total_points", "points_grade", "grade", "note"}


def test_检索给出名次_要点和引用(demo_shell: Shell) -> None:
    hits = demo_shell.json("search", "普惠性幼儿园覆盖率", "--district", "云山区", "-k", "5")
    assert [hit["rank"] for hit in hits] == [1, 2, 3, 4, 5]
    assert {"score", "passage", "items", "citation"} <= set(hits[0])
    assert {"document", "file", "locator", "start", "end", "quote"} <= set(hits[0]["citation"])
    assert any(item == "B5-5" for item, _ in hits[0]["items"])
    only = demo_shell.json("search", "经费", "--district", "云山区", "--item", "B13-1")
    assert only
    assert all("B13-1" in [item for item, _ in hit["items"]] for hit in only)
    demo_shell("search", "经费", "--item", "B99-9", code=1)
    assert "请写成 B5-5" in demo_shell.errors


def test_提问(demo_shell: Shell) -> None:
    answer = demo_shell.json("ask", "学前教育普惠率达到多少？")
    assert answer["kind"] == "evidence"
    assert answer["found"] is True
    assert "86.5%" in answer["answer"][0]["sentence"]
    assert answer["answer"][0]["supported"] is True
    citation = answer["answer"][0]["citations"][0]
    assert citation["locator"] == {"page": 1}
    assert citation["boxes"]
    stored = demo_shell.json("text", citation["document"][:12])
    assert stored[0]["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert "未找到" in demo_shell("ask", "特色高中建设情况怎么样？")


@pytest.mark.parametrize("question", ["学前教育普惠率达到多少？", "哪些材料能说明校园安全？", "B5 多少分？"])
def test_冷启动的进程正常结束(demo_home: Path, question: str) -> None:
    """A model that still loads when the answer is out must not abort the process."""
    command = [sys.executable, "-m", "review.cli", "ask", question, "--json"]
    ended = subprocess.run(
        command, capture_output=True, env={**os.environ, "EDUREVIEW_HOME": str(demo_home)}, timeout=60
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert json.loads(ended.stdout)["found"] is True


def test_引用在存下的文字中逐字可查(demo_shell: Shell) -> None:
    for question in ("B14-1 有哪些材料？", "教师培训费占公用经费多少？", "隐患整改了多少？"):
        answer = demo_shell.json("ask", question, "--district", "云山区")
        assert answer["found"], question
        for sentence in answer["answer"]:
            for citation in sentence["citations"]:
                pages = {page["page"]: page["text"] for page in demo_shell.json("text", citation["document"])}
                assert any(text[citation["start"] : citation["end"]] == citation["quote"] for text in pages.values())


def test_对应到要点(demo_shell: Shell, tmp_path: Path) -> None:
    passages = tmp_path / "p.jsonl"
    lines = [
        {"id": "a", "text": "全区普惠性幼儿园覆盖率达到86.5%，学前教育入园率97.2%。"},
        {"id": "b", "text": "今天下午有雨，气温下降，请市民出门带伞。"},
    ]
    passages.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    first, second = (json.loads(line) for line in demo_shell("map", str(passages)).splitlines())
    assert first["id"] == "a"
    assert first["ranking"][0][0] == "B5-5"
    assert first["none"] is False
    assert second["none"] is True
    passages.write_text('{"id": "a"}\n', encoding="utf-8")
    demo_shell("map", str(passages), code=1)
    assert "第 1 行" in demo_shell.errors


def test_数据与矛盾(demo_shell: Shell) -> None:
    printed = demo_shell.json("facts", "--district", "云山区")
    rates = [f for f in printed["facts"] if f["metric"] == "puhui_rate" and f["year"] == 2018 and f["scope"] == "全区"]
    assert {fact["value"] for fact in rates} == {"86.5"}
    assert {"metric", "value", "unit", "year", "scope", "state", "citation"} <= set(rates[0])
    (conflict,) = printed["conflicts"]
    assert conflict["metric"] == "community_centre_rate"
    assert {fact["value"] for fact in conflict["facts"]} == {"91.7", "83.3"}


def test_完整性_初评_反馈(demo_shell: Shell, tmp_path: Path) -> None:
    listed = demo_shell.json("completeness", "--district", "云山区", "-o", str(tmp_path / "清单.xlsx"))
    assert (tmp_path / "清单.xlsx").stat().st_size > 5000
    assert {"item", "state", "expected", "missing"} <= set(listed["items"][0])
    assert {"type", "required", "state", "citations"} <= set(listed["items"][0]["expected"][0])
    text = demo_shell("completeness", "--district", "云山区")
    assert "B4-2   缺材料" in text
    drafted = demo_shell.json("draft", "--district", "云山区")
    assert len(drafted["criteria"]) == 21
    assert "B5-5" in demo_shell("draft", "--district", "云山区")
    demo_shell("feedback", "--district", "云山区", "-o", str(tmp_path / "反馈意见.docx"))
    assert (tmp_path / "反馈意见.docx").read_bytes()[:2] == b"PK"


def test_索引检查(demo_shell: Shell) -> None:
    assert "索引与数据库一致" in demo_shell("doctor")


def test_别的程序正在读入时不检查索引(shell: Shell) -> None:
    with alone(Workspace(Settings.from_env())):
        shell("doctor", code=1)
    assert "请等它结束" in shell.errors


@pytest.mark.parametrize("command", ["documents", "facts", "completeness", "draft"])
def test_没有的区县一律说明(demo_shell: Shell, command: str) -> None:
    demo_shell(command, "--district", "火星区", code=1)
    assert "没有“火星区”" in demo_shell.errors
    assert "Traceback" not in demo_shell.errors


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["不存在"], "没有“不存在”这个命令"),
        (["ask"], "缺少 TEXT"),
        (["ask", "x", "--nope"], "没有 --nope 这个选项"),
        (["draft"], "缺少 --district"),
        (["search", "x", "-k", "many"], "-k 的值不对"),
        ([], "edureview"),
    ],
)
def test_用法错误以二退出(shell: Shell, arguments: list[str], word: str) -> None:
    assert shell(*arguments, code=2) == ""
    assert word in shell.errors


def test_每个命令都有中文说明() -> None:
    for name, command in edureview.commands.items():
        assert command.help, name
        assert any("\u4e00" <= char <= "\u9fff" for char in command.help), name
