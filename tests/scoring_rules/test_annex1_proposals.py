"""附件 1 的建议：从材料的数得来，缺数、矛盾、年度不符都不当作没有命中；建议从不进入认定。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import islice, permutations

import pytest

from scoring_rules.annex1_proposals import proposals
from scoring_rules.observations import Observation
from scoring_rules.open_terms import Act
from scoring_rules.parameters import load_parameters, with_parameter_acts


def saw(metric, value, year, scope="全区"):
    return Observation(metric, Decimal(value), "", year, scope, f"{metric}{year}{scope}")


WHOLE = [
    saw("education_expenditure", "1000000", 2018), saw("education_expenditure", "900000", 2017),
    saw("pupils_total", "100", 2018), saw("pupils_total", "90", 2017),
    saw("variation_coefficient", "0.65", 2018, "小学"), saw("variation_coefficient", "0.55", 2018, "初中"),
    saw("rural_teachers_due", "100", 2018), saw("rural_allowance_paid", "240000", 2018),
    saw("fitness_pass_rate", "93", 2018), saw("fitness_pass_rate", "92", 2017), saw("fitness_pass_rate", "94", 2016),
]  # fmt: skip
LAID_DOWN = with_parameter_acts(
    load_parameters(), [Act("rural_allowance_standard", "2400", "督导办（演示）", date(2019, 4, 1), "演示文件")]
)


def states(scheme, figures, parameters=LAID_DOWN, **more):
    made = proposals(scheme, figures, data_year=2018, parameters=parameters, **more)
    return {condition: proposal.state for condition, proposal in made.items()}


def test_四条都有数_都没有命中_三与六没有建议(scheme):
    assert states(scheme, WHOLE) == dict.fromkeys("1245", "not_triggered")
    assert proposals(scheme, WHOLE, data_year=2018, parameters=LAID_DOWN)["2"].unconfirmed


@pytest.mark.parametrize(
    ("changed", "condition"),
    [
        (saw("education_expenditure", "999999.99", 2018), "1"),
        (saw("pupils_total", "101", 2018), "1"),
        (saw("variation_coefficient", "0.6501", 2018, "小学"), "2"),
        (saw("variation_coefficient", "0.5501", 2018, "初中"), "2"),
        (saw("rural_allowance_paid", "239999.99", 2018), "4"),
        (saw("fitness_pass_rate", "91", 2018), "5"),
    ],
)
def test_过了界线就建议命中(scheme, changed, condition):
    kept = [o for o in WHOLE if (o.metric, o.year, o.scope) != (changed.metric, changed.year, changed.scope)]
    found = states(scheme, [*kept, changed])
    assert found == {**dict.fromkeys("1245", "not_triggered"), condition: "triggered"}


@pytest.mark.parametrize("position", range(len(WHOLE)))
def test_少任何一个数都不会变成命中(scheme, position):
    left = WHOLE[:position] + WHOLE[position + 1 :]
    found = states(scheme, left)
    assert "triggered" not in found.values()
    # Condition 5 is settled by one year without a fall; every other lost figure leaves its condition open.
    is_idle = WHOLE[position].metric == "fitness_pass_rate" and WHOLE[position].year == 2016
    assert ("unknown" in found.values()) != is_idle


def test_矛盾的数与两个不同的数不算(scheme):
    twice = [*WHOLE, saw("fitness_pass_rate", "90", 2018), saw("pupils_total", "120", 2018)]
    assert states(scheme, twice)["5"] == "unknown"
    assert states(scheme, twice)["1"] == "unknown"
    assert states(scheme, WHOLE, conflicting={"variation_coefficient"})["2"] == "unknown"


def test_标准没有定时津贴一条待核实(scheme):
    assert states(scheme, WHOLE, load_parameters())["4"] == "unknown"
    assert states(scheme, WHOLE, load_parameters(), has_rural_schools=False)["4"] == "not_triggered"


def test_按约定取优良率与分学段(scheme):
    acts = [
        Act("fitness_measure", "good_rate", "督导办（演示）", date(2019, 4, 1), "演示文件"),
        Act("balance_measure", "each_indicator", "督导办（演示）", date(2019, 4, 1), "演示文件"),
    ]
    changed = scheme.with_acts(acts)
    good = [saw("fitness_good_rate", rate, year) for rate, year in (("30", 2018), ("31", 2017), ("32", 2016))]
    assert states(changed, [*WHOLE, *good])["5"] == "triggered"
    assert states(changed, WHOLE)["2"] == "unknown"
    eight = [saw("variation_indicator", f"0.5{n}", 2018, stage) for n in range(8) for stage in ("小学", "初中")]
    assert states(changed, [*WHOLE, *eight])["2"] == "triggered"


def _indicators(values, stage="小学", document="甲.xlsx"):
    return [
        Observation("variation_indicator", Decimal(value), "", 2018, stage, f"{document}{stage}{n}", document=document)
        for n, value in enumerate(values)
    ]


@pytest.mark.parametrize(
    ("primary", "state", "sentence"),
    [
        (["0.5"] * 8, "not_triggered", "小学各项差异系数 0.5 不超过 0.65"),
        (
            ["0.5", "0.5", "0.2", "0.3", "0.31", "0.4", "0.41", "0.65"],
            "not_triggered",
            "小学各项差异系数 0.65 不超过 0.65",
        ),
        (["0.5"] * 7, "unknown", "小学各项差异系数要 8 个数，只有 7 个"),
        (["0.7", "0.7", "0.2"], "triggered", "小学各项差异系数 0.7、0.7 超过 0.65"),
    ],
)
def test_两个相等的系数算两个(scheme, primary, state, sentence):
    act = Act("balance_measure", "each_indicator", "督导办（演示）", date(2019, 4, 1), "演示文件")
    figures = _indicators(primary) + _indicators(["0.1"] * 8, "初中")
    proposal = proposals(scheme.with_acts([act]), figures, data_year=2018, parameters=LAID_DOWN)["2"]
    assert proposal.state == state
    assert proposal.reasons == ("初中各项差异系数 0.1 不超过 0.55", sentence)
    assert [len(given.values) for given in proposal.inputs[:2]] == [len(set(primary)), 1]
    assert len(proposal.inputs[0].citations) == len(primary)


def test_另一份材料重述的系数不另算(scheme):
    act = Act("balance_measure", "each_indicator", "督导办（演示）", date(2019, 4, 1), "演示文件")
    seven = ["0.5", "0.5", "0.2", "0.3", "0.31", "0.4", "0.41"]
    figures = _indicators(seven) + _indicators(seven, document="乙.pdf") + _indicators(["0.1"] * 8, "初中")
    proposal = proposals(scheme.with_acts([act]), figures, data_year=2018, parameters=LAID_DOWN)["2"]
    assert (proposal.state, proposal.reasons[1]) == ("unknown", "小学各项差异系数要 8 个数，只有 7 个")


def test_数的次序无关(scheme):
    wanted = proposals(scheme, WHOLE, data_year=2018, parameters=LAID_DOWN)
    for order in islice(permutations(WHOLE), 0, 50_000, 1_000):
        assert proposals(scheme, order, data_year=2018, parameters=LAID_DOWN) == wanted
