"""A scheme that does not add up does not load, and says everything that is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scoring_rules.errors import SchemeError, ScoringError, UnknownYearError
from scoring_rules.scheme_loader import load_scheme, load_scheme_file

HEAD = """\
id: "2030"
title: 示例方案
document_number: 示例发〔2030〕1号
issuer: 示例市人民政府
issued: "2030-01-02"
full_points: "10"
bonus_cap: "2"
grades:
  section: 四
  bands:
    - {name: 好, at_least: "6", line: 1, text: 六分以上}
    - {name: 差, at_least: "0", line: 1, text: 六分以下}
annex1:
  section: 附件 1
  conditions:
    - {id: "1", line: 2, text: 甲}
    - {id: "2", line: 3, text: 乙}
procedure:
  - {id: 三, section: 三, line: 4, title: 组织, text: 组织实施}
  - {id: 四, section: 四, line: 5, title: 结果, text: 结果运用}
"""
TABLE = """\
section: 附件 2
indicators:
  - id: "A1"
    name: 甲类
    line: 6
    criteria:
      - id: "B1"
        name: 甲项
        points: "7.5"
        line: 6
        items:
          - {id: "B1-1", line: 6, text: 第一点}
          - {id: "B1-2", line: 7, text: 第二点}
      - id: "B2"
        name: 乙项
        points: "2.5"
        line: 8
        items:
          - {id: "B2", line: 8, text: 只有一点}
  - id: "A2"
    name: 加分
    line: 9
    criteria:
      - id: "B3"
        name: 加分项
        points: "2"
        bonus: true
        line: 9
        items:
          - {id: "B3", line: 9, text: 奖励}
