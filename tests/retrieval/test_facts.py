"""事实读取：指标、数值、年份、范围和出处都对得上原文；拿不准的不读。"""

from __future__ import annotations

from decimal import Decimal

import pytest

from retrieval.facts import Fact, extract_facts
from retrieval.metrics import load_metrics
from retrieval.numbers import plain

METRICS = load_metrics()


def read(text: str, **more: object) -> list[Fact]:
    return extract_facts(text, METRICS, default_year=2018, district="云山区", **more)  # type: ignore[arg-type]


def short(text: str, **more: object) -> set[tuple[str, str, int | None, str]]:
    return {(f.metric, plain(f.value), f.year, f.scope) for f in read(text, **more)}


PROSE = [
    ("全区普惠率达到86.5%。", {("puhui_rate", "86.5", 2018, "全区")}),
    (
        "普惠性幼儿园覆盖率（普惠率）为86.5%，比2017年的83.4%提高3.1个百分点。",
        {("puhui_rate", "86.5", 2018, "全区"), ("puhui_rate", "83.4", 2017, "全区")},
    ),
    (
        "普惠率、入园率分别达到86.5%和97.2%，高于省定80%、95.5%的要求。",
        {("puhui_rate", "86.5", 2018, "全区"), ("enrolment_rate_preschool", "97.2", 2018, "全区")},
    ),
    (
        "普惠率由2017年的82.3%提高到86.5%。",
        {("puhui_rate", "82.3", 2017, "全区"), ("puhui_rate", "86.5", 2018, "全区")},
    ),
    (
        "2017年、2018年普惠率分别为82.3%、86.5%。",
        {("puhui_rate", "82.3", 2017, "全区"), ("puhui_rate", "86.5", 2018, "全区")},
    ),
    ("新城街道普惠率为73.9%。", {("puhui_rate", "73.9", 2018, "新城街道")}),
    ("全市体质健康合格率为92.0%。", {("fitness_pass_rate", "92", 2018, "全市")}),
    ("全区幼儿园普惠率86.5%。", {("puhui_rate", "86.5", 2018, "全区")}),
    ("小学学生体质健康合格率93.1%。", {("fitness_pass_rate", "93.1", 2018, "小学")}),
    (
        "小学、初中综合差异系数分别为0.412和0.336。",
        {("variation_coefficient", "0.412", 2018, "小学"), ("variation_coefficient", "0.336", 2018, "初中")},
    ),
    ("全年未发生重大校园（校车）安全责任事故。", {("major_accidents", "0", 2018, "全区")}),
    (
        "招收5人以上残疾学生的普通学校9所，均已设立特殊教育资源教室。",
        {("resource_room_schools_due", "9", 2018, "全区"), ("resource_room_schools_done", "9", 2018, "全区")},
    ),
    (
        "66所义务教育学校全部达到“20条底线”要求。",
        {("bottom_line_schools_total", "66", 2018, "全区"), ("bottom_line_schools_met", "66", 2018, "全区")},
    ),
    ("上一次核定教职工编制总量为2017年10月。", {("staffing_check_year", "2017", 2018, "全区")}),
    ("全年共3次常务会议研究教育工作。", {("standing_meetings", "3", 2018, "全区")}),
    ("中小学教师平均工资收入9.86万元。", {("teacher_salary_avg", "98600", 2018, "全区")}),
    ("培训费430.91万元，占年度公用经费预算总额的5.2%。", {("training_fund_rate", "5.2", 2018, "全区")}),
]


@pytest.mark.parametrize(("text", "expected"), PROSE, ids=[text[:18] for text, _ in PROSE])
def test_正文里的事实(text: str, expected: set[tuple[str, str, int | None, str]]) -> None:
    assert short(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "到2020年普惠率达到90%。",
        "力争普惠率达到88%。",
        "普惠率要达到80%以上。",
        "普惠率提高4.2%。",
        "高于全市普惠率平均水平85%。",
        "普惠率逐年提高。",
        "严禁中小学自行聘用代课教师。",
        "2018年无重大安全事故情况说明",
        "初中、高中某项普惠率分别为80%、81%、82%。",
    ],
)
def test_目标_增幅_比较_标题和说不清的都不读(text: str) -> None:
    assert read(text) == []


