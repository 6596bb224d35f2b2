"""edureview review：查完没查的，列出每个要点的份数；--item 写出每段的判断、理由和出处；--json 一个 JSON。"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from retrieval.index import EvidenceIndex
from review.cli import main
from review.jobs import alone
from review.workspace import Settings, Workspace
from tests.retrieval.conftest import TokenEmbedder
from tests.retrieval.record import add_document


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with two documents that are indexed and not examined."""
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))

    def index(workspace: Workspace) -> EvidenceIndex:
        return EvidenceIndex(workspace.store, tmp_path, TokenEmbedder())

    monkeypatch.setattr(Workspace, "index", property(index))
    workspace = Workspace(Settings(tmp_path))
    with workspace.store.session() as session:
        add_document(session, "报告.pdf", ["2018年全区普惠率为86.5%。"], title="学前教育报告").data_year = 2018
        add_document(session, "台账.pdf", ["2018年全区普惠率为79.1%。"], title="台账").data_year = 2018
    workspace.index.index_pending()
    workspace.store.engine.dispose()
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["review", "--district", "云山区", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    code, out, _ = run(capsys, *arguments, "--json")
    assert code == 0
    found: dict[str, Any] = json.loads(out)
    return found


def test_查完并列出六十五个要点(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run(capsys)
    assert code == 0
    assert "逐项检查　2/2 份" in err
    lines = out.splitlines()
    assert lines[0] == "云山区 2019 年度：2 份材料已查 2 份，全部可读。"
    assert lines[1].startswith("本次查了 2 份 2 段，用时 ")
    assert sum("2 份材料已查 2 份：" in line for line in lines) == 65
    assert any(line.startswith("B5-5") and "相反 2 份" in line for line in lines)
    assert "须由人确认" in lines[-1]


def test_再查一次什么都不做(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert as_json(capsys)["run"]["documents"] == 2
    assert as_json(capsys)["run"] == {"documents": 0, "passages": 0, "seconds": 0.0, "documents_per_second": 0.0}
    assert as_json(capsys, "--again")["run"]["documents"] == 2


def test_看一个要点_每段有判断理由和出处(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "--item", "b5-5")
    assert "相反　《台账.pdf》第1页" in out
    assert "2018 年普惠率这里是 79.1%，《报告.pdf》为 86.5%" in out.replace("普惠性幼儿园覆盖率", "普惠率")
    _, out, _ = run(capsys, "--item", "B19-4")
    assert "没有涉及　报告.pdf　最接近的段落" in out


def test_JSON_有覆盖_份数_判断_理由_出处(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = as_json(capsys, "--item", "B5-5")
    assert found["coverage"]["examined"] == found["coverage"]["documents"] == 2
    (item,) = found["items"]
    assert item["documents_by_standing"]["contradicts"] == 2
    assert item["passages_by_verdict"]["contradicts"] == 2
    (passage,) = next(document for document in item["documents"] if document["file"] == "台账.pdf")["passages"]
    assert {reason["rule"] for reason in passage["reasons"]} == {"conflict", "below_limit", "fact"}
    assert all(reason["sentence"].endswith("。") for reason in passage["reasons"])
    assert passage["citation"]["quote"] == "2018年全区普惠率为79.1%。"


def test_别的程序在导入时_照样显示已查的_并说明没查完(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with alone(Workspace(Settings(home))):
        code, out, err = run(capsys)
    assert code == 0
    assert "2 份材料已查 0 份，2 份尚未查完。请运行 edureview review 查完。" in out
    assert "请" in err


@pytest.mark.parametrize(("arguments", "word"), [(("--item", "B99"), "B99"), (("--cycle", "2030"), "2030")])
def test_写错时说明怎么改(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], word: str
) -> None:
    code, out, err = run(capsys, *arguments)
    assert (code, out) == (1, "")
    assert word in err
    assert "请" in err
