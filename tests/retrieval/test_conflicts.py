"""口径矛盾：同指标、同年、全区而数不同才算。"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from retrieval.conflicts import find_conflicts, same_value
from retrieval.facts import Fact
from retrieval.metrics import load_metrics

METRICS = load_metrics()
BASE = Fact("community_centre_rate", Decimal("91.7"), "%", 2018, "全区", 0, 5)


def test_同口径不同数是矛盾_两条都列出() -> None:
    other = replace(BASE, value=Decimal("83.3"))
    (conflict,) = find_conflicts([BASE, other], METRICS)
    assert (conflict.metric, conflict.year, conflict.kind) == ("community_centre_rate", 2018, "true_conflict")
    assert conflict.facts == (BASE, other)


@pytest.mark.parametrize(
    "change",
    [
        {"year": 2017},
        {"scope": "望云街道"},
        {"metric": "community_college_rate"},
        {"year": None},
        {"value": Decimal("91.70")},
    ],
    ids=["别的年份", "别的范围", "别的指标", "没有年份", "同数"],
)
def test_不算矛盾(change: dict[str, object]) -> None:
    other = replace(BASE, value=Decimal("83.3"))
    assert find_conflicts([BASE, replace(other, **change)], METRICS) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("86.5", "86.47", True),
        ("86.5", "86.44", False),
        ("86.5", "86.55", False),
        ("66", "66.4", False),
        ("0.41", "0.412", True),
    ],
)
def test_只差小数位的是同一个数(first: str, second: str, same: bool) -> None:
    a, b = replace(BASE, value=Decimal(first)), replace(BASE, value=Decimal(second))
    assert same_value(a, b) is same
    assert same_value(b, a) is same


def test_约数放宽到百分之五() -> None:
    about = replace(BASE, value=Decimal(90), approximate=True)
    assert same_value(BASE, about)
    assert not same_value(replace(BASE, value=Decimal(80)), about)


def test_一年有几个数属正常的指标不报() -> None:
    first = replace(BASE, metric="aided_pupils", value=Decimal(10))
    assert find_conflicts([first, replace(first, value=Decimal(20))], METRICS) == []


def test_与顺序无关() -> None:
    facts = [BASE, replace(BASE, value=Decimal("83.3")), replace(BASE, year=2017, value=Decimal(50))]
    forward, backward = find_conflicts(facts, METRICS), find_conflicts(facts[::-1], METRICS)
    assert [(c.metric, c.year, set(c.facts)) for c in forward] == [(c.metric, c.year, set(c.facts)) for c in backward]
