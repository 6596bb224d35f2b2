"""虚构的第二份方案：别的指标、等级、情形与界线，走同一套代码。"""

from __future__ import annotations

import json
import re
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest

from scoring_rules.case import load_case
from scoring_rules.case_errors import CaseError
from scoring_rules.drafting import ItemInput, Observation, draft
from scoring_rules.parameters import load_parameter_folder
from scoring_rules.ranking import rank
from scoring_rules.scheme_loader import load_scheme_file
from scoring_rules.scoring import score_case

FOLDER = Path(__file__).parent / "schemes" / "demo"
SCHEME = load_scheme_file(FOLDER)
PARAMETERS = load_parameter_folder(FOLDER / "parameters")


def case_of(**changes):
    data = {
        "scheme": "2031",
        "cycle": 2031,
        "district": "虚构县",
        "self": {"B1": "30", "B2": "20", "B3": "50"},
        "verified": {"B3": "50"},
        "bonus": {"awarded": "0"},
        "annex1": {"1": "not_triggered", "2": "not_triggered"},
    }
    data.update(changes)
    text = json.dumps({key: value for key, value in data.items() if value is not None}, ensure_ascii=False)
    return load_case(text, "虚构.yaml", scheme=SCHEME, parameters=PARAMETERS)


def score(**changes):
    return score_case(SCHEME, case_of(**changes), PARAMETERS)


def test_满分与封顶是这份方案的():
    assert score().total_points == 100
    assert score(bonus={"awarded": "5"}).total_points == 100
    assert [line.id for line in score().lines][:4] == ["B1", "B2", "B3", "B4"]


@pytest.mark.parametrize(("own", "grade"), [("29.99", "待改进"), ("30", "好"), ("30.01", "好")])
def test_等级界线是这份方案的(own, grade):
    result = score(self={"B1": "30", "B2": "20", "B3": own}, verified={"B1": "30"})
    assert (result.points_grade, result.grade) == (grade, grade)


@pytest.mark.parametrize(
    ("found", "total"), [("44.99", Fraction("89.98")), ("45", Fraction(100)), ("45.01", Fraction(100))]
)
def test_可信度界线是这份方案的(found, total):
    assert score(verified={"B3": found}).total_points == total


def test_附件情形各种状态():
    for one, two in product(["triggered", "not_triggered", "unknown"], repeat=2):
        grade = score(annex1={"1": one, "2": two}).grade
        hit = "triggered" in (one, two)
        assert grade == ("待改进" if hit else "待认定" if "unknown" in (one, two) else "好")


def test_整改从这份方案所写的要点扣():
    result = score(rectification={"due": 4, "unrectified": 1})
    assert result.total_points == Fraction("97.5")
    assert next(line.points for line in result.lines if line.id == "B2") == Fraction("17.5")
    assert score(rectification={"due": 4, "unrectified": 1}, verified={"B2": "20"}).total_points == 100
    assert "B2-1 未作扣分" in score().notes[0]
    assert "加分（B4）尚未评定" in score(bonus=None).open[0]
    with pytest.raises(CaseError, match="B2-1 已列为不适用"):
        case_of(rectification={"due": 4, "unrectified": 1}, not_applicable=["B2-1"])


def test_账本只引这份方案的原文():
    text = "".join((FOLDER / "official.txt").read_text(encoding="utf-8").split())
    cases = (
        {}, {"verified": {"B3": "40"}}, {"rectification": {"due": 4, "unrectified": 1}},
        {"annex1": {"1": "triggered", "2": "unknown"}}, {"not_applicable": ["B1-1"], "self": {"B1": "30", "B2": "20", "B3": "50"}},
    )  # fmt: skip
    for changes in cases:
        for step in score(**changes).ledger.steps:
            assert step.basis.startswith("约定 R") or "".join(step.basis.split()) in text, step.rule


def test_要点的判定与初评分():
    def saw(metric, value, unit):
        return Observation(metric, Decimal(value), unit, 2030, "全区", f"{metric}={value}")

    figures = {
        "B1-1": (saw("demo_books", "9.99", "册"),),
        "B1-2": (saw("demo_water_done", "8", "所"), saw("demo_water_due", "8", "所")),
        "B2-1": (saw("demo_open", "1", "个"), saw("demo_due", "4", "个")),
        "B3": (saw("demo_built", "3", "栋"), saw("demo_to_build", "4", "栋"), saw("demo_leaving", "5", "%")),
    }
    inputs = {item.id: ItemInput(item.id, figures.get(item.id, ()), frozenset(), "found") for item in SCHEME.items}
    result = draft(SCHEME, inputs, data_year=2030, parameters=PARAMETERS)
    found = {finding.item_id: finding for entry in result.criteria for finding in entry.items}
    assert {item: finding.status for item, finding in found.items()} == {
        "B1-1": "not_met", "B1-2": "met", "B1-3": "needs_reviewer", "B2-1": "partly_met", "B2-2": "needs_reviewer",
        "B3": "partly_met", "B4": "needs_reviewer",
    }  # fmt: skip
    assert found["B2-1"].points == (0, Fraction(15, 2))
    # This scheme gives a task no part of its points (all_or_nothing); the 2019 one would.
    assert found["B3"].points == (Fraction(50, 3), Fraction(100, 3))
    assert found["B4"].points == (0, 5)


def test_排名与区县次序无关():
    results = [score(district=name, self={"B1": "30", "B2": "20", "B3": own}, verified={"B1": "30"}) for name, own in (("甲县", "50"), ("乙县", "40"), ("丙县", "50"))]  # fmt: skip
    rows = [(row.district, row.rank) for row in rank(results)]
    assert rows == [(row.district, row.rank) for row in rank(results[::-1])]
    assert sorted(position for _, position in rows) == [1, 1, 3]


def test_代码里没有写死的编号():
    """No id of an item or a criterion of any scheme stands in the rules' code; years of schemes only as a default."""
    for path in sorted((Path(__file__).parents[2] / "scoring_rules").glob("*.py")):
        code = "\n".join(line.split("#")[0] for line in path.read_text(encoding="utf-8").splitlines())
        code = re.sub(r'"""(?s:.*?)"""', "", code)
        assert not re.findall(r'"(?:A|B)\d+(?:-\d+)?"', code), path.name
