"""整张评分单、灵敏度、逐项显示、排名、抽样、决定，逐字核对（golden/sheets.json 等）：每一步的依据、输入、结果，每一句提示。"""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

import pytest

from scoring_rules.base_points import base_points
from scoring_rules.case_errors import ReplayError
from scoring_rules.credibility import Sampled, credibility
from scoring_rules.decision import (
    Records,
    Signature,
    decide,
    first_difference,
    replay_decision,
    sha256_of,
    what_is_open,
)
from scoring_rules.item_display import shown_points
from scoring_rules.ledger import canonical_json
from scoring_rules.open_terms import Act
from scoring_rules.parameters import load_parameters, with_parameter_acts
from scoring_rules.plain_data import to_data
from scoring_rules.ranking import rank
from scoring_rules.replay import replay
from scoring_rules.sampling import School, allocate, draw, frame
from scoring_rules.scoring import score_case
from scoring_rules.sensitivity import possible_grades, sensitivity

NO_HIT = dict.fromkeys("123456", "not_triggered")
ITEMS = {"B5": None, **{f"B5-{n}": "6" for n in range(1, 7)}}


def acts(**chosen):
    return [
        {"target": target, "value": value, "by": "督导办（演示）", "on": "2019-05-06", "document": "演示〔2019〕3号"}
        for target, value in chosen.items()
    ]


RECTIFIED = {"rectification": {"due": 7, "unrectified": 3}}
CASES = {
    "满分": {},
    "高估": {"own": {"B5": "36"}, "verified": {"B5": "31", "B14": "190"}, "bonus": {"claimed": "12", "awarded": "8"}, **RECTIFIED},
    "核查高于自评": {"own": {"B5": "20"}, "verified": {"B5": "40"}, "rectification": {"due": 0, "unrectified": 0}},
    "按要点自评与核查": {"own": ITEMS, "verified": {"B5-1": "6", "B5-3": "4.5", "B9": "5"}, **RECTIFIED},
    "整改已在核查里": {"own": {"B15": "30"}, "verified": {"B15": "29.9"}, **RECTIFIED},
    "整改扣到零": {"own": {"B15": "2"}, "verified": {"B1": "60"}, "rectification": {"due": 3, "unrectified": 3}},
    "没有核查": {"verified": {}, "bonus": {"claimed": "12"}, **RECTIFIED},
    "核查未完": {"own": {"B5": "36"}, "verified": {"B5": "30", "B20": None, "B15": None}, **RECTIFIED},
    "核查未完而接近": {"verified": {"B1": None}, "own": {"B1": "1"}},
    "自评零分": {"own": {"B9": "0"}, "verified": {"B9": "5"}},
    "附件命中与待核实": {"total": "899.995", "annex1": {**NO_HIT, "2": "triggered", "6": "unknown"}},
    "附件待核实": {"total": "750", "annex1": {**NO_HIT, "3": "unknown", "5": "unknown"}, "bonus": {}},
    "附件全待核实而不合格": {"total": "500", "annex1": dict.fromkeys("123456", "unknown")},
    "整个与部分不适用": {"own": {"B7": None, "B8": "30"}, "not_applicable": ["B7", "B14-4"], "verified": {"B6": "55"}},
    "改写": {"parameters": {"credibility_tolerance": "0.9", "total_points_cap": "1000", "bonus_in_grade": "no"},
            "verified": {"B1": "54"}, "bonus": {"claimed": "5", "awarded": "20"}},
    "加分过线": {"total": "745", "bonus": {"claimed": "5", "awarded": "6"}},
    "封顶": {"parameters": {"total_points_cap": "1000"}, "bonus": {"awarded": "20"}},
    "可信度很低": {"verified": {"B1": "40"}},
    "可信度近界线": {"verified": {"B1": "58.9"}},
    "约定 加分乘": {"verified": {"B5": "20"}, "bonus": {"claimed": "12", "awarded": "8"}, "acts": acts(bonus_credibility="multiplied")},
    "约定 命中一条降一级": {"annex1": {**NO_HIT, "1": "triggered", "2": "triggered", "4": "unknown"}, "acts": acts(downgrade_levels="each")},
    "约定 精确值": {"total": "899.995", "acts": acts(graded_value="exact")},
    "约定 每题扣分": {**RECTIFIED, "acts": acts(rectification_deduction="per_problem", rectification_points_per_problem="2")},
    "约定 给满分": {"own": {"B7": None, "B14": "190"}, "not_applicable": ["B7", "B14-4"], "verified": {"B14": "180"}, "acts": acts(not_applicable_points="full_points")},
    "约定 比值平均": {"own": {"B5": "36"}, "verified": {"B5": "31", "B14": "190"}, "acts": acts(credibility_formula="mean_of_ratios")},
    "约定 只换抽中": {"own": {"B5": "36"}, "verified": {"B5": "31", "B14": "190"}, **RECTIFIED, "acts": acts(credibility_adjusts="sampled_only")},
    "约定 案头": {"verified": {"B1": "50"}, "desk": {"B3": "5"}},
    "约定 案头只选样": {"verified": {"B1": "50"}, "desk": {"B3": "5"}, "acts": acts(desk_review="sampling_only")},
    "约定 复查": {"verified": {"B1": "50", "B3": "9"}, "recheck": {"B1": "58"}, "acts": acts(recheck_points="added")},
    "约定 复查不改": {"verified": {"B1": "50"}, "recheck": {"B1": "58"}},
    "约定 后来的事": {"late_events": ["3"], "acts": acts(late_events="same_year")},
    "约定 后来的事计下年": {"late_events": ["3"]},
    "约定 未定": {"acts": acts(rectification_deduction="per_problem"), "own": ITEMS, "bonus": {"claimed": "3", "awarded": "2"}, "annex1": {**NO_HIT, "2": "unknown"}},
    "功能区": {"zone": True, "total": "800"},
}  # fmt: skip
CITED = {
    "B5": ["p5"],
    "B14": ["p14", "p5"],
    "B21": ["p21"],
    "附件1": ["q1"],
    "B15": ["p15"],
    "B1": ["p1"],
    "没有": ["x"],
}


