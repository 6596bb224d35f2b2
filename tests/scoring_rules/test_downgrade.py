"""附件 1: all 3^6 ways of the six conditions, in each of the four grades."""

from __future__ import annotations

from itertools import product

import pytest

from scoring_rules.downgrade import annex1, final_grade

ALL_STATES = [
    dict(zip("123456", words, strict=True)) for words in product(("triggered", "not_triggered", "unknown"), repeat=6)
]
LOWER = {"优秀": "良好", "良好": "合格", "合格": "不合格", "不合格": "不合格"}


def settlings(states):
    """Every way the unknown conditions can turn out."""
    unknown = [key for key, word in states.items() if word == "unknown"]
    for words in product(("triggered", "not_triggered"), repeat=len(unknown)):
        yield {**states, **dict(zip(unknown, words, strict=True))}


@pytest.mark.parametrize("grade", LOWER)
def test_所有组合(scheme, grade):
    for states in ALL_STATES:
        outcomes = {LOWER[grade] if "triggered" in way.values() else grade for way in settlings(states)}
        wanted = outcomes.pop() if len(outcomes) == 1 else "待认定"
        assert final_grade(scheme, [grade], annex1(scheme, states).status) == wanted, states


def test_组合的数目():
    assert len(ALL_STATES) == 3**6


def test_命中的和待核实的都列出(scheme):
    states = {
        "6": "triggered",
        "5": "unknown",
        "4": "not_triggered",
        "3": "triggered",
        "2": "unknown",
        "1": "not_triggered",
    }
    found = annex1(scheme, states)
    assert found.to_json() == {"status": "triggered", "triggered": ["3", "6"], "unknown": ["2", "5"]}


def test_得分未定而等级已定(scheme):
    assert final_grade(scheme, ["合格", "不合格"], "triggered") == "不合格"
    assert final_grade(scheme, ["合格", "不合格"], "not_triggered") == "待认定"
    assert final_grade(scheme, ["优秀", "良好"], "triggered") == "待认定"
