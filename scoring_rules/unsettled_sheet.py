"""The score sheet of a case while an open term is unset: what the district claims, and nothing that would decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from scoring_rules.applicability import scored_criteria
from scoring_rules.case_data import Case
from scoring_rules.downgrade import annex1
from scoring_rules.grade import UNSETTLED
from scoring_rules.intervals import Interval
from scoring_rules.ledger import Ledger
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import RANKED_BY, Line, ScoreResult


def unsettled_sheet(
    scheme: Scheme, case: Case, ledger: Ledger, settings: Mapping[str, str], sentences: Sequence[str]
) -> ScoreResult:
    """No credibility, no total, no grade: all points the scheme can give are still possible.

    sentences : why, one per term that is open. ledger : the steps taken so far; the last one says what is open.
    """
    whole = Interval(Fraction(0), scheme.full_points + scheme.bonus_cap)
    own = {criterion.id: case.self_of(criterion) for criterion in scored_criteria(scheme)}
    lines = [Line(name, points, (), None, None) for name, points in own.items()]
    lines += [Line(c.id, case.claimed, (), None, None) for c in scheme.criteria if c.is_bonus]
    ledger.add("open_terms_unset", "约定 R21：有未决项时不出总分与等级。", list(sentences), UNSETTLED)
    return ScoreResult(
        district=case.district,
        cycle=case.cycle,
        scheme_id=scheme.id,
        self_points=sum(own.values(), Fraction(0)),
        credibility=None,
        adjusted=None,
        base_points=None,
        bonus_points=case.awarded,
        total_points=None,
        total_interval=whole,
        points_grade=UNSETTLED,
        grade_without_bonus=UNSETTLED,
        annex1=annex1(scheme, case.annex1),
        grade=UNSETTLED,
        open=tuple(sentences),
        notes=(),
        parameters=settings,
        lines=tuple(lines),
        ledger=ledger,
        grade_places=(0, len(scheme.grades) - 1),
        readings={name: scheme.term(name) or "" for name in RANKED_BY},
        zone=case.zone,
    )
