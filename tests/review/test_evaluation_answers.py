"""When an answer holds the right figure and cites the right place."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.answer import Answer, AnswerSentence
from retrieval.cite import Citation
from review.evaluation_answers import (
    JudgedQuestion,
    Place,
    answer_figures,
    cites,
    holds_figure,
    judge,
    judgeable,
    load_questions,
    pieces,
)

TOPICS = Path(__file__).parents[2] / "eval_sets" / "topics" / "demo.yaml"
ROW = "年度：2018；会议次数：3；参会人数：13"


def citation(file: str, quote: str) -> Citation:
    return Citation("0" * 64, 1, file, "演示区", 2019, 1, {"page": 1}, 0, len(quote), quote)


def question(figure: str, quote: str, found: bool = True) -> JudgedQuestion:
    places = (Place("报告.pdf", pieces(quote), 2), Place("自评.pdf", ("有帮助的话语",), 1)) if found else ()
    return JudgedQuestion("q", "问", "figure", "专家", (), found, figure, places)


def answer(*sentences: tuple[str, str]) -> Answer:
    made = tuple(AnswerSentence(quote, (citation(file, quote),), True) for file, quote in sentences)
    return Answer("evidence", bool(made), made, "")


@pytest.mark.parametrize(
    ("sentence", "figure", "holds"),
    [
        ("全年召开会议3次。", "3次", True),
        ("全年召开会议13次。", "3次", False),
        ("全年召开会议3 次。", "3次", True),
        ("全年提出意见3条。", "3次", False),
        (ROW, "3次", True),
        (ROW, "1次", False),
        ("完成率95.8%。", "95.8%", True),
        ("完成率195.8%。", "95.8%", False),
        ("完成率95.8。", "95.8%", False),
        ("拨付资金12,860万元。", "12860万元", True),
        ("云政办字〔2018〕40号", "云政办字〔2018〕40号", True),
        ("云政办字〔2018〕41号", "云政办字〔2018〕40号", False),
        ("新城街道为73.9%", "新城街道73.9%", True),
        ("书记是贺长风。", "贺长风", True),
    ],
)
def test_数字要独立_小数目要带单位(sentence: str, figure: str, holds: bool) -> None:
    assert holds_figure(sentence, figure) is holds


def test_几个数都要答出_说明文字不作判断() -> None:
    assert judgeable(question("97%、98%", "两年为97%和98%")) == ["97%", "98%"]
    assert judgeable(question("两份材料矛盾", "两年为97%和98%")) == []
    assert judgeable(question("贺长风", "书记贺长风主持")) == ["贺长风"]
    both = question("97%、98%", "两年为97%和98%")
    assert judge(both, answer(("报告.pdf", "上年为97%。"), ("报告.pdf", "本年为98%。"))).figure
    assert not judge(both, answer(("报告.pdf", "上年为97%。"))).figure


def test_出处要同一文件且是所判的话() -> None:
    place = Place("报告.pdf", pieces("表行甲单位…完成23项"), 2)
    assert cites(citation("报告.pdf", "序号1 表行 甲单位 余项 完成23项"), place)
    assert not cites(citation("别的.pdf", "表行甲单位完成23项"), place)
    assert not cites(citation("报告.pdf", "另一行乙单位未完成"), place)
    long = Place("报告.pdf", pieces("至年底完成二十三项任务，完成率为百分之九十五点八"), 2)
    assert cites(citation("报告.pdf", "至年底完成二十三项任务，完成率为百分之九十五"), long)


def test_只有直接回答的出处算对_前三句另计() -> None:
    asked = question("3次", "召开全体会议3次")
    right = ("报告.pdf", "区里召开全体会议3次。")
    helpful = ("自评.pdf", "有帮助的话语。")
    assert judge(asked, answer(helpful)).cited is False
    found = judge(asked, answer(helpful, helpful, helpful, right))
    assert (found.cited, found.cited_first, found.figure, found.figure_first) == (True, False, True, False)


def test_没有答案的题_答了就是错() -> None:
    asked = question("", "", found=False)
    assert judge(asked, answer(("报告.pdf", "随便一句。"))).right_found is False
    assert judge(asked, answer()).right_found is True
    assert judge(asked, answer()).cited is None


def test_汇总() -> None:
    questions = [
        JudgedQuestion(id_, "问", "figure", "专家", (), found, "3次" if found else "", (Place("报告.pdf", ("会议3次",), 2),) if found else ())
        for id_, found in (("a", True), ("b", True), ("c", False), ("d", False))
    ]  # fmt: skip
    right, wrong, none = answer(("报告.pdf", "会议3次。")), answer(("别的.pdf", "会议5次。")), answer()
    given = {"a": right, "b": none, "c": none, "d": wrong}
    found = answer_figures(questions, {q.id: judge(q, given[q.id]) for q in questions})
    assert found == {
        "n_answerable": 2, "n_missing": 2, "n_figures": 2, "answered": 0.5, "refused": 0.5, "refusal_precision": 0.5,
        "right_figure": 0.5, "right_figure_first": 0.5, "right_cited": 0.5, "right_cited_first": 0.5,
    }  # fmt: skip


def test_题目文件读得出() -> None:
    district, cycle, questions = load_questions(TOPICS)
    assert (district, cycle) == ("云山区", 2019)
    assert sum(q.found for q in questions) >= 200
    assert sum(not q.found for q in questions) >= 30
    assert all(any(place.grade == 2 for place in q.places) for q in questions if q.found)