"""


def written(folder: Path, head: str = HEAD, table: str = TABLE) -> Path:
    (folder / "scheme.yaml").write_text(head, encoding="utf-8")
    (folder / "indicators.yaml").write_text(table, encoding="utf-8")
    return folder


def faults_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(SchemeError) as caught:
        load_scheme_file(folder)
    return caught.value.faults


def test_小方案能读(tmp_path: Path) -> None:
    scheme = load_scheme_file(written(tmp_path))
    assert [item.id for item in scheme.items] == ["B1-1", "B1-2", "B2", "B3"]
    assert scheme.share("B1-1") * 4 == 15
    assert scheme.item("B1-2").place.section == "附件 2"
    assert scheme.item("B1-2").place.line == 7
    assert scheme.criterion("B2").indicator_id == "A1"


IN_HEAD = {
    "缺键": ("issuer: 示例市人民政府\n", "", "scheme.yaml 第 1 行：缺少“issuer”"),
    "不认识的键": ("issuer:", "isuer:", "不认识“isuer”"),
    "重复的键": ("bonus_cap:", "id: \"2031\"\nbonus_cap:", "“id”重复，前一个在第 1 行"),
    "编号没加引号": ("id: \"2030\"", "id: 2030", "实际是不加引号的 2030"),
    "满分没加引号": ("full_points: \"10\"", "full_points: 10", "加引号的十进制数"),
    "满分不是十进制数": ("full_points: \"10\"", "full_points: \"1e1\"", "加引号的十进制数"),
    "日期不是日期": ("2030-01-02", "2030-1-2", "日期请写成"),
    "日期不存在": ("2030-01-02", "2030-02-30", "日期请写成"),
    "等级顺序反了": ("at_least: \"6\"", "at_least: \"0\"", "“差”的下限应低于“好”"),
    "最低档不从零起": ("at_least: \"0\"", "at_least: \"1\"", "最低一档的下限应为"),
    "等级重名": ("name: 差", "name: 好", "等级“好”重复"),
    "等级高过满分": ("at_least: \"6\"", "at_least: \"11\"", "高于满分"),
    "附件一漏了一条": ("id: \"2\", line: 3", "id: \"3\", line: 3", "应接着写“2”"),
    "步骤重复": ("id: 四, ", "id: 三, ", "步骤“三”重复"),
    "文字是空的": ("text: 甲", "text: \"\"", "文字不能为空"),
    "文字首尾有空格": ("text: 甲", "text: \" 甲\"", "首尾也不能有空格"),
    "行号从零起": ("line: 4", "line: 0", "应不小于 1"),
    "行号不是整数": ("line: 4", "line: 四", "不加引号的整数"),
    "步骤不是列表": ("  - {id: 三, section: 三, line: 4, title: 组织, text: 组织实施}\n  - {id: 四, section: 四, line: 5, title: 结果, text: 结果运用}", "  没有", "一个列表"),
}  # fmt: skip
IN_TABLE = {
    "分值之和不对": ("\"7.5\"", "\"7\"", "分值之和是 19/2，满分是 10"),
    "加分之和不对": ("points: \"2\"\n", "points: \"3\"\n", "加分指标之和是 3，加分上限是 2"),
    "分值为零": ("\"7.5\"", "\"0\"", "必须大于 0"),
    "评价要点跳号": ("B1-2", "B1-3", "应接着写“B1-2”，实际是“B1-3”"),
    "评价要点重号": ("B1-2", "B1-1", "应接着写“B1-2”"),
    "唯一的要点编了号": ("{id: \"B2\"", "{id: \"B2-1\"", "应接着写“B2”"),
    "二级指标跳号": ("- id: \"B2\"", "- id: \"B5\"", "应接着写“B2”，实际是“B5”"),
    "一级指标重号": ("- id: \"A2\"", "- id: \"A1\"", "应接着写“A2”，实际是“A1”"),
    "加分不是真假": ("bonus: true", "bonus: yes", "true 或 false"),
    "没有评价要点": ("\n          - {id: \"B2\", line: 8, text: 只有一点}", " []", "列表是空的"),
}  # fmt: skip


@pytest.mark.parametrize("case", IN_HEAD)
def test_文件头的每一种错误(tmp_path: Path, case: str) -> None:
    old, new, expected = IN_HEAD[case]
    assert HEAD.count(old) == 1, "the case must change exactly one place"
    faults = faults_of(written(tmp_path, head=HEAD.replace(old, new)))
    assert any(expected in fault for fault in faults), faults
    assert all(fault.startswith("scheme.yaml") for fault in faults)


@pytest.mark.parametrize("case", IN_TABLE)
def test_指标表的每一种错误(tmp_path: Path, case: str) -> None:
    old, new, expected = IN_TABLE[case]
    assert TABLE.count(old) == 1, "the case must change exactly one place"
    faults = faults_of(written(tmp_path, table=TABLE.replace(old, new)))
    assert any(expected in fault for fault in faults), faults
    assert all(fault.startswith("indicators.yaml") for fault in faults)


def test_一处错误只报一次(tmp_path: Path) -> None:
    for old, new, _ in IN_HEAD.values():
        faults = faults_of(written(tmp_path, head=HEAD.replace(old, new)))
        assert len(faults) == len(set(faults)), faults
    for old, new, _ in IN_TABLE.values():
        faults = faults_of(written(tmp_path, table=TABLE.replace(old, new)))
        assert len(faults) == len(set(faults)), faults


def test_两个文件的错误一次报全(tmp_path: Path) -> None:
    head = HEAD.replace("issuer:", "isuer:").replace("2030-01-02", "昨天")
    table = TABLE.replace("B1-2", "B1-3").replace('"7.5"', "7.5")
    faults = faults_of(written(tmp_path, head, table))
    for expected in ("isuer", "缺少“issuer”", "日期请写成", "B1-3", "不加引号的 7.5"):
        assert sum(expected in fault for fault in faults) == 1, (expected, faults)
    assert len(faults) == 5


def test_错误信息是给人看的(tmp_path: Path) -> None:
    folder = written(tmp_path, head=HEAD.replace("issuer:", "isuer:"))
    with pytest.raises(ScoringError) as caught:
        load_scheme_file(folder)
    message = str(caught.value)
    assert "2处错误" in message
    assert re.search("[一-鿿]", message)
    assert "请" in message
    assert str(tmp_path.parent) not in message


def test_缺文件(tmp_path: Path) -> None:
    (tmp_path / "scheme.yaml").write_text(HEAD, encoding="utf-8")
    assert faults_of(tmp_path) == ("indicators.yaml：没有这个文件，请放入方案的文件夹。",)


def test_不是_utf8(tmp_path: Path) -> None:
    folder = written(tmp_path)
    (folder / "scheme.yaml").write_bytes(HEAD.encode("gb18030"))
    assert faults_of(folder) == ("scheme.yaml：不是 UTF-8 编码，请另存为 UTF-8。",)


@pytest.mark.parametrize("year", ["2018", "", ".", "..", "../2019", "2019/", "２０１９"])
def test_没有的年份(year: str) -> None:
    with pytest.raises(UnknownYearError) as caught:
        load_scheme(year)
    assert caught.value.available == ("2019",)
    assert "请" in str(caught.value)


def test_读一次记住() -> None:
    assert load_scheme() is load_scheme()
