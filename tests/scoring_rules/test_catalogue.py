"""The evidence catalogue: complete, in agreement with the scheme, and refused with every fault."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest

from scoring_rules.catalogue import MIN_ALIASES, load_catalogue, load_catalogue_file
from scoring_rules.errors import CatalogueError, UnknownYearError
from scoring_rules.scheme import Scheme
from scoring_rules.scheme_loader import load_scheme

# Required codes, a space, optional codes.
EXPECTED = {
    "B1-1": "FR MA", "B1-2": "ZFC RL", "B2-1": "FY MR", "B2-2": "MFZ R", "B3-1": "FWZ M", "B3-2": "ZCF VR",
    "B4-1": "FYR MV", "B4-2": "RZ AV", "B5-1": "BT N", "B5-2": "YTF N", "B5-3": "GF L", "B5-4": "TZ N",
    "B5-5": "TWF Y", "B5-6": "ZF VW", "B6-1": "FYB T", "B6-2": "ZTL F", "B6-3": "TF WZ", "B6-4": "C D",
    "B6-5": "TX F", "B6-6": "FY ZV", "B6-7": "FT MY", "B7-1": "TF N", "B7-2": "FR AY", "B8-1": "BTZ F",
    "B8-2": "TY V", "B8-3": "FZ R", "B8-4": "XRW Q", "B9": "ZYB VL", "B10-1": "FZ MD", "B10-2": "ZFY VT",
    "B11-1": "FMZ J", "B11-2": "ZJF L", "B12-1": "FZ MR", "B12-2": "ZXL DN", "B13-1": "YT F", "B13-2": "YF L",
    "B13-3": "YX FR", "B14-1": "ZTV J", "B14-2": "TJF Z", "B14-3": "YJF T", "B14-4": "JZ V", "B14-5": "ZFY VA",
    "B14-6": "ZYT VA", "B15-1": "FBP M", "B15-2": "YG F", "B15-3": "ZDW V", "B15-4": "DZ R", "B16-1": "BFT Z",
    "B16-2": "FZ T", "B16-3": "BF ZW", "B16-4": "FZG M", "B16-5": "FR Z", "B16-6": "FZ DL", "B17-1": "GYF L",
    "B17-2": "BYZ C", "B17-3": "YPF Z", "B18-1": "FW DQ", "B18-2": "FV M", "B18-3": "FTZ W", "B19-1": "FC D",
    "B19-2": "ZDF L", "B19-3": "CF QD", "B19-4": "XT C", "B20": "YZW LN", "B21": "AF W",
}  # fmt: skip

SMALL = """\
scheme: "2019"
types:
  - {code: "A", name: 甲类, check: 查甲}
  - {code: "B", name: 乙类, check: 查乙}
items:
  - id: "B9"
    title: 特教
    aliases: [一, 二, 三]
    required: ["A"]
    optional: ["B"]
    key_facts: [事实甲]
  - id: "B20"
    title: 资助
    aliases: [四, 五, 六]
    required: ["B"]
    optional: []
    key_facts: [事实乙]
