"""一句里的几个问题：各由各的来源回答的分开，同一来源的不拆。"""

from __future__ import annotations

import pytest

from retrieval.metrics import load_metrics
from retrieval.question import Question, parse_question
from retrieval.question_parts import each_ask, parts
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme


def parse(text: str) -> Question:
    return parse_question(text, load_scheme(), load_catalogue(), district="云山区")


def texts(text: str) -> list[tuple[str, str]]:
    found = parts(text, (), parse, load_metrics(), data_year=2018)
    return [(part.understood.text, part.question.kind) for part in found]


def test_分开问的各补成整句() -> None:
    assert texts("B5 多少分？还缺什么材料？") == [("B5 多少分", "indicator"), ("B5 还缺什么材料", "missing")]
    assert [kind for _, kind in texts("附件1触发没？离优秀差多少")] == ["ledger", "ledger"]


@pytest.mark.parametrize(
    "text", ["2018年普惠率是多少？怎么算出来的？", "大班额还有多少个，占多大比例？", "职教质量评价是谁做的，第三方吗"]
)
def test_同一来源的不拆(text: str) -> None:
    assert texts(text) == [(text, "evidence")]


def test_原文与做到没有() -> None:
    assert [kind for _, kind in texts("B5-5原文是啥，云山区做到没")] == ["indicator", "evidence"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("我在看B17，想确认一下：周转宿舍缺口多大，去年督导是不是也提过这个事？", ["evidence", "ledger"]),
        ("明天要汇报，大班额还有几个", ["evidence"]),
        ("不利的证据有哪些？B14-4的", ["evidence"]),
        ("培训费占比够不够5%，两个区都看一下", ["comparison"]),
    ],
)
def test_话头不是问题_补一句名称或范围的不拆(text: str, kinds: list[str]) -> None:
    assert [kind for _, kind in texts(text)] == kinds


def apart(text: str) -> list[str]:
    (part,) = parts(text, (), parse, load_metrics(), data_year=2018)
    return [one.understood.text for one in each_ask(part, parse, load_metrics(), data_year=2018)]


def test_几个数各成一问_后一个补上前一个说的事() -> None:
    assert apart("初中毕业生升学率、普职比各是多少？") == ["初中毕业生升学率是多少", "普职比是多少"]
    assert len(apart("责任督学有多少名，覆盖率多少")) == 2
    assert "责任督学" in apart("责任督学有多少名，覆盖率多少")[1]


@pytest.mark.parametrize(
    "text",
    ["普惠率多少", "证明区政府研究过教育工作的会议纪要有哪些", "就学前教育这一块，普惠率是多少"],
)
def test_只问一个数_或者问的不是数_不分(text: str) -> None:
    assert apart(text) == []


def test_话头说的是每一个_别的由前一问补上() -> None:
    assert apart("现代物流专业在校生：物流管理几人、电子商务几人") == [
        "现代物流专业在校生 物流管理几人",
        "现代物流专业在校生 电子商务几人",
    ]
    assert apart("推普周发了多少折页，经费执行率")[1] == "推普周发了 折页 经费执行率是多少"
    (part,) = parts("推普周发了多少折页，经费执行率", (), parse, load_metrics(), data_year=2018)
    second = each_ask(part, parse, load_metrics(), data_year=2018)[1]
    assert second.otherwise is not None
    assert second.otherwise.understood.text == "经费执行率"
