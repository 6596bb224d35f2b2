"""Issuing the annual report: proved as the letters are, then frozen with its hash and told in the log of acts.

It is refused before the city government has approved the newest decision of every district of the year, while material of one
was not examined to its end, and while a number in it cannot be traced.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from review.acts import signed
from review.errors import RefusedRecordError
from review.papers.annual import annual_values, left_out
from review.papers.issuing import Issued, freeze, frozen, frozen_file, refuse_faults
from review.papers.kinds import ANNUAL
from review.papers.proof import sentences_of, year_faults
from review.papers.render import render
from review.papers.wording import WHOLE_YEAR
from review.papers.year_record import YearRecord, read_year
from review.rights import allowed, require
from review.signing import named_signer
from review.turns import take_turn
from review.workspace import Workspace


@allowed("issue_papers")
def issue_report(
    workspace: Workspace, cycle: int, on: str, document: str, by: str = "", *, grades_only: bool = False, reason: str = "",
    template: bytes | None = None,
) -> Issued:  # fmt: skip
    """Issues the report of the year under a day (ISO) and a number. grades_only, template : as in `report`.

    reason : has to be given when one was issued before. RefusedRecordError with what stands in the way. Unlike the letters it
    may be issued in 发布, when nothing else of the year can be changed any more.
    """
    require(workspace.actor, "compare_districts")
    name, day, number = signed(named_signer(workspace, by), on, document)
    told = read_year(workspace, cycle)
    _refuse_unready(told)
    values = annual_values(told, grades_only=grades_only, on=day, document=number)
    paper = render(ANNUAL.id, values, template=template)
    refuse_faults(sentences_of(year_faults(told, paper, on=day, document=number)))
    decisions = {name: told.approvals[name].to_json() for name in told.districts}
    content = {
        "on": day.isoformat(), "document": number, "decision": None, "decisions": decisions, "grades_only": grades_only,
        "left_out": left_out(told), "wordings": {name: dict(own) for name, own in told.wordings.items() if own},
    }  # fmt: skip

    def work(session: Session) -> Issued:
        take_turn(session, WHOLE_YEAR, cycle)
        return freeze(workspace, session, WHOLE_YEAR, cycle, ANNUAL, content, paper, name, reason)

    return workspace.write(work)


@allowed("compare_districts")
def issued_reports(workspace: Workspace, cycle: int) -> list[Issued]:
    """The reports that were issued of the year, the oldest first."""
    with workspace.store.session() as session:
        return frozen(session, WHOLE_YEAR, cycle)


@allowed("compare_districts")
def issued_report_file(workspace: Workspace, cycle: int, number: int | None = None) -> bytes:
    """The Word file as it was issued (number None = the newest). RefusedRecordError without one, or when it was altered since."""
    with workspace.store.session() as session:
        return frozen_file(session, WHOLE_YEAR, cycle, ANNUAL, number)


def _refuse_unready(told: YearRecord) -> None:
    lacking = [name for name in told.districts if name not in told.approvals]
    if lacking or not told.districts:
        which = f"（{'、'.join(lacking)}）" if lacking else ""
        raise RefusedRecordError(f"{told.cycle} 年度还有区县的认定没有登记市政府审定{which}，年度评价报告不能签发")
    for name, record in told.records.items():
        if not record.feedback.coverage.is_complete:
            raise RefusedRecordError(f"{name}：{record.feedback.coverage.sentence.rstrip('。')}，查完才能签发")
