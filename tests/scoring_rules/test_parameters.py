"""Parameters: dated, referenced, refused when faulty."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date
from fractions import Fraction
from importlib.resources import files

import pytest

from scoring_rules.case_errors import NotInForceError, ParameterError
from scoring_rules.open_terms import Act
from scoring_rules.parameters import (
    Confirmation,
    DatedValue,
    load_parameter_folder,
    load_parameters,
    with_parameter_acts,
)

GOOD = """id: limit
title: 演示界线
unit: "%"
kind: decimal
status: in_scheme
quote: 演示原文
values:
  2018-01-01: {value: "80", reference: 演示方案}
  2020-01-01: {value: "85", reference: 演示方案（修订）}
"""


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.fixture(scope="module")
def official() -> str:
    return squeezed((files("corpus") / "schemes" / "2019" / "official.txt").read_text(encoding="utf-8"))


def load_one(tmp_path, text):
    (tmp_path / "limit.yaml").write_text(text, encoding="utf-8")
    return load_parameter_folder(tmp_path)["limit"]


@pytest.mark.parametrize("quote", [p.quote for p in load_parameters().values() if p.quote])
def test_引用的原文都在方案里(official, quote):
    assert squeezed(quote) in official


def test_方案里的数():
    day = date(2018, 12, 31)
    wanted = {
        "puhui_rate_min": "80", "enrolment_rate_preschool_min": "95.5", "standing_meetings_min": "2",
        "community_college_rate_min": "100", "community_centre_rate_min": "85", "training_fund_rate_min": "5",
        "staffing_check_years_max": "3", "resource_room_pupils": "5", "credibility_tolerance": "0.98",
    }  # fmt: skip
    for name, value in wanted.items():
        assert load_parameters()[name].number(day) == Fraction(value), name
        # Every number of the scheme stands in its quote.
        if load_parameters()[name].status == "in_scheme" and name != "staffing_check_years_max":
            assert value in load_parameters()[name].quote


@pytest.mark.parametrize("name", ["cert_rate_min", "senior_fund_min", "fitness_pass_rate_min"])
def test_方案没有给的数空着(name):
    assert load_parameters()[name].status == "unset"
    assert load_parameters()[name].number(date(2018, 12, 31)) is None


@pytest.mark.parametrize(
    ("day", "value"), [("2018-01-01", 80), ("2019-12-31", 80), ("2020-01-01", 85), ("2030-01-01", 85)]
)
def test_取当日有效的值(tmp_path, day, value):
    assert load_one(tmp_path, GOOD).number(date.fromisoformat(day)) == value


def test_生效前不能用(tmp_path):
    with pytest.raises(NotInForceError, match="自 2018-01-01 起才有取值，不能用于 2017-12-31，请"):
        load_one(tmp_path, GOOD).number(date(2017, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"80"', "80", "这里要加引号的十进制数"),
        ("in_scheme", "in-scheme", "只能是：in_scheme"),
        ("quote: 演示原文\n", "", "要有 quote"),
        ("status: in_scheme", "status: sourced", "其余状态不能有"),
        ("2020-01-01", "2017-01-01", "日期应由早到晚"),
        ("2020-01-01", "2020", "键必须是文字"),
        ("2020-01-01", "2020年", "不是日期"),
        ('{value: "85",', "{", "缺少“value”"),
        ("id: limit", "id: other", "文件名应为"),
        ('"85"', "null", "其余状态不能为空"),
        ("unit:", "units:", "不认识“units”"),
        ("quote: 演示原文", "quote: 演示原文\noverridable: true", "写明 low 与 high"),
        ("kind: decimal", "kind: choice", "要列出 choices"),
    ],
)
def test_每一种错误都拒绝(tmp_path, old, new, words):
    assert old in GOOD
    with pytest.raises(ParameterError, match=words):
        load_one(tmp_path, GOOD.replace(old, new))


def test_没有取值的拒绝(tmp_path):
    with pytest.raises(ParameterError, match="至少要有一个带日期的取值"):
        load_one(tmp_path, GOOD.split("values:")[0] + "values: {}\n")


def act(target, value, on=date(2019, 4, 1)):
    return Act(target, value, "督导办（演示）", on, "演示〔2019〕1号")


def test_每个参数都有来源与状态_别处来的都写明待确认():
    for parameter in load_parameters().values():
        for dated in parameter.values:
            assert dated.reference
            assert dated.confirmed_by is None
            assert parameter.decides(dated.since) == (parameter.status in ("in_scheme", "convention"))
    statuses = [parameter.status for parameter in load_parameters().values()]
    assert {"in_scheme", "sourced", "convention", "unset"} == set(statuses)


@pytest.mark.parametrize(
    ("name", "year", "value"),
    [
        ("special_fund_min", 2018, "6000"), ("special_fund_min", 2019, "8000"), ("preschool_fund_min", 2018, "710"),
        ("primary_fund_min", 2018, "710"), ("junior_fund_min", 2018, "910"), ("variation_primary_max", 2018, "0.65"),
        ("variation_junior_max", 2018, "0.55"), ("primary_pupils_per_staff_max", 2018, "19"),
        ("junior_pupils_per_staff_max", 2018, "13.5"), ("senior_pupils_per_staff_max", 2018, "12.5"),
        ("disabled_enrolment_rate_min", 2018, "95"), ("vocational_equipment_min", 2018, "2500"),
        ("large_class_rate_max", 2019, "5"), ("large_class_rate_max", 2020, "0"), ("land_revenue_share_min", 2018, "10"),
        ("teacher_exchange_rate_min", 2018, "10"), ("backbone_exchange_share_min", 2018, "20"),
    ],
)  # fmt: skip
def test_数据年度决定参考标准的取值(name, year, value):
    assert load_parameters()[name].number(date(year, 12, 31)) == Fraction(value)
    assert load_parameters()[name].status == "sourced"


def test_确认只及于所确认的那个值():
    confirmed = with_parameter_acts(load_parameters(), [act("special_fund_min", "6000.0")])["special_fund_min"]
    assert confirmed.decides(date(2018, 12, 31))
    assert not confirmed.decides(date(2019, 12, 31))
    assert confirmed.values[0].confirmed_by == Confirmation("督导办（演示）", date(2019, 4, 1), "演示〔2019〕1号")


def test_没有数的由决定填写_后来的决定代替先前的():
    first, second = act("cert_rate_min", "95"), act("cert_rate_min", "90", date(2019, 5, 1))
    for acts in ([first, second], [second, first]):
        changed = with_parameter_acts(load_parameters(), acts)["cert_rate_min"]
        assert changed.number(date(2018, 12, 31)) == 90
        assert changed.decides(date(2018, 12, 31))
    assert with_parameter_acts(load_parameters(), [act("nowhere", "1")]) == load_parameters()


@pytest.mark.parametrize(
    ("target", "value", "words"), [("puhui_rate_min", "70", "由方案写明"), ("cert_rate_min", "九成", "要十进制数")]
)
def test_不成立的决定不改参数(target, value, words):
    with pytest.raises(ValueError, match=words):
        with_parameter_acts(load_parameters(), [act(target, value)])


CONFIRMED = """id: limit
title: 演示界线
unit: "%"
kind: decimal
status: sourced
values:
  2018-01-01: {value: "80", reference: 演示, confirmed_by: {by: 督导办（演示）, on: "2019-04-01", document: 演示}}
