"""简称：合格率、覆盖率指哪一条指标，由最近的主语决定；自带别的主语的不认。"""

from __future__ import annotations

import pytest

from retrieval.metrics import load_metrics

METRICS = load_metrics()


def named(text: str, context: str = "", near: str = "") -> list[str]:
    return [mention.metric.id for mention in METRICS.mentions(text, context, near)]


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("章程核准72所，覆盖率98.6%", ["charter_rate"]),
        ("社区教育学院1所，镇街社区教育中心11个，覆盖率91.7%", ["community_centre_rate"]),
        ("责任督学36名，覆盖率100%", ["inspector_coverage_rate"]),
        ("学生体质健康合格率93.8%，优良率41.2%", ["fitness_pass_rate", "fitness_good_rate"]),
        ("校园网覆盖率100%", []),
        ("章程核准72所，校园网覆盖率100%", []),
        ("覆盖率100%", []),
        ("体育中考合格率99.2%", []),
    ],
)
def test_句中的简称(text: str, metrics: list[str]) -> None:
    assert named(text) == metrics


def test_主语可以在标题里_也可以在同一行别的格里() -> None:
    assert named("合格率", context="体质健康测试结果") == ["fitness_pass_rate"]
    assert named("覆盖率", near="社区教育学院") == ["community_college_rate"]
    assert named("合格率", context="食品安全抽检结果") == []


def test_近处的主语胜过标题() -> None:
    assert named("覆盖率", context="章程建设情况", near="社区教育中心") == ["community_centre_rate"]


def test_同一说法的别的学段() -> None:
    primary = METRICS.by_id["primary_per_pupil_fund"]
    other = METRICS.sibling(primary, "初中")
    assert other is not None
    assert other.id == "junior_per_pupil_fund"
    assert METRICS.sibling(primary, "民族班") is None


def test_占总额是比例_总额是金额_两者都认() -> None:
    assert named("培训费612.5万元，占公用经费预算总额12100万元的5.06%，教师") == [
        "training_fund_rate",
        "public_fund_budget",
    ]