def test_超出合理范围的数读出并标明_不丢掉() -> None:
    (slip,) = read("普惠率达到865%。")
    assert (plain(slip.value), slip.plausible) == ("865", False)
    (right,) = read("普惠率达到86.5%。")
    assert right.plausible


def test_表格行_没有单位又超出范围的数不当作指标() -> None:
    assert read("项目：普惠率；结果：865") == []


def test_表格行_指标在表头() -> None:
    row = "镇街：望云街道；在园幼儿数（人） / 合计：1738；在园幼儿数（人） / 公办：687；普惠率：89.6%"
    assert short(row) == {
        ("children_in_kindergarten", "1738", 2018, "望云街道"),
        ("children_in_kindergarten", "687", 2018, "望云街道/公办"),
        ("puhui_rate", "89.6", 2018, "望云街道"),
    }


def test_表格行_合计行是全区() -> None:
    assert ("puhui_rate", "86.5", 2018, "全区") in short("序号：合计；镇街：各镇街；普惠率：86.5%")


def test_表格行_指标在行首_年份在表头_计划不算() -> None:
    row = "指标：普惠性幼儿园覆盖率；2017年实际：83.4%；2018年计划：85%；2018年实际：86.5%；2020年目标：88%"
    assert short(row) == {("puhui_rate", "83.4", 2017, "全区"), ("puhui_rate", "86.5", 2018, "全区")}


def test_表格行_单位在另一格() -> None:
    assert short("指标：学前教育入园率；单位：%；2018年：97.2") == {("enrolment_rate_preschool", "97.2", 2018, "全区")}


def test_表格行_行名与表头合起来才是指标() -> None:
    row = "层级：镇（街道）社区教育中心；应设（个）：12；已设（个）：10；覆盖率：83.3%"
    assert short(row) == {("community_centre_rate", "83.3", 2018, "全区")}


def test_出处是原文的切片且含数值() -> None:
    for text, _ in PROSE:
        for fact in read(text):
            quote = text[fact.start : fact.end]
            assert quote
            assert fact.value == 0 or any(char.isdigit() for char in quote), quote


def test_段内沿用句首年份_换段不沿用() -> None:
    text = "2017年，全区发展较快。普惠率为82.3%。\n普惠率为86.5%。"
    assert short(text) == {("puhui_rate", "82.3", 2017, "全区"), ("puhui_rate", "86.5", 2018, "全区")}


def test_PDF折行不影响读取() -> None:
    text = "全区在园幼儿保教质量稳步提高，家长满意，2018年普惠性幼儿园覆\n盖率达到86.5%。"
    (fact,) = read(text, breaks=frozenset({0}))
    assert (fact.metric, plain(fact.value)) == ("puhui_rate", "86.5")


def test_学校的材料只代表这所学校() -> None:
    assert short("体质健康合格率93.6%。", context="望云路小学体质测试总结") == {
        ("fitness_pass_rate", "93.6", 2018, "望云路小学")
    }


def test_镇中心小学是一所学校_不是全镇() -> None:
    assert short("河埠镇中心小学无大班额，人数最多的班为45人。") == {("large_classes", "0", 2018, "河埠镇中心小学")}
    assert short("河埠镇无大班额，人数最多的班为45人。") == {("large_classes", "0", 2018, "河埠镇")}


@pytest.mark.parametrize(
    "text",
    ["优质均衡差异系数达标线：小学0.50、初中0.45。", "绩效目标：专项资金执行率≥95%，生均公用经费拨付率100%。"],
)
def test_达标线和绩效目标不是达到的数(text: str) -> None:
    assert short(text) == set()


def test_没有年份就不写年份() -> None:
    (fact,) = extract_facts("普惠率86.5%。", METRICS)
    assert fact.year is None


def test_说没有的事_后面的数是别的事的() -> None:
    text = "公办普通高中没有超范围、超计划招生；宏远高级中学跨市招生46人，已纳入生源地总体计划。"
    found = extract_facts(text, load_metrics(), default_year=2018, context="", district="云山区", breaks=frozenset([0]))
    assert [(fact.metric, fact.value) for fact in found if fact.metric == "over_plan_intake"] == [
        ("over_plan_intake", Decimal(0))
    ]
