"""一句几问的答复：按问的先后，各问各的句子；没有单独找到的要说。"""

from __future__ import annotations

import pytest

from retrieval.answer import Answer, AnswerSentence, SchemeCitation
from retrieval.follow_ups import Understood
from retrieval.question import Question
from retrieval.question_parts import Part
from review.several_asks import leans_too_far, together, with_each


def sentence(text: str) -> AnswerSentence:
    return AnswerSentence(text, (SchemeCitation("0" * 64, "演示", "", 1, 0, len(text), text),), True)


def answer(*texts: str, searched: str = "查过了") -> Answer:
    return Answer("evidence", bool(texts), tuple(map(sentence, texts)), searched, about="figure")


def part(own: str) -> Part:
    question = Question(own, "evidence", "figure", "", (), (), (), (), (), True, own, False, False)
    return Part(question, Understood(own), own)


def told(made: Answer) -> list[str]:
    return [one.sentence for one in made.sentences]


def test_各问的句子按先后排在前面_一句只说一遍() -> None:
    each = [(part("编制"), answer("编制60名")), (part("实有"), answer("实有52名", "编制60名"))]
    made = with_each(answer("编制60名", "别的"), each)
    assert told(made) == ["编制60名", "实有52名", "别的"]
    assert made.notes == ()


def test_每问取说到它自己的话的那一句() -> None:
    each = [
        (part("图书 差异系数"), answer("综合差异系数0.4", "图书册数差异系数0.3")),
        (part("计算机 差异系数"), answer("综合差异系数0.4", "计算机台数差异系数0.2")),
    ]
    assert told(with_each(answer("综合差异系数0.4"), each)) == [
        "综合差异系数0.4",
        "图书册数差异系数0.3",
        "计算机台数差异系数0.2",
    ]


def test_合起来没有找到_每问分开都找到才算找到() -> None:
    found = (part("副校长"), answer("73所学校都聘请了"))
    made = with_each(answer(), [found, (part("活动场次"), answer("活动386场"))])
    assert made.found
    assert told(made) == ["73所学校都聘请了", "活动386场"]
    assert with_each(answer(), [found, (part("活动场次"), answer())]) == answer()


def test_没有单独找到的那一问写明() -> None:
    made = with_each(
        answer("73所学校都聘请了"), [(part("副校长"), answer("73所学校都聘请了")), (part("活动场次"), answer())]
    )
    assert made.notes == ("没有单独找到“活动场次”。",)


def test_几个来源的答复轮流排_没有找到的写在查过什么里() -> None:
    asked = [part("甲"), part("乙"), part("丙")]
    made = together([answer("一", "二"), answer(searched="丙的材料"), answer("三")], asked)
    assert told(made) == ["一", "三", "二"]
    assert "没有找到的：丙的材料" in made.searched


@pytest.mark.parametrize(
    ("found", "too_far"),
    [(("大班额36个",), True), (("大班额36个", "视力：近视率51.2%"), False), ((), False)],
)
def test_只找到它借用的话而没有它自己的话不算找到(found: tuple[str, ...], too_far: bool) -> None:
    assert leans_too_far(1, [part("大班额"), part("近视率")], answer(*found)) is too_far
