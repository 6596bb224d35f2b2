"""每个要点在什么数下说什么，逐字核对（golden/findings_*.json）：没有数、恰在界线、差一点、多一点；说不清的数；各部分重算。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring_rules import operators
from scoring_rules.drafting import draft
from scoring_rules.findings import find_item
from scoring_rules.item_rules import WITH_LIMIT
from scoring_rules.observations import ItemInput, Observation
from scoring_rules.open_terms import Act
from scoring_rules.parameters import load_parameters, with_parameter_acts
from scoring_rules.plain_data import to_data

COUNTED = {"所", "个", "人", "名", "次", "起", "件", "例", "项", "条", "班", "栋", "幢", "门", "科", "课时", "节", "宗", "人次", "年份", "年"}  # fmt: skip
STATES = ("found", "partly", "missing", "out_of_period", "unreadable")


def decided(target, value):
    return Act(target, value, "市政府教育督导办（演示）", date(2019, 4, 1), "演示文件")


def confirmed():
    """The shipped parameters with every sourced value confirmed, and every number that is unset laid down as 50."""
    acts = [
        decided(parameter.id, dated.value or "50")
        for parameter in load_parameters().values()
        for dated in (parameter.values if parameter.status in ("sourced", "unset") else ())
    ]
    return with_parameter_acts(load_parameters(), acts)


SHIPPED, CONFIRMED = load_parameters(), confirmed()


def around(check, year):
    """Values at, just below and just above the limit of a check, as text, by name."""
    step = Decimal(1) if check.units[0] in COUNTED else Decimal("0.01")
    if check.operator in WITH_LIMIT:
        parameter, as_of = CONFIRMED[check.parameter], date(year, 12, 31)
        limit = parameter.number(as_of) if parameter.values[0].since <= as_of else Fraction(1)
        at = Decimal(limit.numerator) / Decimal(limit.denominator)
        at = Decimal(year) - at if check.operator == "years_since_at_most" else at
        return {"恰在": (at,), "低一点": (max(at - step, Decimal(0)),), "高一点": (at + step,)}
    if check.operator in ("none", "in_budget"):
        return {"恰在": (Decimal(0),), "低一点": (step,), "高一点": (2 * step,)}
    if check.operator == "first_at_least_second":
        return {"恰在": (Decimal(9), Decimal(9)), "低一点": (9 - step, Decimal(9)), "高一点": (9 + step, Decimal(9))}
    return {"恰在": (Decimal(3), Decimal(3)), "低一点": (Decimal(1), Decimal(3)), "高一点": (Decimal(4), Decimal(3))}


def figures(rule, where, year):
    """What a document would state for every check of an item, each value `where` it stands to its limit."""
    found = {}
    for check in rule.checks:
        unit = check.units[0].replace("纯数", "")
        for metric, value in zip(check.metrics, around(check, year)[where], strict=True):
            found[metric, check.scope] = Observation(
                metric, value, unit, year, check.scope or "全区", f"{metric}/{year}"
            )
    return tuple(found.values())


@pytest.mark.parametrize("year", [2018, 2019])
@pytest.mark.parametrize("confirmed", [False, True], ids=["原样", "全部确认"])
def test_每个要点(scheme, agrees, year, confirmed):
    parameters = CONFIRMED if confirmed else SHIPPED

    def told():
        for rule in scheme.rules:
            if not rule.checks:
                continue
            tried = {where: figures(rule, where, year) for where in ("恰在", "低一点", "高一点")}
            for where, seen in {"没有数": (), **tried}.items():
                given = ItemInput(rule.item_id, seen, frozenset(), "found")
                found = find_item(scheme, given, data_year=year, parameters=parameters)
                shown = [found.status, *map(str, found.points), found.rule, found.unconfirmed]
                reasons = found.reasons[: len(rule.checks)]
                yield f"{rule.item_id} {where}", to_data([*shown, reasons, found.citations, len(found.figures)])

    agrees(f"findings_{year}_{'confirmed' if confirmed else 'shipped'}", told())


def test_没有数可判的要点_材料的五种状态(scheme, agrees):
    told = {}
    for item in ("B1-1", "B1-2", "B5-5", "B14-3", "B21"):
        for state in STATES:
            for given in (
                ItemInput(item, (), frozenset(), state),
                ItemInput(item, figures(scheme.rule(item), "低一点", 2018), frozenset(), state),
            ):
                finding = find_item(scheme, given, data_year=2018, parameters=SHIPPED)
                told[f"{item} {state} {len(given.observations)} 个数"] = to_data(finding)
    for item in ("B1-1", "B21"):
        given = ItemInput(item, (), frozenset(), "found", not_applicable=True)
        told[f"{item} 不适用"] = to_data(find_item(scheme, given, data_year=2018, parameters=SHIPPED))
    half = find_item(
        scheme, ItemInput("B1-1", (), frozenset(), "found"), data_year=2018, parameters=SHIPPED, share=Fraction(7)
    )
    told["B1-1 分值另给"] = to_data(half)
    agrees("findings_evidence", told)


def saw(metric, value, unit="%", year=2018, scope="全区", citation=""):
    return Observation(metric, Decimal(value), unit, year, scope, citation or f"{metric}/{year}/{scope}/{value}")


KINDS = {
    "率": ("B3-2", "charter_rate", "%"),
    "次数": ("B2-2", "standing_meetings", "次"),
    "年份": ("B16-1", "staffing_check_year", "年份"),
    "预算": ("B4-1", "language_budget", "元"),
}


def variants(metric, unit):
    """One metric as documents state it, well and badly: name → observations."""

    def at(value="3", unit=unit, year=2018, scope="全区", citation=""):
        return saw(metric, value, unit, year, scope, citation)

    return {
        "没有": [], "一个": [at("100" if unit == "%" else "2018" if unit == "年份" else "3")], "全县": [at("2", scope="全县")],
        "上一年": [at("2", year=2017)], "下一年": [at("2", year=2019)], "没有年度": [at("2", year=None)],
        "有年度与没有年度": [at("2", year=None), at("2", year=2017)], "只有小学": [at(scope="小学")],
        "几个范围": [at(scope="小学"), at(scope=""), at("9", scope="初中")], "两个数": [at("2", citation="乙"), at("4", citation="甲")],
        "同一个数两处": [at("2", citation="乙"), at("2", citation="甲")], "两个单位": [at("2"), at("2", unit="个")],
        "单位不对": [at(unit="户")], "没有单位": [at(unit="")], "全角百分号": [at("99", unit="％")], "超过一百": [at("101")],
        "恰一百": [at("100")], "负数": [at("-1")], "不是数": [at("NaN")], "无穷": [at("Infinity")], "有小数": [at("2.5")],
        "零": [at("0")], "小数尾零": [at("3.00")], "年份太早": [at("1967")], "最早的年份": [at("1968")], "年份太晚": [at("2019")],
        "三年前": [at("2015")], "四年前": [at("2014")], "早年的年份": [at("2014", year=2014), at("2016", year=2016)],
        "大数": [at("12345678.9")],
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_说得清与说不清的数(scheme, agrees, kind):
    item, metric, unit = KINDS[kind]
    assert any(metric in check.metrics for check in scheme.rule(item).checks)
    told = {}
    for name, seen in variants(metric, unit).items():
        for conflicting in (frozenset(), frozenset({metric})):
            given = ItemInput(item, tuple(seen), conflicting, "found")
            found = find_item(scheme, given, data_year=2018, parameters=CONFIRMED)
            key = f"{name}{' 矛盾' if conflicting else ''}"
            told[key] = to_data([found.status, found.points, found.reasons, found.citations])
    agrees(
        f"findings_{ {'率': 'rate', '次数': 'count', '年份': 'year', '预算': 'budget'}[kind] }".replace(" ", ""), told
    )


def test_由各部分重算(scheme, agrees):
    def part(name, value, **more):
        return saw(f"children_in_{name}", value, "人", **more)

    whole, public = part("kindergarten", "10000"), part("public_kindergarten", "5000")
    private = part("inclusive_private_kindergarten", "3000")
    entered = saw("enrolment_rate_preschool", "97")
    cases = {
        "没有写率": [whole, public, private],
        "写得相同": [whole, public, private, saw("puhui_rate", "80")],
        "差不到一个末位": [whole, public, part("inclusive_private_kindergarten", "3009"), saw("puhui_rate", "80.0")],
        "差一个末位": [whole, public, part("inclusive_private_kindergarten", "3010"), saw("puhui_rate", "80.0")],
        "写成整数": [whole, public, part("inclusive_private_kindergarten", "3099"), saw("puhui_rate", "80")],
        "除不尽": [part("kindergarten", "9999"), public, private],
        "缺一部分": [whole, public, saw("puhui_rate", "82")],
        "总数为零": [part("kindergarten", "0"), public, private, saw("puhui_rate", "82")],
        "部分为零": [whole, public, part("inclusive_private_kindergarten", "0")],
        "负的部分": [whole, public, part("inclusive_private_kindergarten", "-1")],
        "不是数的部分": [whole, public, part("inclusive_private_kindergarten", "NaN")],
        "超过一百": [whole, part("public_kindergarten", "8000"), private],
        "部分两个数": [whole, public, private, part("kindergarten", "10001")],
        "部分是上一年的": [whole, public, part("inclusive_private_kindergarten", "3000", year=2017)],
        "部分只说小学": [whole, public, part("inclusive_private_kindergarten", "3000", scope="小学")],
        "写的率是上一年的": [whole, public, private, saw("puhui_rate", "85", year=2017)],
        "写的率两处": [whole, public, private, saw("puhui_rate", "80", citation="甲"), saw("puhui_rate", "80", citation="乙")],
    }  # fmt: skip
    told = {}
    for name, seen in cases.items():
        given = ItemInput("B5-5", (*seen, entered), frozenset(), "found")
        found = find_item(scheme, given, data_year=2018, parameters=CONFIRMED)
        told[name] = to_data([found.status, found.points, found.reasons, found.citations])
    for metric in ("children_in_kindergarten", "children_in_public_kindergarten"):
        given = ItemInput("B5-5", (whole, public, private, entered), frozenset({metric}), "found")
        found = find_item(scheme, given, data_year=2018, parameters=CONFIRMED)
        told[f"{metric} 矛盾"] = to_data([found.status, found.points, found.reasons, found.citations])
    agrees("findings_recomputed", told)


def test_约定另定时的判定(scheme, agrees):
    changed = {
        "默认": scheme,
        "全部完成才给分": scheme.with_acts([decided("task_points", "all_or_nothing")]),
        "数只作参考": scheme.with_acts([decided("figures_part", "expert_only")]),
        "分母另取": scheme.with_acts([decided("preschool_fund_base", "all")]),
    }
    told = {}
    for name, read in changed.items():
        for item in ("B14-3", "B14-4", "B15-4", "B2-2"):
            given = ItemInput(item, figures(scheme.rule(item), "低一点", 2018), frozenset(), "found")
            found = find_item(read, given, data_year=2018, parameters=CONFIRMED)
            told[f"{name} {item}"] = to_data([found.status, found.points, found.reasons[:3], found.rule])
    agrees("findings_terms", told)


def test_一个区县的初评(scheme, agrees):
    seen = {rule.item_id: figures(rule, "恰在", 2018) for rule in scheme.rules}
    inputs = {item: ItemInput(item, found, frozenset(), "found") for item, found in seen.items()}
    inputs["B14-4"] = ItemInput("B14-4", (), frozenset(), "found", not_applicable=True)
    for item in ("B7-1", "B7-2"):
        inputs[item] = ItemInput(item, (), frozenset(), "missing", not_applicable=True)
    inputs["B3-2"] = ItemInput("B3-2", (), frozenset(), "partly")
    inputs["B2-2"] = ItemInput("B2-2", seen["B2-2"], frozenset({"standing_meetings"}), "found")
    del inputs["B1-1"]
    found = draft(scheme, inputs, data_year=2018, parameters=SHIPPED)
    told = {
        c.id: to_data([c.points, c.maximum, {f.item_id: [f.status, f.points, f.rule, f.reasons[0]] for f in c.items}])
        for c in found.criteria
    }
    agrees("draft", {"合计": to_data(found.points), **told})


@pytest.mark.parametrize(
    ("operator", "values", "rating"),
    [
        (operators.at_least, ("2", "2"), 1), (operators.at_least, ("1.99", "2"), 0),
        (operators.at_most, ("2", "2"), 1), (operators.at_most, ("2.01", "2"), 0),
        (operators.none_of, ("0",), 1), (operators.none_of, ("1",), 0), (operators.none_of, ("-1",), 0),
        (operators.in_budget, ("0",), 0), (operators.in_budget, ("0.01",), 1), (operators.in_budget, ("1",), 1),
        (operators.first_at_least_second, ("2", "2"), 1), (operators.first_at_least_second, ("1.99", "2"), 0),
        (operators.all_done, ("4", "4"), 1), (operators.all_done, ("3", "4"), 0),
        (operators.all_done, ("0", "4"), 0), (operators.all_done, ("5", "4"), "已完成的多于应完成的，须核对"),
        (operators.all_done, ("0", "0"), "应完成的为 0，须核对零报告"),
        (operators.deducted, ("1", "4"), Fraction(3, 4)), (operators.deducted, ("0", "4"), 1),
        (operators.deducted, ("4", "4"), 0), (operators.deducted, ("0", "0"), 1),
        (operators.deducted, ("5", "4"), "未整改到位的多于应整改的，须核对"),
        (operators.deducted, ("1", "0"), "未整改到位的多于应整改的，须核对"),
    ],
)  # fmt: skip
def test_运算照法律的用词(operator, values, rating):
    assert operator(*map(Fraction, values)) == rating


def test_年数与任务(agrees):
    assert [operators.years_since_at_most(2018, Fraction(y), Fraction(3)) for y in (2014, 2015, 2018)] == [0, 1, 1]
    for proportional, rating in ((True, Fraction(3, 4)), (False, 0)):
        assert operators.task_done(Fraction(3), Fraction(4), is_proportional=proportional) == rating
        assert operators.task_done(Fraction(4), Fraction(4), is_proportional=proportional) == 1
        assert "零报告" in operators.task_done(Fraction(0), Fraction(0), is_proportional=proportional)
        assert "多于" in operators.task_done(Fraction(5), Fraction(4), is_proportional=proportional)