def sheet(result):
    """The printed sheet by name of step and line. Texts of the open terms stand in golden/open_terms.json."""
    shown = result.to_json()
    for step in shown["ledger"]:
        if step["rule"] == "open_terms":
            step["result"] = {key: value["value"] for key, value in step["result"].items()}
    del shown["sha256"]
    shown["order"] = [[step["rule"] for step in shown["ledger"]], [line["id"] for line in shown["lines"]]]
    shown["ledger"] = {step["rule"]: step for step in shown["ledger"]}
    shown["lines"] = {line["id"]: line for line in shown["lines"]}
    shown["more"] = to_data(
        [result.grade_places, dict(result.readings), result.zone, result.self_points, result.bonus_points]
    )
    return shown


def different(content, plain):
    """What `content` has otherwise than `plain`, as deep as both are mappings; "−" for members it has not."""
    if isinstance(content, dict) and isinstance(plain, dict):
        gone = {key: "−" for key in plain if key not in content}
        return gone | {
            key: different(content[key], plain.get(key)) for key in content if content[key] != plain.get(key)
        }
    return content


def test_整张评分单(scheme, case_of, agrees):
    def sheets():
        plain = sheet(score_case(scheme, case_of(), None, CITED))
        for name, changes in CASES.items():
            made = sheet(score_case(scheme, case_of(**changes), None, CITED))
            yield name, made if name == "满分" else different(made, plain)

    agrees("sheets", sheets())


