"""The steps of a score sheet before the total: values used, self points, base points, bonus, lines; each writes its ledger line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from scoring_rules import basis
from scoring_rules.applicability import Maxima, scored_criteria
from scoring_rules.base_points import Adjustment, Base, base_points
from scoring_rules.case_data import Case
from scoring_rules.counted import counted, regainable
from scoring_rules.credibility import Credibility, Sampled, adjustment_factor, factor_bounds
from scoring_rules.intervals import Interval
from scoring_rules.ledger import Ledger
from scoring_rules.parameters import Parameter
from scoring_rules.rectification import carried_by_verification, deduction, rectified_criterion
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import Line, exact_or_none

# The parameters a score rests on, each printed in the ledger; hints (review margin, alert) change nothing.
USED_PARAMETERS = ("credibility_tolerance", "total_points_cap", "bonus_in_grade", "points_decimals")
# Printed only where the reading that needs it is chosen.
PER_PROBLEM = "rectification_points_per_problem"


def settings_of(
    ledger: Ledger, scheme: Scheme, case: Case, parameters: Mapping[str, Parameter], as_of: date
) -> dict[str, str]:
    """The values used, by parameter id; printed with where each comes from. One nobody has fixed is left out.

    What the office has decided counts before what the case file puts instead, and that before the shipped value.
    """
    settings: dict[str, str] = {}
    printed: dict[str, Any] = {}
    acts = {term.parameter: term.act for term in scheme.terms if term.kind == "number" and term.act is not None}
    needed = (PER_PROBLEM,) if scheme.term("rectification_deduction") == "per_problem" else ()
    for name in (*USED_PARAMETERS, *needed):
        if name not in parameters:
            continue
        dated = parameters[name].at(as_of)
        value, reference = dated.value, dated.reference
        if name in case.overrides:
            value, reference = case.overrides[name], "案卷改写"
        if name in acts:
            value, reference = acts[name].value, f"{acts[name].by}，{acts[name].on.isoformat()}，{acts[name].document}"
        if value is not None:
            settings[name] = value
        printed[name] = {
            "title": parameters[name].title,
            "value": value,
            "status": parameters[name].status,
            "reference": reference,
        }
    ledger.add("parameters", basis.PARAMETERS, {"overrides": dict(case.overrides), "as_of": as_of.isoformat()}, printed)
    return settings


def counted_case(ledger: Ledger, scheme: Scheme, case: Case) -> Case:
    """The case as it is computed with; what the desk review and late events come to is said in the ledger."""
    effective = counted(case, scheme)
    if case.desk:
        found = {key: exact_text(points) for key, points in case.desk.items()}
        used = [key for key in case.desk if key in effective.verified and key not in case.verified]
        ledger.add("desk_review", scheme.basis("desk_review"), found, {"counted": used})
    if case.late_events:
        added = [key for key in case.late_events if effective.annex1[key] != case.annex1[key]]
        ledger.add("late_events", scheme.basis("late_events"), list(case.late_events), {"triggered": added})
    return effective


def self_points_of(ledger: Ledger, scheme: Scheme, case: Case, limits: Maxima) -> dict[str, Fraction]:
    """Self points by criterion."""
    own = {criterion.id: case.self_of(criterion) for criterion in scored_criteria(scheme)}
    if case.not_applicable:
        touched = [c for c in scored_criteria(scheme) if any(item.id in case.not_applicable for item in c.items)]
        shares = {item.id: exact_text(limits.items[item.id]) for c in touched for item in c.items}
        result: dict[str, Any] = {"full": exact_text(limits.full), "items": shares}
        if limits.granted:
            result["granted"] = {name: exact_text(points) for name, points in limits.granted.items()}
        moved = not scheme.departs("not_applicable_points")
        ledger.add(
            "not_applicable",
            basis.NOT_APPLICABLE if moved else scheme.basis("not_applicable_points"),
            list(case.not_applicable),
            result,
        )
    by_criterion = {key: exact_text(value) for key, value in own.items()}
    ledger.add(
        "self_points",
        basis.sentence(scheme.sentences, "full_points"),
        by_criterion,
        exact_text(sum(own.values(), Fraction(0))),
    )
    return own


def base_of(
    ledger: Ledger,
    scheme: Scheme,
    case: Case,
    own: Mapping[str, Fraction],
    sample: Sequence[Sampled],
    check: Credibility,
    settings: Mapping[str, str],
    limits: Maxima,
    cited: Mapping[str, Sequence[str]],
) -> Base:
    """Base points before scaling, without what is granted for items that do not apply."""
    tolerance = Fraction(settings["credibility_tolerance"])
    formula, adjusts = scheme.term("credibility_formula") or "", scheme.term("credibility_adjusts") or ""
    rows = [
        {"id": s.id, "self": exact_text(s.self_points), "verified": exact_text(s.low) if s.checked else None}
        for s in sample
    ]
    found = cited_ids(cited, list(dict.fromkeys(s.criterion_id for s in sample)))
    ledger.add("sample", basis.sentence(scheme.sentences, "sample"), rows, {"state": check.state}, found)
    value = None if check.value is None else str(check.value)
    bounds = [str(check.low), None if check.high is None else str(check.high)]
    formula_basis = scheme.basis("credibility_formula") if scheme.departs("credibility_formula") else basis.CREDIBILITY
    ledger.add("credibility", formula_basis, rows, {"value": value, "bounds": bounds})
    by_problem = scheme.term("rectification_deduction") == "per_problem"
    size = deduction(case, scheme, limits, Fraction(settings[PER_PROBLEM]) if by_problem else None)
    rectified = rectified_criterion(scheme)
    carried = carried_by_verification(case, scheme)
    adjustment, gains = Adjustment.of(formula, adjusts), regainable(case, scheme, sample)
    base = base_points(own, sample, check, tolerance, Fraction(0) if carried else size, rectified, adjustment, gains)
    inputs = {"credibility": value, "tolerance": exact_text(tolerance)}
    if scheme.departs("credibility_adjusts"):
        inputs["adjusts"] = scheme.words("credibility_adjusts")
    if base.lines is None or check.value is None:
        ledger.add("adjustment", basis.UNSETTLED, inputs, ends(base.interval))
    else:
        factor = adjustment_factor(check.value, tolerance)
        before = sum(adjustment.lines(own, sample, factor).values(), Fraction(0))
        sentence = basis.sentence(scheme.sentences, "accepted" if factor == 1 else "adjusted")
        ledger.add("adjustment", sentence, inputs, {"factor": str(factor), "points": exact_text(before)})
    if case.recheck:
        rechecked = {key: exact_text(points) for key, points in case.recheck.items()}
        back = {key: exact_text(points) for key, points in base.regained.items()}
        ledger.add("recheck", scheme.basis("recheck_points"), rechecked, {"regained": back})
    if case.rectification is not None:
        counts: dict[str, Any] = {"due": case.rectification.due, "unrectified": case.rectification.unrectified}
        if by_problem:
            counts["points_per_problem"] = settings[PER_PROBLEM]
        size_basis = scheme.basis("rectification_deduction") if by_problem else basis.RECTIFICATION_SIZE
        ledger.add("rectification_size", size_basis, counts, exact_text(size))
        result = {"deducted": "0" if carried else exact_or_none(base.deducted), "base": ends(base.interval)}
        ledger.add(
            "rectification",
            basis.sentence(scheme.sentences, "rectification"),
            {"size": exact_text(size), "carried_by_verification": carried},
            result,
            cited_ids(cited, [rectified]),
        )
    return base


def bonus_of(
    ledger: Ledger,
    scheme: Scheme,
    case: Case,
    check: Credibility,
    tolerance: Fraction,
    cited: Mapping[str, Sequence[str]],
) -> Interval:
    """The bonus that counts: what was awarded, times the factor of the self points where the office reads it so (R3)."""
    bonus = Interval(Fraction(0), scheme.bonus_cap) if case.awarded is None else Interval.exactly(case.awarded)
    stated: dict[str, Any] = {"claimed": exact_or_none(case.claimed), "awarded": exact_or_none(case.awarded)}
    words = basis.sentence(scheme.sentences, "bonus")
    if scheme.term("bonus_credibility") == "multiplied":
        factor = factor_bounds(check, tolerance)
        bonus = Interval(bonus.low * factor.low, bonus.high * factor.high)
        stated["factor"] = ends(factor)
        words += scheme.basis("bonus_credibility")
    bonus_ids = [criterion.id for criterion in scheme.criteria if criterion.is_bonus]
    ledger.add("bonus", words, stated, ends(bonus), cited_ids(cited, bonus_ids))
    return bonus


def lines_of(
    scheme: Scheme,
    case: Case,
    own: Mapping[str, Fraction],
    sample: Sequence[Sampled],
    base: Base,
    granted: Mapping[str, Fraction],
    scale: Fraction,
    bonus: Interval,
    changes: Mapping[str, Fraction],
) -> tuple[Line, ...]:
    """Criteria, bonus, and what cap and rounding change. No line is a remainder: that they add up is worth checking."""
    lines: list[Line] = []
    for criterion in scored_criteria(scheme):
        parts = [s for s in sample if s.criterion_id == criterion.id]
        checked = sum((s.low for s in parts), Fraction(0)) if parts and all(s.checked for s in parts) else None
        points = None if base.lines is None else base.lines[criterion.id]
        if points is not None and (scale != 1 or granted[criterion.id]):
            points = (points + granted[criterion.id]) * scale
        lines.append(Line(criterion.id, own[criterion.id], tuple(s.id for s in parts), checked, points))
    bonus_ids = [criterion.id for criterion in scheme.criteria if criterion.is_bonus]
    lines.append(Line(bonus_ids[0], case.claimed, (), None, None if case.awarded is None else bonus.settled))
    lines += [Line(name, None, (), None, points) for name, points in changes.items()]
    return tuple(lines)


def cited_ids(cited: Mapping[str, Sequence[str]], ids: Sequence[str]) -> tuple[str, ...]:
    """The citation ids of those criteria, each once, in order."""
    return tuple(dict.fromkeys(key for name in ids for key in cited.get(name, ())))


def ends(interval: Interval) -> list[str]:
    return [exact_text(interval.low), exact_text(interval.high)]
