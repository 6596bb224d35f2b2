"""方案本身的回答：只出自方案，每句都有原文与位置，不需要数据库和模型。"""

from __future__ import annotations

from importlib.resources import files

import pytest

from retrieval.answer import Answer, SchemeCitation
from retrieval.ask import ask
from retrieval.indicator_answer import points_text
from retrieval.official_text import official_text
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme

SCHEME = load_scheme()
OFFICIAL = (files("corpus") / "schemes" / "2019" / "official.txt").read_text(encoding="utf-8")


def answer(text: str) -> Answer:
    return ask(None, SCHEME, load_catalogue(), text, district=None, cycle=None)


def spoken(text: str) -> str:
    return "\n".join(sentence.sentence for sentence in answer(text).sentences)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("B5 多少分？包括哪几条？", ["满分 40 分", "B5-1", "B5-6 规范办园行为", "包括 6 条"]),
        ("B14是什么", ["条件保障", "250 分", "B14-6"]),
        ("B5-5 多少分", ["共 6 条", "20/3 分（约 6.67 分）", "约定均分"]),
        ("B9多少分", ["满分 5 分", "特殊教育资源教室"]),
        ("附件1有哪些情形？", ["情形1", "情形6", "弄虚作假", "降低一个等级"]),
        ("多少分算优秀？", ["900 分（含）以上为优秀"]),
        ("不合格是多少分", ["600 分以下为不合格"]),
        ("850分是什么等级", ["850 分按得分属于良好"]),
        ("900分是什么等级", ["属于优秀"]),
        ("599.99分是什么等级", ["属于不合格"]),
        ("满分多少", ["1000 分", "A3 教育保障情况：500 分"]),
        ("加分最多多少", ["20分以内"]),
        ("普惠率要求达到多少", ["达到80%以上"]),
        ("常务会议一年要开几次研究教育", ["2次以上"]),
        ("可信度怎么算", ["自评可信度"]),
        ("一共有多少个评价要点", ["6 个一级指标", "21 个二级指标", "65 条评价要点"]),
        ("方案的文号是什么", ["济政办发〔2019〕5号"]),
        ("校园欺凌属于哪个指标", ["B12-1", "B12-2"]),
        ("B5-5需要哪些材料", ["统计报表", "不是方案原文"]),
        ("A2包括哪些指标", ["190 分", "B10"]),
    ],
)
def test_答案里有该有的话(text: str, words: list[str]) -> None:
    found = answer(text)
    assert found.kind == "indicator"
    assert found.found
    for word in words:
        assert word in spoken(text)


def test_问优秀不列别的等级_不合格里的合格不算() -> None:
    assert "为良好" not in spoken("多少分算优秀？")
    assert "750" not in spoken("不合格是多少分")


@pytest.mark.parametrize(
    "text",
    [
        "B5 包括哪几条",
        "附件1",
        "多少分算优秀",
        "满分多少",
        "评价程序是什么",
        "方案文号",
        "整改复查",
        "A1是什么",
        "B21是什么",
        "评价结果怎么运用",
    ],
)
def test_每句都有出处_引文逐字在方案里(text: str) -> None:
    sentences = answer(text).sentences
    assert sentences
    for sentence in sentences:
        assert sentence.supported
        assert sentence.citations
        for citation in sentence.citations:
            assert isinstance(citation, SchemeCitation)
            assert OFFICIAL[citation.start : citation.end] == citation.quote
            assert OFFICIAL.count("\n", 0, citation.start) + 1 == citation.line
            assert citation.to_json()["file"] == "济政办发〔2019〕5号"


def test_所有评价要点和附件条款都能引到原文() -> None:
    official = official_text(SCHEME)
    for place, text in [(i.place, i.text) for i in SCHEME.items] + [(c.place, c.text) for c in SCHEME.conditions]:
        citation = official.cite(place, text)
        assert official.holds(citation)
        assert len(citation.quote) <= len(text) + 30


def test_分值写法() -> None:
    assert points_text(SCHEME.share("B5-1")) == "20/3 分（约 6.67 分）"
    assert points_text(SCHEME.criterion("B14").points) == "250 分"


def test_没有材料时问材料说明还没有读入() -> None:
    found = answer("普惠率达到多少")
    assert (found.kind, found.found, found.sentences) == ("evidence", False, ())
    assert "还没有读入" in found.searched


@pytest.mark.parametrize(("text", "kind"), [("还缺什么材料", "missing"), ("我们区总分多少", "ledger")])
def test_缺什么和得分交给记录回答(text: str, kind: str) -> None:
    found = answer(text)
    assert (found.kind, found.found, found.sentences) == (kind, False, ())
    assert found.searched


@pytest.mark.parametrize(
    ("text", "words", "most"),
    [
        ("评价多久搞一次", "每年开展1次", 3),
        ("整改情况由谁复查", "对整改落实情况进行复查", 2),
        ("材料造假怎么处理", "通报批评", 2),
        ("评价报告要谁审定才能公布", "市政府审定", 2),
    ],
)
def test_程序只说问到的那几句(text: str, words: str, most: int) -> None:
    sentences = answer(text).sentences
    assert any(words in sentence.sentence for sentence in sentences)
    assert len(sentences) <= most


def test_问降几级只引规则_点名哪条只引哪条() -> None:
    for text, count in (("附件1命中两条是不是要降两级", 1), ("什么情况会降低一个等级？", 7), ("附件1", 7)):
        assert len(answer(text).sentences) == count
    assert [one.sentence[:4] for one in answer("乡镇补贴没达标会降等级吗，附件1怎么规定").sentences] == ["情形4："]
