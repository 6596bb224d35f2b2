"""The cases of cases.yaml and rankings.yaml as score sheets: each names only what differs from a case without faults."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from scoring_rules.case import Case, load_case
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case

FULL_MARKS = {
    "B1": "60", "B2": "40", "B3": "10", "B4": "10", "B5": "40", "B6": "60", "B7": "15", "B8": "40", "B9": "5",
    "B10": "30", "B11": "50", "B12": "70", "B13": "90", "B14": "250", "B15": "40", "B16": "70", "B17": "60",
    "B18": "10", "B19": "40", "B20": "10",
}  # fmt: skip
_ACT = {"by": "督导办（演示）", "on": "2019-05-06", "document": "演示〔2019〕3号"}


def load(name: str) -> list[dict[str, Any]]:
    """The entries of "cases" or "rankings"."""
    entries: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name(f"{name}.yaml").read_text(encoding="utf-8"))
    return entries


def case_data(**changes: Any) -> dict[str, Any]:
    """Full marks, B1 sampled and confirmed, no bonus, nothing of 附件 1, unless `changes` say otherwise.

    own : self points to replace (None leaves one out); total : self points, 400 to 1000, reached through B14 and B13
    to B10; a change to None leaves the member out.
    """
    own: dict[str, str | None] = {**FULL_MARKS, **changes.pop("own", {})}
    missing = 1000 - Fraction(changes.pop("total", "1000"))
    for criterion in ("B14", "B13", "B12", "B11", "B10", "B6", "B5"):
        taken = min(missing, Fraction(FULL_MARKS[criterion]))
        if taken:
            own[criterion] = exact_text(Fraction(FULL_MARKS[criterion]) - taken)
        missing -= taken
    data: dict[str, Any] = {
        "scheme": "2019",
        "cycle": 2019,
        "district": "演示区",
        "self": {key: value for key, value in own.items() if value is not None},
        "verified": {"B1": own["B1"]},
        "bonus": {"awarded": "0"},
        "annex1": dict.fromkeys("123456", "not_triggered"),
    }
    data.update(changes)
    return {key: value for key, value in data.items() if value is not None}


def case_of(**changes: Any) -> Case:
    """The case, read from the text of the file; JSON is YAML."""
    return load_case(json.dumps(case_data(**changes), ensure_ascii=False), "演示.yaml")


def scored(scheme: Scheme, case: dict[str, Any], terms: dict[str, str] | None = None, **more: Any) -> ScoreResult:
    """The sheet of an entry's case; terms : readings the office has laid down, when the entry names none itself."""
    changes = dict(case)
    laid_down = changes.pop("terms", terms) or {}
    changes["acts"] = [{"target": target, "value": value, **_ACT} for target, value in laid_down.items()]
    own = changes.pop("self", {})
    if "annex1" in changes:
        changes["annex1"] = dict.fromkeys("123456", "not_triggered") | changes["annex1"]
    return score_case(scheme, case_of(own=own, **changes, **more))


def faults(result: ScoreResult, wanted: dict[str, Any]) -> list[str]:
    """What of a sheet is not as an entry wants it; "open" counts open sentences, "notes" are words one note must hold."""
    shown = result.to_json()
    found = []
    for key, value in wanted.items():
        if key == "open":
            right = len(shown["open"]) == value
        elif key == "notes":
            right = any(value in note for note in shown["notes"])
        else:
            right = shown[key] == value
        if not right:
            found.append(f"{key}：{shown[key]}，应为 {value}")
    if result.total_points is not None and sum(line.points for line in result.lines) != result.total_points:
        found.append("各行之和不等于总分")
    return found
