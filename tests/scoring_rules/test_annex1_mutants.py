"""附件 1 的计算与建议，逐字核对：每一种比较、每一种缺数各一例（golden/annex1_*.json）。"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from scoring_rules.annex1_calculators import Spending, balance, expenditure, fitness, rural_allowance
from scoring_rules.annex1_proposals import proposals
from scoring_rules.observations import Observation
from scoring_rules.open_terms import Act
from scoring_rules.parameters import load_parameters, with_parameter_acts


def number(text):
    return None if text is None else Fraction(text)


def spent(total, pupils, **stages):
    return Spending(number(total), number(pupils), {name: tuple(map(number, pair)) for name, pair in stages.items()})


def test_每一种计算的每一种结果(agrees):
    fell = spent("999.99", "100", 小学=("90", "10"), 初中=("200", "10"))
    before = spent("1000", "99.999", 小学=("100", "10"), 初中=("200", "10"))
    made = {
        "支出 总量降低 生均降低": expenditure(fell, before, per_pupil_scope="all_pupils"),
        "支出 任一学段": expenditure(fell, before, per_pupil_scope="any_stage"),
        "支出 持平": expenditure(spent("10", "2"), spent("10", "2"), per_pupil_scope="any_stage"),
        "支出 上升": expenditure(spent("11", "2"), spent("10", "2"), per_pupil_scope="all_pupils"),
        "支出 缺今年": expenditure(spent(None, "2"), spent("10", "2"), per_pupil_scope="all_pupils"),
        "支出 缺去年": expenditure(spent("10", "2"), spent("10", None), per_pupil_scope="all_pupils"),
        "支出 没有学生": expenditure(spent("10", "0"), spent("10", "2"), per_pupil_scope="all_pupils"),
        "支出 学段只有一年有": expenditure(
            spent("10", "2", 小学=("5", "1")), spent("10", "2", 初中=("5", "1")), per_pupil_scope="any_stage"
        ),
        "支出 除不尽": expenditure(spent("1000", "3"), spent("900", "7"), per_pupil_scope="all_pupils"),
        "支出 除不尽而小": expenditure(spent("100", "300"), spent("9", "700"), per_pupil_scope="all_pupils"),
        "支出 分以下进不到": expenditure(spent("2000.05", "3"), spent("200.02", "3"), per_pupil_scope="all_pupils"),
    }
    limits = {"小学": Fraction("0.65"), "初中": Fraction("0.55")}
    eight = [Fraction(n, 100) for n in (50, 51, 52, 53, 54, 55, 56, 57)]

    def balanced(values, limits=limits, measure="comprehensive", unconfirmed=False):
        return balance(values, limits, balance_measure=measure, unconfirmed=unconfirmed)

    at = {"小学": [Fraction("0.65")], "初中": [Fraction("0.55")]}
    made |= {
        "均衡 恰在界线": balanced(at),
        "均衡 恰在界线未确认": balanced(at, unconfirmed=True),
        "均衡 小学超过": balanced({**at, "小学": [Fraction("0.6501")]}),
        "均衡 初中超过": balanced({**at, "初中": [Fraction("0.5501")]}, unconfirmed=True),
        "均衡 缺初中": balanced({"小学": at["小学"]}),
        "均衡 数是空的": balanced({**at, "初中": [None]}),
        "均衡 没有界线": balanced(at, {**limits, "初中": None}),
        "均衡 各项": balanced({"小学": eight, "初中": eight}, measure="each_indicator"),
        "均衡 各项缺一": balanced({"小学": [*eight[:7], None], "初中": eight[:4]}, measure="each_indicator"),
        "均衡 各项八个不超过": balanced({"小学": eight, "初中": eight[:5] + eight[:3]}, measure="each_indicator"),
        "津贴 少发": rural_allowance(Fraction(2400), Fraction(100), Fraction("239999.99")),
        "津贴 恰好": rural_allowance(Fraction(2400), Fraction(100), Fraction(240000)),
        "津贴 缺标准与实发": rural_allowance(None, Fraction(100), None),
        "津贴 缺人数": rural_allowance(Fraction(2400), None, Fraction(1)),
        "津贴 没有农村学校": rural_allowance(None, None, None, has_rural_schools=False),
        "体质 连降": fitness([Fraction(91), Fraction(92), Fraction("93.5")], fitness_measure="pass_rate"),
        "体质 持平": fitness([Fraction(91), Fraction(91), Fraction(93)], fitness_measure="pass_rate"),
        "体质 回升": fitness([Fraction(94), Fraction(92), None], fitness_measure="good_rate"),
        "体质 缺前年": fitness([Fraction(91), Fraction(92), None], fitness_measure="good_rate"),
        "体质 缺今年": fitness([None, Fraction(92), Fraction(93)], fitness_measure="pass_rate"),
    }
    agrees("annex1_calculators", {name: proposal.to_json() for name, proposal in made.items()})


def saw(metric, value, year, scope="全区"):
    return Observation(metric, Decimal(value), "", year, scope, f"{metric}{year}{scope}{value}")


WHOLE = [
    saw("education_expenditure", "1000000", 2018), saw("education_expenditure", "900000", 2017),
    saw("pupils_total", "100", 2018), saw("pupils_total", "90", 2017),
    saw("education_expenditure", "400", 2018, "小学"), saw("education_expenditure", "300", 2017, "小学"),
    saw("pupils_total", "40", 2018, "小学"), saw("pupils_total", "30", 2017, "小学"),
    saw("education_expenditure", "600", 2018, "初中"), saw("education_expenditure", "650", 2017, "初中"),
    saw("pupils_total", "60", 2018, "初中"), saw("pupils_total", "60", 2017, "初中"),
    saw("variation_coefficient", "0.65", 2018, "小学"), saw("variation_coefficient", "0.55", 2018, "初中"),
    saw("rural_teachers_due", "100", 2018), saw("rural_allowance_paid", "240000", 2018),
    saw("fitness_pass_rate", "93", 2018), saw("fitness_pass_rate", "92", 2017), saw("fitness_pass_rate", "94", 2016),
    saw("fitness_good_rate", "30", 2018), saw("fitness_good_rate", "31", 2017), saw("fitness_good_rate", "32", 2016),
]  # fmt: skip
EIGHT = [saw("variation_indicator", f"0.5{n}", 2018, stage) for n in range(8) for stage in ("小学", "初中")]


def decided(target, value):
    return Act(target, value, "督导办（演示）", date(2019, 4, 1), "演示文件")


ALLOWANCE = with_parameter_acts(load_parameters(), [decided("rural_allowance_standard", "2400")])
CONFIRMED = with_parameter_acts(
    ALLOWANCE, [decided("variation_primary_max", "0.65"), decided("variation_junior_max", "0.55")]
)
HALF = with_parameter_acts(ALLOWANCE, [decided("variation_junior_max", "0.55")])


def test_由材料的数提出的建议(agrees, scheme):
    def made(figures=WHOLE, scheme=scheme, parameters=ALLOWANCE, year=2018, **more):
        found = proposals(scheme, figures, data_year=year, parameters=parameters, **more)
        return {condition: proposal.to_json() for condition, proposal in found.items()}

    other = scheme.with_acts(
        [decided("per_pupil_scope", "any_stage"), decided("balance_measure", "each_indicator"),
         decided("fitness_measure", "good_rate")]
    )  # fmt: skip
    bare = {name: p for name, p in ALLOWANCE.items() if not name.startswith("variation_")}
    agrees(
        "annex1_proposals",
        {
            "四条都有数": made(),
            "约定另定": made([*WHOLE, *EIGHT], other),
            "约定另定而缺数": made(WHOLE[:4], other),
            "界线已确认": made(parameters=CONFIRMED),
            "界线确认一半": made(parameters=HALF),
            "没有界线的参数": made(parameters=bare),
            "标准没有定": made(parameters=load_parameters()),
            "没有农村学校": made([], has_rural_schools=False),
            "一个数也没有": made([]),
            "两个不同的数": made([*WHOLE, saw("pupils_total", "120", 2018)]),
            "同一个数两次": made([*WHOLE, saw("pupils_total", "100", 2018)]),
            "矛盾的指标": made(conflicting={"education_expenditure", "fitness_pass_rate"}),
            "全县也是全区": made([saw(o.metric, o.value, o.year, o.scope.replace("全区", "全县")) for o in WHOLE]),
            "年度不明的数": made([saw(o.metric, o.value, None, o.scope) for o in WHOLE]),
            "不是数的数": made([*WHOLE[2:], saw("education_expenditure", "NaN", 2018), saw("education_expenditure", "-1", 2017)]),
            "零也是数": made([*WHOLE[1:], saw("education_expenditure", "0", 2018)]),
            "界线生效以前": made([saw(o.metric, o.value, o.year - 20, o.scope) for o in WHOLE], year=1998),
        },
    )  # fmt: skip
