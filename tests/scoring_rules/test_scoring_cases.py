"""The scoring and ranking cases of eval_sets/scoring: each named by the sentence it shows."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from scoring_rules.ranking import rank

FOLDER = Path(__file__).parents[2] / "eval_sets" / "scoring"
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "cases.yaml").read_text(encoding="utf-8"))
RANKINGS: list[dict[str, Any]] = yaml.safe_load((FOLDER / "rankings.yaml").read_text(encoding="utf-8"))


def scored(score, case, terms=None, **more):
    """The sheet of the full-marks case with the changes of `case`; terms : readings the office has laid down."""
    changes = dict(case)
    act = {"by": "督导办（演示）", "on": "2019-05-06", "document": "演示〔2019〕3号"}
    laid_down = changes.pop("terms", terms) or {}
    changes["acts"] = [{"target": target, "value": value, **act} for target, value in laid_down.items()]
    own = changes.pop("self", {})
    if "annex1" in changes:
        changes["annex1"] = dict.fromkeys("123456", "not_triggered") | changes["annex1"]
    return score(own=own, **changes, **more)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_评分案例(score, case):
    result = scored(score, case["case"])
    shown = result.to_json()
    expected = dict(case["expected"])
    if "open" in expected:
        assert len(shown["open"]) == expected.pop("open")
    if "notes" in expected:
        words = expected.pop("notes")
        assert any(words in note for note in shown["notes"])
    assert {key: shown[key] for key in expected} == expected
    if result.total_points is not None:
        assert sum(line.points for line in result.lines) == result.total_points


@pytest.mark.parametrize("case", RANKINGS, ids=[case["name"] for case in RANKINGS])
def test_排名案例_与区县次序无关(score, case):
    results = [scored(score, change, case.get("terms"), district=name) for name, change in case["districts"].items()]
    for seed in range(3):
        rows = rank(Random(seed).sample(results, len(results)))
        assert [(row.district, row.rank) for row in rows] == list(case["expected"].items())


def test_案例的名称不重复_够多():
    for cases, wanted in ((CASES, 60), (RANKINGS, 8)):
        names = [case["name"] for case in cases]
        assert len(set(names)) == len(names) >= wanted
