"""一句里的几个问题：各由各的来源回答的分开，同一来源的不拆。"""

from __future__ import annotations

import pytest

from retrieval.metrics import load_metrics
from retrieval.question import Question, parse_question
from retrieval.question_parts import parts
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
