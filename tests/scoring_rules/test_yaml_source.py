"""What is written is what is read."""

from __future__ import annotations

from fractions import Fraction

import pytest

from scoring_rules.yaml_source import MAX_DEPTH, Faults, Node, parse_yaml


def value_of(written: str) -> tuple[Node, Faults]:
    """The node of `v` in a document that sets it to what is written."""
    faults = Faults("例.yaml")
    return parse_yaml(f"v: {written}\n", faults).mapping(("v",))["v"], faults


@pytest.mark.parametrize(
    "written",
    ["no", "on", "yes", "off", "12:30", "2019-03-04", "0x1F", "1_000", "1.2.3", "０１", "B5-5", "80%", "<<", "="],
)
def test_不加引号的文字照原样(written: str) -> None:
    node, faults = value_of(written)
    assert node.text() == written
    assert not faults


@pytest.mark.parametrize(
    "written", ["1", "010", "-3", "1.10", "1e3", ".5", ".inf", "true", "False", "null", "~", "", "[a]", "{a: b}"]
)
def test_不是文字的不当文字(written: str) -> None:
    node, faults = value_of(written)
    assert node.text() == ""
    assert len(faults.sentences) == 1
    assert faults.sentences[0].startswith("例.yaml 第 1 行（v）：这里要文字")


@pytest.mark.parametrize(
    ("written", "value"),
    [('"0"', 0), ('"12.5"', Fraction(25, 2)), ("'0.1'", Fraction(1, 10)), ('"-3"', -3), ('"007"', 7)],
)
def test_加引号的十进制数是精确的(written: str, value: Fraction) -> None:
    node, faults = value_of(written)
    assert node.decimal_text() == value
    assert not faults


@pytest.mark.parametrize(
    "written",
    ["12.5", "12", '"1/3"', '"1e3"', '" 1"', '"1_000"', '"１"', '"+1"', '".5"', '"5."', '"NaN"', '"1\\n"', '"1234567890123"', '""', "[]"],
)  # fmt: skip
def test_别的写法都不是十进制数(written: str) -> None:
    node, faults = value_of(written)
    assert node.decimal_text() == 0
    assert len(faults.sentences) == 1
    assert "加引号的十进制数" in faults.sentences[0]


def test_整数与真假() -> None:
    assert value_of("12")[0].integer() == 12
    assert value_of("-12")[0].integer() == -12
    assert value_of("true")[0].truth() is True
    assert value_of("false")[0].truth() is False


@pytest.mark.parametrize("written", ['"12"', "1.0", "true", "一", "9" * 19, "[1]"])
def test_不是整数(written: str) -> None:
    node, faults = value_of(written)
    assert node.integer() == 0
    assert len(faults.sentences) == 1


@pytest.mark.parametrize("written", ["yes", "1", '"true"', "null"])
def test_不是真假(written: str) -> None:
    node, faults = value_of(written)
    assert node.truth() is False
    assert len(faults.sentences) == 1


def test_下限() -> None:
    for written, minimum, count in (("1", 1, 0), ("0", 1, 1), ("-1", None, 0)):
        node, faults = value_of(written)
        assert node.integer(minimum=minimum) == int(written)
        assert len(faults.sentences) == count
    for written, count in (('"0.1"', 0), ('"0"', 1), ('"-1"', 1), ("0", 1)):
        node, faults = value_of(written)
        node.decimal_text(positive=True)
        assert len(faults.sentences) == count


def test_列表() -> None:
    node, faults = value_of("[甲, 乙]")
    assert node.texts() == ("甲", "乙")
    assert not faults
    node, faults = value_of("[甲, 乙, 甲, 1]")
    node.texts()
    assert faults.sentences == [
        "例.yaml 第 1 行（v[4]）：这里要文字（数字、true、false 请加引号），实际是不加引号的 1，请改正。",
        "例.yaml 第 1 行（v[3]）：“甲”重复，请只留一个。",
    ]
    node, faults = value_of("[]")
    assert node.texts(allow_empty=True) == ()
    assert not faults
    node.texts()
    assert len(faults.sentences) == 1


def test_键() -> None:
    faults = Faults("例.yaml")
    root = parse_yaml("甲: 一\n乙: 二\n甲: 三\n1: 四\n[丁]: 五\n戊: 六\n", faults)
    found = root.mapping(("甲", "丙"), ("乙", "己"))
    assert sorted(found) == ["丙", "乙", "甲"]
    assert found["甲"].text() == "一"
    assert found["丙"].text() == ""
    assert found["丙"].integer() == 0
    assert [sentence.partition("：")[0] for sentence in faults.sentences] == [
        "例.yaml 第 3 行",
        "例.yaml 第 4 行",
        "例.yaml 第 5 行",
        "例.yaml 第 6 行",
        "例.yaml 第 1 行",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "文件是空的"),
        ("# 只有说明\n", "文件是空的"),
        ('甲: "', "不是能读的 YAML"),
        ("甲: 一\n 乙: 二: 三", "不是能读的 YAML"),
        ("甲: \x00", "不是能读的 YAML"),
        ("甲: 一\n---\n乙: 二\n", "只能有一份内容"),
        ("甲: &a 一\n", "不支持 & 和 *"),
        ("甲: &x [1]\n乙: *x\n", "不支持 & 和 *"),
        ("甲: !!python/object/apply:os.getcwd []\n", "不支持 ! 标签"),
        ("甲: !!str 1\n", "不支持 ! 标签"),
        ("[" * 100_000, f"嵌套超过 {MAX_DEPTH} 层"),
        ("{甲: " * (MAX_DEPTH + 1), f"嵌套超过 {MAX_DEPTH} 层"),
    ],
    ids=lambda value: value[:12].encode("unicode_escape").decode(),
)
def test_读不了的整份拒绝(text: str, expected: str) -> None:
    faults = Faults("例.yaml")
    root = parse_yaml(text, faults)
    assert any(expected in sentence for sentence in faults.sentences), faults.sentences
    before = list(faults.sentences)
    root.mapping(("甲",))["甲"].text()
    assert faults.sentences == before or "空" in expected, (
        "an unreadable document must not add faults about its contents"
    )


def test_刚好不太深() -> None:
    faults = Faults("例.yaml")
    parse_yaml("[" * MAX_DEPTH + "]" * MAX_DEPTH, faults)
    assert not faults
