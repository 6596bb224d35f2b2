"""「对上年督导发现问题整改不到位的予以扣分」: how much last year's unsolved problems take off (约定 R12), and from where.

The document does not say how much: the item's share × unrectified ÷ due, or a fixed number of points for each problem
where the office has chosen that. Never more than the share of the item; which item it is, the scheme says.
"""

from __future__ import annotations

from fractions import Fraction

from scoring_rules.applicability import Maxima
from scoring_rules.case_data import Case
from scoring_rules.scheme import Scheme


def rectified_criterion(scheme: Scheme) -> str:
    """The criterion the loss is taken from; "" when the scheme knows no such loss."""
    return scheme.item(scheme.rectification_item).criterion_id if scheme.rectification_item else ""


def deduction(case: Case, scheme: Scheme, limits: Maxima, per_problem: Fraction | None = None) -> Fraction:
    """Points to be taken from that criterion, before the lower limit of 0; 0 without problems of last year.

    per_problem : points for each problem; None = in proportion. Absent rectification data deducts nothing: the section is optional, and `scoring` says so in its notes.
    """
    if not scheme.rectification_item or case.rectification is None or case.rectification.due == 0:
        return Fraction(0)
    share = limits.items[scheme.rectification_item]
    if per_problem is not None:
        return min(share, per_problem * case.rectification.unrectified)
    return share * case.rectification.unrectified / case.rectification.due


def carried_by_verification(case: Case, scheme: Scheme) -> bool:
    """Whether the item or its criterion was sampled: then the verified points carry the loss, and it is not taken twice."""
    return scheme.rectification_item in case.verified or rectified_criterion(scheme) in case.verified
