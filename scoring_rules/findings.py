"""The draft finding on one item: what the rules can say of it, never more. Points are an interval until an expert signs.

An item has its equal share of the criterion (约定 R9). Where figures decide, the share is divided equally between the
conditions on figures and one part for all else the item asks (约定 R10): a condition met gives its part, one not met
gives 0, and the last part stays open for the expert. One figure missing, unclear or contradictory opens the whole share.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from scoring_rules.checks import evaluate
from scoring_rules.item_rules import ITEM_RULES, ItemRule
from scoring_rules.observations import ItemInput
from scoring_rules.parameters import Parameter
from scoring_rules.scheme import Item, Scheme

Status = Literal["met", "partly_met", "not_met", "no_evidence", "needs_reviewer", "not_applicable"]
Points = tuple[Fraction, Fraction]

_ABOUT_EVIDENCE = {
    "found": "已找到佐证材料，方案没有可由规则判定的数，由专家核定",
    "partly": "必备材料不全，请补齐后由专家核定",
    "missing": "没有找到佐证材料，请补充；在核定之前不作零分",
    "out_of_period": "材料的年度不符，请补充数据年度的材料",
    "unreadable": "材料读不出文字，请做文字识别或由专家查看原件",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """points : (low, high), both inclusive. rule : ``B5-5.figures``. basis : official words. reasons : Chinese.

    status : met, partly_met, not_met speak of the conditions on figures alone (all, some, none of them met).
    figures : those of the reasons that speak of figures.
    """

    item_id: str
    status: Status
    points: Points
    rule: str
    basis: str
    reasons: tuple[str, ...]
    citations: tuple[str, ...]
    figures: tuple[str, ...] = ()


def find_item(
    scheme: Scheme,
    item_input: ItemInput,
    *,
    data_year: int,
    parameters: Mapping[str, Parameter],
    share: Fraction | None = None,
) -> Finding:
    """The draft finding on an item. Order and repetition of observations are irrelevant.

    share : points of the item when siblings that do not apply have given it theirs; by default the equal share.
    Raises KeyError for an id the scheme does not have.
    """
    item = scheme.item(item_input.item_id)
    whole = scheme.share(item.id) if share is None else share
    if item_input.not_applicable:
        reason = "本区县不适用，分值由同一二级指标的其余要点均分（约定 R22）"
        return _finding(item, "not_applicable", (Fraction(0), Fraction(0)), "not_applicable", (reason,))
    if scheme.criterion(item.criterion_id).is_bonus:
        reasons = ("加分由区县申报、市评定，规则不给分", _ABOUT_EVIDENCE[item_input.evidence_state])
        return _finding(item, "needs_reviewer", (Fraction(0), scheme.bonus_cap), "bonus", reasons)
    rule = ITEM_RULES.get(item.id)
    if rule is not None:
        return _by_figures(item, rule, item_input, whole, data_year, parameters)
    status: Status = "no_evidence" if item_input.evidence_state == "missing" else "needs_reviewer"
    return _finding(item, status, (Fraction(0), whole), "expert", (_ABOUT_EVIDENCE[item_input.evidence_state],))


def _by_figures(
    item: Item,
    rule: ItemRule,
    given: ItemInput,
    whole: Fraction,
    data_year: int,
    parameters: Mapping[str, Parameter],
) -> Finding:
    outcomes = [evaluate(check, given, data_year=data_year, parameters=parameters) for check in rule.checks]
    basis = _span(item.text, [check.basis or parameters[check.parameter].quote for check in rule.checks])
    reasons = [outcome.reason for outcome in outcomes]
    citations = tuple(sorted({key for outcome in outcomes for key in outcome.citations}))
    if given.evidence_state != "found":
        reasons.append(_ABOUT_EVIDENCE[given.evidence_state])
    if any(outcome.state == "open" for outcome in outcomes):
        is_empty = given.evidence_state == "missing" and not any(outcome.has_figures for outcome in outcomes)
        status: Status = "no_evidence" if is_empty else "needs_reviewer"
        return _finding(item, status, (Fraction(0), whole), "figures", tuple(reasons), basis, citations)
    met = sum(outcome.state == "met" for outcome in outcomes)
    part = whole / (len(outcomes) + 1)
    status = "met" if met == len(outcomes) else "partly_met" if met else "not_met"
    reasons.append(f"其余要求“{rule.rest.rstrip('。')}”由专家核定（各部分均分，约定 R10）")
    figures = tuple(outcome.reason for outcome in outcomes)
    points = (part * met, part * (met + 1))
    return Finding(item.id, status, points, f"{item.id}.figures", basis, tuple(reasons), citations, figures)


def _span(text: str, quotes: list[str]) -> str:
    """The official words from the first of `quotes` to the last; all of `text` where one is not a quote of it."""
    starts = [text.find(quote) for quote in quotes]
    if -1 in starts or "" in quotes:
        return text
    return text[min(starts) : max(start + len(quote) for start, quote in zip(starts, quotes, strict=True))]


def _finding(
    item: Item,
    status: Status,
    points: Points,
    rule: str,
    reasons: tuple[str, ...],
    basis: str = "",
    citations: tuple[str, ...] = (),
) -> Finding:
    return Finding(item.id, status, points, f"{item.id}.{rule}", basis or item.text, reasons, citations)