MORE = {
    "约定 名次按等级": {"annex1": {**NO_HIT, "1": "triggered"}, "acts": acts(downgrade_scope="grade_and_rank")},
    "约定 降几级与名次": {"annex1": {**NO_HIT, "1": "triggered"}, "acts": acts(downgrade_scope="grade_and_rank", downgrade_levels="each")},
    "约定 不计加分而按精确值": {"total": "899.995", "bonus": {"awarded": "3"}, "acts": acts(graded_value="exact", bonus_in_grade="no")},
    "约定 两样可信度": {"own": {"B5": "36"}, "verified": {"B5": "31", "B14": "250"}, **RECTIFIED,
                  "acts": acts(credibility_formula="mean_of_ratios", credibility_adjusts="sampled_only")},
    "约定 复查不超过自评": {"own": {"B1": "50"}, "verified": {"B1": "30", "B3": "9"}, "recheck": {"B1": "58", "B3": "9.5"}, "acts": acts(recheck_points="added")},
    "约定 复查按要点": {"own": ITEMS, "verified": {"B5-1": "3"}, "recheck": {"B5-1": "5"}, "acts": acts(recheck_points="added"), **RECTIFIED},
    "约定 每题扣分封底": {"rectification": {"due": 9, "unrectified": 9}, "acts": acts(rectification_deduction="per_problem", rectification_points_per_problem="2")},
    "约定 加分乘而未核查": {"verified": {"B1": None, "B2": "40"}, "bonus": {"awarded": "8"}, "acts": acts(bonus_credibility="multiplied")},
    "约定 后来的事已命中": {"late_events": ["3", "5"], "annex1": {**NO_HIT, "3": "triggered", "5": "unknown"}, "acts": acts(late_events="same_year")},
}  # fmt: skip


def test_几样读法一起用(scheme, case_of, agrees):
    def sheets():
        plain = sheet(score_case(scheme, case_of(), None, CITED))
        for name, changes in MORE.items():
            case = case_of(**changes)
            result = score_case(scheme, case, None, CITED)
            assert result.total_points in (None, sum(line.points or 0 for line in result.lines))
            yield name, different(sheet(result), plain)
            yield f"{name} 什么会改变等级", sensitivity(scheme, case).to_json()
            yield f"{name} 逐项", [row.to_json() for row in shown_points(scheme, case, result)]

    agrees("sheets_more", sheets())


def test_灵敏度与逐项显示(scheme, case_of, agrees):
    def told():
        for name, changes in CASES.items():
            case = case_of(**changes)
            result = score_case(scheme, case)
            yield f"{name} 什么会改变等级", sensitivity(scheme, case).to_json()
            yield f"{name} 可能", to_data(possible_grades(scheme, result))
            yield f"{name} 逐项", [row.to_json() for row in shown_points(scheme, case, result)]

    agrees("sensitivity", told())


@pytest.mark.parametrize("name", CASES)
def test_每张都能由账本复算(scheme, case_of, name):
    result = score_case(scheme, case_of(**CASES[name]), None, CITED)
    stored = json.loads(json.dumps(result.ledger.to_json()))
    assert replay(stored, citations=CITED).to_json() == result.to_json()
    assert replay(stored, scheme, CITED).to_json() == result.to_json()


def test_排名(scheme, case_of, agrees):
    def ranked(**chosen):
        rows = []
        for number, (name, changes) in enumerate(CASES.items()):
            if changes.get("acts") or "parameters" in changes:
                continue
            rows.append(score_case(scheme, case_of(district=f"{number:02d}{name}", **changes, acts=acts(**chosen))))
        return [row.to_json() for row in rank(rows)]

    many = [score_case(scheme, case_of(district=f"未定{n}区", verified={})) for n in range(7)]
    agrees(
        "ranking",
        {
            "默认": ranked(), "再比基础分": ranked(ties="base_points"), "按降级后的等级": ranked(downgrade_scope="grade_and_rank"),
            "功能区一并": ranked(judged="zones_too"), "两样都改": ranked(ties="base_points", downgrade_scope="grade_and_rank"),
            "多个可能居前": [row.to_json() for row in rank([score_case(scheme, case_of(total="900")), *many])],
            "五个可能居前": [row.to_json() for row in rank([score_case(scheme, case_of(total="900")), *many[:5]])],
            "界线不一": [row.to_json() for row in rank([score_case(scheme, case_of(district=f"{t}区", parameters={"credibility_tolerance": t})) for t in ("0.9", "0.98")])],
        },
    )  # fmt: skip


