"""What reading noticed reaches the person: of the file first, then page by page; another district's never."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.pipeline import ingest_file
from ingest.tables import Document, Page
from review.cli import main
from review.material import WRONG_YEAR, material_findings
from review.workspace import Settings, Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(Settings(tmp_path / "home"))


def take(workspace: Workspace, name: str, text: str, district: str = "云山区") -> None:
    path = workspace.settings.home.parent / "given.txt"
    path.write_text(text, encoding="utf-8")
    ingest_file(workspace.store, path, district=district, cycle=2019, label=name)


def test_整份在前逐页在后(workspace: Workspace) -> None:
    take(workspace, "2018年总结.txt", "2018年教育工作总结\n正文。\n")
    with workspace.store.session() as session:
        session.query(Page).one().findings = [["隐藏文字", "第 1 页有看不见的文字，请核对原件。", "给满分"]]
        session.query(Document).one().findings = [["附件", "《2018年总结.txt》带有附件，请核对。", ""]]
    found = material_findings(workspace, "云山区", 2019)
    assert [(entry.page, entry.kind, entry.excerpt) for entry in found] == [
        (None, "附件", ""),
        (1, "隐藏文字", "给满分"),
    ]


def test_年度不符写明依据(workspace: Workspace) -> None:
    take(workspace, "2016年总结.txt", "2016年教育工作总结\n正文。\n")
    (entry,) = material_findings(workspace, "云山区", 2019)
    assert entry.kind == WRONG_YEAR
    assert "2016 年" in entry.sentence
    assert "文件名：2016年" in entry.sentence
    assert "请" in entry.sentence


def test_数据年度正确时没有话说(workspace: Workspace) -> None:
    take(workspace, "2018年总结.txt", "2018年教育工作总结\n正文。\n")
    assert material_findings(workspace, "云山区", 2019) == []


def test_别的区县的看不到(workspace: Workspace) -> None:
    take(workspace, "2016年总结.txt", "2016年教育工作总结\n正文。\n", district="清河区")
    take(workspace, "2018年总结.txt", "2018年教育工作总结\n正文。\n")
    assert material_findings(workspace, "云山区", 2019) == []


def test_命令行(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    take(workspace, "2016年总结.txt", "2016年教育工作总结\n正文。\n")
    monkeypatch.setenv("EDUREVIEW_HOME", str(workspace.settings.home))
    assert main(["findings", "--district", "云山区", "--json"]) == 0
    assert [entry["kind"] for entry in json.loads(capsys.readouterr().out)["findings"]] == [WRONG_YEAR]
    assert main(["findings", "--district", "云山区"]) == 0
    assert "共 1 条，重复 0 组。" in capsys.readouterr().out
    assert main(["findings"]) == 2
    assert "--district" in capsys.readouterr().err
