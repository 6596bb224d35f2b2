"""Everything the papers of a district are made of, read from the record once; the papers themselves are pure functions of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from ingest.tables import Document, EvidenceLink, FactRow, Page, Passage
from retrieval.cite import Citation
from retrieval.metrics import load_metrics
from review.acts import office_rules
from review.annex1 import Found, findings
from review.cases import recorded_case
from review.cycles import Year, year
from review.decisions import StoredDecision, stored_decisions
from review.feedback import Feedback, Problem, feedback_points
from review.papers.numbers import with_amounts
from review.papers.shares import median_shares
from review.papers.year_scores import year_scores
from review.rectification import problems as tracked_problems
from review.rectification_state import Tracked
from review.reviewers import Panel, panels
from review.rights import allowed, has_right
from review.sampling import recorded_replacements, recorded_sample
from review.workspace import Workspace
from scoring_rules.case import Case
from scoring_rules.parameters import Parameter
from scoring_rules.score_result import ScoreResult

# (document row, page number, first character, end, item): a span of which a person has confirmed that it bears on the item.
ConfirmedSpan = tuple[int, int, int, int, str]


@dataclass(frozen=True, slots=True)
class DistrictRecord:
    """The record of a district and cycle, as papers need it.

    sample : None when none was drawn. found : 附件 1 by condition. decision : the newest one, None without one or where the
    person may not read decisions. problems : those registered for rectification. confirmed : what people have confirmed.
    parameters : as they are in force for the cycle. median : the districts' shares of the points by indicator (see
    review.papers.shares); None with too few of them, or for a person who may not compare districts.
    """

    district: str
    cycle: int
    feedback: Feedback
    case: Case | None
    sample: Mapping[str, Any] | None
    replacements: tuple[Mapping[str, str], ...]
    panels: tuple[Panel, ...]
    found: Mapping[str, Found]
    decision: StoredDecision | None
    problems: tuple[Tracked, ...]
    year: Year
    confirmed: frozenset[ConfirmedSpan]
    parameters: Mapping[str, Parameter]
    median: list[float] | None = None

    @property
    def score(self) -> ScoreResult | None:
        """The score sheet; None while no case is recorded."""
        return self.feedback.score

    @property
    def is_signed(self) -> bool:
        """Whether the newest decision carries a name."""
        return self.decision is not None and bool(self.decision.document["signature"]["by"])

    @property
    def is_settled(self) -> bool:
        """Whether total and grade are those of a decision that somebody has signed."""
        if self.decision is None or self.score is None or not self.is_signed:
            return False
        decided, shown = self.decision.document["result"], self.score.to_json()
        return all(decided[key] == shown[key] for key in ("total_points", "grade", "lines"))

    def is_confirmed(self, item: str, citation: Citation) -> bool:
        """Whether a person has confirmed the passage the citation stands in as evidence or as a figure of this item."""
        return any(
            (document, page, of) == (citation.document_id, citation.page, item)
            and start <= citation.start
            and citation.end <= end
            for document, page, start, end, of in self.confirmed
        )

    def problem_is_confirmed(self, problem: Problem) -> bool:
        """Whether the office has registered the problem, or every passage it rests on is confirmed (and there is one)."""
        text = f"{problem.kind}：{problem.sentence}"
        same = (known.text for known in self.problems if known.item == problem.item)
        if any(known in (text, problem.sentence) or with_amounts(known) in (text, problem.sentence) for known in same):
            return True
        return self._all_confirmed(problem.item, problem.evidence)

    def _all_confirmed(self, item: str, numbers: tuple[int, ...]) -> bool:
        cited = [self.feedback.references[number - 1] for number in numbers]
        return bool(cited) and all(self.is_confirmed(item, citation) for citation in cited)

    def achievement_is_confirmed(self, item: str, numbers: tuple[int, ...]) -> bool:
        """Whether every passage the sentence rests on is confirmed."""
        return self._all_confirmed(item, numbers)


@allowed("write_feedback")
def read_record(
    workspace: Workspace, district: str, cycle: int, case: Case | None = None, *, with_year: bool = True
) -> DistrictRecord:
    """The record of the district. case : taken instead of the recorded one.

    with_year : False leaves to the caller what is read from the whole year: the sheet as it was decided, and the median.
    """
    chosen = case or recorded_case(workspace, district, cycle)
    decision = None
    if has_right(workspace.actor, "read_decisions"):
        decision = next(iter(stored_decisions(workspace, district, cycle)), None)
    opened, middle = year(workspace, cycle), None
    told = feedback_points(workspace, district, cycle, chosen)
    if with_year and has_right(workspace.actor, "compare_districts"):
        names = dict.fromkeys((district, *(one.name for one in opened.districts)))
        scores = year_scores(workspace, cycle, list(names))
        middle = median_shares(workspace.scheme, list(scores.values()))
        if case is None and district in scores:
            told = replace(told, score=scores[district])
    return DistrictRecord(
        district, cycle, told, chosen,
        recorded_sample(workspace, district, cycle), tuple(recorded_replacements(workspace, district, cycle)),
        panels(workspace, district, cycle), findings(workspace, district, cycle), decision,
        tuple(tracked_problems(workspace, district, cycle)), opened,
        _confirmed(workspace, district, cycle), office_rules(workspace, cycle).parameters, middle,
    )  # fmt: skip


def _confirmed(workspace: Workspace, district: str, cycle: int) -> frozenset[ConfirmedSpan]:
    of_district = (Document.district == district, Document.cycle == cycle)
    span = (Passage.document_id, Page.number, Passage.start, Passage.end)
    links = select(*span, EvidenceLink.item).select_from(EvidenceLink).join(EvidenceLink.passage)
    # A figure that is confirmed says nothing of the other figures of its passage.
    own_span = (Passage.document_id, Page.number, FactRow.start, FactRow.end)
    facts = select(*own_span, FactRow.metric).select_from(FactRow).join(FactRow.passage)
    metrics = load_metrics().by_id
    with workspace.store.session() as session:
        found = {
            (row[0], row[1], row[2], row[3], row[4])
            for row in session.execute(
                links.join(Passage.page).join(Passage.document).where(*of_district, EvidenceLink.state == "confirmed")
            )
        }
        stated = session.execute(
            facts.join(Passage.page).join(Passage.document).where(*of_district, FactRow.state == "confirmed")
        )
        found |= {(r[0], r[1], r[2], r[3], metrics[r[4]].item) for r in stated if r[4] in metrics}
    return frozenset(found)
