"""案卷与读法文件里每一处各种写坏的办法，读的人说什么，逐字核对（golden/faults_case*.json、faults_*terms.json …）。"""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from fractions import Fraction

import pytest

from scoring_rules.case import load_case, load_case_file
from scoring_rules.case_acts import act_refusal
from scoring_rules.case_errors import CaseError
from scoring_rules.open_terms import Act, OpenTerm, unsettled
from scoring_rules.parameters import load_parameters
from scoring_rules.plain_data import from_data, to_data
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.scheme_readings import divided_criteria, read_rules, read_terms, read_weights
from scoring_rules.yaml_source import Faults, parse_yaml

ACT = {"by": "督导办", "on": "2019-05-06", "document": "演示〔2019〕3号"}


def told(data):
    """The case as it is read, or the faults of its file."""
    try:
        return load_case(data if isinstance(data, str) else json.dumps(data, ensure_ascii=False), "案.yaml").to_inputs()
    except CaseError as error:
        return list(error.faults)


def different(content, plain):
    """The members of a case that are not those of the good one."""
    if isinstance(content, dict) and isinstance(plain, dict):
        return {key: different(content[key], plain.get(key)) for key in content if content[key] != plain.get(key)}
    return content


def recheck_of(change):
    """Where the verified points are others, none of those of the good case can have been checked again."""
    return {"recheck": {}} if "verified" in change else {}


@pytest.fixture
def whole(case_data):
    """A case with every section there is; few members each, so that every place can be spoilt."""
    return case_data(
        own={"B15": None, "B15-1": "10", "B15-2": "10", "B15-3": "9", "B15-4": "8.5", "B7": None, "B14": "240"},
        not_applicable=["B7", "B14-4"],
        verified={"B1": "58", "B15-4": "8", "B2": None},
        bonus={"claimed": "12", "awarded": "8"},
        rectification={"due": 6, "unrectified": 2},
        parameters={"credibility_tolerance": "0.95"},
        acts=[{"target": "ties", "value": "base_points", **ACT}],
        desk={"B3": "9"},
        recheck={"B1": "59"},
        late_events=["3"],
        zone=True,
    )


def test_案卷每一处写坏(whole, corrupted, agrees):
    plain = told(whole)
    assert isinstance(plain, dict)

    def outcomes():
        yield "原样", plain
        small = {key: value for key, value in whole.items() if key != "self"}
        for what, text in corrupted(small):
            yield what, different(told({**json.loads(text), "self": whole["self"]}), plain)
        some = ("B1", "B15-1", "B15-4")
        rest = {key: value for key, value in whole["self"].items() if key not in some}
        for what, text in corrupted({"self": {key: whole["self"][key] for key in some}}):
            spoilt = json.loads(text).get("self")
            own = {**rest, **spoilt} if isinstance(spoilt, dict) else spoilt
            yield what, different(told({**whole, "self": own}), plain)
        yield "self 不写", told(small)

    agrees("faults_case", outcomes())


