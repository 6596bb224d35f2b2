"""问题分类：问方案、问材料、问缺什么、问比较、问得分。"""

from __future__ import annotations

from dataclasses import replace

import pytest

from retrieval.question import Question, going_on, parse_question
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme


def parse(text: str) -> Question:
    return parse_question(text, load_scheme(), load_catalogue(), district="云山区")


@pytest.mark.parametrize(
    ("text", "kind", "topic"),
    [
        ("学前教育普惠率达到多少？", "evidence", ""),
        ("哪些材料能说明普惠率达标？", "evidence", ""),
        ("普惠率要求达到多少？", "indicator", "threshold"),
        ("入园率的要求", "indicator", "threshold"),
        ("B5 多少分？包括哪几条？", "indicator", "parts"),
        ("B14是什么", "indicator", "parts"),
        ("B5-5", "indicator", "parts"),
        ("B5-5 达标了吗", "evidence", ""),
        ("B5-5有哪些材料支撑？", "evidence", ""),
        ("B5-5需要哪些材料？", "indicator", "materials"),
        ("B5-5还缺什么", "missing", ""),
        ("还缺什么材料？", "missing", ""),
        ("空编缺编情况", "evidence", ""),
        ("附件1有哪些情形？", "indicator", "annex1"),
        ("多少分算优秀？", "indicator", "grades"),
        ("850分是什么等级？", "indicator", "grades"),
        ("满分多少？", "indicator", "total"),
        ("加分最多多少？", "indicator", "bonus"),
        ("可信度怎么算？", "indicator", "procedure"),
        ("一共有多少个评价要点", "indicator", "count"),
        ("方案的文号是什么", "indicator", "document"),
        ("校园欺凌属于哪个指标？", "indicator", "where"),
        ("云山区总分多少？", "ledger", ""),
        ("云山区为什么降级？", "ledger", ""),
        ("我们区可信度是多少", "ledger", ""),
        ("云山区和青石区的普惠率对比", "comparison", ""),
        ("今天天气怎么样？", "unknown", ""),
        ("哪一类安全隐患的整改率最低？", "evidence", ""),
        ("哪个指标的分值最多？", "indicator", "where"),
        ("B21 申报了几分？", "evidence", ""),
        ("B19 自评扣了几分？", "evidence", ""),
        ("B13-3 绩效评价做了没有？", "evidence", ""),
    ],
)
def test_分类(text: str, kind: str, topic: str) -> None:
    question = parse(text)
    assert (question.kind, question.topic) == (kind, topic)


def test_认得编号_名称和指标() -> None:
    assert parse("B5-5 和 b14－2").items == ("B5-5", "B14-2")
    assert parse("A2 和 B9").indicators == ("A2",)
    assert (parse("B9").criteria, parse("B9").items) == (("B9",), ("B9",))
    assert parse("B99-1").items == ()
    assert parse("一校一章程做得怎么样").items == ("B3-2",)
    assert parse("2017年普惠率").metrics == ("puhui_rate",)
    assert parse("2017年普惠率").years == (2017,)


def test_去掉问法剩下主题_区名和年份不算() -> None:
    assert parse("云山区2018年法治进校园有哪些活动？").subject == "法治进校园 活动"
    assert parse("B5-5有哪些材料？").subject == ""


def test_没有指标可核的达标要有字面依据() -> None:
    assert "达标" in parse("语言文字达标情况怎么样？").subject
    assert "达标" not in parse("哪些材料能说明普惠率达标？").subject


def test_要数字的问题认得出() -> None:
    assert parse("大班额还剩多少个").wants_figure
    assert not parse("随迁子女入学情况").wants_figure


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("B14 还缺什么材料？", "missing"),
        ("我们哪些指标一份材料都没有", "missing"),
        ("为什么 B5 只有 31 分？", "points"),
        ("B16 自评和核查差多少", "points"),
        ("上年问题整改了吗？", "rectification"),
        ("整改不到位会怎么样", "procedure"),
        ("消防隐患整改了多少", "figure"),
        ("附件1有没有触发？", "annex1"),
        ("离优秀还差多少？", "grade"),
        ("再丢多少分就掉到合格了", "grade"),
        ("多少分算良好", "grade"),
        ("自评报告什么时候交", "deadline"),
        ("评价一年搞几次", "procedure"),
        ("幼儿家长满意度问卷的结果怎么样", "evidence"),
        ("各区普惠率比较", "comparison"),
        ("普惠率多少，哪份材料写的", "evidence"),
        ("镇街社区教育中心覆盖率，材料里怎么有两个数", "figure"),
        ("帮我写首诗", "unknown"),
    ],
)
def test_细类(text: str, about: str) -> None:
    assert parse(text).about == about


@pytest.mark.parametrize(
    ("text", "wants"),
    [
        ("B3-2 有哪些材料？", True),
        ("B12-2 校舍鉴定看哪份？", True),
        ("B7-2 有没有创建方案？", False),
        ("普惠率有哪些材料？", False),
    ],
)
def test_按编号要材料(text: str, wants: bool) -> None:
    assert parse(text).wants_material is wants


def test_问区县自己报的() -> None:
    assert parse("B19 自评扣了几分？").claims
    assert not parse("B19 落实得怎么样？").claims


def test_接着问_两可时随前一问() -> None:
    said = parse("哪些材料可以支撑这一条？")
    open_ = replace(said, kind="missing", about="missing", near=(("evidence", "evidence", ""),))
    assert going_on(open_, parse("B10-2有哪些材料支撑？")).kind == "evidence"
    assert going_on(open_, parse("B10-2还缺什么材料？")).kind == "missing"
    assert going_on(open_, parse("多少分算优秀？")).kind == "missing"


def test_说得明白的_没有别的读法() -> None:
    assert parse("B5-5还缺什么材料").near == ()
    assert going_on(parse("离优秀还差多少分"), parse("普惠率多少")).kind == "ledger"
