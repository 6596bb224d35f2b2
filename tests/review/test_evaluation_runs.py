"""Measures and tables against what can be reckoned by hand."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from retrieval.errors import CollectionFormatError
from review.evaluation_runs import OURS, answerable, measure_run, read_qrels, table_of

QRELS = {"t1": {"a": 2, "b": 1, "x": 0}, "t2": {"c": 1}, "t3": {"d": 0}, "t4": {}}


def test_没有相关段落的题目不进检索指标() -> None:
    assert list(answerable(QRELS)) == ["t1", "t2"]


def test_手算四项指标() -> None:
    run = {"t1": {"b": 3.0, "a": 2.0, "x": 1.0}, "t3": {"d": 1.0}}
    found = measure_run("one", run, QRELS)
    ideal = 2 + 1 / math.log2(3)
    assert found.topics["ndcg10"]["t1"] == pytest.approx((1 + 2 / math.log2(3)) / ideal)
    assert found.topics["recall5"] == {"t1": 1.0, "t2": 0.0}
    assert found.topics["mrr10"]["t2"] == 0.0
    assert found.mean("recall10") == 0.5


def test_同分按编号小的在前() -> None:
    found = measure_run("one", {"t2": {"a": 1.0, "c": 1.0}}, {"t2": {"c": 1}})
    assert found.topics["mrr10"]["t2"] == 0.5
    found = measure_run("one", {"t2": {"d": 1.0, "c": 1.0}}, {"t2": {"c": 1}})
    assert found.topics["mrr10"]["t2"] == 1.0


def test_第十一名不算() -> None:
    run = {"t2": {f"n{i:02}": 20.0 - i for i in range(10)} | {"c": 1.0}}
    assert measure_run("one", run, {"t2": {"c": 1}}).mean("recall10") == 0.0


def test_什么都没找到的系统得零分() -> None:
    assert measure_run("one", {}, QRELS).mean("ndcg10") == 0.0


def test_对照表_胜负与p() -> None:
    qrels = {f"t{i}": {"a": 1} for i in range(12)}
    good = {topic: {"a": 2.0, "b": 1.0} for topic in qrels}
    bad = {topic: {"b": 2.0} for topic in qrels}
    table = table_of({"bm25": bad, OURS: good}, qrels, 2, ["说明"])
    difference, adjusted = table.against["bm25"]["recall10"]
    assert (difference.better, difference.worse, difference.mean) == (12, 0, 1.0)
    assert adjusted < 0.01
    figures = table.figures()
    assert figures["ndcg10"] == 1.0
    assert figures["bm25.ndcg10"] == 0.0
    assert figures["bm25.ndcg10.p"] < 0.01
    shown = table.to_json()
    assert [one["system"] for one in shown["systems"]] == ["bm25", OURS]
    assert shown["systems"][0]["against"]["mrr10"]["better"] == 12
    text = "\n".join(table.lines())
    assert "12 题，2 段" in text
    assert "胜 12 负 0" in text
    assert text.endswith("说明")


def test_一道可答的题也没有() -> None:
    with pytest.raises(ValueError, match="no topic"):
        table_of({OURS: {}}, {"t": {}}, 1)


def test_读判断文件(tmp_path: Path) -> None:
    path = tmp_path / "q.trec"
    path.write_text("t1 0 a 2\nt1 0 b 0\n\nt2 0 c 1\n", encoding="utf-8")
    assert read_qrels(path) == {"t1": {"a": 2, "b": 0}, "t2": {"c": 1}}
    path.write_text("t1 0 a 2\nt1 a\n", encoding="utf-8")
    with pytest.raises(CollectionFormatError, match="第 2 行"):
        read_qrels(path)
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(CollectionFormatError, match="没有一条"):
        read_qrels(path)
