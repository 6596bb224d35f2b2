"""Draft points of the demo district: rules on figures of the evidence, an interval wherever anything is open."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from retrieval.cite import verify
from review.drafting import Draft, draft_district
from review.workspace import Settings, Workspace
from scoring_rules.findings import Finding


@pytest.fixture(scope="module")
def drafted(demo_home: Path) -> Draft:
    return draft_district(Workspace(Settings(demo_home)), "云山区", 2019)


def finding(drafted: Draft, item: str) -> Finding:
    return next(found for criterion in drafted.result.criteria for found in criterion.items if found.item_id == item)


def test_普惠率与入园率达标_其余部分留给专家(drafted: Draft) -> None:
    found = finding(drafted, "B5-5")
    share = Fraction(40, 6)
    assert found.status == "met"
    assert found.points == (share * 2 / 3, share)
    assert any("86.5%" in reason and "80%" in reason for reason in found.reasons)
    assert any("普惠" in citation.quote for citation in drafted.cited(found))


def test_一校一章程未达标(drafted: Draft) -> None:
    assert finding(drafted, "B3-2").status == "not_met"
    assert any("98.6%" in reason for reason in finding(drafted, "B3-2").reasons)


def test_数据矛盾时不作判定(drafted: Draft) -> None:
    found = finding(drafted, "B10-2")
    assert found.status == "needs_reviewer"
    assert found.points == (Fraction(0), Fraction(15))


@pytest.mark.parametrize("item", ["B4-2", "B7-2", "B16-5", "B19-2"])
def test_缺材料不作零分(drafted: Draft, item: str) -> None:
    found = finding(drafted, item)
    assert found.status == "no_evidence"
    assert found.points[0] == 0
    assert found.points[1] > 0


def test_年度不符的要点待核定(drafted: Draft) -> None:
    assert finding(drafted, "B15-1").status == "needs_reviewer"
    assert any("年度不符" in reason for reason in finding(drafted, "B15-1").reasons)


def test_自评报告的数不参与判定(drafted: Draft) -> None:
    used = [c for criterion in drafted.result.criteria for found in criterion.items for c in drafted.cited(found)]
    assert used
    assert not any("自评" in citation.file for citation in used)


def test_每处引用都在存下的页面上(drafted: Draft, demo: Workspace) -> None:
    with demo.store.session() as session:
        for criterion in drafted.result.criteria:
            for found in criterion.items:
                for citation in drafted.cited(found):
                    assert verify(session, citation), (found.item_id, citation)


def test_二级指标的区间等于各要点之和且不超过分值(drafted: Draft, demo: Workspace) -> None:
    for criterion in drafted.result.criteria:
        low = sum((found.points[0] for found in criterion.items), Fraction(0))
        high = sum((found.points[1] for found in criterion.items), Fraction(0))
        assert criterion.points == (low, high)
        assert 0 <= low <= high <= demo.scheme.criterion(criterion.id).points


def test_JSON_有约定的各项(drafted: Draft) -> None:
    printed = drafted.to_json()
    assert [criterion["id"] for criterion in printed["criteria"]] == [f"B{number}" for number in range(1, 22)]
    first = printed["criteria"][4]["items"][4]
    assert set(first) >= {"item", "status", "points", "rule", "reasons", "citations"}
    assert first["points"] == ["4.44", "6.67"]


def test_只起草几个指标与全部起草时一样(demo_home: Path, drafted: Draft) -> None:
    some = draft_district(Workspace(Settings(demo_home)), drafted.district, drafted.cycle, criteria=["B5", "B14"])
    kept = tuple(one for one in drafted.result.criteria if one.id in ("B5", "B14"))
    assert some.result.criteria == kept
    assert some.result.points == (kept[0].points[0] + kept[1].points[0], kept[0].points[1] + kept[1].points[1])
    assert all(some.cited(one) == drafted.cited(one) for criterion in kept for one in criterion.items)
