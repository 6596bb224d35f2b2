"""矛盾的说法：真矛盾、组成部分对不上、有更正、年份或范围不同，各有各的句子。"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from retrieval.cite import Citation
from retrieval.conflicts import ConflictClass
from retrieval.stored_facts import StoredFact
from review.figures import Contradiction, Figure, contradictions, differences

FACT = StoredFact(
    1, 1, "puhui_rate", Decimal("86.5"), "%", 2018, "全区", 0, 5, "proposed", False, "甲.pdf", "云山区", 2019
)  # fmt: skip


def figure(fact: StoredFact, name: str = "普惠率") -> Figure:
    citation = Citation("ab" * 32, 1, fact.file, "云山区", 2019, 1, {"page": 1}, 0, 5, "普惠率")
    return Figure(fact, name, citation)


def told(kind: ConflictClass, *facts: StoredFact, computed: Decimal | None = None) -> str:
    named = [figure(fact, "普惠率" if fact.metric == "puhui_rate" else "在园幼儿总数") for fact in facts]
    return Contradiction("puhui_rate", "普惠率", "B5-5", 2018, kind, tuple(named), computed).sentence


OTHER = replace(FACT, row_id=2, value=Decimal("84.2"), file="乙.pdf")


def test_每类矛盾的句子() -> None:
    assert told("true_conflict", FACT, OTHER) == "2018 年普惠率前后不一：《甲.pdf》为 86.5%，《乙.pdf》为 84.2%。"
    assert "望云街道普惠率前后不一" in told(
        "true_conflict", replace(FACT, scope="望云街道"), replace(OTHER, scope="望云街道")
    )
    assert "请以更正后的为准" in told("revised", FACT, OTHER)
    whole = replace(FACT, row_id=3, metric="children_in_kindergarten", value=Decimal(20000), unit="人")
    sentence = told("parts", FACT, whole, computed=Decimal("80.004"))
    assert sentence == "2018 年普惠率与它的组成部分对不上：《甲.pdf》为 86.5%，按在园幼儿总数 20000人算出 80%。"
    assert "年份不同，不算矛盾" in told("other_year", FACT, replace(OTHER, year=2017))
    assert "范围不同，不算矛盾" in told("other_scope", FACT, replace(OTHER, scope="望云街道"))


@pytest.mark.parametrize(
    ("change", "blocks"),
    [({}, True), ({"scope": "小学"}, True), ({"scope": "望云街道"}, False), ({"revised": True}, False), ({"state": "needs_confirmation"}, False)],
    ids=["全区", "学段", "某镇街", "更正过", "识别来的"],
)  # fmt: skip
def test_全区和学段的真矛盾才让规则停下(change: dict[str, object], blocks: bool) -> None:
    first = replace(FACT, scope=change.get("scope", "全区"))  # type: ignore[arg-type]
    second = replace(OTHER, **change)  # type: ignore[arg-type]
    (found,) = contradictions([figure(first), figure(second)])
    assert found.blocks is blocks


def test_别的年份只作说明() -> None:
    pair = [figure(FACT), figure(replace(OTHER, year=2017))]
    assert contradictions(pair) == []
    (explained,) = differences(pair)
    assert explained.to_json()["class"] == "other_year"
