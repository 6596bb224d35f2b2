"""Base points: the self points after credibility (R24) and rectification (R12), exact or as bounds while open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from scoring_rules.credibility import Credibility, Sampled, adjustment_factor
from scoring_rules.intervals import Interval


@dataclass(frozen=True, slots=True)
class Base:
    """`interval` bounds the base points. `lines` (points by criterion, adding up to it) and `deducted` only when settled."""

    interval: Interval
    lines: Mapping[str, Fraction] | None
    deducted: Fraction | None


def base_points(
    own: Mapping[str, Fraction],
    sample: Sequence[Sampled],
    credibility: Credibility,
    tolerance: Fraction,
    deduction: Fraction,
    rectified: str,
) -> Base:
    """Base points of a case.

    own : self points by criterion.
    deduction : what the criterion `rectified` loses after credibility (never below 0); 0 where the verified points
    carry it, or where `rectified` is "" (no such loss in this scheme).
    """
    if credibility.value is None:
        return Base(_bounds(own, sample, credibility, tolerance, deduction, rectified), None, None)
    lines = _lines(own, sample, adjustment_factor(credibility.value, tolerance))
    if not rectified:
        return Base(Interval.exactly(sum(lines.values(), Fraction(0))), lines, Fraction(0))
    deducted = min(deduction, lines[rectified])
    lines[rectified] -= deducted
    return Base(Interval.exactly(sum(lines.values(), Fraction(0))), lines, deducted)


def _lines(own: Mapping[str, Fraction], sample: Sequence[Sampled], factor: Fraction) -> dict[str, Fraction]:
    """Points by criterion. With factor 1 the self points stand; else what was checked shows what was found.

    Both ways the lines add up to Σ own × factor, because the factor is then Σ found ÷ Σ own of the sample.
    """
    if factor == 1:
        return dict(own)
    lines = {criterion: points * factor for criterion, points in own.items()}
    for s in sample:
        lines[s.criterion_id] += s.low - s.self_points * factor
    return lines


def _bounds(
    own: Mapping[str, Fraction],
    sample: Sequence[Sampled],
    credibility: Credibility,
    tolerance: Fraction,
    deduction: Fraction,
    rectified: str,
) -> Interval:
    """Bounds over every outcome of the field check.

    Accepted: Σ own less the deduction. Adjusted with factor C: Σ own × C less min(deduction, line of the criterion), that is
    the larger of Σ own × C − deduction and the lines without it. Both grow with every verified point, so the least
    is at the lower end; the most is bounded with C below the tolerance and what is found put outside it first.
    The two cases are bounded apart, since the step from the one to the other may go down: the criterion may have nothing
    left to lose before it, and something after it.
    """
    total = sum(own.values(), Fraction(0))
    if credibility.high is None:
        # Nothing is known of the sample: the rectified criterion may be in it, and then nothing is deducted.
        return Interval(Fraction(0), total)
    reachable: list[Fraction] = []
    if credibility.high >= tolerance:
        reachable.append(total - min(deduction, own.get(rectified, Fraction(0))))
    if credibility.low < tolerance:
        sampled_own = sum((s.self_points for s in sample), Fraction(0))
        lowest = _lines(own, sample, credibility.low)
        reachable.append(sum(lowest.values(), Fraction(0)) - min(deduction, lowest.get(rectified, Fraction(0))))
        factor = min(credibility.high, tolerance)
        outside = [s for s in sample if s.criterion_id != rectified]
        inside_low = sum((s.low for s in sample if s.criterion_id == rectified), Fraction(0))
        found_outside = min(sum((s.high for s in outside), Fraction(0)), factor * sampled_own - inside_low)
        unsampled_outside = total - own.get(rectified, Fraction(0)) - sum((s.self_points for s in outside), Fraction(0))
        reachable.append(max(total * factor - deduction, found_outside + factor * unsampled_outside))
    return Interval(min(reachable), max(reachable))
