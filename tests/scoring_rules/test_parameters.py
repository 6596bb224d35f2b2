"""Parameters: dated, referenced, refused when faulty."""

from __future__ import annotations

import unicodedata
from datetime import date
from fractions import Fraction
from importlib.resources import files

import pytest

from scoring_rules.case_errors import NotInForceError, ParameterError
from scoring_rules.parameters import load_parameter_folder, load_parameters

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
