"""What of a case counts under the readings in force: desk review (R25), recheck (R26), events after the data year (R14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from scoring_rules.case_data import Case, Settled
from scoring_rules.credibility import Sampled
from scoring_rules.scheme import Scheme


def counted(case: Case, scheme: Scheme) -> Case:
    """The case as it is computed with; calling it again changes nothing.

    Points of the desk review stand beside those of the field check where the office reads them so (verified_points); what
    the field found counts before what the desk did, and a desk review alone is no field check. A condition of 附件 1 that
    a late event meets is triggered where such events belong to this year (same_year).
    """
    verified, states = case.verified, case.annex1
    if case.desk and case.verified and scheme.term("desk_review") == "verified_points":
        verified = {**case.desk, **case.verified}
    if case.late_events and scheme.term("late_events") == "same_year":
        hit: Settled = "triggered"
        states = {**case.annex1, **dict.fromkeys(case.late_events, hit)}
    if verified is case.verified and states is case.annex1:
        return case
    return replace(case, verified=verified, annex1=states)


def regainable(case: Case, scheme: Scheme, sample: Sequence[Sampled]) -> Mapping[str, Fraction]:
    """Points by criterion that the recheck found beyond the field check, none of them above what was claimed.

    Empty unless the office reads the recheck as changing this year's points (recheck_points: added).
    """
    if scheme.term("recheck_points") != "added":
        return {}
    owner = {item.id: item.criterion_id for item in scheme.items}
    found: dict[str, Fraction] = {}
    for s in sample:
        gains = (
            points - (case.verified[key] or Fraction(0))
            for key, points in case.recheck.items()
            if key == s.id or owner.get(key) == s.id
        )
        gain = min(s.low + sum(gains, Fraction(0)), s.self_points) - s.low
        if gain > 0:
            found[s.criterion_id] = found.get(s.criterion_id, Fraction(0)) + gain
    return found
