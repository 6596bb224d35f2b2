"""承前的问话补成整句；说全了的不动；没有前文的要反问。"""

from __future__ import annotations

import pytest

from retrieval.follow_ups import Understood, understand
from retrieval.metrics import load_metrics
from retrieval.question import Question, parse_question
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme

DISTRICTS = ("云山区", "鹤汀区")


def parse(text: str) -> Question:
    return parse_question(text, load_scheme(), load_catalogue(), district="云山区", districts=DISTRICTS)


def read(text: str, *earlier: str) -> Understood:
    return understand(text, earlier, parse, load_metrics(), data_year=2018, districts=DISTRICTS)


@pytest.mark.parametrize(
    ("before", "text", "whole"),
    [
        ("2018年普惠率是多少？", "那去年呢？", "2017年普惠率是多少？"),
        ("普惠率是多少？", "2016年的呢", "2016年普惠率是多少？"),
        ("普惠率是多少？", "那入园率呢", "入园率是多少？"),
        ("B5 还缺什么材料？", "那B6呢？", "B6 还缺什么材料？"),
        ("附件1第三条怎么写的", "第五条呢", "附件1第五条怎么写的"),
        ("全区普惠率是多少", "云东街道呢", "云东街道普惠率是多少"),
        ("小学生均公用经费是多少", "初中呢", "初中生均公用经费是多少"),
        ("云山区离优秀还差多少", "鹤汀区呢？", "鹤汀区离优秀还差多少"),
        ("云山区普惠率多少", "方案要求是多少", "云山区普惠率 方案要求是多少"),
        ("B14核查下来少了多少分", "为什么", "为什么B14核查下来少了多少分"),
        ("松口街道普惠率是多少", "那边持证上岗率呢", "松口街道持证上岗率是多少"),
        ("松口街道普惠率是多少", "那北坡的呢", "北坡普惠率是多少"),
        ("普高招了多少", "一中计划和实招", "一中计划和实招 普高招了多少"),
        ("小学体质健康合格率", "初中的也说下", "初中体质健康合格率"),
        ("生均公用经费拨付到位了吗", "只要小学的", "小学生均公用经费拨付到位了吗"),
        ("交流轮岗比例", "校长和老师分开看分别是多少", "交流轮岗比例 校长和老师分开看分别是多少"),
        ("第38次常务会哪天开的", "谁没来", "第38次常务会哪天开的 谁没来"),
        ("专项资金执行率是多少", "2017年同一指标的数值是多少", "2017年专项资金执行率是多少"),
        ("校际综合差异系数", "比上年降了多少", "校际综合差异系数 比上年降了多少"),
    ],
)
def test_只换一处或接着问(before: str, text: str, whole: str) -> None:
    understood = read(text, before)
    assert understood.text == whole
    assert understood.changed
    assert not understood.lacking


def test_只看某种材料_后面接着问也还是只看它() -> None:
    assert read("只看会议纪要", "研究教育工作有哪些材料？") == Understood(
        "研究教育工作有哪些材料？", ("会议纪要",), True
    )
    assert read("2017年呢", "研究教育几次？", "只看会议纪要").only == ("会议纪要",)


def test_隔着两句也接得上() -> None:
    assert read("2017年呢", "普惠率多少", "入园率呢").text == "2017年入园率多少"


@pytest.mark.parametrize("text", ["安全隐患排查了多少处，整改了多少？", "B19一共几条要点", "入园率是多少"])
def test_说全了的不动(text: str) -> None:
    assert read(text, "普惠率是多少？") == Understood(text)


@pytest.mark.parametrize("text", ["普惠率多少", "执行率有多高", "校长和老师轮岗各多少人"])
def test_问完得分另问材料里的数_不当作接着问得分(text: str) -> None:
    assert read(text, "B5 为什么扣分？") == Understood(text)
    assert read("那B6呢", "B5 为什么扣分？").text == "B6 为什么扣分？"


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("那去年呢？", True),
        ("为什么", True),
        ("只看会议纪要", True),
        ("那个咋样了", True),
        ("达标了没", True),
        ("普惠率达标了没", False),
        ("B6呢", False),
        ("普惠率", False),
    ],
)
def test_没有前文可接(text: str, lacking: bool) -> None:
    assert read(text).lacking is lacking


def test_像是说全了的_找不到时再接着前文问() -> None:
    understood = read("仍在整改之中的共有多少处？", "安全隐患的总体整改率是多少？")
    assert not understood.changed
    assert understood.otherwise == "安全隐患的总体整改率 仍在整改之中的共有多少处"
    assert read("入园率是多少", "普惠率是多少？").otherwise == ""


def test_接着材料问的_不是评价的程序() -> None:
    understood = read("啥时候能弄好", "北坡小学有啥隐患")
    assert understood.of_evidence
    assert understood.text.startswith("北坡小学")
    assert not read("自评材料啥时候截止", "北坡小学有啥隐患").of_evidence
    assert not read("缺什么", "哪些材料支撑B16-5？").of_evidence