def test_案卷各段之间不相容的(whole, agrees):
    changes = {
        "别的方案": {"scheme": "2018"}, "年度太早": {"cycle": 2018}, "年度太晚": {"cycle": 2100}, "最晚的年度": {"cycle": 2099},
        "最早的年度": {"cycle": 2019}, "名称四十字": {"district": "字" * 40}, "名称太长": {"district": "字" * 41},
        "名称有换行": {"district": "甲\n区"}, "全部不适用": {"not_applicable": [f"B{n}" for n in range(1, 21)]},
        "加分不能不适用": {"not_applicable": ["B21"]}, "没有的编号": {"not_applicable": ["B99", "B5-9"]},
        "不适用的还有分": {"not_applicable": ["B7", "B1"]}, "不适用的写零": {"not_applicable": ["B7"], "self": {**whole["self"], "B7": "0"}},
        "不适用的写一分": {"self": {**whole["self"], "B7": "1"}}, "不适用的核查": {"verified": {"B7": "1", "B14-4": None}},
        "自评缺要点": {"self": {k: v for k, v in whole["self"].items() if k not in ("B15-2", "B15-3")}},
        "自评缺指标": {"self": {k: v for k, v in whole["self"].items() if k not in ("B3", "B4")}},
        "自评两种写法": {"self": {**whole["self"], "B15": "30"}}, "自评有加分": {"self": {**whole["self"], "B21": "5"}},
        "自评超过": {"self": {**whole["self"], "B1": "60.01", "B15-1": "10.01", "B5": "-1"}},
        "自评恰满": {"self": {**whole["self"], "B1": "60.00", "B15-1": "10.00"}},
        "份额写不尽": {"self": {**{k: v for k, v in whole["self"].items() if k != "B16"}, **{f"B16-{n}": "11.67" for n in range(1, 7)}}},
        "核查没有可比": {"verified": {"B16-1": "5", "B16-2": None}}, "自评满分可比": {"verified": {"B16-1": "5"}, "self": {**whole["self"], "B16": "70"}},
        "自评部分不可比": {"verified": {"B16-1": "5"}, "self": {**whole["self"], "B16": "60"}},
        "自评零分可比": {"verified": {"B16-1": "5"}, "self": {**whole["self"], "B16": "0"}},
        "全部要点都核查": {"verified": {f"B16-{n}": "5" for n in range(1, 7)}, "self": {**whole["self"], "B16": "60"}},
        "核查引号里是空的": {"verified": {"B1": ""}}, "核查超过": {"verified": {"B1": "61", "B15-4": "11"}},
        "核查两种写法": {"verified": {"B15": "3", "B15-4": "3"}}, "加分超过": {"bonus": {"claimed": "20.01", "awarded": "20.01"}},
        "加分恰满": {"bonus": {"claimed": "20", "awarded": "20"}}, "加分为负": {"bonus": {"claimed": "-0.01"}}, "加分留空": {"bonus": {"claimed": "", "awarded": None}},
        "加分多写": {"bonus": {"given": "1"}}, "附件词不对": {"annex1": {**whole["annex1"], "3": "yes"}},
        "附件缺一条": {"annex1": dict.fromkeys("12345", "unknown")}, "附件多一条": {"annex1": {**whole["annex1"], "7": "unknown"}},
        "附件写真假": {"annex1": {**whole["annex1"], "3": True}}, "整改多于应改": {"rectification": {"due": 2, "unrectified": 3}},
        "整改恰好": {"rectification": {"due": 2, "unrectified": 2}}, "整改为负": {"rectification": {"due": -1, "unrectified": -2}},
        "整改零": {"rectification": {"due": 0, "unrectified": 0}}, "整改不是数": {"rectification": {"due": "6", "unrectified": 2}},
        "整改要点不适用": {"not_applicable": ["B7", "B15-4"], "verified": {"B1": "58"}, "recheck": {}, "self": {k: v for k, v in whole["self"].items() if k != "B15-4"}},
        "不能改写的参数": {"parameters": {"points_decimals": "3", "puhui_rate_min": "1", "没有": "1"}},
        "参数出界": {"parameters": {"credibility_tolerance": "1.01", "total_points_cap": "0", "bonus_in_grade": "maybe"}},
        "参数不是十进制": {"parameters": {"credibility_tolerance": "一半"}}, "参数没有引号": {"parameters": {"credibility_tolerance": 1}},
        "参数恰在界": {"parameters": {"credibility_tolerance": "1.00", "bonus_in_grade": "no"}},
        "决定的去处不对": {"acts": [{"target": "nowhere", "value": "x", **ACT}]}, "决定的取值不对": {"acts": [{"target": "ties", "value": "x", **ACT}]},
        "决定改原文": {"acts": [{"target": "band_borders", "value": "x", **ACT}]}, "决定出界": {"acts": [{"target": "credibility_tolerance", "value": "2", **ACT}]},
        "决定的日期不对": {"acts": [{"target": "ties", "value": "shared", **ACT, "on": "2019-5-6"}]},
        "权重没有表": {"acts": [{"target": "item_weights", "value": "weight_file", **ACT}]},
        "权重不该有": {"acts": [{"target": "ties", "value": "shared", **ACT, "weights": {"B15-1": "10"}}]},
        "权重": {"acts": [{"target": "item_weights", "value": "weight_file", **ACT, "weights": {"B15": {"B15-1": "10", "B15-2": "10", "B15-3": "10", "B15-4": "10"}}}]},
        "权重平写": {"acts": [{"target": "item_weights", "value": "weight_file", **ACT, "weights": {"B3-1": "4.5", "B3-2": "5.5"}}]},
        "权重平写缺一": {"acts": [{"target": "item_weights", "value": "weight_file", **ACT, "weights": {"B3-1": "10"}}]},
        "权重平写不认识": {"acts": [{"target": "item_weights", "value": "weight_file", **ACT, "weights": {"B3-1": "4.5", "B3-2": "5.5", "B99": "1", "B21": "1"}}]},
        "权重之和不对": {"acts": [{"target": "item_weights", "value": "weight_file", **ACT, "weights": {"B3": {"B3-1": "4", "B3-2": "5"}}}]},
        "权重平写之和不对": {"acts": [{"target": "item_weights", "value": "weight_file", **ACT, "weights": {"B3-1": "4", "B3-2": "5"}}]},
        "权重没有的指标": {"acts": [{"target": "item_weights", "value": "weight_file", **ACT, "weights": {"B99": {"B99-1": "4"}}}]},
        "权重是空的": {"acts": [{"target": "item_weights", "value": "weight_file", **ACT, "weights": {}}]},
        "权重后自评超过": {"acts": [{"target": "item_weights", "value": "weight_file", **ACT, "weights": {"B15": {"B15-1": "9", "B15-2": "10", "B15-3": "10", "B15-4": "11"}}}]},
        "案头不适用": {"desk": {"B7": "1"}}, "案头写法不同": {"desk": {"B15": "30"}}, "案头写法不同二": {"desk": {"B1-1": "3"}}, "案头同一处": {"desk": {"B1": "50", "B15-4": "3"}},
        "案头旁的要点": {"desk": {"B15-1": "3"}}, "案头超过": {"desk": {"B3": "10.01"}}, "案头没有的": {"desk": {"B99": "1"}}, "案头不是数": {"desk": {"B3": "x"}},
        "复查低于核查": {"recheck": {"B1": "57.99"}}, "复查恰等": {"recheck": {"B1": "58"}}, "复查没有核查": {"recheck": {"B2": "5", "B3": "5"}}, "复查超过": {"recheck": {"B1": "60.01", "B15-4": "10"}},
        "后来的事不对": {"late_events": ["7", "x"]}, "后来的事重复": {"late_events": ["3", "3"]}, "后来的事次序": {"late_events": ["6", "1"]}, "后来的事空": {"late_events": []},
        "区不是真假": {"zone": "true"}, "不是功能区": {"zone": False},
    }  # fmt: skip
    plain = told(whole)
    agrees(
        "faults_case_together",
        ((n, different(told({**whole, **recheck_of(change), **change}), plain)) for n, change in changes.items()),
    )


