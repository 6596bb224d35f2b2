"""Sentences of a score sheet: what is open and what to do about it, and what the reader should look at twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from scoring_rules.case_data import Case
from scoring_rules.credibility import Credibility, Sampled
from scoring_rules.downgrade import Annex1
from scoring_rules.grade import band
from scoring_rules.open_terms import unsigned
from scoring_rules.parameters import Parameter
from scoring_rules.rounding import exact_text, published
from scoring_rules.scheme import Scheme


def open_credibility(state: Credibility, sample: Sequence[Sampled]) -> str:
    """Why there is no credibility yet; empty when there is one."""
    if state.state == "not_checked":
        return "没有实地核查分，自评可信度无法计算，总分未定。请完成抽样核查并填写 verified。"
    if state.state == "no_self_points":
        return "抽中的指标自评合计为 0 分，自评可信度没有意义，总分未定。请补充抽样或由市教育督导办认定。"
    if state.state == "unfinished":
        names = "、".join(s.id for s in sample if not s.checked)
        return f"抽中的 {names} 尚未核查完，自评可信度未定，总分未定。请补上核查分。"
    return ""


def open_annex1(annex1: Annex1) -> str:
    """Which conditions have to be settled before the grade can be."""
    return f"附件 1 第{'、'.join(annex1.unknown)}条待核实，认定等级未定。请核实后填写。"


def open_bonus(scheme: Scheme) -> str:
    """That nobody has awarded the bonus yet."""
    ids = "、".join(criterion.id for criterion in scheme.criteria if criterion.is_bonus)
    return f"加分（{ids}）尚未评定，总分未定。请填写市评定的加分（0 至 {exact_text(scheme.bonus_cap)} 分）。"


def credibility_notes(
    value: Fraction, tolerance: Fraction, parameters: Mapping[str, Parameter], as_of: date
) -> list[str]:
    """Hints that change nothing: C near the tolerance, or so low that the self-assessment should be looked into."""
    notes = []
    margin, alert = parameters["credibility_review_margin"].number(as_of), parameters["credibility_alert"].number(as_of)
    if margin is not None and abs(value - tolerance) < margin:
        notes.append(f"可信度 {value} 接近界线 {exact_text(tolerance)}，请两人复核抽样核查分。")
    if alert is not None and value < alert:
        notes.append(
            f"可信度 {value} 低于 {exact_text(alert)}，建议核查自评的真实性；是否属于弄虚作假（附件 1 第 6 条）须由人认定。"
        )
    return notes


def case_notes(case: Case, scheme: Scheme) -> list[str]:
    """What the case file leaves out or says oddly, without being wrong."""
    notes = []
    if case.rectification is None and scheme.rectification_item:
        notes.append(f"案卷没有填写上年问题整改情况，{scheme.rectification_item} 未作扣分。")
    if case.late_events and scheme.term("late_events") == "next_year":
        notes.append(
            f"数据年度之后的事件（附件 1 第{'、'.join(case.late_events)}条）计入下一年度，请登记备查（约定 R14）。"
        )
    if not case.recheck and scheme.term("recheck_points") == "added":
        notes.append("案卷没有填写整改复查分（recheck），没有加回。")
    notes += unsigned(case.overrides, case.acts)
    if case.claimed is not None and case.awarded is not None and case.awarded > case.claimed:
        notes.append(f"评定的加分 {exact_text(case.awarded)} 高于申报的 {exact_text(case.claimed)}，请核对。")
    return notes


def harmless_annex1(annex1: Annex1) -> str:
    """Conditions nobody has settled and nobody needs to, for the grade's sake."""
    return f"附件 1 第{'、'.join(annex1.unknown)}条待核实，但无论结果如何都不改变认定等级。"


def border_notes(scheme: Scheme, exact: Fraction, shown: Fraction, *, by_exact: bool = False) -> list[str]:
    """Warning when rounding moved the points into another band (约定 R8: the published value decides, or the exact one)."""
    exactly, as_shown = band(scheme, exact).name, band(scheme, shown).name
    if exactly == as_shown:
        return []
    return [
        f"得分的精确值 {exact_text(exact)} 属“{exactly}”，公布值 {published(shown)} 属“{as_shown}”，"
        f"按{'精确值' if by_exact else '公布值'}定级（约定 R8），请复核。"
    ]


def bonus_notes(without: str, with_bonus: str) -> list[str]:
    """Hint when the bonus moves the points into another band (约定 R2)."""
    if without == with_bonus:
        return []
    return [f"不含加分为“{without}”，含加分为“{with_bonus}”，请核对加分是否计入等级（约定 R2）。"]
