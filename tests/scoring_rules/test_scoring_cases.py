"""The scoring cases of eval_sets/scoring: each named by the sentence it shows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[2] / "eval_sets" / "scoring" / "cases.yaml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_评分案例(score, case):
    changes = dict(case["case"])
    own = changes.pop("self", {})
    if "annex1" in changes:
        changes["annex1"] = dict.fromkeys("123456", "not_triggered") | changes["annex1"]
    shown = score(own=own, **changes).to_json()
    expected = dict(case["expected"])
    if "open" in expected:
        assert len(shown["open"]) == expected.pop("open")
    if "notes" in expected:
        words = expected.pop("notes")
        assert any(words in note for note in shown["notes"])
    assert {key: shown[key] for key in expected} == expected


def test_案例的名称不重复():
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names)
