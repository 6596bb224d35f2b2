"""The draft finding on an item: what the rules can say of it, never more. Points are an interval until an expert signs.

An item has its share of the criterion (约定 R9: equal, or by the weights the office laid down). Where figures decide, the
share is divided equally between the conditions on figures and one part for all else the item asks (约定 R10): a condition
earns its part as far as it is met, and the last part stays open for the expert. One figure missing, unclear or
contradictory opens the whole share. A reference value nobody has confirmed is shown and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from scoring_rules.checks import Outcome, evaluate
from scoring_rules.item_rules import Check, ItemRule
from scoring_rules.observations import ItemInput
from scoring_rules.parameters import Parameter
from scoring_rules.scheme import Item, Scheme

Status = Literal["met", "partly_met", "not_met", "no_evidence", "needs_reviewer", "not_applicable"]
Points = tuple[Fraction, Fraction]

# How many references without a figure are told one by one where there is nothing else to say.
NAMED_REFERENCES = 2

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
    figures : those of the reasons that speak of figures; figure_citations : the citations of each of them, in the same
    order. unconfirmed : a reason rests on a reference value that the
    office has not confirmed (参考标准，待确认); such a value has decided nothing.
    """

    item_id: str
    status: Status
    points: Points
    rule: str
    basis: str
    reasons: tuple[str, ...]
    citations: tuple[str, ...]
    figures: tuple[str, ...] = ()
    unconfirmed: bool = False
    figure_citations: tuple[tuple[str, ...], ...] = ()


def find_item(
    scheme: Scheme,
    item_input: ItemInput,
    *,
    data_year: int,
    parameters: Mapping[str, Parameter],
    share: Fraction | None = None,
    is_late: bool = False,
) -> Finding:
    """The draft finding on an item. Order and repetition of observations are irrelevant.

    share : points of the item when siblings that do not apply have given it theirs; by default the equal share.
    is_late : the deadline has passed and missing evidence earns nothing (see `is_past_deadline`). Raises KeyError for an id the scheme does not have.
    """
    item = scheme.item(item_input.item_id)
    whole = scheme.share(item.id) if share is None else share
    if item_input.not_applicable and scheme.term("not_applicable_points") == "full_points":
        reason = f"本区县不适用，{scheme.words('not_applicable_points')}（约定 R22）"
        return _finding(item, "not_applicable", (whole, whole), "not_applicable", (reason,))
    if item_input.not_applicable:
        reason = "本区县不适用，分值由同一二级指标的其余要点均分（约定 R22）"
        return _finding(item, "not_applicable", (Fraction(0), Fraction(0)), "not_applicable", (reason,))
    if scheme.criterion(item.criterion_id).is_bonus:
        told = ("加分由区县申报、市评定，规则不给分", _ABOUT_EVIDENCE[item_input.evidence_state])
        return _finding(item, "needs_reviewer", (Fraction(0), scheme.bonus_cap), "bonus", told)
    rule = scheme.rule(item.id)
    if is_late and item_input.evidence_state == "missing" and not item_input.observations:
        reason = f"报送截止日（{scheme.term('submission_deadline')}）已过，没有佐证材料，{scheme.words('missing_evidence')}（约定 R21）"
        return _finding(item, "no_evidence", (Fraction(0), Fraction(0)), "overdue", (reason,))
    if rule is not None and rule.checks:
        return _by_figures(scheme, item, rule, item_input, whole, data_year, parameters)
    status: Status = "no_evidence" if item_input.evidence_state == "missing" else "needs_reviewer"
    reasons = (_ABOUT_EVIDENCE[item_input.evidence_state], *_expert_reasons(rule))
    return _finding(item, status, (Fraction(0), whole), "expert", reasons)


def is_past_deadline(scheme: Scheme, as_of: date) -> bool:
    """Whether missing evidence earns nothing any more: the office reads it so, has set a deadline, and it has passed.

    The deadline itself is still in time.
    """
    deadline = scheme.term("submission_deadline")
    if scheme.term("missing_evidence") != "zero_after_deadline" or deadline is None:
        return False
    return as_of > date.fromisoformat(deadline)


def _by_figures(
    scheme: Scheme,
    item: Item,
    rule: ItemRule,
    given: ItemInput,
    whole: Fraction,
    data_year: int,
    parameters: Mapping[str, Parameter],
) -> Finding:
    pairs = [
        (check, evaluate(check, given, data_year=data_year, parameters=parameters, scheme=scheme, share=whole))
        for check in rule.checks
    ]
    deciding = [(check, outcome) for check, outcome in pairs if outcome.state != "reference"]
    # A reference without a figure says nothing, unless there is nothing else to say.
    shown = [outcome for _, outcome in pairs if outcome.state != "reference" or outcome.has_figures]
    silent = [outcome for _, outcome in pairs if outcome not in shown]
    if not deciding and not shown:
        shown = silent[:NAMED_REFERENCES]
    basis = _span(item.text, [check.quote for check, _ in deciding or pairs])
    reasons = [outcome.reason for outcome in shown]
    if not deciding and len(silent) > NAMED_REFERENCES and shown == silent[:NAMED_REFERENCES]:
        reasons.append(f"其余 {len(silent) - NAMED_REFERENCES} 项参考标准也没有找到数")
    citations = tuple(sorted({key for outcome in shown for key in outcome.citations}))
    unconfirmed = any(outcome.unconfirmed for outcome in shown)
    if given.evidence_state != "found":
        reasons.append(_ABOUT_EVIDENCE[given.evidence_state])
    if not deciding or any(outcome.state == "open" for _, outcome in deciding):
        is_empty = given.evidence_state == "missing" and not any(outcome.has_figures for _, outcome in pairs)
        status: Status = "no_evidence" if is_empty else "needs_reviewer"
        points = (Fraction(0), whole)
        rule_id = "figures" if deciding else "reference"
    else:
        status, points = _decided(deciding, whole)
        rule_id = "figures"
        reasons += [f"其余要求“{rest.quote.rstrip('。')}”由专家核定（各部分均分，约定 R10）" for rest in rule.expert]
    told = [outcome for _, outcome in deciding] if points != (Fraction(0), whole) else []
    return Finding(
        item.id,
        status,
        points,
        f"{item.id}.{rule_id}",
        basis,
        tuple(reasons),
        citations,
        tuple(outcome.reason for outcome in told),
        unconfirmed,
        tuple(outcome.citations for outcome in told),
    )


def _decided(deciding: Sequence[tuple[Check, Outcome]], whole: Fraction) -> tuple[Status, Points]:
    """Status and points where every deciding check has a rating.

    The share is divided equally between these checks and one part for the expert. A deduction has no part: it takes its
    portion of the whole share off, down to 0 (约定 R12).
    """
    earned = [outcome.rating for check, outcome in deciding if check.operator != "deducted"]
    kept = [outcome.rating for check, outcome in deciding if check.operator == "deducted"]
    part = whole / (len(earned) + 1)
    lost = sum(((1 - rating) * whole for rating in kept), Fraction(0))
    low = part * sum(earned, Fraction(0))
    high = low + part
    ratings = earned + kept
    status: Status = "met" if all(r == 1 for r in ratings) else "partly_met" if any(ratings) else "not_met"
    return status, (max(low - lost, Fraction(0)), max(high - lost, Fraction(0)))


def _expert_reasons(rule: ItemRule | None) -> list[str]:
    return [f"“{rest.quote.rstrip('。')}”：{rest.reason}" for rest in (rule.expert if rule is not None else ())]


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
