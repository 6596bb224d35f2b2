"""The score sheet of a district as far as people have recorded it: a trial calculation for whoever may see the case, never a result."""

from __future__ import annotations

from dataclasses import dataclass

from review.acts import office_rules
from review.annex1 import findings
from review.cases import recorded_case
from review.entered_case import with_entered
from review.field_results import bonus, results
from review.rights import allowed
from review.standing_case import with_findings
from review.workspace import Workspace
from scoring_rules.case import Case
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case


@dataclass(frozen=True, slots=True)
class Sheet:
    """case : as recorded. result : with what was entered since; a condition of 附件 1 nobody has found on is unknown in it."""

    case: Case
    result: ScoreResult


@allowed("read_case")
def trial_sheet(workspace: Workspace, district: str, cycle: int) -> Sheet | None:
    """The sheet; None without a recorded case."""
    case = recorded_case(workspace, district, cycle)
    if case is None:
        return None
    entered, awarded = results(workspace, district, cycle), bonus(workspace, district, cycle)
    scheme = load_scheme(case.scheme)
    full = with_entered(scheme, with_findings(case, findings(workspace, district, cycle)), entered, awarded)
    return Sheet(case, score_case(scheme, full, office_rules(workspace, cycle, case.scheme).parameters))