SCHOOLS = [
    School(f"虚构{stage}{area}{size}{owner}{n}", stage, area, size, owner)
    for stage in ("小学", "初中", "幼儿园") for area in ("城", "乡") for size in ("大", "小") for owner in ("公办", "民办") for n in range(3)
    if (stage, owner) != ("初中", "民办")
]  # fmt: skip


def test_抽样(scheme, agrees):
    units = frame(scheme, ("B7-1", "B7-2", "B5-1"), SCHOOLS)
    found = {"抽样框": units}
    for seed, more in ((1, {}), (2, {}), (1, {"per_indicator": 2, "schools": 5}), (1, {"schools": 0}), (1, {"schools": 999}),
                       (1, {"stratified": False}), (3, {"stratified": False, "per_indicator": 2, "schools": 3}), (1, {"schools": 30})):  # fmt: skip
        drawn = draw(units, seed, **more)
        found[f"{seed} {more}"] = {key: value for key, value in drawn.items() if key != "frame"}
    found["没有学校"] = draw(frame(scheme, (), []), 7)["schools"]
    sizes = {("a", "x"): 5, ("a", "y"): 1, ("b", "x"): 3, ("c", "z"): 0}
    for total in range(0, 11):
        made = allocate(sizes, total, lambda cell: "".join(cell))
        found[f"分配 {total}"] = {"/".join(cell): count for cell, count in made.items()}
    agrees("sampling", found)


def bounds(base):
    return to_data(
        [[base.interval.low, base.interval.high], None if base.lines is None else dict(base.lines), base.deducted]
    )


def test_基础分的上下限(agrees):
    own = {"甲": Fraction(50), "乙": Fraction(30), "丙": Fraction(20)}
    found = {}
    for low, high, checked in (
        ("20", "20", True),
        ("20", "50", False),
        ("0", "30", False),
        ("49", "50", False),
        ("50", "50", True),
        ("10", "60", False),
    ):
        for inside in ("甲", "丙"):
            sample = [
                Sampled(
                    inside,
                    inside,
                    own[inside],
                    checked,
                    Fraction(low) * own[inside] / 50,
                    Fraction(high) * own[inside] / 50,
                ),
                Sampled("乙1", "乙", Fraction(10), True, Fraction(8), Fraction(8)),
            ]
            for deduction, rectified in (("0", ""), ("5", "丙"), ("30", "丙"), ("5", "甲")):
                check = credibility(sample)
                base = base_points(own, sample, check, Fraction("0.9"), Fraction(deduction), rectified)
                found[f"{inside} {low}–{high} 扣{deduction}{rectified}"] = [
                    check.state,
                    str(check.value),
                    str(check.low),
                    str(check.high),
                    *bounds(base),
                ]
    for sample in ([], [Sampled("甲", "甲", Fraction(0), True, Fraction(0), Fraction(0))]):
        check = credibility(sample)
        found[f"{len(sample)} 个没有分的"] = [
            check.state,
            *bounds(base_points(own, sample, check, Fraction("0.9"), Fraction(5), "丙")),
        ]
    agrees("base_points", found)


DOCUMENTS = [
    {"file": "乙.pdf", "sha256": "b" * 64, "state": "indexed"},
    {"file": "甲.pdf", "sha256": "a" * 64, "state": "partly"},
    {"file": "甲.pdf", "sha256": "0" * 64, "state": "indexed"},
]


