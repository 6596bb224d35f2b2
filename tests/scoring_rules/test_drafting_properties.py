"""初评：少一个事实、次序不同、重复一遍，都不会悄悄得分或失分；区间总在零与满分之间。"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from scoring_rules.drafting import draft
from scoring_rules.observations import ItemInput, Observation
from scoring_rules.open_terms import Act
from scoring_rules.parameters import load_parameters, with_parameter_acts


def confirmed():
    acts = [
        Act(p.id, dated.value or "50", "督导办（演示）", date(2019, 4, 1), "演示文件")
        for p in load_parameters().values()
        for dated in (p.values if p.status in ("sourced", "unset") else ())
    ]
    return with_parameter_acts(load_parameters(), acts)


CONFIRMED = confirmed()


def district(scheme, seed):
    """Figures of a district for every metric the rules look at, good and bad by chance, spread over the items by chance."""
    rng = Random(seed)
    observations = {}
    for rule in scheme.rules:
        for check in rule.checks:
            due = rng.randint(1, 9)
            values = [rng.randint(0, due), due] if len(check.metrics) == 2 else [rng.choice([0, 2, 50, 90, 96, 100])]
            if check.operator == "years_since_at_most":
                values = [rng.randint(2013, 2018)]
            for metric, value in zip(check.metrics, values, strict=True):
                unit = check.units[0].replace("纯数", "")
                key = (metric, check.scope or "全区")
                observations.setdefault(
                    key, Observation(metric, Decimal(value), unit, 2018, key[1], f"{metric}{key[1]}")
                )
    inputs = {}
    for rule in scheme.rules:
        wanted = {metric for check in rule.checks for metric in check.all_metrics}
        mine = tuple(o for o in observations.values() if o.metric in wanted)
        inputs[rule.item_id] = ItemInput(rule.item_id, mine, frozenset(), "found")
    return inputs


def points_of(scheme, inputs):
    made = draft(scheme, inputs, data_year=2018, parameters=CONFIRMED)
    return {f.item_id: f for c in made.criteria for f in c.items}, made


@pytest.mark.parametrize("seed", range(6))
def test_次序与重复不改变初评(scheme, seed):
    rng = Random(seed)
    inputs = district(scheme, seed)
    _, wanted = points_of(scheme, inputs)
    turned = {}
    for item in rng.sample(sorted(inputs), len(inputs)):
        seen = [*inputs[item].observations, *inputs[item].observations[:2]]
        turned[item] = replace(inputs[item], observations=tuple(rng.sample(seen, len(seen))))
    assert points_of(scheme, turned)[1] == wanted


@pytest.mark.parametrize("seed", range(6))
def test_各级之和_零与满分之间(scheme, seed):
    findings, made = points_of(scheme, district(scheme, seed))
    for criterion in made.criteria:
        low, high = criterion.points
        assert 0 <= low <= high <= criterion.maximum
        assert (low, high) == tuple(sum(f.points[end] for f in criterion.items) for end in (0, 1))
        for finding in criterion.items:
            assert 0 <= finding.points[0] <= finding.points[1] <= scheme.share(finding.item_id)
    scored = [c for c in made.criteria if c.id != "B21"]
    assert made.points == tuple(sum(c.points[end] for c in scored) for end in (0, 1))
    assert {f.status for f in findings.values()} >= {"met", "not_met", "needs_reviewer"}


@pytest.mark.parametrize("seed", range(3))
def test_少任何一个事实_区间只会变宽(scheme, seed):
    inputs = district(scheme, seed)
    before, _ = points_of(scheme, inputs)
    metrics = sorted({o.metric for given in inputs.values() for o in given.observations})
    assert len(metrics) > 50
    widened = 0
    for metric in metrics:
        less = {
            item: replace(given, observations=tuple(o for o in given.observations if o.metric != metric))
            for item, given in inputs.items()
        }
        after, _ = points_of(scheme, less)
        for item, finding in after.items():
            low, high = before[item].points
            assert finding.points[0] <= low <= high <= finding.points[1], (metric, item)
            if finding.points != before[item].points:
                widened += 1
                assert finding.status == "needs_reviewer"
                assert any("没有找到" in reason for reason in finding.reasons), (metric, item)
    assert widened > 10


@pytest.mark.parametrize("state", ["missing", "out_of_period", "unreadable", "partly"])
def test_没有材料的要点_整个区间_不作零分(scheme, state):
    bare = {item.id: ItemInput(item.id, (), frozenset(), state) for item in scheme.items}
    findings, made = points_of(scheme, bare)
    for item in scheme.items:
        if item.id != "B21":
            assert findings[item.id].points == (0, scheme.share(item.id))
            assert findings[item.id].status == ("no_evidence" if state == "missing" else "needs_reviewer")
    assert made.points == (0, 1000)
