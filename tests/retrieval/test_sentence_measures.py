"""一句话答不答得上：几个量度，各量什么。"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from retrieval.found_sentences import Found
from retrieval.question import parse_question
from retrieval.question_terms import Term, Terms
from retrieval.sentence_measures import WEIGHTS, Candidate, likelihood, measure, put_meaning, shares_of
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme

TERMS = Terms([Term("社团", 3.0, True), Term("活动", 1.0, True)])


def sentence(text: str, context: str = "", file: str = "总结.docx") -> Found:
    passage: Any = SimpleNamespace(
        context=context, document=SimpleNamespace(file=file), page=SimpleNamespace(text=text)
    )
    return Found(passage, 0, len(text), TERMS.coverage(text, context))


def measured(question: str, *candidates: Candidate) -> list[dict[str, float]]:
    asked = parse_question(question, load_scheme(), load_catalogue())
    rows, _ = measure(asked, TERMS, candidates, [one.found.text for one in candidates])
    return [dict(zip(WEIGHTS, row, strict=True)) for row in rows.tolist()]


def test_说到的越多越像答案() -> None:
    rows = measured(
        "学校社团活动有多少场", *(Candidate(sentence(t), 1) for t in ("社团活动86场。", "活动86场。", "教师86人。"))
    )
    totals = likelihood(np.array([list(row.values()) for row in rows]))
    assert totals[0] > totals[1] > totals[2]
    assert [row["coverage"] for row in rows] == [1.0, 0.25, 0.0]


@pytest.mark.parametrize(
    ("question", "text", "fits"),
    [
        ("学校社团活动有多少场", "社团活动86场。", 1.0),
        ("学校社团活动有多少场", "社团活动有86人。", 0.0),
        ("学校社团有几家", "社团86个。", 1.0),
        ("学校社团减为几个", "社团由六个减为三个。", 1.0),
        ("学校社团活动花了多少钱", "社团活动支出3.5万元。", 1.0),
        ("学校社团有多少", "社团86人。", 1.0),
        ("学校社团多少个，参加多少名", "社团86人。", 1.0),
    ],
)
def test_问什么单位(question: str, text: str, fits: float) -> None:
    assert measured(question, Candidate(sentence(text), 1))[0]["unit"] == fits


def test_检索所得_要点关联_自评材料() -> None:
    first, other, claim = measured(
        "学校社团活动有多少场",
        Candidate(sentence("社团活动86场。"), 0.5, 0.8),
        Candidate(sentence("社团活动86场。")),
        Candidate(sentence("社团活动86场。", file="自评报告.pdf"), 1.0),
    )
    assert (first["hit"], first["link"], first["claim"]) == (0.5, 0.8, 0.0)
    assert (other["hit"], other["link"]) == (0.0, 0.0)
    assert claim["claim"] == 1.0


def test_问句的长短与问了几样() -> None:
    one, both = (
        measured(text, Candidate(sentence("社团86个。")))[0] for text in ("社团多少个", "社团多少个，活动多少场")
    )
    assert (one["several"], both["several"]) == (0.0, 1.0)
    assert one["length"] < both["length"]


def test_意思与最近的段落相比() -> None:
    rows = put_meaning(np.zeros((2, len(WEIGHTS))), np.array([0.9, 0.86], dtype=np.float32), 0.87)
    assert rows[:, list(WEIGHTS).index("meaning")] == pytest.approx([0.3, -0.1], abs=1e-5)


def test_哪一句都没有说到的词_每一句都记上() -> None:
    rows = measured("学校社团活动有多少场", Candidate(sentence("活动86场。")), Candidate(sentence("教师86人。")))
    assert [row["absent"] for row in rows] == [0.75, 0.75]
    rows = measured("学校社团活动有多少场", Candidate(sentence("社团活动86场。")), Candidate(sentence("教师86人。")))
    assert [row["absent"] for row in rows] == [0.0, 0.0]


def test_句中有没有数() -> None:
    rows = measured("学校社团活动有多少场", Candidate(sentence("社团86场。")), Candidate(sentence("社团很多。")))
    assert [row["number"] for row in rows] == [1.0, 0.0]


def test_词的分量合为一() -> None:
    assert shares_of(TERMS) == pytest.approx([0.75, 0.25])
    assert len(shares_of(Terms([]))) == 0
