"""口径矛盾：同指标、同年、全区而数不同才算。"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from retrieval.conflicts import find_conflicts, find_differences, same_value
from retrieval.facts import Fact
from retrieval.metrics import load_metrics
from retrieval.revisions import is_revision

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


def test_更正过的不算真矛盾_更正后仍不一致的算() -> None:
    revised = replace(BASE, value=Decimal("90.9"), revised=True)
    (conflict,) = find_conflicts([BASE, revised], METRICS)
    assert conflict.kind == "revised"
    other = replace(revised, value=Decimal("88.0"))
    (conflict,) = find_conflicts([BASE, revised, other], METRICS)
    assert conflict.kind == "true_conflict"


def test_同一学校同一镇的两个数也是矛盾_同一份材料里的不算() -> None:
    town = replace(BASE, metric="puhui_rate", scope="望云街道")
    other = replace(town, value=Decimal("78.5"), start=50)
    (conflict,) = find_conflicts([town, other], METRICS, lambda fact: str(fact.start))
    assert (conflict.kind, conflict.facts) == ("true_conflict", (town, other))
    assert find_conflicts([town, other], METRICS, lambda fact: "同一份") == []


def test_学校名带不带区县名是同一所学校() -> None:
    school = replace(BASE, metric="fitness_pass_rate", scope="云山区实验小学")
    other = replace(school, value=Decimal("88.0"), scope="实验小学")
    assert len(find_conflicts([school, other], METRICS)) == 1


PARTS = [
    replace(BASE, metric="children_in_kindergarten", value=Decimal(19350), unit="人"),
    replace(BASE, metric="children_in_public_kindergarten", value=Decimal(8120), unit="人"),
    replace(BASE, metric="children_in_inclusive_private_kindergarten", value=Decimal(8466), unit="人"),
]


@pytest.mark.parametrize(
    ("stated", "wrong"),
    [("85.7", False), ("85.71", False), ("85.72", False), ("86", False), ("85.8", True), ("85.6", True), ("87", True)],
)
def test_比例与它的组成部分_四舍五入和截去都算对(stated: str, wrong: bool) -> None:
    # (8120 + 8466) ÷ 19350 = 85.715…%
    ratio = replace(BASE, metric="puhui_rate", value=Decimal(stated))
    found = find_conflicts([*PARTS, ratio], METRICS)
    assert [c.kind for c in found] == (["parts"] if wrong else [])
    assert all(c.computed is not None and c.computed.quantize(Decimal("0.001")) == Decimal("85.716") for c in found)


def test_部分是约数_缺一项_或分母为零_都不重算() -> None:
    ratio = replace(BASE, metric="puhui_rate", value=Decimal(86))
    assert find_conflicts([replace(PARTS[0], approximate=True), *PARTS[1:], ratio], METRICS) == []
    assert find_conflicts([*PARTS[:2], ratio], METRICS) == []
    assert find_conflicts([replace(PARTS[0], value=Decimal(0)), *PARTS[1:], ratio], METRICS) == []


def test_年份不同_口径不同_说明原因() -> None:
    older = replace(BASE, year=2017, value=Decimal("83.3"))
    town = replace(BASE, scope="望云街道", value=Decimal("100"))
    found = find_differences([BASE, older, town], METRICS)
    assert [(d.kind, set(d.facts)) for d in found] == [("other_year", {BASE, older}), ("other_scope", {BASE, town})]
    assert find_conflicts([BASE, older, town], METRICS) == []


def test_同一份材料里列出的几年不说明() -> None:
    older = replace(BASE, year=2017, value=Decimal("83.3"))
    assert find_differences([BASE, older], METRICS, lambda fact: "同一份") == []


@pytest.mark.parametrize(
    ("sentence", "title", "revised"),
    [
        ("由原上报的19350人更正为19280人。", "", True),
        ("经决算审核调整，支出为15.48亿元。", "", True),
        ("普惠率为85.9%。", "自评报告（修订稿）", True),
        ("普惠率为85.9%。", "自评报告", False),
        ("学校修订了章程，覆盖率100%。", "", False),
    ],
)
def test_更正的说法(sentence: str, title: str, revised: bool) -> None:
    assert is_revision(sentence, title) is revised
