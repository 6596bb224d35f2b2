"""The case of a district as it stands: as recorded, with everything people have found, entered, given and awarded since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from review.acts import office_rules
from review.annex1 import Found, findings
from review.cases import recorded_case
from review.entered_case import with_entered
from review.field_results import Entered, bonus, by_criterion, results, to_check
from review.reviewers import panels
from review.rights import allowed
from review.workspace import Workspace
from scoring_rules.case import Case
from scoring_rules.case_data import Settled
from scoring_rules.scheme_loader import load_scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case


@allowed("decide")
def standing_case(workspace: Workspace, district: str, cycle: int) -> Case | None:
    """The recorded case with all that people have found so far, as a decision would take it; None without a case."""
    case = recorded_case(workspace, district, cycle)
    if case is None:
        return None
    entered, awarded = results(workspace, district, cycle), bonus(workspace, district, cycle)
    return with_record(workspace, case, findings(workspace, district, cycle), entered, awarded)


@allowed("decide")
def standing_score(workspace: Workspace, district: str, cycle: int) -> ScoreResult | None:
    """The score sheet of the case as it stands, open where anything is; None without a case."""
    case = standing_case(workspace, district, cycle)
    if case is None:
        return None
    return score_case(load_scheme(case.scheme), case, office_rules(workspace, cycle, case.scheme).parameters)


@allowed("decide")
def with_record(
    workspace: Workspace, case: Case, found: Mapping[str, Found], entered: Sequence[Entered], awarded: Entered | None
) -> Case:
    """The case with what people found, entered and awarded where it leaves it open itself."""
    case = with_entered(workspace.scheme, with_findings(case, found), entered, awarded)
    return with_panel_points(workspace, case)


def with_findings(case: Case, found: Mapping[str, Found]) -> Case:
    """The case with 附件 1 as people found it: whatever the case file says, a condition nobody found on is unknown."""
    nothing: Settled = "unknown"
    return replace(case, annex1={name: found[name].state if name in found else nothing for name in case.annex1})


@allowed("decide")
def with_panel_points(workspace: Workspace, case: Case) -> Case:
    """The case with the experts' settled points where it has none yet; what it states stays, and is compared later.

    Of a criterion that the field did not check, or checked itself, they are points of the desk review (R25).
    """
    owner = {item.id: item.criterion_id for item in workspace.scheme.items}
    stated = {owner.get(key, key) for key, value in case.verified.items() if value is not None or key in owner}
    checked = by_criterion(workspace.scheme, results(workspace, case.district, case.cycle), case.not_applicable)
    drawn = to_check(workspace, case.district, case.cycle)
    verified: dict[str, Fraction] = {}
    desk: dict[str, Fraction] = {}
    for panel in panels(workspace, case.district, case.cycle):
        name = panel.criterion
        if panel.settled is None or (name in stated and name not in checked):
            continue
        by_field = name not in checked and (name in drawn or not drawn)
        (verified if by_field else desk)[name] = panel.settled
    return replace(case, verified={**case.verified, **verified}, desk={**desk, **case.desk})
