"""The score sheets of all districts of a year: as decided, or by the recorded case where nothing is decided yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from review.acts import office_rules
from review.approval import decided_year
from review.cases import recorded_case
from review.rights import allowed
from review.workspace import Workspace
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case


@allowed("compare_districts")
def year_scores(workspace: Workspace, cycle: int, names: Sequence[str]) -> Mapping[str, ScoreResult]:
    """By district, of those of `names` that have a decision or a case."""
    rules, decided = office_rules(workspace, cycle), decided_year(workspace, cycle).scores
    found: dict[str, ScoreResult] = {}
    for name in names:
        if name in decided:
            found[name] = decided[name]
        elif (case := recorded_case(workspace, name, cycle)) is not None:
            found[name] = score_case(rules.scheme, case, rules.parameters)
    return found
