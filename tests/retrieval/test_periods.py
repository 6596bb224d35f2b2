"""一个分句说的是哪一年：先看自己的话，再看前文，再看材料。"""

from __future__ import annotations

import pytest

from retrieval.clauses import read_clauses
from retrieval.periods import date_clauses
from retrieval.verdict_words import load_verdict_words

WORDS = load_verdict_words()


def periods(text: str, document_year: int | None = 2018) -> list[str]:
    clauses = read_clauses(text, WORDS)
    return [d.period for d in date_clauses(text, clauses, data_year=2018, document_year=document_year)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2018年建成6所。", ["in"]),
        ("2017年建成6所。", ["earlier"]),
        ("2019年建成6所。", ["later"]),
        ("建成6所。", ["in"]),
        ("2016年，建成6所，改造3所。现有42所。", ["earlier", "earlier", "earlier", "in"]),
        ("2016年建成6所。\n改造3所。", ["earlier", "in"]),
        ("比2017年多6所。", ["in"]),
        ("自2016年起执行统一标准。", ["in"]),
        ("2016—2020年实施规划。", ["in"]),
        ("2013—2015年实施规划。", ["earlier"]),
        ("2018—2019学年初统计。", ["in"]),
        ("落实《规划（2011—2015年）》。", ["in"]),
        ("按云政发〔2016〕3号文件执行。", ["in"]),
        ("2015年建成的6所学校全部达标。", ["in"]),
        ("达到97.5%，2014年仅为81%。目前稳定。", ["in", "earlier", "in"]),
        ("上年完成5个。", ["earlier"]),
        ("比上年多5个。", ["in"]),
        ("上年反馈的问题全部整改。", ["in"]),
    ],
)
def test_材料是数据年度的(text: str, expected: list[str]) -> None:
    assert periods(text) == expected


def test_材料是往年的_句子写明数据年度就算数据年度() -> None:
    assert periods("建成6所。2018年建成2所。", 2017) == ["earlier", "in"]


def test_材料年度不明_没有写年的句子也不明() -> None:
    assert periods("建成6所。2017年建成2所。", None) == ["unknown", "earlier"]


def test_表格行的日期不是数据的年度() -> None:
    assert periods("学校：云帆小学；核准日期：2016年11月15日；状态：已核准") == ["in"] * 3
