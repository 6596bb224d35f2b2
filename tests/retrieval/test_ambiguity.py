"""问得不清就给出可选的整句；问得清的不反问。"""

from __future__ import annotations

import pytest

from retrieval.ambiguity import readings
from retrieval.metrics import load_metrics
from retrieval.question import parse_question
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("合格率呢", True),
        ("入学率是多少？", True),
        ("我们的覆盖率有多高", True),
        ("合格率高不高", True),
        ("麻烦查一下覆盖率是多少。", True),
        ("那个率 报一下", True),
        ("请提供一下执行率。", True),
        ("请问总金额是多少万元？", True),
        ("幼儿园几所", False),
        ("专项资金执行率是多少", False),
        ("B14-2达标率", False),
        ("普惠率是多少", False),
        ("学生体质健康合格率", False),
        ("校园欺凌情况", False),
    ],
)
def test_反问(text: str, unclear: bool) -> None:
    question = parse_question(text, load_scheme(), load_catalogue())
    choices = readings(question, load_metrics())
    assert (len(choices) >= 2) is unclear
    assert all(choice.endswith("是多少？") for choice in choices)
