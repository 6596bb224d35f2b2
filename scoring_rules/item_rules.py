"""Which figures decide which item, and the official words they come from.

Only a number written in the scheme decides. Every one of these items also asks for things no figure shows; `rest`
quotes them, and they stay with the expert. 「以上」「不低于」 include the number itself; so do 「达到」 and 「每三年」 (the
third year is still in time).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Comparison = Literal["at_least", "at_most", "years_since_at_most", "first_at_least_second"]
PERCENT = frozenset({"%", "％"})


@dataclass(frozen=True, slots=True)
class Check:
    """One condition on one figure and a parameter, or on two figures (then `basis` is the official sentence).

    names : Chinese names of the metrics, for reasons. parameter : id of the limit, whose quote is the basis; "" for two figures.
    """

    metrics: tuple[str, ...]
    names: tuple[str, ...]
    units: frozenset[str]
    comparison: Comparison
    parameter: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ItemRule:
    """The conditions on figures of one item, and an official excerpt of what they leave to the expert."""

    checks: tuple[Check, ...]
    rest: str


def _rate(metric: str, name: str, parameter: str) -> Check:
    return Check((metric,), (name,), PERCENT, "at_least", parameter)


ITEM_RULES: dict[str, ItemRule] = {
    "B1-2": ItemRule(
        (_rate("party_coverage_rate", "学校党组织覆盖率", "party_coverage_rate_min"),),
        "强化党委主体责任和纪委监督责任，严格执行党风廉政建设责任制。",
    ),
    "B2-2": ItemRule(
        (
            Check(
                ("standing_meetings",), ("常务会研究教育次数",), frozenset({"次"}), "at_least", "standing_meetings_min"
            ),
        ),
        "各有关部门履行教育职责明确，及时有效解决教育重点难点热点问题。",
    ),
    "B3-2": ItemRule(
        (_rate("charter_rate", "一校一章程覆盖率", "charter_rate_min"),), "法治进校园有计划、有实施、有效果。"
    ),
    "B5-4": ItemRule((_rate("cert_rate", "幼儿教师持证上岗率", "cert_rate_min"),), "完善和落实幼儿教师持证上岗制度"),
    "B5-5": ItemRule(
        (
            _rate("puhui_rate", "普惠率", "puhui_rate_min"),
            _rate("enrolment_rate_preschool", "入园率", "enrolment_rate_preschool_min"),
        ),
        "政府出台扶持普惠民办幼儿园发展政策，扩大普惠性学前教育资源",
    ),
    "B6-2": ItemRule(
        (_rate("disabled_enrolment_rate", "残疾儿童少年义务教育入学率", "disabled_enrolment_rate_min"),),
        "完善义务教育控辍保学机制。",
    ),
    "B9": ItemRule(
        (
            Check(
                ("resource_room_schools_done", "resource_room_schools_due"),
                ("已设资源教室学校数", "应设资源教室学校数"),
                frozenset({"所"}),
                "first_at_least_second",
                basis="所有招收5人以上残疾学生的普通学校应设有特殊教育资源教室",
            ),
        ),
        "加强特殊教育学校建设，确保学生公用经费、教师编制、资源配置到位。",
    ),
    "B10-2": ItemRule(
        (
            _rate("community_college_rate", "社区教育学院覆盖率", "community_college_rate_min"),
            _rate("community_centre_rate", "镇街社区教育中心覆盖率", "community_centre_rate_min"),
        ),
        "建立完整的继续教育保障、激励、监管和评估机制",
    ),
    "B12-2": ItemRule(
        (
            Check(
                ("major_accidents",),
                ("重大安全事故",),
                frozenset({"起", "件", "次", "例"}),
                "at_most",
                "major_accidents_max",
            ),
        ),
        "经常性排查各类安全隐患，并建立台账，及时整改。",
    ),
    "B14-1": ItemRule(
        (
            Check(
                ("bottom_line_schools_met", "bottom_line_schools_total"),
                ("20条底线达标学校数", "义务教育学校总数"),
                frozenset({"所"}),
                "first_at_least_second",
                basis="所有义务教育学校达到“20条底线”要求",
            ),
        ),
        "完成“全面改薄”规划任务，义务教育学校办学条件保障到位",
    ),
    "B15-3": ItemRule(
        (_rate("inspector_coverage_rate", "责任督学覆盖率", "inspector_coverage_rate_min"),), "并按要求有效开展工作"
    ),
    "B16-1": ItemRule(
        (
            Check(
                ("staffing_check_year",),
                ("上次核编年份",),
                frozenset({"年份", "年"}),
                "years_since_at_most",
                "staffing_check_years_max",
            ),
        ),
        "有空编的做到“有编即补”，配齐中小学教师",
    ),
    "B17-1": ItemRule(
        (
            Check(
                ("teacher_salary_avg", "civil_servant_salary_avg"),
                ("教师平均工资收入", "公务员平均工资收入"),
                frozenset({"元"}),
                "first_at_least_second",
                basis="确保中小学教师平均工资收入水平不低于或高于当地公务员平均工资收入水平",
            ),
        ),
        "落实教师体检、农村教师乡镇补贴和交通补助、偏远农村学校建设教师周转宿舍、农村学校特级教师岗位、提高班主任津贴标准等政策",
    ),
    "B17-2": ItemRule(
        (
            Check(
                ("unqualified_substitutes",),
                ("自聘代课教师",),
                frozenset({"人", "名"}),
                "at_most",
                "unqualified_substitutes_max",
            ),
        ),
        "教师岗位临时性空缺聘用人员相关待遇由政府购买服务保障",
    ),
    "B17-3": ItemRule(
        (_rate("training_fund_rate", "教师培训费占公用经费", "training_fund_rate_min"),),
        "制定落实培训计划，按规定保障财政专项培训经费",
    ),
    "B19-4": ItemRule(
        (_rate("fitness_pass_rate", "体质健康合格率", "fitness_pass_rate_min"),), "不断提升学生体质健康水平"
    ),
}
# The number itself is a year, so the year a document is about does not limit it.
YEAR_METRICS = frozenset({"staffing_check_year"})
# A count the other one is part of; more done than due means that one of the two was read wrongly.
PARTS_OF = {
    "resource_room_schools_done": "resource_room_schools_due",
    "bottom_line_schools_met": "bottom_line_schools_total",
}
