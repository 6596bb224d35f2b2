"""一句话里的数：上年与今年、分别、由…到…、应与已、没有、目标与界线、口径。"""

from __future__ import annotations

import pytest

from retrieval.facts import extract_facts
from retrieval.metrics import load_metrics
from retrieval.numbers import plain

METRICS = load_metrics()


def read(text: str, title: str = "云山区2018年工作总结") -> set[tuple[str, str, int | None, str]]:
    found = extract_facts(text, METRICS, default_year=2018, context=title, district="云山区")
    return {(f.metric, plain(f.value), f.year, f.scope) for f in found if f.plausible}


def one(text: str, title: str = "云山区2018年工作总结") -> set[tuple[str, int | None, str]]:
    return {(value, year, scope) for _, value, year, scope in read(text, title)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("大班额比例由上年的6.2%下降到3.1%。", {("6.2", 2017, "全区"), ("3.1", 2018, "全区")}),
        ("普惠率比上年（83.4%）有所提高，达到85.7%。", {("83.4", 2017, "全区"), ("85.7", 2018, "全区")}),
        ("与去年相比，大班额比例下降3.1个百分点，降至3.1%。", {("3.1", 2018, "全区")}),
        ("近三年普惠率依次为78.3%、83.4%和85.7%。", {("78.3", 2016, "全区"), ("83.4", 2017, "全区"), ("85.7", 2018, "全区")}),
        ("2016—2018年，普惠率分别为78.3%、83.4%、85.7%。", {("78.3", 2016, "全区"), ("83.4", 2017, "全区"), ("85.7", 2018, "全区")}),
        ("普惠率83.4%（2017年）、85.7%（2018年）。", {("83.4", 2017, "全区"), ("85.7", 2018, "全区")}),
        ("2016年以来，大班额比例降到3.1%。", {("3.1", 2018, "全区")}),
        ("按《学前教育规划（2016—2030年）》，普惠率为85.7%。", {("85.7", 2018, "全区")}),
    ],
)  # fmt: skip
def test_数属于哪一年(text: str, expected: set[tuple[str, int | None, str]]) -> None:
    assert one(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全区普惠率85.7%，其中望云街道91.2%、河湾镇76.5%。", {("85.7", 2018, "全区"), ("91.2", 2018, "望云街道"), ("76.5", 2018, "河湾镇")}),
        ("普惠率：城区82.1%，农村90.6%，全区85.7%。", {("82.1", 2018, "城区"), ("90.6", 2018, "农村"), ("85.7", 2018, "全区")}),
        ("全市普惠率82.4%，我区为85.7%。", {("82.4", 2018, "全市"), ("85.7", 2018, "全区")}),
        ("全区公办园38所、在园幼儿8120人。", {("8120", 2018, "公办")}),
        ("全区共有幼儿园92所，在园幼儿19350人。", {("19350", 2018, "全区")}),
        ("我校体质健康合格率97.1%。", {("97.1", 2018, "本校")}),
        ("您反映的云山区第三小学大班额问题，经核实，该校现有56人以上班级6个。", {("6", 2018, "云山区第三小学")}),
    ],
)  # fmt: skip
def test_数说的是谁(text: str, expected: set[tuple[str, int | None, str]]) -> None:
    assert one(text) == expected


def test_各学段各有指标的_各归各的() -> None:
    text = "小学生均公用经费710元，初中910元，普通高中1200元，特殊教育6000元。"
    assert read(text) == {
        ("primary_per_pupil_fund", "710", 2018, "全区"), ("junior_per_pupil_fund", "910", 2018, "全区"),
        ("senior_per_pupil_fund", "1200", 2018, "全区"), ("special_school_per_pupil_fund", "6000", 2018, "全区"),
    }  # fmt: skip
    assert read("小学、初中生均公用经费分别为710元和910元。") == {
        ("primary_per_pupil_fund", "710", 2018, "全区"), ("junior_per_pupil_fund", "910", 2018, "全区"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "done"),
    [
        ("应鉴定校舍128栋，已鉴定126栋。", "126"),
        ("应鉴定校舍128栋，已全部完成鉴定。", "128"),
        ("应鉴定校舍128栋，其中126栋已完成鉴定。", "126"),
        ("应鉴定校舍128栋，尚未全部完成鉴定。", None),
        ("应鉴定校舍128栋，2栋正在鉴定。", None),
    ],
)
def test_应做与已做(text: str, done: str | None) -> None:
    found = {metric: value for metric, value, _, _ in read(text)}
    assert found["buildings_due"] == "128"
    assert found.get("buildings_appraised") == done


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("公办普通高中无超计划、超范围招生。", {"over_plan_intake", "out_of_area_intake"}),
        ("未发生严重学生欺凌事件和重大安全事故。", {"severe_bullying", "major_accidents"}),
        ("重大安全事故零发生，社会稳定。", {"major_accidents"}),
        ("全区辍学学生数为零。", {"dropouts"}),
        ("为防止发生重大安全事故，开展检查6次。", set()),
        ("起始年级无大班额。", set()),
    ],
)
def test_说没有就是零(text: str, metrics: set[str]) -> None:
    found = read(text)
    assert {metric for metric, _, _, _ in found} == metrics
    assert {value for _, value, _, _ in found} <= {"0"}


@pytest.mark.parametrize(
    "text",
    [
        "会议要求，2019年底前普惠率必须达到88%。",
        "学校章程核准率将于明年达到100%。",
        "按规划，到2020年普惠率达到90%。",
        "教师平均工资高于公务员平均工资680元。",
        "取缔无证幼儿园24所，新增在园幼儿1200人，消除大班额36个。",
        "应配备专职督导人员8名。",
        "平均每校大班额2个。",
        "乡镇教师补贴每人每月最低200元、最高500元。",
        "上半年，区政府常务会议研究教育工作2次。",
        "全区应拨付教师培训费420万元。",
        "普惠率稳步提高，公办园占比42.0%。",
        "教师年平均工资收入比公务员高680元。",
    ],
)
def test_目标_任务_动作_平均_差额都不是现状(text: str) -> None:
    assert read(text) == set()


def test_更正只取更正后的数() -> None:
    assert one("原报告中普惠率87.5%有误，应为85.7%。") == {("85.7", 2018, "全区")}
    assert one("在园幼儿数由原上报的19350人更正为19280人。") == {("19280", 2018, "全区")}


def test_界线之后写出实际数的取实际数() -> None:
    assert one("初中三年巩固率保持在99%以上，2018年为99.1%。") == {("99.1", 2018, "全区")}
    assert one("一般公共预算教育支出突破15亿元，达15.62亿元。") == {("1562000000", 2018, "全区")}


def test_数写在名称中间() -> None:
    assert ("rectification_due", "23", 2018, "全区") in read("针对上年督导反馈的23个问题逐项整改。")


def test_标题里的区县加幼儿园不是一所幼儿园的名字() -> None:
    assert one("公办幼儿园核定编制486名。", "云山区幼儿园编制情况") == {("486", 2018, "全区")}
    assert one("在园幼儿312人。", "云山区实验幼儿园工作总结") == {("312", 2018, "云山区实验幼儿园")}
