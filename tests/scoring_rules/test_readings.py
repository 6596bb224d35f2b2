"""每个备选读法：算法、账本上的话、各行之和。数都在注释里手算。"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

from scoring_rules.base_points import Adjustment, base_points
from scoring_rules.case import load_case
from scoring_rules.case_errors import CaseError, RankingError
from scoring_rules.credibility import Sampled, credibility
from scoring_rules.drafting import ItemInput, Observation, draft
from scoring_rules.item_display import shown_points
from scoring_rules.open_terms import Act
from scoring_rules.parameters import load_parameters
from scoring_rules.ranking import rank
from scoring_rules.sampling import School, draw, frame, redraw
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.sensitivity import sensitivity

SCHEME = load_scheme()


def chosen(*pairs, **weights):
    return [
        {"target": target, "value": value, "by": "演示督导办", "on": "2019-05-06", "document": "演示〔2019〕3号"}
        | weights
        for target, value in pairs
    ]


def acts(*pairs):
    return [Act(t, v, "演示督导办", date(2019, 5, 6), "演示〔2019〕3号") for t, v in pairs]


def step(result, rule):
    return next(s for s in result.ledger.steps if s.rule == rule)


def adds_up(result):
    assert sum((line.points for line in result.lines), Fraction(0)) == result.total_points
    return result


# B5 抽中，自评 40 核查 20；C = 1/2。自评 1000。
HALF = {"verified": {"B5": "20"}, "bonus": {"claimed": "12", "awarded": "8"}}


def test_加分乘可信度(score):
    assert adds_up(score(**HALF)).bonus_points == 8
    result = adds_up(score(**HALF, acts=chosen(("bonus_credibility", "multiplied"))))
    # 1000×1/2 + 8×1/2 = 504
    assert (result.bonus_points, result.total_points) == (4, 504)
    assert "乘可信度" in step(result, "bonus").basis
    assert "乘可信度" in step(result, "total").basis
    accepted = score(bonus={"awarded": "8"}, acts=chosen(("bonus_credibility", "multiplied")))
    assert accepted.bonus_points == 8
    still_open = score(verified={}, bonus={"awarded": "8"}, acts=chosen(("bonus_credibility", "multiplied")))
    assert still_open.total_interval.published() == ["0.00", "1008.00"]


def test_命中一条降一级(score):
    hits = {"annex1": dict.fromkeys("123456", "not_triggered") | {"1": "triggered", "3": "triggered"}}
    assert score(**hits).grade == "良好"
    result = score(**hits, acts=chosen(("downgrade_levels", "each")))
    assert (result.points_grade, result.grade) == ("优秀", "合格")
    assert "命中一条降一级" in step(result, "grade").basis
    everything = score(annex1=dict.fromkeys("123456", "triggered"), acts=chosen(("downgrade_levels", "each")))
    assert everything.grade == "不合格"


def test_命中一条降一级时待核实的还会改变等级(score):
    states = {"annex1": dict.fromkeys("123456", "not_triggered") | {"1": "triggered", "3": "unknown"}}
    assert score(**states).grade == "良好"
    result = score(**states, acts=chosen(("downgrade_levels", "each")))
    assert (result.grade, result.grade_places) == ("待认定", (1, 2))
    assert "第3条待核实" in result.open[0]
    unknown = score(annex1=dict.fromkeys("123456", "unknown"), acts=chosen(("downgrade_levels", "each")))
    assert unknown.grade_places == (0, 3)


def ranked(score, one, other, *pairs):
    marks = chosen(*pairs)
    return rank([score(district="甲区", acts=marks, **one), score(district="乙区", acts=marks, **other)])


def test_名次按降级后的等级排(score):
    lowered = {"annex1": dict.fromkeys("123456", "not_triggered") | {"1": "triggered"}}
    rows = ranked(score, lowered, {"total": "950"})
    assert [(r.district, r.rank) for r in rows] == [("甲区", 1), ("乙区", 2)]
    rows = ranked(score, lowered, {"total": "950"}, ("downgrade_scope", "grade_and_rank"))
    assert [(r.district, r.rank, r.grade) for r in rows] == [("乙区", 1, "优秀"), ("甲区", 2, "良好")]
    assert "名次按降级后的等级排" in rows[1].note


def test_名次按等级排时等级未定的不排(score):
    unknown = {"annex1": dict.fromkeys("123456", "not_triggered") | {"1": "unknown"}}
    rows = ranked(score, unknown, {"total": "950"}, ("downgrade_scope", "grade_and_rank"))
    assert [(r.district, r.rank) for r in rows] == [("乙区", 1), ("甲区", None)]
    assert "甲区总分或等级未定，可能居前" in rows[0].note
    assert "等级未定" in rows[1].note
    rows = ranked(score, unknown, {"total": "950"})
    assert [(r.district, r.rank) for r in rows] == [("甲区", 1), ("乙区", 2)]


def test_按精确值定级(score):
    near = {"own": {"B14": "149.995"}}  # 899.995，公布 900.00
    assert score(**near).points_grade == "优秀"
    result = score(**near, acts=chosen(("graded_value", "exact")))
    assert (result.total_points, result.points_grade, result.grade_without_bonus) == (900, "良好", "良好")
    assert step(result, "graded_points").result == ["899.995", "899.995"]
    assert "精确值" in step(result, "graded_points").basis
    assert "定级不用它" in step(result, "rounding").basis
    assert any("按精确值定级" in note for note in result.notes)


@pytest.mark.parametrize(
    ("each", "unrectified", "total"), [("2", 2, "996"), ("4", 2, "992"), ("8", 2, "990"), ("2", 0, "1000")]
)
def test_每个问题扣固定分(score, each, unrectified, total):
    # B15-4 的份额是 40÷4 = 10 分，扣到 0 为止
    decided = chosen(("rectification_deduction", "per_problem"), ("rectification_points_per_problem", each))
    result = adds_up(score(rectification={"due": 6, "unrectified": unrectified}, acts=decided))
    assert result.total_points == Fraction(total)
    assert step(result, "rectification_size").inputs["points_per_problem"] == each
    assert "固定分" in step(result, "rectification_size").basis


def figures(item, evidence, **metrics):
    observed = tuple(Observation(name, Decimal(v), u, 2018, "全区", "k") for name, (v, u) in metrics.items())
    return {item: ItemInput(item, observed, frozenset(), evidence)}


def drafted(inputs, *pairs, as_of=None):
    made = draft(SCHEME.with_acts(acts(*pairs)), inputs, data_year=2018, parameters=load_parameters(), as_of=as_of)
    return {f.item_id: f for c in made.criteria for f in c.items}, made


def test_初评按每个问题扣固定分():
    check = next(c for c in SCHEME.rule("B15-4").checks if c.operator == "deducted")
    given = figures(
        "B15-4", "found", **dict(zip(check.metrics, (("2", check.units[0]), ("6", check.units[0])), strict=True))
    )
    low, high = drafted(given)[0]["B15-4"].points
    taken = drafted(given, ("rectification_deduction", "per_problem"), ("rectification_points_per_problem", "3"))[0][
        "B15-4"
    ]
    # 份额 10 分：按比例扣 10×2/6，按问题扣 2×3 = 6
    assert high == 10 - Fraction(10, 3)
    assert taken.points == (max(low + Fraction(10, 3) - 6, 0), 4)
    unset = drafted(given, ("rectification_deduction", "per_problem"))[0]["B15-4"]
    assert unset.points == (0, 10)
    assert "扣几分还没有确定" in unset.reasons[0]


def test_逾期缺材料按零分():
    missing = figures("B1-1", "missing")
    late = [("missing_evidence", "zero_after_deadline"), ("submission_deadline", "2019-03-31")]
    assert drafted(missing, as_of=date(2019, 4, 1))[0]["B1-1"].points == (0, 30)
    assert drafted(missing, *late, as_of=date(2019, 3, 31))[0]["B1-1"].points == (0, 30)
    assert drafted(missing, *late)[0]["B1-1"].points == (0, 30)
    found = drafted(missing, *late, as_of=date(2019, 4, 1))[0]["B1-1"]
    assert (found.points, found.rule) == ((0, 0), "B1-1.overdue")
    assert "2019-03-31" in found.reasons[0]
    assert drafted(figures("B1-1", "partly"), *late, as_of=date(2019, 4, 1))[0]["B1-1"].points == (0, 30)
    assert drafted({}, *late, as_of=date(2019, 4, 1))[0]["B1-1"].points == (0, 30)


WITHOUT_B14_4 = {
    "not_applicable": ["B14-4"],
    "own": {"B14": None, "B14-1": "20", "B14-2": "20", "B14-3": "20", "B14-5": "20", "B14-6": "20"},
}


def test_不适用的给满分(score):
    full = chosen(("not_applicable_points", "full_points"))
    # 自评 750 + 100 = 850；给满分 250÷6
    result = adds_up(score(**WITHOUT_B14_4, acts=full))
    assert result.self_points == 850
    assert result.base_points == 850 + Fraction(250, 6)
    assert step(result, "not_applicable").result["granted"] == {"B14-4": "125/3"}
    assert "照给满分" in step(result, "not_applicable").basis
    assert score(**WITHOUT_B14_4).base_points == 850
    halved = adds_up(score(**WITHOUT_B14_4, verified={"B5": "20"}, acts=full))
    assert halved.base_points == 425 + Fraction(250, 6)


def test_整个二级指标不适用给满分时不折算(score):
    data = {"not_applicable": ["B7"], "own": {"B7": None, "B8": "20"}}
    result = adds_up(score(**data, acts=chosen(("not_applicable_points", "full_points"))))
    # 1000 − 15 − 20 = 965，加满分 15
    assert (result.self_points, result.base_points, result.total_points) == (965, 980, 980)
    assert all(s.rule != "scaling" for s in result.ledger.steps)


def test_给满分时其余要点的上限不变(case_data):
    data = case_data(**{**WITHOUT_B14_4, "own": {**WITHOUT_B14_4["own"], "B14-1": "50"}})
    assert load_case(json.dumps(data), "甲").self_points["B14-1"] == 50
    with pytest.raises(CaseError, match="B14-1 的自评分最高 125/3"):
        load_case(json.dumps(data | {"acts": chosen(("not_applicable_points", "full_points"))}), "甲")


def test_初评不适用的给满分():
    given = {"B7-1": replace(figures("B7-1", "found")["B7-1"], not_applicable=True)}
    found, made = drafted(given, ("not_applicable_points", "full_points"))
    assert found["B7-1"].points == (Fraction(15, 2), Fraction(15, 2))
    assert found["B7-2"].points == (0, Fraction(15, 2))
    assert next(c for c in made.criteria if c.id == "B7").maximum == 15
    assert drafted(given)[0]["B7-1"].points == (0, 0)


def test_各比值的平均(score):
    data = {"verified": {"B5": "20", "B14": "250"}}
    assert score(**data).credibility == Fraction(270, 290)
    # (20/40 + 250/250) ÷ 2 = 3/4
    result = adds_up(score(**data, acts=chosen(("credibility_formula", "mean_of_ratios"))))
    assert (result.credibility, result.base_points) == (Fraction(3, 4), 750)
    assert {line.id: line.points for line in result.lines}["B5"] == 30
    assert "平均" in step(result, "credibility").basis
    zero = score(
        own={"B5": "0"}, verified={"B5": "20", "B14": "200"}, acts=chosen(("credibility_formula", "mean_of_ratios"))
    )
    assert zero.credibility == Fraction(4, 5)


def test_只换抽中的项(score):
    only = chosen(("credibility_adjusts", "sampled_only"))
    result = adds_up(score(**HALF, acts=only))
    assert (result.credibility, result.adjusted, result.base_points) == (Fraction(1, 2), True, 980)
    assert step(result, "adjustment").inputs["adjusts"] == "只把抽中的项换成核查得分，其余照自评，合计不高于自评"
    assert step(result, "adjustment").result["points"] == "980"
    # 平均比值 (1/2+1+1.2)/3 = 0.9 < 0.98，而核查合计 20+10+288 > 自评 40+10+240：认可自评，不往上
    both = chosen(("credibility_adjusts", "sampled_only"), ("credibility_formula", "mean_of_ratios"))
    up = adds_up(score(own={"B14": "200"}, verified={"B5": "30", "B3": "8", "B14": "240"}, acts=both))
    assert up.credibility == (Fraction(3, 4) + Fraction(4, 5) + Fraction(6, 5)) / 3
    assert (up.adjusted, up.base_points) == (True, up.self_points)


def test_案头审核扣的分(score):
    desk = {"verified": {"B5": "40"}, "desk": {"B14": "200"}}
    result = adds_up(score(**desk))
    # (40+200) ÷ (40+250)
    assert result.credibility == Fraction(240, 290)
    assert step(result, "desk_review").result == {"counted": ["B14"]}
    apart = score(**desk, acts=chosen(("desk_review", "sampling_only")))
    assert (apart.credibility, step(apart, "desk_review").result) == (1, {"counted": []})
    assert "供选样参考" in step(apart, "desk_review").basis
    # 实地核查在先；只有案头不算实地核查
    assert score(verified={"B5": "40"}, desk={"B5": "10"}).credibility == 1
    assert score(verified={}, desk={"B5": "10"}).credibility is None


@pytest.mark.parametrize(
    ("desk", "words"),
    [
        ({"B5": "41"}, "最高 40 分"),
        ({"B99": "1"}, "没有“B99”"),
        ({"B1-1": "3"}, "统一写法"),
        ({"B6-1": "3"}, "没有可比的自评分"),
    ],
)
def test_案头审核分的错误(case_of, desk, words):
    with pytest.raises(CaseError, match=words):
        case_of(own={"B6": "50"}, desk=desk)


def test_整改复查加回(score):
    data = {"verified": {"B5": "20"}, "recheck": {"B5": "34"}}
    assert adds_up(score(**data)).base_points == 500
    added = chosen(("recheck_points", "added"))
    result = adds_up(score(**data, acts=added))
    # C 仍是 1/2：500 + (34 − 20)
    assert (result.credibility, result.base_points) == (Fraction(1, 2), 514)
    assert step(result, "recheck").result == {"regained": {"B5": "14"}}
    assert "加回" in step(result, "recheck").basis
    assert score(verified={"B5": "40"}, recheck={"B5": "40"}, acts=added).base_points == 1000
    without = score(verified={"B5": "20"}, acts=added)
    assert without.base_points == 500
    assert any("没有加回" in note for note in without.notes)


def test_整改复查加回不高于自评(score):
    data = {"own": {"B5": "30"}, "verified": {"B5": "15"}, "recheck": {"B5": "40"}}
    # C = 1/2，B5 最多回到自评的 30
    assert adds_up(score(**data, acts=chosen(("recheck_points", "added")))).base_points == 495 + 15


@pytest.mark.parametrize(
    ("recheck", "words"), [({"B5": "1"}, "没有实地核查分"), ({"B1": "59"}, "低于核查分"), ({"B1": "61"}, "最高 60 分")]
)
def test_复查分的错误(case_of, recheck, words):
    with pytest.raises(CaseError, match=words):
        case_of(recheck=recheck)


def test_数据年度之后的事件(score):
    result = score(late_events=["3"])
    assert result.grade == "优秀"
    assert any("计入下一年度" in note for note in result.notes)
    counted = score(late_events=["3"], acts=chosen(("late_events", "same_year")))
    assert (counted.grade, counted.annex1.triggered) == ("良好", ("3",))
    assert step(counted, "late_events").result == {"triggered": ["3"]}
    with pytest.raises(CaseError, match="没有第“9”条"):
        score(late_events=["9"])


def test_同分再比基础分(score):
    # 甲 990 + 10，乙 995 + 5
    one = {"total": "990", "bonus": {"awarded": "10"}}
    other = {"total": "995", "bonus": {"awarded": "5"}}
    assert [(r.district, r.rank) for r in ranked(score, one, other)] == [("乙区", 1), ("甲区", 1)]
    rows = ranked(score, one, other, ("ties", "base_points"))
    assert [(r.district, r.rank) for r in rows] == [("乙区", 1), ("甲区", 2)]
    assert [r.rank for r in ranked(score, one, one, ("ties", "base_points"))] == [1, 1]


def test_开发区(score):
    rows = ranked(score, {"zone": True}, {"total": "950"})
    assert [(r.district, r.rank) for r in rows] == [("乙区", 1), ("甲区", None)]
    assert "另列" in rows[1].note
    rows = ranked(score, {"zone": True}, {"total": "950"}, ("judged", "zones_too"))
    assert [(r.district, r.rank) for r in rows] == [("甲区", 1), ("乙区", 2)]


def test_约定不同的不能放在一起排名(score):
    with pytest.raises(RankingError, match="约定“ties”不一致"):
        rank([score(), score(district="乙区", acts=chosen(("ties", "base_points")))])


def test_不分层抽样():
    schools = [School(f"演示{n}校", "小学" if n % 2 else "初中", "", "", "") for n in range(6)]
    units = frame(SCHEME, (), schools)
    sample = draw(units, 7, schools=4, stratified=False)
    assert [s["stratum"] for s in sample["criteria"]] == ["全部"]
    assert len(sample["criteria"][0]["drawn"]) == 5
    assert len(sample["criteria"][0]["drawn"]) + len(sample["criteria"][0]["reserve"]) == 20
    assert len(sample["schools"]) == 1
    assert len(sample["schools"][0]["drawn"]) == 4
    assert "不分层" in sample["basis"]
    assert redraw(sample) == sample
    layered = draw(units, 7, schools=4)
    assert redraw(layered) == layered
    assert "stratified" not in layered
    # 抽样与种子有关，各指标都可能抽中
    assert {name for seed in range(60) for name in draw(units, seed, stratified=False)["criteria"][0]["drawn"]} == {
        f"B{n}" for n in range(1, 21)
    }


@pytest.mark.parametrize("pairs", [
    (("credibility_formula", "mean_of_ratios"),), (("credibility_adjusts", "sampled_only"),),
    (("credibility_formula", "mean_of_ratios"), ("credibility_adjusts", "sampled_only")), (),
])  # fmt: skip
def test_分项显示之和等于调整后的自评(score, case_of, pairs):
    data = {"verified": {"B5": "20", "B14": "200", "B3": "10"}, "acts": chosen(*pairs)}
    case, result = case_of(**data), score(**data)
    rows = shown_points(SCHEME, case, result)
    assert sum((row.shown for row in rows), Fraction(0)) == result.base_points
    assert sensitivity(SCHEME, case).lower is not None


OWN = {"B1": Fraction(60), "B5": Fraction(36), "B15": Fraction(38)}


@pytest.mark.parametrize(
    ("formula", "adjusts"), list(product(("ratio_of_sums", "mean_of_ratios"), ("all_self_points", "sampled_only")))
)
def test_未核查完的区间包住每一种结果(formula, adjusts):
    """B5 已核查 v5，B1 与 B15 的一部分未核查：逐个试遍核查结果，都在区间内，且下限到得了。"""
    adjustment, tolerance, deduction = Adjustment.of(formula, adjusts), Fraction("0.98"), Fraction(7)
    for v5, regain in product((0, 18, 36, 40), (0, 3)):
        known = Sampled("B5", "B5", Fraction(36), True, Fraction(v5), Fraction(v5))
        half = Sampled("B15-1", "B15", Fraction(9), False, Fraction(0), Fraction(10))
        whole = Sampled("B1", "B1", Fraction(60), False, Fraction(0), Fraction(60))
        back = {"B5": Fraction(regain)}
        sample = [known, half, whole]
        bounds = base_points(
            OWN, sample, credibility(sample, formula), tolerance, deduction, "B15", adjustment, back
        ).interval
        reached = []
        for v15, v1 in product(range(0, 11, 2), range(0, 61, 6)):
            way = [
                known,
                replace(half, checked=True, low=Fraction(v15), high=Fraction(v15)),
                replace(whole, checked=True, low=Fraction(v1), high=Fraction(v1)),
            ]
            base = base_points(OWN, way, credibility(way, formula), tolerance, deduction, "B15", adjustment, back)
            total = sum(base.lines.values(), Fraction(0))
            assert base.interval.settled == total
            assert bounds.low <= total <= bounds.high, (v5, v15, v1)
            assert 0 <= total <= sum(OWN.values())
            assert all(points >= 0 for points in base.lines.values())
            reached.append(total)
        assert regain or min(reached) == bounds.low


def test_加回后合计不高于自评总分():
    """甲自评 10 核查 2，乙自评 10 核查 13：C = 15/20。甲复查可加 8，但合计只差 5 分就到自评总分。"""
    own = {"B1": Fraction(10), "B2": Fraction(10)}
    sample = [
        Sampled("B1", "B1", Fraction(10), True, Fraction(2), Fraction(2)),
        Sampled("B2", "B2", Fraction(10), True, Fraction(13), Fraction(13)),
    ]
    back = {"B1": Fraction(8)}
    base = base_points(own, sample, credibility(sample), Fraction("0.98"), Fraction(0), "B1", Adjustment(), back)
    assert (base.regained, base.lines) == ({"B1": 5}, {"B1": 7, "B2": 13})
    assert base.interval.settled == 20
