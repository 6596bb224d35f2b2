"""Schemes and parameters as JSON data, and back to equal ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

import pytest

from scoring_rules.case_errors import ReplayError
from scoring_rules.parameters import Parameter, load_parameters
from scoring_rules.plain_data import from_data, to_data
from scoring_rules.scheme import Scheme


def test_方案来回不变(scheme):
    assert from_data(Scheme, json.loads(json.dumps(to_data(scheme)))) == scheme


def test_每个参数来回不变():
    for parameter in load_parameters().values():
        assert from_data(Parameter, json.loads(json.dumps(to_data(parameter)))) == parameter


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"full_points": "一千"}, "Scheme.full_points"),
        ({"full_points": "1/0"}, "Scheme.full_points"),
        ({"full_points": 1000}, "Scheme.full_points"),
        ({"title": None}, "Scheme.title"),
        ({"grades": "优秀"}, "Scheme.grades"),
        ({"extra": 1}, "Scheme"),
        ({"grades": [{"name": "优秀"}]}, r"Scheme.grades\[0\]"),
    ],
)
def test_内容不对就拒绝(scheme, change, where):
    with pytest.raises(ReplayError, match=f"{where} 的内容不对"):
        from_data(Scheme, {**to_data(scheme), **change})


def test_不认识的词就拒绝():
    data = to_data(load_parameters()["points_decimals"])
    with pytest.raises(ReplayError, match=r"Parameter\.status"):
        from_data(Parameter, {**data, "status": "guess"})


@dataclass(frozen=True)
class _Kinds:
    counts: Mapping[str, int]
    day: date
    perhaps: Fraction | None
    word: Literal["甲", "乙"]
    parts: tuple[str, ...]
    sure: bool


KINDS = _Kinds({"一": 1}, date(2019, 1, 2), Fraction(1, 3), "乙", ("a", "b"), True)
DATA = {"counts": {"一": 1}, "day": "2019-01-02", "perhaps": "1/3", "word": "乙", "parts": ["a", "b"], "sure": True}


def test_每种成员():
    assert to_data(KINDS) == DATA
    assert from_data(_Kinds, DATA) == KINDS
    assert from_data(_Kinds, {**DATA, "perhaps": None}).perhaps is None


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"counts": []}, "counts"), ({"counts": {"一": "1"}}, "counts.一"), ({"counts": {"一": True}}, "counts.一"),
        ({"day": "2019"}, "day"), ({"day": 2019}, "day"), ({"perhaps": "x"}, "perhaps"), ({"word": "丙"}, "word"),
        ({"parts": ["a", 1]}, r"parts\[1\]"), ({"parts": "ab"}, "parts"), ({"sure": 1}, "sure"),
    ],
)  # fmt: skip
def test_每种成员不对时说清是哪个(change, where):
    with pytest.raises(ReplayError, match=f"：_Kinds.{where} 的内容不对。"):
        from_data(_Kinds, {**DATA, **change})


def test_浮点数没有形式():
    with pytest.raises(TypeError, match="float"):
        to_data({"a": 0.5})
