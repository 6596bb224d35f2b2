"""The systems ours is compared with, on texts small enough to see who must win."""

from __future__ import annotations

import importlib.util

import pytest

from retrieval.embedder import load_embedder
from retrieval.tokens import tokens
from review.evaluation_systems import NAMES, SYSTEMS, all_runs, bm25, dense, jieba_words, reciprocal

PASSAGES = {
    "a": "全区普惠性幼儿园覆盖率为86.5%，比上年提高两个百分点。",
    "b": "教师培训经费按年度公用经费预算总额的5%安排。",
    "c": "校园安全工作纳入年度考核，落实责任制。",
    "d": "Budget 2018",
}
TOPICS = {"q1": "普惠性幼儿园覆盖率", "q2": "教师培训经费", "q3": "zzz"}


def test_分词_去掉标点和空白() -> None:
    assert jieba_words("教师培训，经费！ ５%") == ["教师", "培训", "经费", "5%"]


@pytest.mark.parametrize("cut", [jieba_words, tokens])
def test_BM25_有共同词的才排(cut) -> None:  # type: ignore[no-untyped-def]
    found = bm25(PASSAGES, TOPICS, cut)
    assert max(found["q1"], key=found["q1"].get) == "a"  # type: ignore[arg-type]
    assert max(found["q2"], key=found["q2"].get) == "b"  # type: ignore[arg-type]
    assert "d" not in found["q1"]
    assert found["q3"] == {}


def test_BM25_空的段落也能建索引() -> None:
    assert bm25({"a": "", "b": "教师"}, {"q": "教师"}, tokens)["q"].keys() == {"b"}


@pytest.mark.model
def test_向量_每段都有分_深度有限() -> None:
    found = dense(PASSAGES, TOPICS, load_embedder(), depth=3)
    assert next(iter(found["q1"])) == "a"
    assert len(found["q1"]) == 3


def test_按名次相加_手算() -> None:
    fused = reciprocal([{"q": {"a": 9.0, "b": 1.0}}, {"q": {"b": 5.0, "c": 4.0}}])
    assert fused["q"] == pytest.approx({"b": 1 / 62 + 1 / 61, "a": 1 / 61, "c": 1 / 62})
    assert list(fused["q"]) == ["b", "a", "c"]


@pytest.mark.model
def test_没装的包写进说明_其余照测(monkeypatch: pytest.MonkeyPatch) -> None:
    original = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "jieba" else original(name))
    runs, notes = all_runs(PASSAGES, TOPICS, load_embedder(), systems=["bm25_jieba", "hybrid_plain"])
    assert list(runs) == ["hybrid_plain"]
    assert next(iter(runs["hybrid_plain"]["q1"])) == "a"
    assert "jieba" in notes[0]
    assert "请" in notes[0]


def test_每个系统都有名称() -> None:
    assert set(NAMES) == set(SYSTEMS)
