"""From a case to a score sheet: self points, credibility, rectification, bonus, total, grade, 附件 1; each step in the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from scoring_rules import basis, notes
from scoring_rules.applicability import scored_criteria
from scoring_rules.case_data import Case
from scoring_rules.credibility import adjustment_factor, credibility, sample_of
from scoring_rules.grade import band
from scoring_rules.intervals import Interval
from scoring_rules.ledger import Ledger
from scoring_rules.open_terms import printed_terms, unsettled
from scoring_rules.parameters import Parameter, load_parameters
from scoring_rules.rounding import exact_text, half_up
from scoring_rules.scheme import Scheme
from scoring_rules.score_grade import bands_of, graded, one
from scoring_rules.score_result import RANKED_BY, ScoreResult, exact_or_none
from scoring_rules.score_steps import (
    base_of,
    bonus_of,
    counted_case,
    ends,
    lines_of,
    self_points_of,
    settings_of,
)
from scoring_rules.unsettled_sheet import unsettled_sheet


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
    settings = settings_of(ledger, scheme, case, known, as_of)
    ledger.add(
        "open_terms", basis.OPEN_TERMS, [act.to_json() for act in case.acts], printed_terms(scheme.terms, settings)
    )
    if unset := unsettled(scheme.terms, settings):
        return unsettled_sheet(scheme, case, ledger, settings, unset)
    case = counted_case(ledger, scheme, case)
    tolerance, decimals = Fraction(settings["credibility_tolerance"]), int(settings["points_decimals"])

    own = self_points_of(ledger, scheme, case, limits)
    sample = sample_of(case, scheme, limits)
    check = credibility(sample, scheme.term("credibility_formula") or "")
    base = base_of(ledger, scheme, case, own, sample, check, settings, limits, cited)
    scale = limits.scale(scheme)
    granted = {c.id: limits.granted_of(c) for c in scored_criteria(scheme)}
    base_interval = base.interval.plus(Interval.exactly(sum(granted.values(), Fraction(0)))).times(scale)
    if scale != 1:
        ledger.add("scaling", basis.SCALING, {"factor": exact_text(scale)}, ends(base_interval))
    bonus = bonus_of(ledger, scheme, case, check, tolerance, cited)

    exact = base_interval.plus(bonus).at_most(Fraction(settings["total_points_cap"]))
    parts = {"base": ends(base_interval), "bonus": ends(bonus), "cap": settings["total_points_cap"]}
    total_basis = basis.TOTAL_WITH_FACTOR if scheme.departs("bonus_credibility") else basis.TOTAL
    ledger.add("total", total_basis, parts, ends(exact))
    total, base_shown = _rounded(exact, decimals), _rounded(base_interval, decimals)
    by_exact = scheme.term("graded_value") == "exact"
    ledger.add("rounding", basis.ROUNDING_ONLY if by_exact else basis.ROUNDING, ends(exact), total.published(decimals))
    is_closed = base.lines is not None and case.awarded is not None
    uncapped = base_interval.low + bonus.low
    changes = {"cap": exact.low - uncapped, "rounding": total.low - exact.low} if is_closed else {}
    lines = lines_of(scheme, case, own, sample, base, granted, scale, bonus, changes)
    if is_closed:
        points = {line.id: exact_or_none(line.points) for line in lines}
        ledger.add("lines", basis.LINES, points, exact_text(sum((n.points or Fraction(0) for n in lines), Fraction(0))))

    counts_bonus = settings["bonus_in_grade"] == "yes"
    shown, graded_exact = (total, exact) if counts_bonus else (base_shown, base_interval)
    value = graded_exact if by_exact else shown
    grade = graded(ledger, scheme, case, value, shown.published(decimals), settings["bonus_in_grade"], cited)
    is_open = (
        notes.open_credibility(check, sample),
        notes.open_bonus(scheme) if case.awarded is None else "",
        notes.open_annex1(grade.annex1) if grade.annex1_matters else "",
    )
    hints = notes.case_notes(case, scheme)
    if check.value is not None:
        hints += notes.credibility_notes(check.value, tolerance, known, as_of)
    if grade.annex1.unknown and not grade.annex1_matters:
        hints.append(notes.harmless_annex1(grade.annex1))
    without = one(bands_of(scheme, base_interval if by_exact else base_shown))
    if is_closed:
        hints += notes.border_notes(scheme, graded_exact.low, shown.low, by_exact=by_exact)
        hints += notes.bonus_notes(without, band(scheme, (exact if by_exact else total).low).name)
    return ScoreResult(
        district=case.district,
        cycle=case.cycle,
        scheme_id=scheme.id,
        self_points=sum(own.values(), Fraction(0)),
        grade_places=grade.places,
        readings={name: scheme.term(name) or "" for name in RANKED_BY},
        zone=case.zone,
        credibility=check.value,
        adjusted=None if check.value is None else adjustment_factor(check.value, tolerance) != 1,
        base_points=None if base.lines is None else base_interval.low,
        bonus_points=bonus.settled if case.awarded is not None else None,
        total_points=total.low if is_closed else None,
        total_interval=total,
        points_grade=grade.points_grade,
        grade_without_bonus=without,
        annex1=grade.annex1,
        grade=grade.grade,
        open=tuple(sentence for sentence in is_open if sentence),
        notes=tuple(hints),
        parameters=settings,
        lines=lines,
        ledger=ledger,
    )


def _rounded(interval: Interval, decimals: int) -> Interval:
    return Interval(half_up(interval.low, decimals), half_up(interval.high, decimals))
