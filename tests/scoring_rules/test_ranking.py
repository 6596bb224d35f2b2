"""「对各区县得分情况进行排名」."""

from __future__ import annotations

from itertools import permutations

import pytest

from scoring_rules.case_errors import RankingError
from scoring_rules.ranking import rank

HIT = {**dict.fromkeys("123456", "not_triggered"), "3": "triggered"}


def sheets(score, **totals):
    return [score(district=name, total=total) for name, total in totals.items()]


def test_同分同名次并跳号(score):
    rows = rank(sheets(score, 甲区="900", 乙区="950", 丙区="900", 丁区="899.99"))
    assert [(row.district, row.rank) for row in rows] == [("乙区", 1), ("丙区", 2), ("甲区", 2), ("丁区", 4)]


def test_按公布的两位小数比(score):
    rows = rank(sheets(score, 甲区="900.004", 乙区="899.996", 丙区="900.006"))
    assert [(row.district, row.rank) for row in rows] == [("丙区", 1), ("乙区", 2), ("甲区", 2)]


def test_降级不改名次(score):
    results = [score(district="甲区", total="950", annex1=HIT), score(district="乙区", total="940")]
    rows = [row.to_json() for row in rank(results)]
    assert [(row["district"], row["rank"], row["points_grade"], row["grade"]) for row in rows] == [
        ("甲区", 1, "优秀", "良好"),
        ("乙区", 2, "优秀", "优秀"),
    ]
    assert rows[0]["note"] == "命中附件 1 第3条，等级降低一级，得分与名次不变"
    assert rows[1]["note"] == ""
    assert rows[0]["total_points"] == "950.00"


def test_总分未定的不排名次(score):
    results = [score(district="甲区", total="700", bonus={}), *sheets(score, 乙区="705", 丙区="730", 丁区="690")]
    rows = rank(results)
    assert [(row.district, row.rank) for row in rows] == [("丙区", 1), ("乙区", 2), ("丁区", 3), ("甲区", None)]
    assert rows[0].note == ""
    assert rows[1].note == rows[2].note == "名次为暂列：甲区总分未定，可能居前"
    assert rows[3].note == "总分未定，区间 700.00 至 720.00，暂不排名"
    assert rows[3].to_json()["total_points"] is None


def test_可能居前的区县多时只列前几个(score):
    results = [score(district=f"未定{n}区", total=f"{700 + n}", bonus={}) for n in range(1, 8)]
    (first, *_) = rank([*results, *sheets(score, 甲区="700", 乙区="722")])
    assert first.note == "名次为暂列：未定3区、未定4区、未定5区、未定6区、未定7区总分未定，可能居前"
    rows = {row.district: row.note for row in rank([*results, *sheets(score, 甲区="700")])}
    assert rows["甲区"] == "名次为暂列：未定3区、未定4区、未定5区、未定6区、未定7区等 7 个区县总分未定，可能居前"


def test_区间上限与总分相等不算可能居前(score):
    rows = rank([score(district="甲区", total="700", bonus={}), *sheets(score, 乙区="720")])
    assert rows[0].note == ""


def test_输入的次序无关(score):
    results = sheets(score, 甲区="900", 乙区="950", 丙区="900")
    assert len({tuple(rank(order)) for order in permutations(results)}) == 1


def test_不能一起排名的全部列出(score):
    results = [score(district="甲区"), score(district="甲区", cycle=2020), score(district="乙区")]
    with pytest.raises(RankingError) as caught:
        rank(results)
    assert len(caught.value.faults) == 2
    assert "“甲区”出现 2 次" in caught.value.faults[0]
    assert "评价年度不一致（2019、2020）" in caught.value.faults[1]


def test_界线不一致要注明(score):
    results = [score(district="甲区"), score(district="乙区", parameters={"credibility_tolerance": "0.9"})]
    assert [row.note for row in rank(results)] == [
        "可信度界线取 0.9，各区县不一致",
        "可信度界线取 0.98，各区县不一致",
    ]


def test_没有区县就是空表():
    assert rank([]) == []


def test_未定的排在后面_按名字排(score):
    results = [score(district=name, total="700", bonus={}) for name in ("乙区", "甲区")]
    rows = rank([*results, *sheets(score, 丁区="650")])
    assert [(row.district, row.rank) for row in rows] == [("丁区", 1), ("乙区", None), ("甲区", None)]


def test_总分未定且命中附件1的不说等级未再降低(score):
    (row,) = rank([score(district="甲区", total="500", bonus={}, annex1=HIT)])
    assert row.note == "总分未定，区间 500.00 至 520.00，暂不排名；命中附件 1 第3条"
    (row,) = rank([score(district="甲区", total="400", annex1={**HIT, "5": "triggered"})])
    assert row.note == "命中附件 1 第3、5条，等级未再降低"
