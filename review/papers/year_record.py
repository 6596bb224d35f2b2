"""The record of all districts of a year: what the annual report is made of, read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from review.approval import Approval, decided_year
from review.cycles import Year, year
from review.papers.record import DistrictRecord, read_record
from review.papers.shares import median_shares
from review.papers.wording import WHOLE_YEAR as WHOLE_YEAR
from review.papers.wording import wording
from review.papers.year_scores import year_scores
from review.rights import allowed
from review.workspace import Workspace
from scoring_rules.ranking import RankRow, rank
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import ScoreResult


@dataclass(frozen=True, slots=True)
class YearRecord:
    """The year of all districts. records : those with material; scores, before : by district, of this year and of the year before,
    as decided, or by the recorded case where nothing is decided yet. approvals : of this year's decisions.
    wordings : the office's own words of sentences by district, and of lines of the report under WHOLE_YEAR.
    """

    cycle: int
    scheme: Scheme
    year: Year
    districts: tuple[str, ...]
    records: Mapping[str, DistrictRecord]
    scores: Mapping[str, ScoreResult]
    before: Mapping[str, ScoreResult]
    approvals: Mapping[str, Approval]
    wordings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def approval(self) -> tuple[str, str] | None:
        """(day, papers) of 市政府审定, when it stands on the decision of every district; else None, and the report is 拟定."""
        if not self.districts or any(name not in self.approvals for name in self.districts):
            return None
        given = [self.approvals[name] for name in self.districts]
        return max(one.on for one in given), "、".join(dict.fromkeys(one.document for one in given))

    @property
    def ranking(self) -> list[RankRow]:
        """The ranking of the districts with a case."""
        return rank(list(self.scores.values())) if self.scores else []


@allowed("compare_districts")
def read_year(workspace: Workspace, cycle: int, say: Callable[[str], object] = lambda line: None) -> YearRecord:
    """The record of every district that takes part in the year, or of every one with material where the year was never opened."""
    found = year(workspace, cycle)
    stored = {name for name, _ in workspace.districts(cycle)}
    names = [one.name for one in found.districts] or sorted(stored)
    records: dict[str, DistrictRecord] = {}
    scores = year_scores(workspace, cycle, names)
    middle = median_shares(workspace.scheme, list(scores.values()))
    for name in names:
        if name in stored:
            say(f"读取{name}……")
            read = read_record(workspace, name, cycle, with_year=False)
            records[name] = replace(read, feedback=replace(read.feedback, score=scores.get(name)), median=middle)
    before, approvals = year_scores(workspace, cycle - 1, names), decided_year(workspace, cycle).approvals
    wordings = {name: wording(workspace, name, cycle) for name in (*records, WHOLE_YEAR)}
    return YearRecord(cycle, workspace.scheme, found, tuple(names), records, scores, before, approvals, wordings)
