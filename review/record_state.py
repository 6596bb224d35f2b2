"""What the record of a district holds at the moment, as a word that changes with it: results kept by a page are made anew then."""

from __future__ import annotations

from sqlalchemy import func, select

from ingest.tables import CaseRow, Confirmation, Document, Examination, OfficeAct
from ingest.tables_cycle import CycleAct, Problem, ProblemAct
from review.cycle_state import EXPECTED
from review.rights import allowed
from review.workspace import Workspace


@allowed("read_evidence")
def record_state(workspace: Workspace, district: str, cycle: int) -> str:
    """Changes whenever a document is read, indexed or examined, a link or figure confirmed or rejected, a case file recorded,
    an open term or parameter settled, what is expected of an item in that year changed, or something done about a problem."""
    documents = select(
        func.count(Document.id),
        func.count(Document.indexed_at),
        func.max(Document.ingested_at),
        func.max(Document.indexed_at),
        func.count(Document.superseded_by),
    )
    examined = select(func.count(Examination.document_id), func.max(Examination.examined_at)).join(Examination.document)
    confirmed = select(func.max(Confirmation.id))
    cases = select(func.max(CaseRow.id))
    with workspace.store.session() as session:
        read = session.execute(documents.where(Document.district == district, Document.cycle == cycle)).one()
        looked = session.execute(examined.where(Document.district == district, Document.cycle == cycle)).one()
        person = session.scalar(confirmed.where(Confirmation.district == district, Confirmation.cycle == cycle))
        case = session.scalar(cases.where(CaseRow.district == district, CaseRow.cycle == cycle))
        expected = session.scalar(
            select(func.max(CycleAct.id)).where(CycleAct.cycle == cycle, CycleAct.kind == EXPECTED)
        )
        acted = session.scalar(select(func.max(OfficeAct.id)))
        problems = select(func.max(Problem.id), func.max(ProblemAct.id)).outerjoin(
            ProblemAct, ProblemAct.problem_id == Problem.id
        )
        told = session.execute(problems.where(Problem.district == district, Problem.cycle == cycle)).one()
    seen = (*map(str, (*read, *looked)), person, case, expected, acted, *told)
    return f"{workspace.settings.home}|{workspace.settings.database_url}|{seen}"
