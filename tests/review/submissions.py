"""A stored document without reading a file, and self points for every criterion: what the tests of a submission begin with."""

from __future__ import annotations

import hashlib
from datetime import datetime
from fractions import Fraction

from ingest.tables import Document, Page, Passage
from ingest.tables_cycle import CycleAct
from review.cycle_state import CLOSING
from review.self_points import Entry, save_points, sheet
from review.workspace import Workspace

DISTRICT, CYCLE, WHO = "云山区", 2019, "虚构的经办人"


def put_document(
    workspace: Workspace, file: str, text: str = "虚构的材料。", *, cycle: int = CYCLE, state: str = "indexed"
) -> None:
    """Stores a document with one page and one passage, and its original bytes."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    original = workspace.store.original(sha256)
    original.parent.mkdir(parents=True, exist_ok=True)
    original.write_bytes(text.encode())
    now = datetime(2019, 3, 1)
    with workspace.store.session() as session:
        document = Document(
            district=DISTRICT, cycle=cycle, file=file, sha256=sha256, size=len(text.encode()), kind="txt", state=state,
            facts={}, findings=[], ingested_at=now, indexed_at=now,
        )  # fmt: skip
        page = Page(number=1, label="正文", state="text", text=text, document=document)
        passage = Passage(key=f"{sha256[:16]}-1-0-{len(text)}", start=0, end=len(text), text=text, indexed=True)
        passage.document, passage.page = document, page
        session.add_all([document, page, passage])


def full_marks(workspace: Workspace, *, cycle: int = CYCLE, **changes: str) -> None:
    """Saves full marks for every criterion, but for these."""
    marks = {c.id: str(c.points) for c in workspace.scheme.criteria if not c.is_bonus} | changes
    entries = {key: Entry(Fraction(value), "虚构的理由") for key, value in marks.items()}
    base = sheet(workspace, DISTRICT, cycle).version
    save_points(workspace, DISTRICT, cycle, entries, base=base, by=WHO)


def publish(workspace: Workspace, cycle: int) -> None:
    """The year has been published, without the decisions and approvals that come before."""
    named = {
        "subject": CLOSING,
        "district": "",
        "value": {},
        "by": WHO,
        "reason": "",
        "recorded_at": datetime(2019, 12, 1),
    }
    with workspace.store.session() as session:
        session.add(CycleAct(cycle=cycle, kind="stage", **named))
