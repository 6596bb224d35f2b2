"""自评可信度 (三（三）): what the field check found, compared with what the district claimed for the same sample.

The document says that a self-assessment is accepted when the check agrees with it or finds more, and adjusted by the
credibility when it was too high. It gives no formula; ours is inferred and labelled so (约定 R24):

    C = Σ verified / Σ self, over the sample;   accepted when C ≥ tolerance, else multiplied by C, never upwards.

The other reading the office may choose is the mean of verified / self over the sample; what has no self points has no
ratio and is left out of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from scoring_rules.applicability import Maxima, scored_criteria
from scoring_rules.case_data import Case
from scoring_rules.intervals import Interval
from scoring_rules.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Sampled:
    """One sampled criterion or item: its self points and the bounds of its verified points.

    `low` = `high` once it is checked; before that `low` is what is already found and `high` adds the maximum of the rest.
    """

    id: str
    criterion_id: str
    self_points: Fraction
    checked: bool
    low: Fraction
    high: Fraction


@dataclass(frozen=True, slots=True)
class Credibility:
    """`value` is None unless `state` is "known". `low`, `high`: bounds of C; high None = no bound.

    not_checked : nothing sampled;  no_self_points : the sample's self points are 0, so C is not defined;
    unfinished : part of the sample is not yet checked.
    """

    state: Literal["known", "not_checked", "no_self_points", "unfinished"]
    value: Fraction | None
    low: Fraction
    high: Fraction | None


def sample_of(case: Case, scheme: Scheme, limits: Maxima) -> tuple[Sampled, ...]:
    """The sample in the scheme's order. Items of a criterion that was self-scored whole are put together.

    limits : the maxima of this case.

    Such items are in a case only when all applicable items of the criterion were sampled, or its self points are 0
    or full (then each item's are, too); see `case`.
    """
    sample: list[Sampled] = []
    for criterion in scored_criteria(scheme):
        if criterion.id in case.verified:
            parts = {criterion.id: limits.criteria[criterion.id]}
        else:
            parts = {item.id: limits.items[item.id] for item in criterion.items if item.id in case.verified}
        whole = case.self_points.get(criterion.id)
        applicable = sum(limits.items[item.id] > 0 for item in criterion.items)
        if criterion.id in parts or (whole is not None and len(parts) == applicable):
            sample.append(_sampled(criterion.id, criterion.id, case.self_of(criterion), parts, case))
            continue
        for item, maximum in parts.items():
            own = case.self_points.get(item)
            if own is None:
                own = Fraction(0) if whole == 0 else maximum
            sample.append(_sampled(item, criterion.id, own, {item: maximum}, case))
    return tuple(sample)


def _sampled(name: str, criterion_id: str, own: Fraction, parts: Mapping[str, Fraction], case: Case) -> Sampled:
    found = [(case.verified[part], maximum) for part, maximum in parts.items()]
    low = sum((value or Fraction(0) for value, _ in found), Fraction(0))
    high = sum((maximum if value is None else value for value, maximum in found), Fraction(0))
    return Sampled(name, criterion_id, own, all(value is not None for value, _ in found), low, high)


def credibility(sample: Sequence[Sampled], formula: str = "ratio_of_sums") -> Credibility:
    """C of the sample as an exact fraction, or its bounds while it is open. formula : ratio_of_sums or mean_of_ratios."""
    if not sample:
        return Credibility("not_checked", None, Fraction(0), None)
    own = sum((s.self_points for s in sample), Fraction(0))
    if own == 0:
        return Credibility("no_self_points", None, Fraction(0), None)
    if formula == "mean_of_ratios":
        claimed = [s for s in sample if s.self_points]
        low = sum((s.low / s.self_points for s in claimed), Fraction(0)) / len(claimed)
        high = sum((s.high / s.self_points for s in claimed), Fraction(0)) / len(claimed)
    else:
        low = sum((s.low for s in sample), Fraction(0)) / own
        high = sum((s.high for s in sample), Fraction(0)) / own
    if not all(s.checked for s in sample):
        return Credibility("unfinished", None, low, high)
    return Credibility("known", low, low, high)


def adjustment_factor(value: Fraction, tolerance: Fraction) -> Fraction:
    """What the self points are multiplied by: 1 when accepted (C ≥ tolerance; the tolerance itself counts), else C."""
    return Fraction(1) if value >= tolerance else value


def factor_bounds(check: Credibility, tolerance: Fraction) -> Interval:
    """Least and greatest factor that the field check can still lead to."""
    if check.high is None:
        return Interval(Fraction(0), Fraction(1))
    return Interval(adjustment_factor(check.low, tolerance), adjustment_factor(check.high, tolerance))
