"""From points to the grade: the band they fall in, 附件 1, and what is still open; each writes its ledger line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring_rules import basis
from scoring_rules.case_data import Case
from scoring_rules.downgrade import Annex1, annex1, final_grade, levels_of, outcomes
from scoring_rules.grade import UNSETTLED, band
from scoring_rules.intervals import Interval
from scoring_rules.ledger import Ledger
from scoring_rules.scheme import Scheme
from scoring_rules.score_steps import cited_ids, ends

ANNEX1 = "附件1"  # the key of its citations


@dataclass(frozen=True, slots=True)
class Graded:
    """bands : grades the points may still give, best first. places : best and worst possible grade, 0 is the highest.

    annex1_matters : some way of settling an unknown condition would change the grade.
    """

    bands: tuple[str, ...]
    annex1: Annex1
    grade: str
    annex1_matters: bool
    places: tuple[int, int]

    @property
    def points_grade(self) -> str:
        """The grade by points alone; 待认定 while they may give several."""
        return one(self.bands)


def graded(
    ledger: Ledger,
    scheme: Scheme,
    case: Case,
    points: Interval,
    shown: Sequence[str],
    bonus_in_grade: str,
    cited: Mapping[str, Sequence[str]],
) -> Graded:
    """The grade of `points` (as the office reads them: rounded or exact, R8).

    shown : both bounds as they are published. bonus_in_grade : "yes" or "no" (R5), what the points were taken with.
    """
    by_exact = scheme.term("graded_value") == "exact"
    bands = bands_of(scheme, points)
    graded_basis = basis.BONUS_IN_GRADE if bonus_in_grade == "yes" else basis.BONUS_NOT_IN_GRADE
    if by_exact:
        graded_basis += scheme.basis("graded_value")
    shown = list(shown)
    counts = {"bonus_in_grade": bonus_in_grade}
    ledger.add("graded_points", graded_basis, counts, ends(points) if by_exact else shown)
    grade_basis = band(scheme, points.low).text if len(bands) == 1 else basis.UNSETTLED
    ledger.add("points_grade", grade_basis, shown, list(bands))
    state = annex1(scheme, case.annex1)
    hits = {c.id: c.text for c in scheme.conditions if c.id in state.triggered}
    ledger.add(
        "annex1",
        basis.sentence(scheme.sentences, "annex1"),
        {"states": dict(case.annex1), "texts": hits},
        state.to_json(),
        cited_ids(cited, [ANNEX1]),
    )
    levels = levels_of(state, scheme.term("downgrade_levels") or "one")
    grade = final_grade(scheme, bands, state.status, levels)
    departs = [name for name in ("downgrade_levels", "downgrade_scope") if scheme.departs(name)]
    lowered_basis = "".join(map(scheme.basis, departs)) or basis.LOWERED_ONCE
    ledger.add("grade", lowered_basis, {"points_grade": list(bands), "annex1": state.status}, grade)
    names = [one_grade.name for one_grade in scheme.grades]
    possible = outcomes(scheme, bands, state.status, levels)
    return Graded(
        bands,
        state,
        grade,
        # An unknown condition matters when, for some grade the points may still give, a hit would change it.
        any(final_grade(scheme, (name,), state.status, levels) == UNSETTLED for name in bands),
        (names.index(possible[0]), names.index(possible[-1])),
    )


def bands_of(scheme: Scheme, interval: Interval) -> tuple[str, ...]:
    """The grades that points of the interval fall in, best first."""
    best, worst = band(scheme, interval.high), band(scheme, interval.low)
    return tuple(grade.name for grade in scheme.grades if best.at_least >= grade.at_least >= worst.at_least)


def one(names: Sequence[str]) -> str:
    """The only name; 待认定 when there are several."""
    return names[0] if len(names) == 1 else UNSETTLED
