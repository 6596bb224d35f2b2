"""The year at the command line: opened, filled in, checked, handed in, opened again, rectified, and carried into the next."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from review.cli import main
from review.self_template import SHEET
from review.workspace import Workspace
from scoring_rules.case import load_case
from tests.review.submissions import DISTRICT, put_document

D = ("--district", DISTRICT)
BY = ("--by", "虚构的经办人")


@pytest.fixture
def run(workspace: Workspace, capfd: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(list(arguments))
        out, err = capfd.readouterr()
        return code, out, err

    assert workspace.store
    return call


def _json(result: tuple[int, str, str]) -> Any:
    code, out, err = result
    assert (code, err) == (0, "")
    return json.loads(out)


def test_从开设年度到下一年案卷(workspace: Workspace, run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    assert "12 个区县" in run("cycle", "open", "2019", "--demo", "--until", "2099-05-31", *BY)[1]
    assert len(_json(run("cycle", "show", "--json"))["districts"]) == 12
    put_document(workspace, "总结.txt")

    sheet = tmp_path / "自评得分表.xlsx"
    assert run("template", "self-points", *D, "-o", str(sheet))[0] == 0
    book = openpyxl.load_workbook(sheet)
    page = book[SHEET]
    for row in range(6, page.max_row + 1):
        if "-" not in page.cell(row, 1).value:
            page.cell(row, 6).value = page.cell(row, 5).value
            page.cell(row, 7).value = "虚构"
    book.save(sheet)
    assert run("submission", "check", *D)[0] == 1
    code, out, err = run("self-points", "import", str(sheet), *D, *BY)
    assert (code, err) == (0, "")
    assert "采用 21 项" in out
    assert run("self-points", "set", "B1", "58.5", *D, *BY, "--reason", "虚构的说明")[0] == 0
    assert "合计 998.5 分" in run("self-points", "show", *D)[1]
    assert "共 2 版" in run("self-points", "history", *D)[1]

    code, out, err = run("submission", "check", *D)
    assert (code, err) == (0, "")
    assert "可以提交" in out
    assert "自评 998.5 分" in run("submission", "submit", *D, *BY)[1]
    assert "已提交（锁定）" in run("submission", "status", *D)[1]
    assert run("submission", "verify", *D) == (0, "与提交时一致。\n", "")
    code, out, err = run("self-points", "set", "B1", "59", *D, *BY)
    assert (code, out) == (1, "")
    assert "已由虚构的经办人于" in err
    assert run("submission", "submit", *D, *BY)[0] == 1
    assert run("submission", "reopen", *D, "--reason", "虚构：更正", "--by", "虚构的科长")[0] == 0
    assert run("self-points", "set", "B1", "59", *D, *BY)[0] == 0
    code, out, err = run("submission", "verify", *D)
    assert code == 1
    assert "自评得分与提交时不同" in out
    status = _json(run("submission", "submit", *D, *BY, "--json"))
    assert (status["state"], status["last_act"]["number"], status["manifest"]["late"]) == ("submitted", 3, False)

    case = tmp_path / "案卷.yaml"
    assert run("submission", "case", *D, "-o", str(case))[0] == 0
    assert load_case(case.read_text(encoding="utf-8"), "案卷").self_points["B1"] == 59
    assert run("score", str(case), "--record")[0] == 0

    raise_ = ("rectification", "raise", *D, "--origin", "虚构反馈意见", "--due", "2019-12-31", "--by", "虚构的科长")
    assert "1. B5-5" in run(*raise_, "--item", "B5-5", "--text", "虚构：普惠率不足")[1]
    assert "2. B6-1" in run(*raise_, "--item", "b6-1", "--text", "虚构：大班额")[1]
    plan = ("rectification", "plan", *D, "--number", "1", "--measure", "虚构措施", "--responsible", "虚构的局长", *BY)
    assert run(*plan, "--until", "2020-02-01")[0] == 1
    assert "整改中" in run(*plan, "--until", "2019-11-30")[1]
    assert "已报整改" in run("rectification", "evidence", *D, "--number", "1", "--file", "总结.txt", *BY)[1]
    assert run(*plan, "--until", "2019-11-30", "--seen", "1")[0] == 1
    recheck = ("rectification", "recheck", *D, "--on", "2020-01-10", "--document", "虚构复查记录", "--by", "虚构的科长")
    assert "整改到位" in run(*recheck, "--number", "1", "--outcome", "整改到位")[1]
    assert "第 2 号还没有复查" in run("rectification", "compare", *D, "--cycle", "2020")[1]
    assert "未整改" in run(*recheck, "--number", "2", "--outcome", "未整改", "--note", "虚构：仍有大班")[1]
    compared = _json(run("rectification", "compare", *D, "--cycle", "2020", "--json"))
    assert compared["rectification"] == {"due": 2, "unrectified": 1, "unchecked": []}
    assert [one["problem"]["outcome"] for one in compared["problems"]] == ["done", "not_done"]
    assert len(_json(run("rectification", "list", *D, "--cycle", "2019", "--json"))) == 2

    assert run("cycle", "stage", "2019", "审核监测", "--by", "虚构的科长")[0] == 0
    assert run("cycle", "stage", "2019", "发布", "--by", "虚构的科长")[0] == 1
    assert run("cycle", "deadline", "2019", "整改复查", "2019-12-31", *D, "--by", "虚构的科长")[0] == 0
    assert run("cycle", "district", "2019", "虚构县", "--zone", "--by", "虚构的科长")[0] == 0
    shown = run("cycle", "show", "2019")[1]
    assert "进入“审核监测”" in shown
    assert "虚构县（功能区）" in shown
    assert "整改复查期限（云山区）：2019-12-31" in shown


def test_导入有未采用的内容时退出码为三(
    workspace: Workspace, run: Callable[..., tuple[int, str, str]], tmp_path: Path
) -> None:
    sheet = tmp_path / "自评得分表.xlsx"
    run("template", "self-points", *D, "--cycle", "2019", "-o", str(sheet))
    book = openpyxl.load_workbook(sheet)
    book[SHEET]["F6"], book[SHEET]["F9"] = "很多", "40"
    book.save(sheet)
    arguments = ("self-points", "import", str(sheet), *D, "--cycle", "2019", *BY)
    code, out, err = run(*arguments)
    assert (code, err) == (3, "")
    assert "没有采用　自评得分!F6　“很多”" in out
    code, out, _ = run(*arguments, "--json")
    assert code == 3
    assert json.loads(out)["same"] == ["B2"]


def test_名单文件开设_用法不对退出码为二(run: Callable[..., tuple[int, str, str]], tmp_path: Path) -> None:
    names = tmp_path / "名单.yaml"
    names.write_text("title: 虚构名单\ndistricts:\n  - name: 甲区\n  - name: 乙区\n    zone: true\n", encoding="utf-8")
    assert run("cycle", "open", "2020", *BY)[0] == 2
    assert "2 个区县" in run("cycle", "open", "2020", "--districts", str(names), *BY)[1]
    assert run("rectification", "raise", *D, "--origin", "虚构", "--due", "2019-12-31", *BY)[0] == 2
    assert "没有写明" not in run("cycle", "show", "2021")[2]
    assert "没有开设" in run("cycle", "show", "2021")[1]


def test_没有写谁办理的不登记(run: Callable[..., tuple[int, str, str]]) -> None:
    code, out, err = run("cycle", "open", "2020", "--demo")
    assert (code, out) == (1, "")
    assert "谁办理" in err