def given(criterion, *points, arbitration=None):
    return {
        "criterion": criterion,
        "points": [{"expert": e, "points": p, "reason": ""} for e, p in zip("甲乙丙", points, strict=False)],
        "arbitration": arbitration and {"by": "丁", "points": arbitration, "reason": "合议"},
    }


def brief(document):
    """A decision without the scheme and the values of the parameters, which are data."""
    return {
        **document,
        "scheme": {key: value for key, value in document["scheme"].items() if key == "id"},
        "parameters": {name: value["values"][-1]["value"] for name, value in document["parameters"]["values"].items()},
        "result": [document["result"]["total_points"], document["result"]["grade"]],
        "sample": document["sample"] and [s["drawn"] for s in document["sample"]["criteria"]],
    }


def test_决定(scheme, case_of, agrees):
    sample = draw(frame(scheme, (), SCHOOLS[:4]), 5)
    drawn = [name for stratum in sample["criteria"] for name in stratum["drawn"]]
    reserve = next(name for stratum in sample["criteria"] for name in stratum["reserve"])
    full = {c.id: str(c.points) for c in scheme.criteria}
    checked = case_of(verified={name: full[name] for name in drawn})
    more = case_of(verified={name: full[name] for name in [*drawn, reserve]})
    panel = [
        given(drawn[0], full[drawn[0]], full[drawn[0]]),
        given(drawn[1], full[drawn[1]], "1", arbitration=full[drawn[1]]),
    ]
    parameters = load_parameters()
    found = {}
    for name, case, records, by in (
        ("什么也没有", case_of(), Records(), "虚构的主任"),
        ("拟定稿", case_of(), Records(DOCUMENTS[:1]), ""),
        ("齐全", checked, Records(DOCUMENTS, {drawn[0]: ["p1"], "附件1": ["p2"]}, sample, panel), "虚构的主任"),
    ):
        made = decide(scheme, case, parameters, records, Signature(by, "2019-11-22T08:00:00+00:00"))
        assert canonical_json(replay_decision(json.loads(canonical_json(made)))) == canonical_json(made)
        found[name] = brief(made)
    opened = {
        "没有打分": (case_of(), Records(panel=[given("B1")])),
        "一位": (case_of(), Records(panel=[given("B1", "60")])),
        "不一致": (case_of(), Records(panel=[given("B1", "60", "59")])),
        "与案卷不符": (case_of(), Records(panel=[given("B1", "59.5", "59.5")])),
        "仲裁与案卷不符": (case_of(), Records(panel=[given("B1", "60", "59", arbitration="59")])),
        "案卷没有那一项": (case_of(), Records(panel=[given("B2", "40", "40")])),
        "按要点之和": (case_of(own=ITEMS, verified={"B5-1": "6", "B5-2": "5.5"}), Records(panel=[given("B5", "11.5", "11.5")])),
        "按要点之和不符": (case_of(own=ITEMS, verified={"B5-1": "6", "B5-2": "5.5"}), Records(panel=[given("B5", "11", "11")])),
        "按要点未完": (case_of(own=ITEMS, verified={"B5-1": "6", "B5-2": None}), Records(panel=[given("B5", "11", "11")])),
        "抽中未核查": (case_of(), Records(sample=sample)),
        "核查了替补": (more, Records(sample=sample)),
        "核查了要点": (case_of(own=ITEMS, verified={"B5-1": "6"}), Records(sample=sample)),
        "改写没有决定": (case_of(parameters={"bonus_in_grade": "no"}), Records()),
        "未决": (case_of(verified={}, bonus={}), Records()),
        "约定未定": (case_of(acts=acts(rectification_deduction="per_problem")), Records()),
    }  # fmt: skip
    found |= {name: list(what_is_open(scheme, case, parameters, records)) for name, (case, records) in opened.items()}
    agrees("decisions", found)


