"""问话的种类：权重与问法对得上；读得出没学过的问法；坏的权重说得清。"""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

import numpy as np
import pytest

from eval_sets.assistant.questions import LOOKED_AT, questions
from retrieval.metrics import load_metrics
from retrieval.question_kinds import BUCKETS, CLASSES, KindsError, load_kinds, read_kinds
from retrieval.question_signs import signs
from scoring_rules.catalogue import load_catalogue

# 这些话都不在 kinds.yaml 里。
UNSEEN = [
    ("请把B16-3所缺的佐证逐份列给我", "missing"),
    ("隔壁临溪区跟我们比，持证率谁更高些", "comparison"),
    ("B14这回核查凭什么少给了12分", "points"),
    ("上一年度督导指出来的那几项，到现在销号了几项", "rectification"),
    ("附件1的第二条，我们青石区触发没触发", "annex1_state"),
    ("眼下这个分数，距优秀还短几分呀", "grade_state"),
    ("麻烦把B6-2的原文念给我听", "parts"),
    ("方案里对持证上岗要求达到百分之多少", "threshold"),
    ("控辍保学这事归到哪个评价要点里", "where"),
    ("B8-1都需要准备哪些佐证材料", "materials"),
    ("附件1里一共写了哪几种降等的情形", "annex1_text"),
    ("得了820分，按方案算哪个等级", "grades"),
    ("实地督导的时候是怎么抽学校的", "procedure"),
    ("自评材料最迟几号以前要交上去", "deadline"),
    ("松口街道那边公办园现在有几所", "figure"),
    ("有没有哪份纪要写到了集团化办学", "evidence"),
    ("晚饭吃点什么好", "other"),
    ("按实施方案，学前教育入园率最低得有多高", "threshold"),
    ("缺音乐老师的学校一共几所", "figure"),
    ("消防隐患是谁在负责整改的", "evidence"),
    ("B13的材料还有没有缺口", "missing"),
    ("B16为啥才六十多分", "points"),
]


def read(text: str) -> str:
    found = signs(text, load_catalogue(), load_metrics(), district="青石区", districts=("青石区", "临溪区"))
    return next(iter(load_kinds().scores(found)))


@pytest.mark.parametrize(("text", "name"), UNSEEN)
def test_没学过的问法(text: str, name: str) -> None:
    assert f"  - {text}\n" not in _wordings()
    assert read(text) == name


def test_权重是由现在的问法算出来的() -> None:
    assert load_kinds().source == hashlib.sha256(_wordings().encode("utf-8")).hexdigest()


@pytest.mark.parametrize("half", LOOKED_AT)
def test_评测题不在问法里(half: str) -> None:
    wordings = {_folded(line.removeprefix("  - ")) for line in _wordings().splitlines() if line.startswith("  - ")}
    asked = [_folded(one.question) for one in questions(half)]
    assert [question for question in asked if len(question) > 3 and question in wordings] == []


def test_写出再读回_一字不差() -> None:
    made = load_kinds()
    again = read_kinds(made.to_text())
    assert again.to_text() == made.to_text()
    assert made.weights.shape == (BUCKETS, len(CLASSES))
    assert np.array_equal(again.weights, made.weights)


@pytest.mark.parametrize("broken", ["", "{}\n", "{}\nAAAA", '{"classes": []}\n'])
def test_坏的权重(broken: str) -> None:
    with pytest.raises(KindsError, match="请运行"):
        read_kinds(broken)


def _folded(text: str) -> str:
    """不论区名、数和标点。"""
    bare = re.sub(r"(?:云山|鹤汀|青石|临溪)区?", "", re.sub(r"\d+(?:\.\d+)?", "9", text.strip('"')))
    return re.sub(r"[\s，,。？?！!；;]", "", bare)


def _wordings() -> str:
    return (files("corpus") / "questions" / "kinds.yaml").read_text(encoding="utf-8")
