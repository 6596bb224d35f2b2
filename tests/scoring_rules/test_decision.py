"""A decision holds all it rests on: it replays to the same bytes anywhere, and any change shows."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from scoring_rules.case_errors import OldLayoutError, OpenCaseError, ReplayError
from scoring_rules.decision import Records, Signature, decide, first_difference, replay_decision, sha256_of
from scoring_rules.ledger import canonical_json
from scoring_rules.panel import settled, spread
from scoring_rules.parameters import DatedValue, load_parameters
from scoring_rules.sampling import School, draw, drawn_criteria, frame

SIGNED = Signature("虚构的主任", "2019-11-22T08:00:00+00:00")
PANEL = {
    "criterion": "B1",
    "points": [{"expert": "甲", "points": "60", "reason": ""}, {"expert": "乙", "points": "59", "reason": "缺一份"}],
    "arbitration": {"by": "丙", "points": "60", "reason": "已补"},
}
DOCUMENTS = [
    {"file": "乙.pdf", "sha256": "b" * 64, "state": "indexed"},
    {"file": "甲.pdf", "sha256": "a" * 64, "state": "partly"},
]


@pytest.fixture
def decided(scheme, case_of):
    def build(records=None, signature=SIGNED, **changes):
        return decide(scheme, case_of(**changes), load_parameters(), records or Records(), signature)

    return build


@pytest.fixture
def full(decided, scheme):
    units = frame(scheme, (), [School("虚构小学", "小学", "城区", "大", "公办")])
    sample = next(s for s in (draw(units, seed) for seed in range(99)) if "B15" not in drawn_criteria(s))
    drawn = drawn_criteria(sample)
    marks = {c.id: str(c.points) for c in scheme.criteria}
    panel = {
        **PANEL,
        "criterion": drawn[0],
        "points": [{"expert": e, "points": marks[drawn[0]], "reason": ""} for e in "甲乙"],
        "arbitration": None,
    }
    records = Records(DOCUMENTS, {drawn[0]: ["p1"], "附件1": ["p2"]}, sample, [panel])
    return decided(records, verified={name: marks[name] for name in drawn}, rectification={"due": 3, "unrectified": 1})


def test_复算得到同样的字节(full):
    stored = json.loads(canonical_json(full))
    assert canonical_json(replay_decision(stored)) == canonical_json(full)
    assert full["signature"] == {"by": "虚构的主任", "at": SIGNED.at, "state": "已签认"}
    assert [d["file"] for d in full["evidence"]["documents"]] == ["乙.pdf", "甲.pdf"]
    assert full["result"]["total_points"] == "996.67"
    assert (full["district"], full["cycle"], full["format"]) == ("演示区", 2019, "edureview-decision-2")
    assert full["citations"] == {full["panel"][0]["criterion"]: ["p1"], "附件1": ["p2"]}
    found = {step["rule"]: step["citations"] for step in full["result"]["ledger"] if step["citations"]}
    assert found == {"sample": ["p1"], "annex1": ["p2"]}
    assert set(full["panel"][0]) == {"criterion", "points", "arbitration", "settled"}


def test_没有签认就是拟定稿(decided):
    assert decided(signature=Signature("", SIGNED.at))["signature"]["state"] == "拟定稿"


def test_参数后来改了也一样(full, monkeypatch):
    changed = {
        name: replace(p, values=(DatedValue(date(2018, 1, 1), "0.5", "后来的文件"),)) if p.kind == "decimal" else p
        for name, p in load_parameters().items()
    }
    for module in ("case", "scoring", "replay"):
        monkeypatch.setattr(f"scoring_rules.{module}.load_parameters", lambda: changed)
    monkeypatch.setattr("scoring_rules.case.load_scheme", lambda year="2019": pytest.fail("the scheme inside counts"))
    replay_decision(full)


def test_只带用到的参数(decided):
    known = load_parameters()
    kept = decided()["parameters"]["values"]
    assert {"credibility_tolerance", "points_decimals", "credibility_alert"} <= set(kept)
    assert "puhui_rate_min" in known
    assert "puhui_rate_min" not in kept


def test_换一个进程也一样(full, tmp_path):
    (tmp_path / "d.json").write_bytes(canonical_json(full))
    code = (
        "import json, sys; from scoring_rules.decision import replay_decision, sha256_of\n"
        "print(sha256_of(replay_decision(json.loads(open(sys.argv[1], 'rb').read()))))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "d.json")],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert shown.stdout.strip() == sha256_of(full)


def _paths(data, path=()):
    """Every path to a leaf of JSON data."""
    members = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    if not members:
        yield path
    for key, member in members:
        yield from _paths(member, (*path, key))


def _changed(data, path):
    changed = copy.deepcopy(data)
    place = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = "改过"
    return changed


def test_结果与摘要改动任何一处都看得出(full):
    parts = ("result", "scheme", "parameters", "evidence", "sample")
    paths = [p for p in _paths(full) if p[0] in parts]
    hashes = [p for p in paths if p[-1] == "sha256" and len(p) == 2]
    assert len(hashes) == 4
    # Every figure of the result itself, and a spread of what stands below it: there are thousands of leaves.
    shown = [p for p in paths if p[0] == "result" and len(p) == 2]
    assert ("result", "total_points") in shown
    for path in [*hashes, *shown, *[p for p in paths if p[0] == "result"][::41], *paths[::97]]:
        with pytest.raises(ReplayError):
            replay_decision(_changed(full, path))


def test_改了案卷里的分(full):
    changed = copy.deepcopy(full)
    changed["case"]["self"]["B2"] = "39"
    with pytest.raises(ReplayError, match=r"从“result"):
        replay_decision(changed)
    changed["case"]["self"]["B2"] = "41"
    with pytest.raises(ReplayError, match="B2 的自评分最高 40 分"):
        replay_decision(changed)


def test_改了专家组认定的分(full):
    changed = copy.deepcopy(full)
    changed["panel"][0]["settled"] = "1"
    with pytest.raises(ReplayError, match=r"从“panel\[0\]\.settled”起不同"):
        replay_decision(changed)


def test_决定里的案卷不能读时说清是哪一份(full):
    changed = copy.deepcopy(full)
    changed["case"]["cycle"] = "2019"
    with pytest.raises(ReplayError, match="决定中的案卷不能读取（决定中的案卷 第 1 行"):
        replay_decision(changed)


def test_只有改写允许的参数才进得去(decided):
    changed = copy.deepcopy(decided())
    changed["case"]["parameters"] = {"credibility_tolerance": "0.9"}
    changed["parameters"]["values"]["credibility_tolerance"]["overridable"] = False
    with pytest.raises(ReplayError, match="案卷里不能写参数"):
        replay_decision(changed)


def test_改了参数的取值(full):
    changed = copy.deepcopy(full)
    changed["parameters"]["values"]["points_decimals"]["values"][-1]["value"] = "1"
    with pytest.raises(ReplayError, match=r"从“parameters\.sha256”起不同"):
        replay_decision(changed)


def test_换掉替补名单(full):
    changed = copy.deepcopy(full)
    changed["sample"]["criteria"][1]["drawn"], changed["sample"]["criteria"][1]["reserve"] = ["B5"], []
    with pytest.raises(ReplayError, match=r"从“sample\.criteria\[1\]"):
        replay_decision(changed)


@pytest.mark.parametrize(
    "stored", [{}, {"format": "x"}, {"format": "edureview-decision-2"}], ids=["空", "别的", "残缺"]
)
def test_不是决定(stored):
    with pytest.raises(ReplayError, match=r"格式应为|不完整"):
        replay_decision(stored)


def _as_before(decision):
    """The decision as the first format held it: without replacements and without the findings on 附件 1."""
    kept = {key: value for key, value in decision.items() if key not in ("replacements", "annex1")}
    return kept | {"format": "edureview-decision-1"}


@pytest.mark.parametrize("number", ["1", "3", "10"])
def test_别的版本存下的决定说明不能复算而不去比较(full, number):
    stored = _as_before(full) if number == "1" else full | {"format": f"edureview-decision-{number}"}
    with pytest.raises(OldLayoutError) as caught:
        replay_decision(stored)
    assert str(caught.value) == (
        f"这份认定决定不能复算：它的格式是 edureview-decision-{number}，本版本的格式是 edureview-decision-2，所带内容不同。"
        "这不表示内容被改动过。请用当时的版本复算，或以本版本重新认定。"
    )
    assert caught.value.reason == f"决定的格式是 edureview-decision-{number}，本版本只复算 edureview-decision-2"


@pytest.mark.parametrize("stored", [{"format": 1}, {"format": None}, {"format": "decision-2"}, {"format": ["x"]}])
def test_不是决定的不说成旧版本(stored):
    with pytest.raises(ReplayError, match="不是本系统的认定决定（格式应为 edureview-decision-2）") as caught:
        replay_decision(stored)
    assert type(caught.value) is ReplayError


@pytest.mark.parametrize("member", ["replacements", "annex1"])
def test_今天的格式缺一项就是不完整(full, member):
    with pytest.raises(ReplayError, match=f"决定的内容不完整（'{member}'）"):
        replay_decision({key: value for key, value in full.items() if key != member})


def test_未决的全部列出(decided):
    with pytest.raises(OpenCaseError) as caught:
        decided(
            bonus={},
            verified={"B1": "60", "B9": None},
            annex1={**dict.fromkeys("123456", "not_triggered"), "4": "unknown"},
        )
    assert len(caught.value.open) == 3
    assert "还有 3 项未决，不能认定。请逐项处理后重试" in str(caught.value)


def _panel(*points, arbitration=None):
    given = [{"expert": str(n), "points": p, "reason": ""} for n, p in enumerate(points)]
    settled_by = None if arbitration is None else {"by": "丙", "points": arbitration, "reason": "理由"}
    return Records(panel=[{"criterion": "B1", "points": given, "arbitration": settled_by}])


@pytest.mark.parametrize(
    ("records", "words"),
    [
        (_panel("60"), "B1 只有 1 位专家打分"),
        (_panel("60", "59"), "B1 专家打分不一致，尚未仲裁"),
        (_panel("59", "59"), "B1 案卷核查分 60 与专家组认定的 59 不一致"),
        (_panel("60", "58", arbitration="59.5"), "与专家组认定的 59.5 不一致"),
    ],
)
def test_专家组与案卷不一致不能认定(decided, records, words):
    with pytest.raises(OpenCaseError, match=words):
        decided(records)


@pytest.mark.parametrize("records", [_panel("60", "60"), _panel("60", "58", arbitration="60")])
def test_专家组已定(decided, records):
    assert decided(records)["panel"][0]["settled"] == "60"


def test_样本与核查分要对得上(decided, scheme):
    units = frame(scheme, (), [])
    sample = next(s for s in (draw(units, seed) for seed in range(99)) if "B14" in drawn_criteria(s))
    (first, *rest) = [s["drawn"][0] for s in sample["criteria"]]
    marks = {c.id: str(c.points) for c in scheme.criteria}
    with pytest.raises(OpenCaseError) as caught:
        decided(Records(sample=sample), verified={first: marks[first]})
    assert len(caught.value.open) == len(rest)
    assert f"抽样抽中了 {rest[0]}，案卷没有它的核查分" in caught.value.open[0]
    items = [item.id for item in scheme.criterion("B14").items]
    verified = {name: marks[name] for name in (first, *rest) if name != "B14"}
    own = {"B14": None, **dict.fromkeys(items, "40")}
    assert decided(Records(sample=sample), own=own, verified=verified | dict.fromkeys(items, "40"))


@pytest.mark.parametrize(
    ("points", "arbitration", "expected"),
    [((), None, None), ((5,), None, None), ((5,), 4, None), ((5, 5), None, 5), ((5, 4), None, None), ((5, 4), 4, 4), ((5, 5), 4, 4), ((3, 5, 5), None, None)],
)  # fmt: skip
def test_专家组认定的分(points, arbitration, expected):
    assert settled(points, arbitration) == expected


def test_分差():
    assert (spread(()), spread((5,)), spread((5, 3, 4))) == (None, None, 2)


@pytest.mark.parametrize(
    ("new", "old", "where"),
    [
        ({"a": 1}, {"a": 1}, ""), ({"a": [1, 2]}, {"a": [1]}, "a[1]"), ({"a": 1}, {"b": 1}, "a"),
        ({"XX": {"X": 1}}, {"XX": {"X": 2}}, "XX.X"), ({"X": 1}, {}, "X"), ({"a": 1}, {"a": [1]}, "a"), ([1], {}, "根"),
        ([1], [1, 2], "[1]"), ({"a": {}}, {"a": []}, "a"),
        ({"a": {"b": [0, {"c": 1}]}}, {"a": {"b": [0, {"c": "1"}]}}, "a.b[1].c"), (1, 2, "根"), (True, 1, "根"),
    ],
)  # fmt: skip
def test_第一处不同(new, old, where):
    assert first_difference(new, old) == where
