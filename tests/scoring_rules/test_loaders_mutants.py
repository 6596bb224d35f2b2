"""好文件里每一处各种写坏的办法，读的人说什么，逐字核对（golden/faults_*.json）；读得了的，读成什么。"""

from __future__ import annotations

import dataclasses

import pytest
import yaml

from scoring_rules.catalogue import load_catalogue_file
from scoring_rules.errors import DataFaultsError
from scoring_rules.parameters import load_parameter_folder
from scoring_rules.plain_data import to_data
from scoring_rules.scheme_loader import load_scheme, load_scheme_file
from scoring_rules.yaml_source import Faults, parse_yaml

HEAD = """\
id: "2030"
title: 示例方案
document_number: 示例发〔2030〕1号
issuer: 示例市人民政府
issued: "2030-01-02"
full_points: "10"
bonus_cap: "2"
rectification_item: "B1-2"
sentences: {annex1: 降一级}
grades:
  section: 四
  bands:
    - {name: 好, at_least: "6", line: 1, text: 六分以上}
    - {name: 差, at_least: "0", line: 1, text: 六分以下}
annex1:
  section: 附件 1
  conditions:
    - {id: "1", line: 2, text: 甲, calculator: fitness}
procedure:
  - {id: 三, section: 三节, line: 4, title: 组织, text: 组织实施}
  - {id: 四, section: 四节, line: 5, title: 结果, text: 结果运用}
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
        points: "10"
        line: 6
        items:
          - {id: "B1-1", line: 6, text: 第一点}
          - {id: "B1-2", line: 7, text: 第二点}
  - id: "A2"
    name: 加分
    line: 9
    criteria:
      - id: "B2"
        name: 加分项
        points: "2"
        bonus: true
        line: 10
        items:
          - {id: "B2", line: 9, text: 奖励}
"""


def told(load, plain=None):
    """What reading gives: the faults, or the content where nothing is wrong (only what differs from `plain`)."""
    try:
        content = to_data(load())
    except DataFaultsError as error:
        return [str(error).split("：\n")[0].replace("，请逐处改正后重试", ""), *error.faults]
    return content if plain is None else differing(content, plain)


def differing(content, plain):
    """The members of `content` that `plain` does not have so, as deep as both are mappings."""
    if isinstance(content, dict) and isinstance(plain, dict):
        return {key: differing(content[key], plain.get(key)) for key in content if content[key] != plain.get(key)}
    return content


@pytest.mark.parametrize("spoilt", ["scheme.yaml", "indicators.yaml"])
def test_方案文件每一处写坏(tmp_path, corrupted, agrees, spoilt):
    folder = tmp_path / "示例"
    folder.mkdir()
    good = {"scheme.yaml": HEAD, "indicators.yaml": TABLE}
    for name, text in good.items():
        (folder / name).write_text(text, encoding="utf-8")
    plain = told(lambda: load_scheme_file(folder))

    def outcomes():
        yield "原样", plain
        for what, text in corrupted(yaml.safe_load(good[spoilt])):
            (folder / spoilt).write_text(text, encoding="utf-8")
            yield what, told(lambda: load_scheme_file(folder), plain)

    agrees(f"faults_{spoilt.removesuffix('.yaml')}", outcomes())


CATALOGUE = """\
scheme: "2019"
types:
  - {code: "A", name: 甲类, check: 查甲}
  - {code: "B", name: 乙类, check: 查乙}
items:
  - {id: "B9", title: 特教, aliases: [一, 二, 三], required: ["A"], optional: ["B"], key_facts: [事实甲]}
  - {id: "B20", title: 资助, aliases: [四, 五, 六], required: ["A", "B"], optional: [], key_facts: [事实乙, 事实丙]}
"""