def test_空着的模板段等于没有写(case_data):
    bare = load_case(json.dumps(case_data()))
    written = json.dumps(case_data(), ensure_ascii=False)[:-1]
    for section in ("not_applicable", "rectification", "parameters", "acts", "desk", "recheck", "late_events", "zone"):
        assert load_case(f'{written}, "{section}": }}') == bare, section
        assert load_case(f'{written}, "{section}": null}}') == bare, section


def test_文件读不到_读不懂(tmp_path, agrees, case_data):
    path = tmp_path / "案.yaml"
    found = {}
    for name, content in {
        "没有": None,
        "乱码": "案卷".encode("gb18030"),
        "空": b"",
        "带标记": b"\xef\xbb\xbf" + json.dumps(case_data()).encode(),
    }.items():
        if content is not None:
            path.write_bytes(content)
        try:
            found[name] = load_case_file(path).district
        except CaseError as error:
            found[name] = [error.source, *error.faults]
    agrees("faults_case_file", found)


def test_按给定的方案与参数读(case_data, scheme):
    text = json.dumps(case_data(parameters={"credibility_tolerance": "0.9"}))
    other = dataclasses.replace(scheme, id="2030")
    with pytest.raises(CaseError, match="现在按“2030”核对"):
        load_case(text, scheme=other)
    fewer = {k: p for k, p in load_parameters().items() if k != "credibility_tolerance"}
    with pytest.raises(CaseError, match="不能写参数“credibility_tolerance”"):
        load_case(text, parameters=fewer)
    later = Act("ties", "base_points", "督导办", date(2019, 6, 1), "演示")
    assert load_case(text, acts=[later]).acts == (later,)
    assert act_refusal(later, scheme, load_parameters()) == ""


