"""一段文字对一个要点：支撑、相反、仅提及、年度不符，每个判断都有理由和出处。"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from retrieval.facts import Fact, extract_facts
from retrieval.metrics import load_metrics
from retrieval.verdict_names import higher_is_bad, names_of_items
from retrieval.verdicts import Judged, PassageReading
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme

SCHEME, METRICS = load_scheme(), load_metrics()
NAMES, INVERSE = names_of_items(SCHEME, load_catalogue()), higher_is_bad(SCHEME)


def judge(text: str, item: str, *, is_strong: bool = True, year: int | None = 2018, **more: Any) -> Judged:
    facts = extract_facts(text, METRICS, default_year=year)
    reading = PassageReading(
        text, data_year=2018, document_year=year, facts=facts, items_of_facts=[METRICS.by_id[f.metric].item for f in facts],
        names=NAMES, higher_is_bad=INVERSE, **more,
    )  # fmt: skip
    return reading.judge(item, is_strong=is_strong)


def test_有数据年度的数就支撑_理由引用原文() -> None:
    text = "2018年，全区普惠率为86.5%。"
    found = judge(text, "B5-5")
    assert found.verdict == "supports"
    (reason,) = found.reasons
    assert reason.rule == "fact"
    assert text[reason.start : reason.end] == "普惠率为86.5%"
    assert "86.5%" in reason.sentence


@pytest.mark.parametrize(("year", "verdict"), [(2018, "supports"), (2017, "out_of_period"), (None, "supports")])
def test_数据自己没有写年_随材料的年度(year: int | None, verdict: str) -> None:
    assert judge("全区普惠率为86.5%。", "B5-5", year=year).verdict == verdict


def test_材料是往年的_数据写明数据年度_算支撑() -> None:
    assert judge("2018年普惠率为86.5%。", "B5-5", year=2017).verdict == "supports"


def test_往年的材料说数据年度的安排_不算数据年度做到了() -> None:
    found = judge("会议同意将两宗教育用地列入2018年土地供应计划，由区自然资源局办理手续。", "B11-1", year=2017)
    assert found.verdict == "out_of_period"
    assert "2017 年" in found.reasons[0].sentence
    assert judge("会议同意将两宗教育用地列入2018年土地供应计划。", "B11-1").verdict == "supports"
    assert judge("2018年新增教育用地两宗。", "B11-1", year=2017).verdict == "supports"


def test_同一段里别的要点的欠缺不算到这个要点() -> None:
    text = "2018年普惠率为86.5%。教师编制缺口35名，空编尚未补充。"
    assert judge(text, "B5-5").verdict == "supports"
    assert judge(text, "B16-1").verdict == "contradicts"


def test_没有写年的句子_材料也不知年度_支撑但请核对() -> None:
    found = judge("责任督学挂牌督导实现全覆盖。", "B15-3", year=None)
    assert found.verdict == "supports"
    assert [reason.rule for reason in found.reasons] == ["states", "year_unknown"]


def test_计划和要求只算提及() -> None:
    assert judge("力争2022年通过优质均衡验收。", "B6-7").reasons[0].rule == "planned"
    assert judge("各校应当建立师德考核制度。", "B16-6").reasons[0].rule == "demanded"


def test_表格行里的数只说明自己那一格() -> None:
    row = "专业：中餐烹饪；在校生（人）：288；是否匹配：否"
    at = row.index("288")
    fact = Fact("students", Decimal(288), "人", 2018, "中餐烹饪", at, at + 3)
    reading = PassageReading(
        row, data_year=2018, document_year=2018, facts=[fact], items_of_facts=["B13-1"], names=NAMES
    )
    assert reading.judge("B13-1", is_strong=False).verdict == "supports"
    assert reading.judge("B8-3").verdict == "contradicts"


def test_往年的欠缺不算相反() -> None:
    assert judge("2016年，教师编制缺口35名。", "B16-1").verdict == "out_of_period"


def test_自评材料不能证明自己() -> None:
    assert judge("2018年普惠率为86.5%。", "B5-5", is_claim=True).verdict == "mentions"


def test_顺带提到的只算提及_除非这一句就说没做到() -> None:
    passing = "学校与责任督学挂牌督导相结合。"
    assert judge(passing, "B15-3", is_strong=False).verdict == "mentions"
    assert judge("责任督学挂牌督导尚未全覆盖。", "B15-3", is_strong=False).verdict == "contradicts"
    elsewhere = "责任督学挂牌督导正常开展。教师编制缺口35名。"
    assert judge(elsewhere, "B15-3", is_strong=False).verdict == "mentions"


def test_出处按页面计() -> None:
    text = "责任督学挂牌督导尚未全覆盖。"
    (reason,) = judge(text, "B15-3", offset=100).reasons
    assert (reason.start, reason.end) == (100, 113)
    assert reason.stored() == ["lacking", reason.sentence, 100, 113]


def test_越小越好的要点来自方案的上限() -> None:
    assert "B6-5" in INVERSE
    assert "B5-5" not in INVERSE
