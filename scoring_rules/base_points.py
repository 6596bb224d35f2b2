"""Base points: the self points after credibility (R24), recheck (R26) and rectification (R12), exact or as bounds while open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from scoring_rules.credibility import Credibility, Sampled, adjustment_factor
from scoring_rules.intervals import Interval


@dataclass(frozen=True, slots=True)
class Base:
    """`interval` bounds the base points. `lines` (points by criterion, adding up to it) and `deducted` only when settled.

    regained : points the recheck gave back, by criterion; empty while open.
    """

    interval: Interval
    lines: Mapping[str, Fraction] | None
    deducted: Fraction | None
    regained: Mapping[str, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How a credibility below the tolerance changes the self points (R24).

    shows_found : what was checked shows what was found. That is so where the sum stays Σ self × C (ratio of sums), not
    with the mean of ratios. sampled_only : what was not checked keeps its self points.
    """

    shows_found: bool = True
    sampled_only: bool = False

    @classmethod
    def of(cls, formula: str, adjusts: str) -> Adjustment:
        """From the values of the terms credibility_formula and credibility_adjusts."""
        return cls(formula == "ratio_of_sums", adjusts == "sampled_only")

    def lines(self, own: Mapping[str, Fraction], sample: Sequence[Sampled], factor: Fraction) -> dict[str, Fraction]:
        """Points by criterion. With factor 1 the self points stand.

        With the ratio of sums the lines add up to Σ own × factor both ways, because the factor is then Σ found ÷ Σ own
        of the sample. Where only the sample changes, a sample that found more in all than was claimed changes nothing.
        """
        if factor == 1:
            return dict(own)
        if self.sampled_only:
            change = sum((s.low - s.self_points for s in sample), Fraction(0))
            lines = dict(own)
            for s in sample if change < 0 else ():
                lines[s.criterion_id] += s.low - s.self_points
            return lines
        lines = {criterion: points * factor for criterion, points in own.items()}
        for s in sample if self.shows_found else ():
            lines[s.criterion_id] += s.low - s.self_points * factor
        return lines


AS_DEFAULT = Adjustment()


def base_points(
    own: Mapping[str, Fraction],
    sample: Sequence[Sampled],
    credibility: Credibility,
    tolerance: Fraction,
    deduction: Fraction,
    rectified: str,
    adjustment: Adjustment = AS_DEFAULT,
    regainable: Mapping[str, Fraction] | None = None,
) -> Base:
    """Base points of a case.

    own : self points by criterion.
    deduction : what the criterion `rectified` loses after credibility (never below 0); 0 where the verified points
    carry it, or where `rectified` is "" (no such loss in this scheme).
    regainable : points by criterion that a recheck may give back of what the adjustment took, never beyond Σ own.
    """
    regainable = regainable or {}
    if credibility.value is None:
        bounds = _bounds(own, sample, credibility, tolerance, deduction, rectified, adjustment)
        most = bounds.high + sum(regainable.values(), Fraction(0))
        return Base(Interval(bounds.low, min(most, max(bounds.high, sum(own.values(), Fraction(0))))), None, None)
    lines = adjustment.lines(own, sample, adjustment_factor(credibility.value, tolerance))
    regained = _regained(own, lines, regainable)
    for criterion, points in regained.items():
        lines[criterion] += points
    if not rectified:
        return Base(Interval.exactly(sum(lines.values(), Fraction(0))), lines, Fraction(0), regained)
    deducted = min(deduction, lines[rectified])
    lines[rectified] -= deducted
    return Base(Interval.exactly(sum(lines.values(), Fraction(0))), lines, deducted, regained)


def _regained(
    own: Mapping[str, Fraction], lines: Mapping[str, Fraction], regainable: Mapping[str, Fraction]
) -> dict[str, Fraction]:
    """What is given back: no line above its self points, all together not above Σ own (shared out in proportion)."""
    wanted = {
        criterion: gain
        for criterion, points in regainable.items()
        if (gain := min(points, own[criterion] - lines[criterion])) > 0
    }
    room = sum(own.values(), Fraction(0)) - sum(lines.values(), Fraction(0))
    whole = sum(wanted.values(), Fraction(0))
    part = min(Fraction(1), room / whole) if whole else Fraction(0)
    return {criterion: gain * part for criterion, gain in wanted.items()}


def _bounds(
    own: Mapping[str, Fraction],
    sample: Sequence[Sampled],
    credibility: Credibility,
    tolerance: Fraction,
    deduction: Fraction,
    rectified: str,
    adjustment: Adjustment,
) -> Interval:
    """Bounds over every outcome of the field check.

    Accepted: Σ own less the deduction. Adjusted: what the lines add up to, less min(deduction, line of the criterion),
    that is the larger of (all lines − deduction) and the lines without it. Both grow with every verified point, so the
    least is at the lower end; the most is bounded by what the sample can give while C stays below the tolerance, with
    what is found put outside the criterion first. The two cases are bounded apart, since the step from the one to the
    other may go down: the criterion may have nothing left to lose before it, and something after it.
    """
    total = sum(own.values(), Fraction(0))
    rest = own.get(rectified, Fraction(0))
    if credibility.high is None:
        # Nothing is known of the sample: the rectified criterion may be in it, and then nothing is deducted.
        return Interval(Fraction(0), total)
    reachable: list[Fraction] = []
    if credibility.high >= tolerance:
        reachable.append(total - min(deduction, rest))
    if credibility.low < tolerance:
        lowest = adjustment.lines(own, sample, credibility.low)
        reachable.append(sum(lowest.values(), Fraction(0)) - min(deduction, lowest.get(rectified, Fraction(0))))
        factor = min(credibility.high, tolerance)
        sampled_own = sum((s.self_points for s in sample), Fraction(0))
        outside = [s for s in sample if s.criterion_id != rectified]
        own_outside = sum((s.self_points for s in outside), Fraction(0))
        inside_low = sum((s.low for s in sample if s.criterion_id == rectified), Fraction(0))
        high_outside = sum((s.high for s in outside), Fraction(0))
        unsampled_outside = total - rest - own_outside
        if adjustment.sampled_only:
            # C below the tolerance bounds the sum of what is found only for the ratio of sums; the self points always do.
            most = min(sum((s.high for s in sample), Fraction(0)), sampled_own)
            if adjustment.shows_found:
                most = min(most, factor * sampled_own)
            found_outside = min(high_outside, most - inside_low)
            reachable.append(max(total - sampled_own + most - deduction, found_outside + unsampled_outside))
        elif adjustment.shows_found:
            found_outside = min(high_outside, factor * sampled_own - inside_low)
            reachable.append(max(total * factor - deduction, found_outside + factor * unsampled_outside))
        else:
            reachable.append(max(total * factor - deduction, (total - rest) * factor))
    return Interval(min(reachable), max(reachable))
