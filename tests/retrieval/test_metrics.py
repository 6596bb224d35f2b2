"""指标口径文件：规则模块要用的指标都在；写错的文件一次报全。"""

from __future__ import annotations

import pytest

from retrieval.metrics import MetricsError, load_metrics, read_metrics
from scoring_rules.scheme_loader import load_scheme

NEEDED = [
    "puhui_rate",
    "enrolment_rate_preschool",
    "standing_meetings",
    "community_college_rate",
    "community_centre_rate",
    "training_fund_rate",
    "staffing_check_year",
    "resource_room_schools_due",
    "resource_room_schools_done",
    "unqualified_substitutes",
    "major_accidents",
    "bottom_line_schools_total",
    "bottom_line_schools_met",
    "party_coverage_rate",
    "charter_rate",
    "inspector_coverage_rate",
    "teacher_salary_avg",
    "civil_servant_salary_avg",
    "disabled_enrolment_rate",
    "fitness_pass_rate",
    "cert_rate",
]


def test_规则模块用到的指标齐全且不少于25个() -> None:
    metrics = load_metrics().by_id
    assert set(NEEDED) <= metrics.keys()
    assert len(metrics) >= 25


def test_指标都属于方案里的评价要点() -> None:
    items = {item.id for item in load_scheme().items}
    assert {metric.item for metric in load_metrics().by_id.values()} <= items


def test_每条指标都能被自己的名称找到() -> None:
    metrics = load_metrics()
    for metric in metrics.by_id.values():
        alias = metric.aliases[0].replace("…", "")
        near = metric.needs_near[0] if metric.needs_near else ""
        assert metric.id in {m.metric.id for m in metrics.mentions(f"{alias}", near)}, metric.id


def test_长的名称优先() -> None:
    (mention,) = load_metrics().mentions("普惠性民办园在园幼儿7347人")
    assert mention.metric.id == "children_in_inclusive_private_kindergarten"


def test_隔开的名称取最近的主语() -> None:
    found = load_metrics().mentions("社区教育学院1所，镇街社区教育中心11个，覆盖率91.7%")
    assert [mention.metric.id for mention in found] == ["community_centre_rate"]


def test_错误一次报全() -> None:
    text = """metrics:
  - {id: a, name: 甲, item: "B5-5", units: ["%"], range: ["100", "0"], aliases: [甲率]}
  - {id: a, name: 乙, item: "B5-5", units: ["%"], range: ["0", "100"], aliases: [乙率], wrong: 1}
  - {id: c, name: 丙, item: "B5-5", units: ["%"], range: ["0", "100"], aliases: [丙率], all_of: nowhere}
"""
    with pytest.raises(MetricsError) as caught:
        read_metrics([("x.yaml", text)])
    joined = str(caught.value)
    assert len(caught.value.faults) == 4
    for word in ("先小后大", "重复", "wrong", "nowhere", "请"):
        assert word in joined