"""


def test_文件里写的确认(tmp_path):
    assert load_one(tmp_path, CONFIRMED).decides(date(2018, 12, 31))
    assert not load_one(tmp_path, CONFIRMED.split(", confirmed_by")[0] + "}\n").decides(date(2018, 12, 31))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"2019-04-01"', "四月", "日期请写成"),
        ("by: 督导办（演示）, ", "", "缺少“by”"),
        ("status: sourced", "status: convention", "只有 sourced 的取值要确认"),
    ],
)
def test_写错的确认拒绝(tmp_path, old, new, words):
    with pytest.raises(ParameterError, match=words):
        load_one(tmp_path, CONFIRMED.replace(old, new))


THREE = (
    DatedValue(date(2018, 1, 1), "5000", "第一份文件"),
    DatedValue(date(2020, 1, 1), "6000", "第二份文件"),
    DatedValue(date(2022, 1, 1), "7000", "第三份文件"),
)


@pytest.mark.parametrize(
    ("value", "since", "expected"),
    [
        ("6500", date(2021, 1, 1), [("2018", "5000", "第一份文件"), ("2020", "6000", "第二份文件"), ("2021", "6500", "决定"), ("2022", "7000", "第三份文件")]),
        ("6500", date(2020, 1, 1), [("2018", "5000", "第一份文件"), ("2020", "6500", "决定"), ("2022", "7000", "第三份文件")]),
        ("6000.0", date(2020, 1, 1), [("2018", "5000", "第一份文件"), ("2020", "6000.0", "第二份文件"), ("2022", "7000", "第三份文件")]),
        ("6000", date(2023, 1, 1), [("2018", "5000", "第一份文件"), ("2020", "6000", "第二份文件"), ("2022", "7000", "第三份文件"), ("2023", "6000", "决定")]),
        ("4000", date(2016, 1, 1), [("2016", "4000", "决定"), ("2018", "5000", "第一份文件"), ("2020", "6000", "第二份文件"), ("2022", "7000", "第三份文件")]),
    ],
)  # fmt: skip
def test_自某日起的决定只动那一日起的取值(value, since, expected):
    known = {"x": replace(load_parameters()["special_fund_min"], id="x", values=THREE)}
    changed = with_parameter_acts(known, [Act("x", value, "督导办", date(2023, 4, 1), "决定", since)])["x"]
    assert [(str(d.since.year), d.value, d.reference) for d in changed.values] == expected
    signed = [d.since for d in changed.values if d.confirmed_by == Confirmation("督导办", date(2023, 4, 1), "决定")]
    assert signed == [since]
    assert changed.status == known["x"].status


def test_没有取值的参数自某日起定下后就有来源():
    unset = load_parameters()["cert_rate_min"]
    assert unset.status == "unset"
    act = Act("cert_rate_min", "95", "督导办", date(2019, 4, 1), "决定", unset.values[0].since)
    changed = with_parameter_acts({"cert_rate_min": unset}, [act])["cert_rate_min"]
    assert (changed.status, [d.value for d in changed.values]) == ("sourced", ["95"])