"""


@pytest.fixture(scope="module")
def small_scheme() -> Scheme:
    """The scheme cut down to B9 and B20."""
    scheme = load_scheme()
    kept = tuple(c for c in scheme.criteria if c.id in ("B9", "B20"))
    return dataclasses.replace(scheme, indicators=(dataclasses.replace(scheme.indicators[0], criteria=kept),))


def faults_of(folder: Path, text: str, scheme: Scheme) -> tuple[str, ...]:
    path = folder / "目录.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue_file(path, scheme)
    assert "请" in str(caught.value)
    return caught.value.faults


def test_每个评价要点都有_次序同方案() -> None:
    assert list(load_catalogue().expectations) == [item.id for item in load_scheme().items]


@pytest.mark.parametrize("item_id", EXPECTED)
def test_必备与可选类型(item_id: str) -> None:
    expectation = load_catalogue().expectations[item_id]
    assert f"{''.join(expectation.required)} {''.join(expectation.optional)}" == EXPECTED[item_id]


def test_十九类材料() -> None:
    types = load_catalogue().types
    assert "".join(types) == "MFRYTZBGJWDXPQACLVN"
    assert all(types[code].code == code and types[code].name and types[code].check for code in types)
    used = {code for entry in load_catalogue().expectations.values() for code in (*entry.required, *entry.optional)}
    assert set(types) == used


def test_说法() -> None:
    expectations = load_catalogue().expectations
    assert all(len(entry.aliases) >= MIN_ALIASES == 3 for entry in expectations.values())
    owner = {word: entry.item_id for entry in expectations.values() for word in (entry.title, *entry.aliases)}
    for word, item_id in {
        "普惠率": "B5-5", "普惠性幼儿园覆盖率": "B5-5", "入园率": "B5-5", "资源教室": "B9", "大班额": "B14-2",
        "常务会议": "B2-2", "县管校聘": "B16-2", "代课教师": "B17-2", "有偿家教": "B19-2", "责任督学": "B15-3",
    }.items():  # fmt: skip
        assert owner[word] == item_id
    # A word of one character would be found in every sentence.
    assert all(len(word) >= 2 for word in owner)


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("item_id", EXPECTED)
def test_事实里的数字都写在方案里(item_id: str) -> None:
    official = squeezed(load_scheme().item(item_id).text)
    for fact in load_catalogue().expectations[item_id].key_facts:
        if "附件" in fact:
            continue
        for number in re.findall(r"[0-9.]+%?", squeezed(fact)):
            assert re.search(rf"(?<![0-9.]){re.escape(number)}(?![0-9.])", official), (item_id, number)


def test_未写数字的要求照方案的原话() -> None:
    quoted = [
        (item_id, words)
        for item_id, entry in load_catalogue().expectations.items()
        for fact in entry.key_facts
        for words in re.findall(r"（方案：([^（）]+)，未写数字）", fact)
    ]
    assert len(quoted) == sum("未写数字" in f for e in load_catalogue().expectations.values() for f in e.key_facts) > 5
    for item_id, words in quoted:
        assert words in load_scheme().item(item_id).text, (item_id, words)


def test_目录不能改() -> None:
    catalogue: Any = load_catalogue()
    with pytest.raises(TypeError):
        catalogue.expectations["B9"] = None
    with pytest.raises(TypeError):
        catalogue.types["M"] = None


def test_小目录能读(tmp_path: Path, small_scheme: Scheme) -> None:
    path = tmp_path / "目录.yaml"
    path.write_text(SMALL, encoding="utf-8")
    catalogue = load_catalogue_file(path, small_scheme)
    assert catalogue.expectations["B20"].optional == ()
    assert catalogue.types["A"].check == "查甲"


BROKEN = {
    "方案不符": ('scheme: "2019"', 'scheme: "2020"', "与方案“2019”不符"),
    "不认识的键": ("check: 查甲", "look: 查甲", "不认识“look”"),
    "类型编码太长": ('code: "B"', 'code: "BB"', "一个大写字母"),
    "类型编码重复": ('code: "B"', 'code: "A"', "类型编码“A”重复"),
    "不认识的类型": ('required: ["A"]', 'required: ["C"]', "不认识材料类型“C”"),
    "既必备又可选": ('optional: ["B"]', 'optional: ["A"]', "不能既必备又可选"),
    "没有必备类型": ('required: ["A"]', "required: []", "列表是空的"),
    "类型写了两次": ('required: ["A"]', 'required: ["A", "A"]', "“A”重复"),
    "说法不够": ("[一, 二, 三]", "[一, 二]", "至少写 3 个说法"),
    "说法归了两处": ("[四, 五, 六]", "[四, 五, 一]", "“一”已经是 B9 的说法"),
    "短名又作说法": ("[四, 五, 六]", "[四, 五, 六, 资助]", "“资助”已是短名"),
    "短名归了两处": ("title: 资助", "title: 特教", "“特教”已经是 B9 的说法"),
    "没有事实": ("[事实甲]", "[]", "列表是空的"),
    "没有的要点": ('id: "B20"', 'id: "B20-1"', "没有评价要点“B20-1”"),
    "缺要点": ('id: "B20"', 'id: "B20-1"', "缺少评价要点：B20"),
    "要点重复": ('id: "B20"', 'id: "B9"', "“B9”写了 2 次"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_每一种错误(tmp_path: Path, small_scheme: Scheme, case: str) -> None:
    old, new, expected = BROKEN[case]
    assert SMALL.count(old) == 1, "the case must change exactly one place"
    faults = faults_of(tmp_path, SMALL.replace(old, new), small_scheme)
    assert any(expected in fault for fault in faults), faults
    assert len(faults) == len(set(faults)), faults


def test_次序不对(tmp_path: Path, small_scheme: Scheme) -> None:
    head, first, second = re.split(r"(?m)^(?=  - id)", SMALL)
    faults = faults_of(tmp_path, head + second + first, small_scheme)
    assert len(faults) == 1
    assert "次序与方案不同" in faults[0]


def test_错误一次报全(tmp_path: Path, small_scheme: Scheme) -> None:
    text = SMALL.replace("查甲", '""').replace("[一, 二, 三]", "[一, 二]").replace('["A"]', '["C"]')
    assert len(faults_of(tmp_path, text, small_scheme)) == 3


def test_读不了的文件(tmp_path: Path, small_scheme: Scheme) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue_file(tmp_path / "没有.yaml", small_scheme)
    assert caught.value.faults == ("没有.yaml：没有这个文件，请核对位置。",)
    (tmp_path / "乱码.yaml").write_bytes(SMALL.encode("gb18030"))
    with pytest.raises(CatalogueError) as caught:
        load_catalogue_file(tmp_path / "乱码.yaml", small_scheme)
    assert caught.value.faults == ("乱码.yaml：不是 UTF-8 编码，请另存为 UTF-8。",)


@pytest.mark.parametrize("year", ["2018", "", "../schemes/2019/scheme"])
def test_没有的年份(year: str) -> None:
    with pytest.raises(UnknownYearError) as caught:
        load_catalogue(year)
    assert caught.value.available == ("2019",)
