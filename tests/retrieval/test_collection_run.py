"""A collection of texts is ranked by the product's own search and written as a TREC run."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from retrieval.collection_run import RankedText, rank_collection, read_collection, trec_lines
from retrieval.embedder import load_embedder
from retrieval.errors import CollectionFormatError
from review.cli import main

PASSAGES = {
    "p1": "全区普惠性幼儿园覆盖率达到86.5%，入园率97.2%。",
    "p2": "区政府常务会议全年专题研究教育工作两次。",
    "p3": "社区教育学院建设率100%，镇街社区教育中心覆盖率91.7%。",
    "p4": "校车安全检查覆盖全部学校。\n" + "其余各项工作正常推进。" * 40 + "\n残疾儿童少年入学率达到98.1%。",
}
TOPICS = {"t1": "普惠园覆盖率是多少", "t2": "残疾儿童少年入学率"}


@pytest.mark.model
@pytest.mark.parametrize("system", ["hybrid", "dense", "bm25"])
def test_最合适的段落排在最前(system: str) -> None:
    run = list(rank_collection(PASSAGES, TOPICS, load_embedder(), system=system))  # type: ignore[arg-type]
    first = {line.topic: line.text_id for line in run if line.rank == 1}
    assert first == {"t1": "p1", "t2": "p4"}


@pytest.mark.model
def test_名次连续而分数不增且每段只出现一次() -> None:
    run = [line for line in rank_collection(PASSAGES, TOPICS, load_embedder()) if line.topic == "t1"]
    assert [line.rank for line in run] == list(range(1, len(run) + 1))
    assert all(a.score >= b.score for a, b in pairwise(run))
    assert {line.text_id for line in run} == set(PASSAGES)
    assert len(run) == len(PASSAGES)


@pytest.mark.model
def test_同分按编号排() -> None:
    same = {"b": "教育督导工作条例", "a": "教育督导工作条例"}
    run = list(rank_collection(same, {"t": "教育督导"}, load_embedder(), system="bm25"))
    assert [line.text_id for line in run] == ["a", "b"]


def test_六列() -> None:
    assert list(trec_lines([RankedText("t1", "p1", 1, 0.5)], "x")) == ["t1 Q0 p1 1 0.500000 x"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("不是JSON", "应为"),
        ('{"id": "a"}', "应为"),
        ('{"id": "a b", "text": "x"}', "不含空格"),
        ('{"id": 3, "text": "x"}', "不含空格"),
        ('{"id": "ok", "text": "x"}', "重复"),
    ],
)
def test_坏行指出行号(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"id": "ok", "text": "x"}\n\n' + line + "\n", encoding="utf-8")
    with pytest.raises(CollectionFormatError, match=f"第 3 行.*{why}"):
        read_collection(path)


@pytest.mark.model
def test_命令行写出结果(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, texts in (("p", PASSAGES), ("t", TOPICS)):
        rows = "".join(json.dumps({"id": id_, "text": text}, ensure_ascii=False) + "\n" for id_, text in texts.items())
        (tmp_path / f"{name}.jsonl").write_text(rows, encoding="utf-8")
    paths = [
        f"--{option}={tmp_path / name}"
        for option, name in (("passages", "p.jsonl"), ("topics", "t.jsonl"), ("run", "o"))
    ]
    assert main(["eval", "run", *paths, "--system", "bm25"]) == 0
    columns = [line.split() for line in (tmp_path / "o").read_text(encoding="utf-8").splitlines()]
    assert {len(row) for row in columns} == {6}
    assert {row[5] for row in columns} == {"edureview-bm25"}
    assert main(["eval", "walk", *paths]) == 2
    assert "请" in capsys.readouterr().err
