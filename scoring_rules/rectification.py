"""B15-4: 「对上年督导发现问题整改不到位的予以扣分」. The size is ours (约定 R12): its share × unrectified ÷ due."""

from __future__ import annotations

from fractions import Fraction

from scoring_rules.applicability import Maxima
from scoring_rules.case_data import Case

CRITERION = "B15"
ITEM = "B15-4"


def deduction(case: Case, limits: Maxima) -> Fraction:
    """Points to be taken from B15, before the lower limit of 0; 0 without problems of last year.

    Absent rectification data deducts nothing: the section is optional, and `scoring` says so in its notes.
    """
    if case.rectification is None or case.rectification.due == 0:
        return Fraction(0)
    share = limits.items[ITEM]
    return share * case.rectification.unrectified / case.rectification.due


def carried_by_verification(case: Case) -> bool:
    """Whether B15 or B15-4 was sampled: then the verified points carry the loss, and taking it again would double it."""
    return CRITERION in case.verified or ITEM in case.verified
