"""How a set plugs in, and when a figure is OK, OKish or FAIL."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from review import evaluation_sets
from review.cli import main
from review.errors import EvaluationSetError
from review.evaluation_sets import Expected, available, judge, lines, load_set, measured

EXPECTED = """
what: 演示的一套
figures:
  precision: {goal: "0.95", expected: "0.90", margin: "0.02", direction: up, n: n}
  alarms: {goal: "1", margin: "0", direction: down}
  total: {expected: "7", margin: "0", direction: exact}
"""
MEASURE = "def measure():\n    return {figures}\n\ndef details():\n    return ['逐条结果']\n"


@pytest.fixture
def root(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder of sets of its own name, since modules are imported by it."""
    folder = tmp_path / f"sets_{tmp_path.name.replace('-', '_')}"
    (folder / "demo").mkdir(parents=True)
    (folder / "demo" / "expected.yaml").write_text(EXPECTED, encoding="utf-8")
    write_measure(folder, {"precision": 0.97, "alarms": 1.0, "total": 7.0, "n": 422.0, "other": 0.5})
    return folder


def write_measure(root: Path, figures: dict[str, float]) -> None:
    (root / "demo" / "measure.py").write_text(MEASURE.format(figures=figures), encoding="utf-8")


@pytest.mark.parametrize(
    ("direction", "value", "outcome", "reached"),
    [
        ("up", 0.9, "OK", True),
        ("up", 0.89996, "OK", True),
        ("up", 0.88, "OKish", False),
        ("up", 0.8798, "FAIL", False),
        ("up", 0.99, "OK", True),
        ("down", 0.9, "OK", True),
        ("down", 0.92, "OKish", False),
        ("down", 0.9202, "FAIL", False),
        ("down", 0.1, "OK", True),
        ("exact", 0.92, "OKish", False),
        ("exact", 0.88, "OKish", False),
        ("exact", 0.93, "FAIL", False),
    ],
)
def test_界线两侧(direction: str, value: float, outcome: str, reached: bool) -> None:
    expected = Expected(0.9, 0.9, 0.02, direction)  # type: ignore[arg-type]
    assert expected.outcome(value) == outcome
    assert expected.reached(value) is reached


def test_目标未达到但没有变差_不算失败(root: Path) -> None:
    results = judge(load_set("demo", root), {"precision": 0.90, "alarms": 0.0, "total": 7.0, "n": 10.0})
    assert [result.outcome for result in results] == ["OK", "OK", "OK", "—"]
    shown = lines(results)
    assert "未达到" in shown[0]
    assert "n=10" in shown[0]
    assert "目标 1 达到" in shown[1]
    assert "目标" not in shown[2]


def test_没有测出的指标算失败(root: Path) -> None:
    results = judge(load_set("demo", root), {"precision": 0.99})
    assert [result.outcome for result in results] == ["OK", "FAIL", "FAIL"]
    assert results[1].value is None
    assert "没有测出" in lines(results)[1]


def test_测量与逐条结果(root: Path) -> None:
    figures, details = measured("demo", root)
    assert figures["other"] == 0.5
    assert details is not None
    assert details() == ["逐条结果"]


def test_没有写指标的文件夹不算一套(root: Path) -> None:
    (root / "half").mkdir()
    (root / "half" / "measure.py").write_text("", encoding="utf-8")
    assert available(root) == ["demo"]


def test_expected里的错一次说全(root: Path) -> None:
    wrong = 'figures:\n  a: {goal: 0.9, margin: "x", direction: sideways, colour: red}\n  b: {direction: up}\n  c: 3\n'
    (root / "demo" / "expected.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(EvaluationSetError) as caught:
        load_set("demo", root)
    for words in ("a 的 goal", "a 的 margin", "a 的 direction", "colour", "b 没有写 goal", "c 应写成"):
        assert words in str(caught.value)


def test_没有这套(root: Path) -> None:
    with pytest.raises(EvaluationSetError, match=r"现有：demo.*请"):
        load_set("nothing", root)


def test_命令行_退出码与JSON(root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(evaluation_sets, "ROOT", root)
    assert main(["eval", "demo", "--json", "--details"]) == 0
    (shown,) = json.loads(capsys.readouterr().out)
    assert shown["set"] == "demo"
    assert shown["details"] == ["逐条结果"]
    first = shown["figures"][0]
    assert (first["figure"], first["outcome"], first["n"], first["goal_reached"]) == ("precision", "OK", 422, True)


def test_命令行_变差了退出码为1_略过慢的(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(evaluation_sets, "ROOT", root)
    write_measure(root, {"precision": 0.5, "alarms": 0.0, "total": 7.0})
    assert main(["eval"]) == 1
    assert "FAIL  precision 0.5" in capsys.readouterr().out
    (root / "demo" / "expected.yaml").write_text("slow: true\n" + EXPECTED, encoding="utf-8")
    assert main(["eval"]) == 0
    assert "略过耗时的：demo" in capsys.readouterr().err
    assert main(["eval", "demo"]) == 1


def test_仓库里的每套都写对了() -> None:
    for name in available():
        assert load_set(name).figures


def test_用法不对是一句中文(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["eval", "run"]) == 2
    assert "--passages" in capsys.readouterr().err
    assert main(["eval", "dev"]) == 2
    assert "路径" in capsys.readouterr().err
