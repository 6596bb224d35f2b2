"""Schemes and parameters as JSON data, and back to equal ones."""

from __future__ import annotations

import json

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


def test_浮点数没有形式():
    with pytest.raises(TypeError, match="float"):
        to_data({"a": 0.5})