TERMS = {
    "terms": [
        {"id": "a", "rulings": ["R1", "R2"], "title": "甲", "kind": "choice", "default": "x", "sentence": "原文", "why": "因",
         "alternatives": [{"value": "x", "meaning": "照旧"}, {"value": "y", "meaning": "另算", "implemented": False, "needs": "b"}]},
        {"id": "b", "rulings": ["R3"], "title": "乙", "kind": "number", "parameter": "p", "why": "因"},
        {"id": "c", "rulings": ["R4"], "title": "丙", "kind": "fixed", "default": "就是这样", "why": "因"},
        {"id": "d", "rulings": ["R5"], "title": "丁", "kind": "date", "why": "因"},
    ]
}  # fmt: skip
RULES = {
    "items": [
        {"id": "B1-1", "checks": [
            {"operator": "at_least", "word": "以上", "quote": "两次以上", "metrics": ["m"], "names": ["次数"], "units": ["次"], "parameter": "p",
             "scope": "小学", "parts": {"above": ["a", "b"], "below": "c", "words": "（甲＋乙）÷丙"}, "shows_only": True, "average": True, "term": "t", "term_value": "v"},
            {"operator": "all_done", "word": "所有", "quote": "所有学校", "metrics": ["m", "n"], "names": ["完成", "应完成"], "units": ["所"]}],
         "expert": [{"quote": "取得成效", "reason": "要人看"}]},
        {"id": "B1-2", "expert": [{"quote": "机制健全", "reason": "要人看"}]},
    ]
}  # fmt: skip
WEIGHTS = {"act": ACT, "criteria": {"B1": {"B1-1": "7", "B1-2": "3"}}}
TEXTS = {"B1-1": "每年两次以上，所有学校取得成效。", "B1-2": "机制健全。"}
CRITERIA = {
    "B1": (Fraction(10), ("B1-1", "B1-2")),
    "B2": (Fraction(5), ("B2",)),
}
READERS = {
    "terms": (TERMS, read_terms),
    "rules": (RULES, lambda root: read_rules(root, TEXTS, {"t"})),
    "weights": (WEIGHTS, lambda root: read_weights(root, CRITERIA)),
}


@pytest.mark.parametrize("name", READERS)
def test_读法文件每一处写坏(name, corrupted, agrees):
    good, read = READERS[name]

    def outcome(text):
        faults = Faults(f"{name}.yaml")
        content = to_data(read(parse_yaml(text, faults)))
        return list(faults.sentences) or content

    plain = outcome(json.dumps(good, ensure_ascii=False))

    def outcomes():
        yield "原样", plain
        for what, text in corrupted(good):
            made = outcome(text)
            is_read = not made or not isinstance(made[0], str)
            yield what, ["读得了", sum(a != b for a, b in zip(made, plain, strict=False))] if is_read else made

    agrees(f"faults_{name}", outcomes())


def test_未定的约定说什么(agrees):
    faults = Faults("terms.yaml")
    terms = read_terms(parse_yaml(json.dumps(TERMS, ensure_ascii=False), faults))
    by_id = {term.id: term for term in terms}
    assert not faults
    found = {
        name: to_data(
            [
                t.refusal("x"),
                t.refusal("y"),
                t.refusal("z"),
                t.refusal("2019-03-31"),
                t.words,
                t.value,
                t.is_implemented,
                t.to_json("7"),
            ]
        )
        for name, t in by_id.items()
    }
    found["一项也没有"] = list(unsettled((), {}))
    found["没有数"] = list(unsettled(load_scheme().terms, {}))
    found["数都有"] = list(unsettled(load_scheme().terms, dict.fromkeys(load_parameters(), "1")))
    agrees("open_terms", found)


def test_可以分的二级指标(scheme):
    divided = divided_criteria(scheme)
    assert set(divided) == {c.id for c in scheme.criteria} - {"B21"}
    assert divided["B5"] == (40, tuple(f"B5-{n}" for n in range(1, 7)))
    assert from_data(OpenTerm, to_data(load_scheme().terms[0])) == load_scheme().terms[0]
