"""The scheme's own wording is recognised, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from retrieval.official_query import official_wording
from scoring_rules.scheme_loader import load_scheme

SCHEME = load_scheme()
WORDING = official_wording(SCHEME)


@pytest.mark.parametrize("item", SCHEME.items, ids=lambda item: item.id)
def test_每条要点的原文认得出是哪一条(item: object) -> None:
    found = WORDING.items_of(item.text)  # type: ignore[attr-defined]
    assert found.items == (item.id,)  # type: ignore[attr-defined]
    assert found.weight == 1


@pytest.mark.parametrize("criterion", SCHEME.criteria, ids=lambda criterion: criterion.id)
def test_指标名称与全文都指其下各条(criterion: object) -> None:
    items = tuple(item.id for item in criterion.items)  # type: ignore[attr-defined]
    whole = f"{criterion.id} {criterion.name}：" + "".join(item.text for item in criterion.items)  # type: ignore[attr-defined]
    assert WORDING.items_of(whole).items == items
    assert WORDING.items_of(whole).weight > 0.9


def test_只有名称时指其下各条() -> None:
    named = next(c for c in SCHEME.criteria if c.id == "B1")
    assert WORDING.items_of(named.name).items == tuple(item.id for item in named.items)


def test_原文的一半也认得出() -> None:
    item = next(i for i in SCHEME.items if i.id == "B1-2")
    found = WORDING.items_of(item.text[: len(item.text) // 2])
    assert (found.items, found.weight) == (("B1-2",), 1)


def test_人提的问题都不是原文() -> None:
    path = Path(__file__).parents[2] / "eval_sets" / "topics" / "demo.yaml"
    questions = [entry["question"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["questions"]]
    assert len(questions) > 200
    assert [text for text in questions if WORDING.items_of(text).weight > 0] == []


@pytest.mark.parametrize("text", ["", "教育", "，。", "zzz", "校车安全检查台账"])
def test_太短或无关的不是(text: str) -> None:
    assert WORDING.items_of(text).items == ()