def test_材料目录每一处写坏(tmp_path, corrupted, agrees):
    scheme = load_scheme()
    kept = tuple(c for c in scheme.criteria if c.id in ("B9", "B20"))
    small = dataclasses.replace(scheme, indicators=(dataclasses.replace(scheme.indicators[0], criteria=kept),))
    path = tmp_path / "目录.yaml"
    path.write_text(CATALOGUE, encoding="utf-8")
    plain = told(lambda: load_catalogue_file(path, small))
    head, first, second = CATALOGUE.partition('  - {id: "B9"')[0], *CATALOGUE.splitlines()[-2:]

    def outcomes():
        yield "原样", plain
        for what, text in corrupted(yaml.safe_load(CATALOGUE)):
            path.write_text(text, encoding="utf-8")
            yield what, told(lambda: load_catalogue_file(path, small), plain)
        path.write_text("\n".join([head.rstrip("\n"), second, first, ""]), encoding="utf-8")
        yield "次序反了", told(lambda: load_catalogue_file(path, small), plain)

    agrees("faults_catalogue", outcomes())


PARAMETERS = {
    "decimal": """\
id: decimal
title: 示例的数
unit: "%"
kind: decimal
status: in_scheme
quote: 达到 80%
overridable: true
low: "0"
high: "100"
values:
  2018-01-01: {value: "80", reference: 示例一}
  2020-01-01: {value: "85.5", reference: 示例二}
""",
    "choice": """\
id: choice
title: 示例的选择
unit: 无
kind: choice
status: convention
overridable: true
choices: ["yes", "no"]
values:
  2018-01-01: {value: "yes", reference: 约定}
""",
    "sourced": """\
id: sourced
title: 别处的数
unit: 元
kind: decimal
status: sourced
values:
  2015-01-01: {value: "6000", reference: 甲文件, confirmed_by: null}
  2019-01-01:
    value: "8000"
    reference: 乙文件
    confirmed_by: {by: 督导办, on: "2019-05-06", document: 演示〔2019〕1号}
""",
    "unset": """\
id: unset
title: 没有的数
unit: 元
kind: decimal
status: unset
values:
  2015-01-01: {value: "1", reference: 甲文件}
  2018-01-01: {value: null, reference: 没有找到}
""",
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_参数文件每一处写坏(tmp_path, corrupted, agrees, name):
    folder = tmp_path / "参数夹"
    folder.mkdir()
    path = folder / f"{name}.yaml"
    (folder / "说明.txt").write_text("不是参数", encoding="utf-8")
    path.write_text(PARAMETERS[name], encoding="utf-8")
    plain = told(lambda: load_parameter_folder(folder))

    def outcomes():
        yield "原样", plain
        # Days stay text as JSON data; the loader of the tests would make dates of them.
        for what, text in corrupted(yaml.load(PARAMETERS[name], yaml.BaseLoader)):
            for old, new in (('"true"', "true"), ('"null"', "null"), ('"confirmed_by": ""', '"confirmed_by": null')):
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8")
            yield what, told(lambda: load_parameter_folder(folder), plain)

    agrees(f"faults_parameter_{name}", outcomes())


def test_几个参数文件的错误一起报(tmp_path, agrees):
    for name, text in PARAMETERS.items():
        (tmp_path / f"{name}.yaml").write_text(text.replace("title:", "titel:"), encoding="utf-8")
    (tmp_path / "空.yaml").write_text("", encoding="utf-8")
    (tmp_path / "别名.yaml").write_text(PARAMETERS["decimal"], encoding="utf-8")
    found = told(lambda: load_parameter_folder(tmp_path))
    agrees("faults_parameters_together", {"一起": [found[0].replace(tmp_path.name, "参数夹"), *found[1:]]})


WRITTEN = {
    "文字": "一", "引号里的数": '"1"', "整数": "12", "负整数": "-3", "小数": "1.5", "真": "true", "空": "null", "波浪": "~",
    "列表": "[一, 二]", "空列表": "[]", "重复的列表": "[一, 二, 一]", "带数的列表": "[一, 3]", "映射": "{a: b}",
    "首尾空格": '" 一"', "空串": '""', "十进制": '"12.50"', "负十进制": '"-0.5"', "零": '"0"', "长文字": "字" * 31,
    "三十字": "字" * 30, "十八位": "9" * 18, "十九位": "9" * 19, "无穷": ".inf", "科学": "1e3", "FALSE": "FALSE",
}  # fmt: skip
ASKED = {
    "text": lambda n: n.text(), "texts": lambda n: n.texts(), "texts空": lambda n: n.texts(allow_empty=True),
    "integer": lambda n: n.integer(), "integer起": lambda n: n.integer(minimum=13), "truth": lambda n: n.truth(),
    "decimal": lambda n: str(n.decimal_text()), "decimal正": lambda n: str(n.decimal_text(positive=True)),
    "sequence": lambda n: [m.path for m in n.sequence()], "sequence空": lambda n: len(n.sequence(allow_empty=True)),
    "mapping": lambda n: sorted(n.mapping(("a",), ("c",))), "entries": lambda n: [k for k, _ in n.entries()],
}  # fmt: skip


def test_每一种写法照每一种类型去读(agrees):
    def outcomes():
        for asked, ask in ASKED.items():
            for name, written in WRITTEN.items():
                faults = Faults("例.yaml")
                root = parse_yaml(f"# 说明\n甲:\n  - v: {written}\n", faults)
                value = ask(root.mapping(("甲",))["甲"].sequence()[0].mapping(("v",))["v"])
                yield f"{asked} {name}", [value, *faults.sentences]

    agrees("yaml_values", outcomes())


def test_整份读不了的与键不对的(agrees):
    texts = {
        "空": "", "只有说明": "# 无\n", "引号没有收": '甲: "\n', "缩进": "甲: 一\n 乙: 二: 三\n", "两份": "甲: 一\n---\n乙: 二\n---\n丙: 三\n",
        "引用": "甲: &a 一\n乙: *a\n", "标签": "甲: 一\n乙: !!str 1\n", "列表的标签": "甲: !!seq [1]\n", "引用的列表": "甲: &a [一]\n",
        "三十层": "[" * 30 + "]" * 30, "三十一层": "\n" + "[" * 31 + "]" * 31, "先深后浅": "甲: [[一], [二], [三]]\n",
        "重复的键": "甲: 一\n乙: 二\n甲: 三\n", "数作键": "1: 四\n甲: 一\n", "列表作键": "甲: 一\n[丁]: 五\n", "不认识的键": "甲: 一\n戊: 六\n",
        "不是映射": "- 一\n", "控制字符": "甲: \x00",
    }  # fmt: skip
    found = {}
    for name, text in texts.items():
        faults = Faults("例.yaml")
        members = parse_yaml(text, faults).mapping(("甲",), ("乙",))
        found[name] = [{key: [node.path, node.line] for key, node in members.items()}, *faults.sentences]
    agrees("yaml_documents", found)


def test_嵌套里的错误写明路径_关了的层不算(agrees):
    depth = {
        "三十层里关过一层": "甲: " + "[" * 19 + "[], " + "[" * 10 + "]" * 29,
        "三十一层里关过一层": "甲: " + "[" * 19 + "[], " + "[" * 11 + "]" * 30,
        "关过很多层": "甲: [" + "[], " * 40 + "[一]]",
        "关过很多层又太深": "甲: [" + "[], " * 40 + "[" * 30 + "]" * 30 + "]",
    }
    found = {}
    for name, text in depth.items():
        faults = Faults("例.yaml")
        parse_yaml(text, faults)
        found[name] = list(faults.sentences)
    faults = Faults("例.yaml")
    inner = parse_yaml('甲:\n  a: "1"\n  a: "2"\n  3: x\n  c: x\n', faults).mapping(("甲",))["甲"].mapping(("a", "b"))
    found["里层"] = [sorted(inner), *faults.sentences]
    root = parse_yaml("甲: [", Faults("例.yaml"))
    found["读不了的根"] = [root.path, root.line, root.faults.source]
    root = parse_yaml("甲: &a 1", Faults("例.yaml"))
    found["不许的根"] = [root.path, root.line, root.faults.source]
    agrees("yaml_nesting", found)
