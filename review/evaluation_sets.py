"""The sets of `eval_sets/`: what each must give, what it gave, and whether that is OK. The interface is in eval_sets/README.md."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from review.errors import EvaluationSetError

ROOT = Path(__file__).resolve().parent.parent / "eval_sets"
Direction = Literal["up", "down", "exact"]
Outcome = Literal["OK", "OKish", "FAIL", "—"]
_DIRECTIONS = ("up", "down", "exact")
_FIELDS = {"goal", "expected", "margin", "direction", "n"}
_EQUAL = 0.00005  # figures are written with four decimals


@dataclass(frozen=True, slots=True)
class Expected:
    """What a figure must give.

    goal : what is striven for, None = nothing laid down. expected : what it must not fall behind. margin : how far it may and still be
    OKish. n : name of the figure that holds its number of cases, "" = none.
    """

    goal: float | None
    expected: float
    margin: float
    direction: Direction
    n: str = ""

    def outcome(self, value: float) -> Outcome:
        """OK, OKish or FAIL."""
        short = self._short(value, self.expected)
        return "OK" if short <= _EQUAL else "OKish" if short <= self.margin + _EQUAL else "FAIL"

    def reached(self, value: float) -> bool | None:
        """Whether the goal is reached; None without a goal."""
        return None if self.goal is None else self._short(value, self.goal) <= _EQUAL

    def _short(self, value: float, wanted: float) -> float:
        if self.direction == "exact":
            return abs(value - wanted)
        return wanted - value if self.direction == "up" else value - wanted


@dataclass(frozen=True, slots=True)
class SetInfo:
    """One set: its name (folder), what it is about, whether it is left out unless named, and its figures."""

    name: str
    what: str
    slow: bool
    figures: Mapping[str, Expected]


@dataclass(frozen=True, slots=True)
class FigureResult:
    """A figure that was measured or should have been. value : None = it was not measured (then FAIL)."""

    name: str
    value: float | None
    n: int | None
    expected: Expected | None
    outcome: Outcome

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        wanted = self.expected
        return {
            "figure": self.name, "value": None if self.value is None else round(self.value, 6), "n": self.n, "outcome": self.outcome,
            "expected": wanted.expected if wanted else None, "margin": wanted.margin if wanted else None,
            "direction": wanted.direction if wanted else None, "goal": wanted.goal if wanted else None,
            "goal_reached": wanted.reached(self.value) if wanted and self.value is not None else None,
        }  # fmt: skip


def available(root: Path | None = None) -> list[str]:
    """Names of the sets that plug in: folders with measure.py and expected.yaml that names figures, sorted."""
    root = root or ROOT
    if not root.is_dir():
        raise EvaluationSetError("eval_sets", "这里没有评测集文件夹，评测集只在源码目录里，请在源码目录安装后运行")
    folders = sorted(path.parent for path in root.glob("*/measure.py"))
    return [folder.name for folder in folders if "figures" in _document(folder / "expected.yaml")]


def _document(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as exc:
        raise EvaluationSetError(f"{path.parent.name}/{path.name}", "不是合法的 YAML") from exc
    return document if isinstance(document, dict) else {}


def load_set(name: str, root: Path | None = None) -> SetInfo:
    """What a set must give. Raises EvaluationSetError naming every fault of its expected.yaml."""
    root = root or ROOT
    known = available(root)
    if name not in known:
        raise EvaluationSetError(name, f"没有这套评测集，现有：{'、'.join(known)}")
    document = _document(root / name / "expected.yaml")
    faults: list[str] = []
    figures = {
        key: figure
        for key, entry in (document["figures"] or {}).items()
        if (figure := _expected(key, entry, faults)) is not None
    }
    if not figures and not faults:
        faults.append("figures 里没有一个指标")
    if faults:
        raise EvaluationSetError(f"{name}/expected.yaml", "；".join(faults))
    return SetInfo(name, str(document.get("what", name)), bool(document.get("slow", False)), figures)


def _expected(name: str, entry: object, faults: list[str]) -> Expected | None:
    if not isinstance(entry, dict):
        faults.append(f"{name} 应写成 {{goal, expected, margin, direction}}")
        return None
    found = [f"{name} 有不认识的字段 {key}" for key in sorted(set(entry) - _FIELDS)]
    if entry.get("direction") not in _DIRECTIONS:
        found.append(f"{name} 的 direction 应为 up、down 或 exact")
    numbers: dict[str, float | None] = {}
    for key in ("goal", "expected", "margin"):
        try:
            numbers[key] = None if entry.get(key) is None else float(Decimal(_quoted(entry[key])))
        except InvalidOperation:
            found.append(f"{name} 的 {key} 应为带引号的数字")
    wanted = numbers.get("expected") if numbers.get("expected") is not None else numbers.get("goal")
    if wanted is None and not found:
        found.append(f"{name} 没有写 goal 或 expected")
    faults += found
    if found or wanted is None:
        return None
    margin = numbers["margin"] or 0.0
    return Expected(numbers["goal"], wanted, margin, cast(Direction, entry["direction"]), str(entry.get("n", "")))


def _quoted(value: object) -> str:
    """Numbers are quoted, so that what is written is what is compared."""
    if not isinstance(value, str):
        raise InvalidOperation
    return value


def measured(name: str, root: Path | None = None) -> tuple[dict[str, float], Callable[[], list[str]] | None]:
    """The figures of a set, measured now, and its `details` when it has them."""
    root = root or ROOT
    place = str(root.parent)
    if place not in sys.path:
        sys.path.insert(0, place)
    module = importlib.import_module(f"{root.name}.{name}.measure")
    return module.measure(), getattr(module, "details", None)


def judge(info: SetInfo, figures: Mapping[str, float]) -> list[FigureResult]:
    """Every expected figure and then every further one, in their order."""
    results = []
    for name, wanted in info.figures.items():
        value = figures.get(name)
        n = figures.get(wanted.n) if wanted.n else None
        outcome: Outcome = "FAIL" if value is None else wanted.outcome(value)
        results.append(FigureResult(name, value, None if n is None else round(n), wanted, outcome))
    results += [
        FigureResult(name, value, None, None, "—") for name, value in figures.items() if name not in info.figures
    ]
    return results


def lines(results: Sequence[FigureResult]) -> list[str]:
    """A line a figure, for people."""
    shown = []
    for result in results:
        wanted = result.expected
        value = "没有测出" if result.value is None else _number(result.value)
        count = f"　n={result.n}" if result.n is not None else ""
        line = f"{result.outcome:5} {result.name} {value}{count}"
        if wanted is not None:
            line += f"　应为 {_number(wanted.expected)}（允许差 {_number(wanted.margin)}）"
            if wanted.goal is not None and result.value is not None:
                line += f"　目标 {_number(wanted.goal)} {'达到' if wanted.reached(result.value) else '未达到'}"
        shown.append(line)
    return shown


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".") if value != int(value) else str(int(value))
