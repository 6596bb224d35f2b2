"""读数与矛盾评测集：写得出的都是认识的指标；公开的几套不许变差（保留的一套由 edureview eval 测）。"""

from __future__ import annotations

import pytest
import yaml

from eval_sets.conflicts.measure import measure as measure_conflicts
from eval_sets.conflicts.measure import measure_sets
from eval_sets.facts.measure import FOLDER, measure_set, set_names
from retrieval.metrics import load_metrics


@pytest.mark.parametrize("name", set_names())
def test_写的指标都在口径里_值都在合理范围(name: str) -> None:
    metrics = load_metrics().by_id
    data = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    stated = [fact.split() for document in data["documents"] for line in document["lines"] for fact in line["facts"]]
    assert {fact[0] for fact in stated} <= metrics.keys()
    assert len(stated) > 120


@pytest.mark.parametrize("name", ["sentences", "practice"])
def test_公开的两套(name: str) -> None:
    result = measure_set(name)
    assert result.precision >= 0.98
    assert result.recall >= 0.98
    assert result.about_wrong == 0


def test_矛盾() -> None:
    figures = measure_conflicts()
    assert figures["n_sets"] >= 40
    assert figures["recall"] >= 0.9
    assert figures["false_alarms"] <= 0.05
    assert figures["explained"] == 1.0


def test_每组的结论只用五种类别() -> None:
    kinds = {"true_conflict", "parts", "revised", "other_year", "other_scope"}
    for result in measure_sets():
        assert {kind for _, _, kind in result.expected} | {kind for _, kind in result.to_explain} <= kinds
