"""The scoring and ranking cases of eval_sets/scoring: each named by the sentence it shows."""

from __future__ import annotations

from random import Random

import pytest

from eval_sets.scoring.cases import faults, load, scored
from scoring_rules.ranking import rank

CASES, RANKINGS = load("cases"), load("rankings")


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_评分案例(scheme, case):
    assert faults(scored(scheme, case["case"]), case["expected"]) == []


@pytest.mark.parametrize("case", RANKINGS, ids=[case["name"] for case in RANKINGS])
def test_排名案例_与区县次序无关(scheme, case):
    results = [scored(scheme, change, case.get("terms"), district=name) for name, change in case["districts"].items()]
    for seed in range(3):
        rows = rank(Random(seed).sample(results, len(results)))
        assert [(row.district, row.rank) for row in rows] == list(case["expected"].items())


def test_案例的名称不重复_够多():
    for cases, wanted in ((CASES, 60), (RANKINGS, 8)):
        names = [case["name"] for case in cases]
        assert len(set(names)) == len(names) >= wanted
