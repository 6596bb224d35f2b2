"""「900 分（含）以上为优秀，750 分（含）至 900 分为良好，600 分（含）至 750 分为合格，600 分以下为不合格」."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring_rules.grade import band, lowered


@pytest.mark.parametrize(
    ("points", "name"),
    [
        ("1020", "优秀"), ("900.01", "优秀"), ("900", "优秀"), ("899.99", "良好"), ("750.01", "良好"), ("750", "良好"),
        ("749.99", "合格"), ("600.01", "合格"), ("600", "合格"), ("599.99", "不合格"), ("0", "不合格"),
    ],
)  # fmt: skip
def test_含本数的界线(scheme, points, name):
    assert band(scheme, Fraction(points)).name == name


def test_得分高等级不会低(scheme):
    order = [grade.name for grade in scheme.grades]
    positions = [order.index(band(scheme, Fraction(points)).name) for points in range(0, 1021)]
    assert positions == sorted(positions, reverse=True)


def test_降一级到底为止(scheme):
    assert [lowered(scheme, grade.name) for grade in scheme.grades] == ["良好", "合格", "不合格", "不合格"]


def test_没有负的得分(scheme):
    with pytest.raises(ValueError, match="negative"):
        band(scheme, Fraction(-1))
