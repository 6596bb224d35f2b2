"""Case files: what is accepted, and every fault at once."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from scoring_rules.case import load_case, load_case_file
from scoring_rules.case_errors import CaseError

EXAMPLE = """
scheme: "2019"
cycle: 2019
district: 演示区
self: {B1: "58", B2: "40", B3: "10", B4: "9", B5: "36", B6: "55", B7: "15", B8: "38", B9: "5", B10: "28", B11: "48",
       B12: "66", B13: "85", B14: "240", B15-1: "10", B15-2: "9.5", B15-3: "10", B15-4: "8", B16: "66", B17: "57",
       B18: "10", B19: "38", B20: "10"}
verified: {B5: "31", B14: "190"}
not_applicable: ["B14-4"]
bonus: {claimed: "12", awarded: "8"}
annex1: {"1": not_triggered, "2": not_triggered, "3": not_triggered, "4": unknown, "5": triggered, "6": not_triggered}
rectification: {due: 6, unrectified: 2}
parameters: {credibility_tolerance: "0.98"}
"""


def test_一份完整的案卷(scheme):
    case = load_case(EXAMPLE)
    assert (case.scheme, case.cycle, case.data_year, case.district) == ("2019", 2019, 2018, "演示区")
    assert case.self_points["B15-2"] == Fraction(19, 2)
    assert case.self_of(scheme.criterion("B15")) == Fraction("37.5")
    assert case.verified == {"B5": 31, "B14": 190}
    assert case.not_applicable == ("B14-4",)
    assert (case.claimed, case.awarded) == (12, 8)
    assert case.annex1["4"] == "unknown"
    assert case.rectification is not None
    assert (case.rectification.due, case.rectification.unrectified) == (6, 2)
    assert case.overrides == {"credibility_tolerance": "0.98"}


def test_读回自己写出的内容不变():
    case = load_case(EXAMPLE)
    assert load_case(json.dumps(case.to_inputs(), ensure_ascii=False)) == case


def test_键的次序与数的写法无关(case_data):
    data = case_data(verified={"B1": "60", "B2": "31.50"})
    turned = {key: data[key] for key in reversed(data)}
    turned["self"] = dict(reversed(data["self"].items()))
    turned["verified"] = {"B2": "31.5", "B1": "60.0"}
    assert load_case(json.dumps(turned)).to_inputs() == load_case(json.dumps(data)).to_inputs()


@pytest.mark.parametrize("blank", [{}, {"verified": {}}, {"verified": None}])
def test_没有核查分就是空的(case_data, blank):
    data = case_data() | blank
    if not blank:
        del data["verified"]
    assert load_case(json.dumps(data)).verified == {}


@pytest.mark.parametrize("empty", [None, ""])
def test_抽中而空着的是待核查(case_of, empty):
    assert case_of(verified={"B1": "60", "B5": empty}).verified == {"B1": 60, "B5": None}


def test_空着的加分是待评定(case_of):
    case = case_of(bonus={"claimed": "3", "awarded": None})
    assert (case.claimed, case.awarded) == (3, None)
    assert case_of(bonus=None).awarded is None


def test_整个二级指标不适用写作它的全部要点(case_of):
    case = case_of(own={"B7": None}, not_applicable=["B7"])
    assert case.not_applicable == ("B7-1", "B7-2")
    assert case == case_of(own={"B7": "0"}, not_applicable=["B7-2", "B7-1"])


def test_不适用要点的分值归其余要点(case_of, scheme):
    own = {"B14": None, **dict.fromkeys(["B14-1", "B14-2", "B14-3", "B14-5", "B14-6"], "50")}
    case = case_of(own=own, not_applicable=["B14-4"])
    assert case.self_of(scheme.criterion("B14")) == 250


# Item points of a criterion with no even share: 250/6 = 41.666…
SIX = [f"B14-{n}" for n in range(1, 7)]


def test_要点的上限是均分的精确值(case_of):
    accepted = {"B14": None, **dict.fromkeys(SIX, "41.66")}
    assert case_of(own=accepted).self_points["B14-1"] == Fraction("41.66")
    with pytest.raises(CaseError, match=r"B14-6 的自评分最高 125/3（两位小数最多填 41\.66"):
        case_of(own={**accepted, "B14-6": "41.67"})


@pytest.mark.parametrize(
    ("own", "verified"),
    [("240", dict.fromkeys(SIX, "30")), ("250", {"B14-1": "30"}), ("0", {"B14-1": "0"})],
    ids=["要点全部抽中", "自评满分", "自评零分"],
)
def test_自评只到二级指标而核查到要点(case_of, own, verified):
    assert set(case_of(own={"B14": own}, verified=verified).verified) == set(verified)


FAULTS = {
    "不认识的键": ({"extra": "1"}, "不认识“extra”"),
    "方案没加引号": ({"scheme": 2019}, "scheme）：这里要文字"),
    "没有这个方案": ({"scheme": "2018"}, "没有“2018”年的评价方案"),
    "年度加了引号": ({"cycle": "2019"}, "cycle）：这里要不加引号的整数"),
    "年度早于方案": ({"cycle": 2018}, "评价年度应在 2019 至 2099 之间，实际是 2018"),
    "年度太晚": ({"cycle": 20190}, "实际是 20190"),
    "区县是数": ({"district": 7}, "district）：这里要文字"),
    "区县有换行": ({"district": "演示\n区"}, "控制字符"),
    "自评没加引号": ({"own": {"B2": 60}}, "self.B2）：这里要加引号的十进制数"),
    "自评是分数": ({"own": {"B2": "1/2"}}, "self.B2）：这里要加引号的十进制数"),
    "自评用科学计数": ({"own": {"B2": "5e1"}}, "self.B2）：这里要加引号的十进制数"),
    "自评是全角数字": ({"own": {"B2": "５０"}}, "self.B2）：这里要加引号的十进制数"),
    "自评低于零": ({"own": {"B2": "-0.01"}}, "B2 的自评分不能低于 0 分，实际是 -0.01"),
    "自评高于满分": ({"own": {"B2": "40.01"}}, "B2 的自评分最高 40 分，实际是 40.01"),
    "自评缺一个": ({"own": {"B20": None}}, "缺少 B20 的自评分"),
    "自评要点缺几个": ({"own": {"B7": None, "B7-1": "5"}}, "B7 按评价要点填写，还缺“B7-2”"),
    "自评两种都填": ({"own": {"B7-1": "5"}}, "“B7”与“B7-1”不能同时填写"),
    "没有这个编号": ({"own": {"B22": "5"}}, "方案里没有“B22”这个编号"),
    "没有这个要点": ({"own": {"B5-7": "5"}}, "方案里没有“B5-7”这个编号"),
    "加分写进自评": ({"own": {"B21": "5"}}, "“B21”是加分指标，请写在 bonus 里"),
    "核查没加引号": ({"verified": {"B2": 31}}, "verified.B2）：这里要加引号的十进制数"),
    "核查高于满分": ({"verified": {"B2": "41"}}, "B2 的核查分最高 40 分"),
    "核查低于零": ({"verified": {"B2": "-1"}}, "B2 的核查分不能低于 0 分"),
    "核查没有这个编号": ({"verified": {"C1": "1"}}, "方案里没有“C1”这个编号"),
    "核查两种都填": ({"verified": {"B7": "5", "B7-1": "3", "B7-2": "1"}}, "“B7”与“B7-1、B7-2”不能同时填写"),
    "核查没有可比的自评": ({"own": {"B7": "14"}, "verified": {"B7-1": "5"}}, "“B7-1”没有可比的自评分"),
    "不适用没有这个编号": ({"not_applicable": ["B14-9"]}, "方案里没有“B14-9”这个编号"),
    "不适用重复": ({"not_applicable": ["B14-4", "B14-4"]}, "“B14-4”重复"),
    "加分不能不适用": ({"not_applicable": ["B21"]}, "“B21”是加分指标"),
    "不适用却有自评": ({"own": {"B7": "5"}, "not_applicable": ["B7"]}, "B7 已列为不适用，不能再有自评分"),
    "不适用却有核查": ({"verified": {"B14-4": "1"}, "not_applicable": ["B14-4"]}, "B14-4 已列为不适用，不能有核查分"),
    "评定加分过高": ({"bonus": {"awarded": "20.01"}}, "评定的加分最高 20 分，实际是 20.01"),
    "申报加分过高": ({"bonus": {"claimed": "21", "awarded": "20"}}, "申报的加分最高 20 分"),
    "加分低于零": ({"bonus": {"awarded": "-1"}}, "评定的加分不能低于 0 分"),
    "加分里不认识的键": ({"bonus": {"given": "1"}}, "不认识“given”"),
    "附件1缺一条": ({"annex1": dict.fromkeys("12345", "unknown")}, "缺少“6”"),
    "附件1多一条": ({"annex1": dict.fromkeys("1234567", "unknown")}, "不认识“7”"),
    "附件1写了别的词": ({"annex1": {**dict.fromkeys("12345", "unknown"), "6": "no"}}, "第 6 条只能填 triggered"),
    "附件1写了真假": ({"annex1": {**dict.fromkeys("12345", "unknown"), "6": False}}, "第 6 条只能填 triggered"),
    "整改多于应整改": ({"rectification": {"due": 2, "unrectified": 3}}, "未整改到位 3 个多于应整改 2 个"),
    "整改数低于零": ({"rectification": {"due": 2, "unrectified": -1}}, "数目不能低于 0"),
    "整改数是小数": ({"rectification": {"due": 2.5, "unrectified": 1}}, "due）：这里要不加引号的整数"),
    "整改缺一个": ({"rectification": {"due": 2}}, "缺少“unrectified”"),
    "整改而不适用": (
        {"rectification": {"due": 2, "unrectified": 1}, "not_applicable": ["B15-4"]},
        "B15-4 已列为不适用，不能再填整改情况",
    ),
    "没有这个参数": ({"parameters": {"tolerance": "1"}}, "案卷里不能写参数“tolerance”"),
    "参数不能改写": ({"parameters": {"puhui_rate_min": "70"}}, "案卷里不能写参数“puhui_rate_min”"),
    "参数过高": ({"parameters": {"credibility_tolerance": "1.01"}}, "在 0 至 1 之间"),
    "参数为零": ({"parameters": {"credibility_tolerance": "0"}}, "应大于 0"),
    "参数没加引号": ({"parameters": {"credibility_tolerance": 0.98}}, "这里要加引号的十进制数"),
    "参数不是所列的词": ({"parameters": {"bonus_in_grade": "maybe"}}, "只能取yes、no"),
}


@pytest.mark.parametrize(("changes", "words"), FAULTS.values(), ids=FAULTS)
def test_每一种错误都拒收并说清(case_of, changes, words):
    with pytest.raises(CaseError) as caught:
        case_of(**changes)
    assert len(caught.value.faults) == 1, caught.value.faults
    (fault,) = caught.value.faults
    assert words in fault
    assert fault.startswith("演示.yaml 第 1 行") or fault.startswith("演示.yaml：")
    assert "请" in fault


def test_重复的键():
    doubled = EXAMPLE.replace('B2: "40"', 'B2: "40", B2: "39"').replace("{claimed", '{claimed: "1", claimed')
    with pytest.raises(CaseError) as caught:
        load_case(doubled + "cycle: 2019\n")
    assert sorted(fault.split("：")[1].split("，")[0] for fault in caught.value.faults) == [
        "“B2”重复", "“claimed”重复", "“cycle”重复",
    ]  # fmt: skip


def test_所有错误一次列出(case_of):
    changes = {
        "own": {"B1": "61", "B2": 40, "B3": None, "B99": "1", "B7-1": "1"},
        "verified": {"B5": "41", "B6-9": "1"},
        "bonus": {"awarded": "21", "more": "1"},
        "annex1": {**dict.fromkeys("1234", "unknown"), "6": "maybe"},
        "rectification": {"due": 1, "unrectified": 2},
        "parameters": {"x": "1"},
        "cycle": 1999,
        "extra": 1,
    }
    with pytest.raises(CaseError) as caught:
        case_of(**changes)
    expected = [
        "B1 的自评分最高", "self.B2", "缺少 B3", "“B99”", "“B7”与“B7-1”", "B5 的核查分最高", "“B6-9”", "评定的加分最高",
        "“more”", "缺少“5”", "第 6 条", "多于应整改", "参数“x”", "1999", "“extra”",
    ]  # fmt: skip
    for words in expected:
        assert sum(words in fault for fault in caught.value.faults) == 1, words
    assert len(caught.value.faults) == len(expected)
    assert str(caught.value).count("\n") == len(expected)


def test_缺了整段的也列出():
    with pytest.raises(CaseError) as caught:
        load_case("{}")
    missing = [fault for fault in caught.value.faults if "缺少" in fault]
    assert len(missing) == len(caught.value.faults) == 5


@pytest.mark.parametrize("text", ["", "[1, 2", "- B1", "self: {B1: '1'}\n---\n{}", "a: &x 1\nb: *x"])
def test_不是案卷的文字也只给中文的错误(text):
    with pytest.raises(CaseError, match="案卷"):
        load_case(text)


def test_全部不适用拒收(case_of, scheme):
    everything = [criterion.id for criterion in scheme.criteria if not criterion.is_bonus]
    with pytest.raises(CaseError, match="不能把全部二级指标都列为不适用"):
        case_of(own=dict.fromkeys(everything), verified={}, not_applicable=everything)


def test_读文件(tmp_path: Path):
    path = tmp_path / "案卷.yaml"
    path.write_text("\ufeff" + EXAMPLE, encoding="utf-8")
    assert load_case_file(path) == load_case(EXAMPLE)
    path.write_bytes(EXAMPLE.encode("gb18030"))
    with pytest.raises(CaseError, match="不是 UTF-8 编码"):
        load_case_file(path)
    with pytest.raises(CaseError, match="读不到这个文件"):
        load_case_file(tmp_path / "没有.yaml")


def test_几份案卷的错误合在一起(case_of):
    errors = []
    for name, text in (("甲.yaml", "{}"), ("乙.yaml", "[]")):
        with pytest.raises(CaseError) as caught:
            load_case(text, name)
        errors.append(caught.value)
    joined = CaseError.joined(errors)
    assert joined.faults == errors[0].faults + errors[1].faults
    assert "甲.yaml、乙.yaml" in str(joined)