def test_哪里起不同():
    for new, old, where in (
        ({"a": 1}, {"a": 1}, ""), ({"a": 1}, {"a": 2}, "a"), ({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}, "a.b[1]"),
        ({"a": 1}, {}, "a"), ({}, {"b": 1}, "b"), ([1, 2], [1], "[1]"), ([1], [1, 2], "[1]"), (1, 1, ""), (1, 2, "根"),
        (1, True, "根"), ({"a": "1"}, {"a": 1}, "a"), ([[1], [2]], [[1], [3]], "[1][0]"), ({"a": []}, {"a": {}}, "a"),
        ({"b": 1, "a": 2}, {"b": 2, "a": 3}, "a"),
    ):  # fmt: skip
        assert first_difference(new, old) == where
    assert sha256_of({"b": 1, "a": "中"}) == sha256_of({"a": "中", "b": 1}) != sha256_of({"a": "中", "b": 2})


def test_参数的决定先后(agrees):
    def act(target, value, day=1, document="文件"):
        return Act(target, value, "督导办", date(2019, 4, day), document)

    known = {
        name: load_parameters()[name]
        for name in ("special_fund_min", "cert_rate_min", "puhui_rate_min", "points_decimals")
    }
    tried = {
        "确认一个值": [act("special_fund_min", "6000")], "确认两个值": [act("special_fund_min", "8000"), act("special_fund_min", "6000.00", 2)],
        "另定": [act("special_fund_min", "7000", 3), act("special_fund_min", "6500", 2)], "未定的填写": [act("cert_rate_min", "95.5")],
        "别的目标": [act("ties", "shared")], "约定的数": [act("points_decimals", "2")], "约定的数另定": [act("points_decimals", "3")],
    }  # fmt: skip
    found = {
        name: to_data(
            [with_parameter_acts(known, made)[key] for key in sorted(known) if made[0].target in (key, "ties")]
        )
        for name, made in tried.items()
    }
    for name, wrong in {"方案里的": act("puhui_rate_min", "85"), "不是数": act("special_fund_min", "六千")}.items():
        with pytest.raises(ValueError, match="“") as caught:
            with_parameter_acts(known, [wrong])
        found[name] = str(caught.value)
    for name, value in (("credibility_tolerance", "0"), ("credibility_tolerance", "1"), ("credibility_tolerance", "1.01"), ("credibility_tolerance", "x"),
                        ("credibility_tolerance", "1/0"), ("total_points_cap", "999.99"), ("total_points_cap", "1000"), ("bonus_in_grade", "no"),
                        ("bonus_in_grade", "x"), ("points_decimals", "2")):  # fmt: skip
        found[f"改写 {name} {value}"] = load_parameters()[name].refusal(value)
    special = known["special_fund_min"]
    found["取值"] = {
        str(day): [str(special.number(day)), special.decides(day)] for day in (date(2018, 12, 31), date(2019, 1, 1))
    }
    agrees("parameter_acts", found)


def test_没有账本的复算说什么(scheme, case_of, agrees):
    steps = json.loads(json.dumps(score_case(scheme, case_of(**CASES["高估"])).ledger.to_json()))
    spoilt = {
        "空": [], "第一步不是案卷": steps[1:], "少一步": steps[:-1], "多一步": [*steps, steps[-1]],
        "改了结果": [{**step, "result": "改过"} if step["rule"] == "grade" else step for step in steps],
        "改了参数": [{**step, "result": {**step["result"], "credibility_tolerance": {**step["result"]["credibility_tolerance"], "value": "0.5"}}} if step["rule"] == "parameters" else step for step in steps],
        "参数不是表": [{**step, "result": []} if step["rule"] == "parameters" else step for step in steps],
        "参数缺项": [{**step, "result": {"credibility_tolerance": {"value": "0.5"}}} if step["rule"] == "parameters" else step for step in steps],
        "没有参数一步": [step for step in steps if step["rule"] != "parameters"],
    }  # fmt: skip
    found = {}
    for name, changed in spoilt.items():
        with pytest.raises(ReplayError) as caught:
            replay(changed)
        found[name] = caught.value.reason
    agrees("replay", found)
