"""From a case to a score sheet: self points, credibility, rectification, bonus, total, grade, 附件 1; each step in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from scoring_rules import basis, notes
from scoring_rules.applicability import Maxima, scored_criteria
from scoring_rules.base_points import Adjustment, Base, base_points
from scoring_rules.case_data import Case
from scoring_rules.counted import counted, regainable
from scoring_rules.credibility import Credibility, Sampled, adjustment_factor, credibility, factor_bounds, sample_of
from scoring_rules.downgrade import annex1, final_grade, levels_of, outcomes
from scoring_rules.grade import UNSETTLED, band
from scoring_rules.intervals import Interval
from scoring_rules.ledger import Ledger
from scoring_rules.open_terms import printed_terms, unsettled
from scoring_rules.parameters import Parameter, load_parameters
from scoring_rules.rectification import carried_by_verification, deduction, rectified_criterion
from scoring_rules.rounding import exact_text, half_up
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import RANKED_BY, Line, ScoreResult, exact_or_none
from scoring_rules.unsettled_sheet import unsettled_sheet

# The parameters a score rests on, each printed in the ledger; hints (review margin, alert) change nothing.
USED_PARAMETERS = ("credibility_tolerance", "total_points_cap", "bonus_in_grade", "points_decimals")
# Printed only where the reading that needs it is chosen.
PER_PROBLEM = "rectification_points_per_problem"
ANNEX1 = "附件1"  # the key of its citations


def score_case(
    scheme: Scheme,
    case: Case,
    parameters: Mapping[str, Parameter] | None = None,
    citations: Mapping[str, Sequence[str]] | None = None,
) -> ScoreResult:
    """The score sheet of a case under its scheme. Pure: equal cases give equal bytes.

    parameters : the shipped ones by default. citations : criterion id or "附件1" → ids of the passages that people
    confirmed for it; they are carried to the steps that read it and change nothing. Raises NotInForceError when a
    parameter has no value yet for the data year, ValueError when `scheme` is not the one the case names.
    """
    if scheme.id != case.scheme:
        raise ValueError(f"the case is of scheme {case.scheme}, not {scheme.id}")
    known = load_parameters() if parameters is None else parameters
    as_of = date(case.data_year, 12, 31)
    cited = {} if citations is None else citations
    ledger = Ledger()
    ledger.add(
        "case", basis.DATA_YEAR, case.to_inputs(), {"data_year": case.data_year, "document": scheme.document_number}
    )
    scheme = scheme.with_acts(case.acts)
    limits = case.maxima(scheme)
    settings = _settings(ledger, scheme, case, known, as_of)
    ledger.add(
        "open_terms", basis.OPEN_TERMS, [act.to_json() for act in case.acts], printed_terms(scheme.terms, settings)
    )
    if unset := unsettled(scheme.terms, settings):
        return unsettled_sheet(scheme, case, ledger, settings, unset)
    case = _counted(ledger, scheme, case)
    tolerance, decimals = Fraction(settings["credibility_tolerance"]), int(settings["points_decimals"])

    own = _self_points(ledger, scheme, case, limits)
    sample = sample_of(case, scheme, limits)
    check = credibility(sample, scheme.term("credibility_formula") or "")
    base = _base(ledger, scheme, case, own, sample, check, settings, limits, cited)
    scale = limits.scale(scheme)
    granted = {c.id: limits.granted_of(c) for c in scored_criteria(scheme)}
    base_interval = base.interval.plus(Interval.exactly(sum(granted.values(), Fraction(0)))).times(scale)
    if scale != 1:
        ledger.add("scaling", basis.SCALING, {"factor": exact_text(scale)}, _ends(base_interval))
    bonus = _bonus(ledger, scheme, case, check, tolerance, cited)

    exact = base_interval.plus(bonus).at_most(Fraction(settings["total_points_cap"]))
    parts = {"base": _ends(base_interval), "bonus": _ends(bonus), "cap": settings["total_points_cap"]}
    total_basis = basis.TOTAL_WITH_FACTOR if scheme.departs("bonus_credibility") else basis.TOTAL
    ledger.add("total", total_basis, parts, _ends(exact))
    total, base_shown = _rounded(exact, decimals), _rounded(base_interval, decimals)
    by_exact = scheme.term("graded_value") == "exact"
    ledger.add("rounding", basis.ROUNDING_ONLY if by_exact else basis.ROUNDING, _ends(exact), total.published(decimals))
    is_closed = base.lines is not None and case.awarded is not None
    uncapped = base_interval.low + bonus.low
    changes = {"cap": exact.low - uncapped, "rounding": total.low - exact.low} if is_closed else {}
    lines = _lines(scheme, case, own, sample, base, granted, scale, bonus, changes)
    if is_closed:
        points = {line.id: exact_or_none(line.points) for line in lines}
        ledger.add("lines", basis.LINES, points, exact_text(sum((n.points or Fraction(0) for n in lines), Fraction(0))))

    counts_bonus = settings["bonus_in_grade"] == "yes"
    shown, graded_exact = (total, exact) if counts_bonus else (base_shown, base_interval)
    graded = graded_exact if by_exact else shown
    bands = _bands(scheme, graded)
    graded_basis = basis.BONUS_IN_GRADE if counts_bonus else basis.BONUS_NOT_IN_GRADE
    if by_exact:
        graded_basis += scheme.basis("graded_value")
    ledger.add(
        "graded_points",
        graded_basis,
        {"bonus_in_grade": settings["bonus_in_grade"]},
        _ends(graded) if by_exact else graded.published(decimals),
    )
    grade_basis = band(scheme, graded.low).text if len(bands) == 1 else basis.UNSETTLED
    ledger.add("points_grade", grade_basis, graded.published(decimals), list(bands))
    state = annex1(scheme, case.annex1)
    hits = {c.id: c.text for c in scheme.conditions if c.id in state.triggered}
    ledger.add(
        "annex1",
        basis.sentence(scheme.sentences, "annex1"),
        {"states": dict(case.annex1), "texts": hits},
        state.to_json(),
        _of(cited, [ANNEX1]),
    )
    levels = levels_of(state, scheme.term("downgrade_levels") or "one")
    grade = final_grade(scheme, bands, state.status, levels)
    departs = [name for name in ("downgrade_levels", "downgrade_scope") if scheme.departs(name)]
    lowered_basis = "".join(map(scheme.basis, departs)) or basis.LOWERED_ONCE
    ledger.add("grade", lowered_basis, {"points_grade": list(bands), "annex1": state.status}, grade)

    # An unknown condition matters when, for some grade the points may still give, a hit would change it.
    annex1_matters = any(final_grade(scheme, (name,), state.status, levels) == UNSETTLED for name in bands)
    is_open = (
        notes.open_credibility(check, sample),
        notes.open_bonus(scheme) if case.awarded is None else "",
        notes.open_annex1(state) if annex1_matters else "",
    )
    hints = notes.case_notes(case, scheme)
    if check.value is not None:
        hints += notes.credibility_notes(check.value, tolerance, known, as_of)
    if state.unknown and not annex1_matters:
        hints.append(notes.harmless_annex1(state))
    without = _one(_bands(scheme, base_interval if by_exact else base_shown))
    if is_closed:
        hints += notes.border_notes(scheme, graded_exact.low, shown.low, by_exact=by_exact)
        hints += notes.bonus_notes(without, band(scheme, (exact if by_exact else total).low).name)
    names = [grade.name for grade in scheme.grades]
    possible = outcomes(scheme, bands, state.status, levels)
    return ScoreResult(
        district=case.district,
        cycle=case.cycle,
        scheme_id=scheme.id,
        self_points=sum(own.values(), Fraction(0)),
        grade_places=(names.index(possible[0]), names.index(possible[-1])),
        readings={name: scheme.term(name) or "" for name in RANKED_BY},
        zone=case.zone,
        credibility=check.value,
        adjusted=None if check.value is None else adjustment_factor(check.value, tolerance) != 1,
        base_points=None if base.lines is None else base_interval.low,
        bonus_points=bonus.settled if case.awarded is not None else None,
        total_points=total.low if is_closed else None,
        total_interval=total,
        points_grade=_one(bands),
        grade_without_bonus=without,
        annex1=state,
        grade=grade,
        open=tuple(sentence for sentence in is_open if sentence),
        notes=tuple(hints),
        parameters=settings,
        lines=lines,
        ledger=ledger,
    )


def _settings(
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


def _self_points(ledger: Ledger, scheme: Scheme, case: Case, limits: Maxima) -> dict[str, Fraction]:
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


def _base(
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
    found = _of(cited, list(dict.fromkeys(s.criterion_id for s in sample)))
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
        ledger.add("adjustment", basis.UNSETTLED, inputs, _ends(base.interval))
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
        result = {"deducted": "0" if carried else exact_or_none(base.deducted), "base": _ends(base.interval)}
        ledger.add(
            "rectification",
            basis.sentence(scheme.sentences, "rectification"),
            {"size": exact_text(size), "carried_by_verification": carried},
            result,
            _of(cited, [rectified]),
        )
    return base


def _counted(ledger: Ledger, scheme: Scheme, case: Case) -> Case:
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


def _bonus(
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
        stated["factor"] = _ends(factor)
        words += scheme.basis("bonus_credibility")
    bonus_ids = [criterion.id for criterion in scheme.criteria if criterion.is_bonus]
    ledger.add("bonus", words, stated, _ends(bonus), _of(cited, bonus_ids))
    return bonus


def _lines(
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


def _of(cited: Mapping[str, Sequence[str]], ids: Sequence[str]) -> tuple[str, ...]:
    """The citation ids of those criteria, each once, in order."""
    return tuple(dict.fromkeys(key for name in ids for key in cited.get(name, ())))


def _rounded(interval: Interval, decimals: int) -> Interval:
    return Interval(half_up(interval.low, decimals), half_up(interval.high, decimals))


def _ends(interval: Interval) -> list[str]:
    return [exact_text(interval.low), exact_text(interval.high)]


def _bands(scheme: Scheme, interval: Interval) -> tuple[str, ...]:
    """The grades that points of the interval fall in, best first."""
    best, worst = band(scheme, interval.high), band(scheme, interval.low)
    return tuple(grade.name for grade in scheme.grades if best.at_least >= grade.at_least >= worst.at_least)


def _one(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else UNSETTLED
