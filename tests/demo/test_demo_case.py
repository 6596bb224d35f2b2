"""演示案卷：与自评得分表、自评报告一致，每个一级指标都有抽样，能够计分而等级待认定。"""

from __future__ import annotations

import re
from decimal import Decimal

import yaml

from corpus.demo.sources import DISTRICT, FOLDER
from scoring_rules.case import load_case
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.scoring import score_case
from tests.demo.reading import squeeze, whole_text, xlsx_cells

TEXT = (FOLDER / "案卷.yaml").read_text(encoding="utf-8")
RAW = yaml.safe_load(TEXT)
SELF_ASSESSMENT = FOLDER / DISTRICT / "00 自评"


def test_自评分与得分表逐项相同() -> None:
    shown = xlsx_cells(SELF_ASSESSMENT / "云山区2018年度履行教育职责自评得分表.xlsx")
    rows = {text: cell[1:] for (_, cell), text in shown.items() if re.fullmatch(r"B\d+", text)}
    table = {criterion: shown[("自评得分", f"E{row}")] for criterion, row in rows.items()}
    assert table == RAW["self"]


def test_自评总分与自评报告相同() -> None:
    total = sum(map(Decimal, RAW["self"].values()))
    report = whole_text(SELF_ASSESSMENT / "云山区人民政府2018年度履行教育职责自评报告.pdf")
    assert f"自评总得分{total.normalize():f}分，奖励性指标申请加分{RAW['bonus']['claimed']}分" in squeeze(report)


def test_上年整改数与销号台账相同() -> None:
    ledger = whole_text(FOLDER / DISTRICT / "03 教育保障" / "上年督导反馈问题整改销号台账（2018）.xlsx")
    due, open_ = RAW["rectification"]["due"], RAW["rectification"]["unrectified"]
    assert f"上年督导反馈问题{due}项，已整改销号{due - open_}项" in ledger


def test_每个计分的一级指标都抽到() -> None:
    indicator = {criterion.id: criterion.indicator_id for criterion in load_scheme().criteria}
    assert {indicator[criterion] for criterion in RAW["verified"]} == {"A1", "A2", "A3", "A4", "A5"}


def test_能够计分_附件1第四条未核实时等级待认定() -> None:
    result = score_case(load_scheme(RAW["scheme"]), load_case(TEXT, "案卷.yaml")).to_json()
    assert result["self_points"] == "939.00"
    # (40+36.5+25.5+220+56+10) ÷ (40+38.5+28+236+58+10) = 388 ÷ 410.5
    assert result["credibility"] == "776/821"
    assert result["adjusted"] is True
    # 939 × 776/821 − 10 × 1/8 = 886.28；加分 8
    assert (result["base_points"], result["bonus_points"], result["total_points"]) == ("886.28", "8.00", "894.28")
    assert result["points_grade"] == "良好"
    assert result["annex1"]["unknown"] == ["4"]
    assert result["grade"] == "待认定"
