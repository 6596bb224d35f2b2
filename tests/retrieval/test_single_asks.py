"""一句里问几样：按子句、并列和接连的“多少”切成一样一样。"""

from __future__ import annotations

import pytest

from retrieval.single_asks import asks_by_itself, asks_several, is_elliptic, single_asks


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("责任督学有多少名，覆盖率多少", ["责任督学有多少名", "覆盖率多少"]),
        ("寄宿生多少人、床位多少张", ["寄宿生多少人", "床位多少张"]),
        ("编制多少实有多少", ["编制多少", "实有多少"]),
        ("几个共同体几个学区", ["几个共同体", "几个学区"]),
        ("小学和初中视力不良各占多少", ["小学视力不良占多少", "初中视力不良占多少"]),
        ("教师就读比例小学和初中分别为", ["教师就读比例小学是多少", "教师就读比例初中是多少"]),
        ("请核实小学、初中综合差异系数", ["小学综合差异系数", "初中综合差异系数"]),
        ("小学公用经费标准和初中的分别是多少", ["小学公用经费标准是多少", "初中公用经费标准是多少"]),
        (
            "公办园、民办园和其他园的园所数各为多少",
            ["公办园的园所数是多少", "民办园的园所数是多少", "其他园的园所数是多少"],
        ),
        ("师生比、图书这两项，小学差异系数各是多少", ["师生比 小学差异系数是多少", "图书 小学差异系数是多少"]),
        ("核定数和使用数", ["核定数", "使用数"]),
        ("建了几所，新增学位", ["建了几所", "新增学位"]),
        ("宿舍缺多少，顺便问一下普惠率多少", ["宿舍缺多少", "普惠率多少"]),
        ("占比多少 两年分别是", ["占比多少"]),
        ("普惠率多少", ["普惠率多少"]),
        ("证明研究过教育工作的会议纪要有哪些", ["证明研究过教育工作的会议纪要有哪些"]),
        ("残疾儿童和随迁子女教育普及水平怎么样", ["残疾儿童和随迁子女教育普及水平怎么样"]),
    ],
)
def test_切成一样一样(text: str, pieces: list[str]) -> None:
    assert list(single_asks(text).pieces) == pieces


def test_不问什么的是话头_冒号后的并列都说它() -> None:
    asks = single_asks("各学段经费标准：幼儿园、小学、初中")
    assert (asks.lead, asks.pieces, asks.of_lead) == (("各学段经费标准",), ("幼儿园", "小学", "初中"), True)
    asks = single_asks("中心城区今年应竣工6所，实际竣工几所")
    assert (asks.lead, asks.pieces, asks.of_lead) == (("中心城区今年应竣工6所",), ("实际竣工几所",), False)
    assert single_asks("请协助核实：应提数及执行率").lead == ()


def test_两样由顿号分开时_名称里的与不切() -> None:
    assert single_asks("专业在校生：物流服务与管理、电子商务分别几人").pieces == ("物流服务与管理几人", "电子商务几人")


def test_只有名称的和半句的() -> None:
    assert asks_by_itself("几所")
    assert not asks_by_itself("执行率")
    assert is_elliptic("生均的呢")
    assert not is_elliptic("有几个的呢")


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("责任督学有多少名", False),
        ("责任督学有多少名，走访几次", True),
        ("小学、初中、高中各有多少班", True),
        ("普惠率", False),
        ("预算数、支出数", True),
        ("前几年的情况", False),
    ],
)
def test_问的是不是几样(text: str, several: bool) -> None:
    assert asks_several(text) is several
