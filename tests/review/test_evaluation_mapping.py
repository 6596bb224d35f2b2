"""Top-1, top-3, 无对应 and calibration against what can be counted by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.errors import CollectionFormatError
from retrieval.itemmap import ItemMapping
from review.evaluation_mapping import (
    LabelledPassage,
    calibration_error,
    criteria_ranked,
    item_topics,
    mapping_figures,
    mapping_lines,
    none_figures,
    ranking_figures,
    read_labelled,
)
from scoring_rules.scheme_loader import load_scheme

PASSAGES = [
    LabelledPassage("p1", "一", "B5", "B5-5", ("B14",)),
    LabelledPassage("p2", "二", "B14", "B14-2", ()),
    LabelledPassage("p3", "三", "", "", ()),
    LabelledPassage("p4", "四", "B16", "", ("B17",)),
]
RANKINGS = {
    "p1": ["B14-2", "B5-1", "B5-5"],
    "p2": ["B14-2", "B5-5"],
    "p3": ["B1-1"],
    "p4": ["B1-1", "B2-1", "B3-1", "B16-1"],
}


def test_指标按其最靠前的要点排() -> None:
    assert criteria_ranked(["B14-2", "B5-1", "B14-1", "B9"]) == ["B14", "B5", "B9"]


def test_首位与前三() -> None:
    found = ranking_figures(PASSAGES, RANKINGS)
    assert found["criterion_top1"] == pytest.approx(1 / 3)
    assert found["criterion_top1_or_also"] == pytest.approx(2 / 3)
    assert found["criterion_top3"] == pytest.approx(2 / 3)
    assert found["item_top1"] == 0.5
    assert found["item_top3"] == 1.0
    assert (found["n"], found["n_items"]) == (3, 2)


def test_无对应的查准与查全() -> None:
    found = none_figures(PASSAGES, {"p1": True, "p2": False, "p3": True, "p4": False})
    assert found == {"n_none": 1.0, "none_precision": 0.5, "none_recall": 1.0}
    assert "none_precision" not in none_figures(PASSAGES, dict.fromkeys(["p1", "p2", "p3", "p4"], False))


def test_校准误差_手算() -> None:
    assert calibration_error([0.95, 0.91, 0.5, 0.55], [1.0, 1.0, 0.0, 1.0]) == pytest.approx((0.14 + 0.05) / 4)
    assert calibration_error([1.0], [1.0]) == 0.0


def test_错叫成无对应的也算错() -> None:
    mapped = [
        ItemMapping((("B5-5", 0.9),), True, 0.9),
        ItemMapping((("B14-2", 0.8),), False, 0.9),
        ItemMapping((("B1-1", 0.2),), True, 0.8),
        ItemMapping((("B16-1", 0.7),), False, 0.9),
    ]
    found = mapping_figures(PASSAGES, mapped)
    assert found["criterion_top1"] == 1.0
    assert found["criterion_top1_shown"] == pytest.approx(2 / 3)
    assert found["calibration_error"] == pytest.approx((0.1 + 0.2) / 2)


def test_要点原文作题目() -> None:
    topics, qrels = item_topics(load_scheme(), PASSAGES)
    assert len(topics) == 65 + 21
    assert qrels["B5-5"] == {"p1": 2}
    assert qrels["criterion:B14"] == {"p1": 1, "p2": 2}
    assert "普惠" in topics["B5-5"]
    assert topics["B5-5"] in topics["criterion:B5"]


def test_表里写出每个系统与p() -> None:
    shown = mapping_lines(PASSAGES, {"bm25": {}, "ours": RANKINGS}, "ours")
    assert "3 段" in shown[0]
    assert "p=" in shown[1]
    assert "0.333" in shown[2]


def test_读标注文件(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    good = {"id": "d1", "text": "一段", "primary": None, "sub": None, "also": []}
    path.write_text(json.dumps(good, ensure_ascii=False) + "\n", encoding="utf-8")
    assert read_labelled(path) == [LabelledPassage("d1", "一段", "", "", ())]
    path.write_text(json.dumps(good) + "\n" + json.dumps({"id": "d2", "text": "x"}) + "\n", encoding="utf-8")
    with pytest.raises(CollectionFormatError, match="第 2 行"):
        read_labelled(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(CollectionFormatError, match="没有一个段落"):
        read_labelled(path)
