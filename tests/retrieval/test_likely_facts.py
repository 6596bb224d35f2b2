"""规则没有读出的数：按周围的词判断是哪个指标；说不准的、目标、别人定的、分别列出的都不读。"""

from __future__ import annotations

import numpy as np
import pytest

from retrieval.facts import extract_facts
from retrieval.likely_metrics import SIGNALS, LikelyMetrics, Surroundings, likely_metrics
from retrieval.metrics import load_metrics
from retrieval.numbers import find_numbers, plain

METRICS = load_metrics()


def read(text: str, context: str = "清源县2018年教育工作情况") -> set[tuple[str, str, int | None, str]]:
    facts = extract_facts(text, METRICS, default_year=2018, context=context, district="清源县")
    return {(fact.metric, plain(fact.value), fact.year, fact.scope) for fact in facts}


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("县政府常务会议全年6次听取教育工作专题汇报。", ("standing_meetings", "6", 2018, "全区")),
        ("教育督导经费今年安排92万元。", ("inspection_budget", "920000", 2018, "全区")),
        ("学生与教职工之比，小学18.6：1，初中13.1：1。", ("junior_pupils_per_staff", "13.1", 2018, "全区")),
    ],
)
def test_别的写法也读得出(text: str, fact: tuple[str, str, int | None, str]) -> None:
    assert fact in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "县政府常务会议每年应至少6次听取教育工作专题汇报。",
        "省定标准为：学生与教职工之比，小学19：1，初中13.5：1。",
        "教育督导经费明年预算安排92万元。",
        "全县有校车132辆，驾驶员156人，线路88条。",
        "食堂从业人员持证上岗率98%。",
        "全年受理师德投诉18件，查实2件，均已处理。",
        "按月用款，执行率96.6%。",
        "普惠率高于全市平均水平85%的要求。",
        "差异系数情况见表2。",
    ],
)
def test_要求_别人定的_打算的_别的事都不读(text: str) -> None:
    assert read(text) == set()


def test_规则读了的指标不再猜_一句里一个指标只猜一处() -> None:
    facts = read("县政府常务会议研究教育工作4次，县委教育工作领导小组开会3次。")
    assert {fact for fact in facts if fact[0] == "standing_meetings"} == {("standing_meetings", "4", 2018, "全区")}


def test_分别列出的值归谁说不清就不猜() -> None:
    assert read("三个片区普惠率分别为82.1%、79.4%、88.0%。") == set()


def test_引的一处是句中原文且含数值() -> None:
    text = "经费方面，教育督导经费今年安排92万元，专款专用。"
    (fact,) = extract_facts(text, METRICS, default_year=2018, context="", district="清源县")
    assert text[fact.start : fact.end] == "教育督导经费今年安排92万元"


def test_没有一个词相同就没有指标_单位和范围先要合() -> None:
    likely = likely_metrics(METRICS)
    for text in ("天气晴朗，气温31人。", "教育督导经费92%。"):
        (number,) = find_numbers(text)
        candidates, signals = likely.signals(number, [], Surroundings(text, "", ""))
        assert signals.shape == (len(candidates), len(SIGNALS))
        assert "inspection_budget" not in {metric.id for metric in candidates}
    text = "天气晴朗，气温31人。"
    assert likely.best(find_numbers(text)[0], [], Surroundings(text, "", "")) is None


def test_权重决定结果() -> None:
    text = "教育督导经费今年安排92万元"
    (number,) = find_numbers(text)
    flat = LikelyMetrics(METRICS.by_id.values(), np.zeros(len(SIGNALS)), 0.0)
    assert flat.best(number, [], Surroundings(text, "", ""))[1] == 0.5  # type: ignore[index]
    metric, probability = likely_metrics(METRICS).best(number, [], Surroundings(text, "", "")) or (None, 0.0)
    assert metric is not None
    assert (metric.id, probability > 0.9) == ("inspection_budget", True)
