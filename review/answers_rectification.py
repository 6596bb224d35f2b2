"""What became of last year's problems: as registered, as the case states, and as the district's own papers tell, side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document, EvidenceLink, Passage
from retrieval.annotate import group_starts
from retrieval.answer import Answer, AnswerSentence, AnswerTable, TableRow
from retrieval.cite import cite, verify
from retrieval.claims import is_claim
from retrieval.named_conditions import numbers_named
from retrieval.question import Question
from retrieval.searched import searched
from retrieval.sentences import is_row, split_sentences
from review.answer_words import official, stated
from review.cases import recorded_case
from review.rectification import SideBySide, side_by_side
from review.rectification_state import carried_into
from review.rights import allowed, has_right
from review.workspace import Workspace

MOST = 8
_OPEN_ASKED = re.compile(
    r"没(?:有)?(?:整?改|解决|到位|完成|销号)|未(?:整改|到位|完成|销号)|还(?:没|有|剩)|哪(?:个|些|几项|项)|为什么|为啥|什么原因"
)
_OPEN_ROW = re.compile(r"整改中|未整改|未到位|部分整改|未完成|未销号|正在")
_NUMBER_OF_ROW = re.compile(r"^\s*序号[：:]\s*(\d+)")
_SUMMARY = re.compile(
    r"(?:问题|意见).{0,20}\d+\s*[项个条].{0,60}(?:整改|销号)|(?:整改|销号).{0,12}\d+\s*[项个条]|整改到位率"
)
_ROW_OF_PROBLEM = re.compile(r"(?:问题|意见)：.*(?:整改|措施|结果|销号)")


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence or row of a paper. rank : the smallest is shown first."""

    passage: Passage
    start: int
    end: int
    rank: int

    @property
    def text(self) -> str:
        return self.passage.page.text[self.start : self.end]


@allowed("read_evidence")
def answer_rectification(workspace: Workspace, question: Question, district: str, cycle: int) -> Answer:
    """Registered problems first; the case's numbers for whoever may read it; then what the papers of this year say."""
    rows = side_by_side(workspace, district, cycle)
    sentences: list[AnswerSentence] = []
    with workspace.store.session() as session:
        carried = carried_into(session, district, cycle)
        if carried is not None:
            done = carried.due - carried.unrectified - len(carried.unchecked)
            sentences.append(
                stated(
                    f"登记的 {cycle - 1} 年度问题 {carried.due} 项：复查整改到位 {done} 项，没有到位 {carried.unrectified} 项，"
                    f"还没有复查 {len(carried.unchecked)} 项。"
                )
            )
        sentences += _of_case(workspace, district, cycle)
        told = _told(session, workspace, question, district, cycle)
        for one in told[:MOST]:
            citation = cite(session, one.passage, one.start, one.end)
            sentences.append(AnswerSentence(citation.quote, (citation,), verify(session, citation), "mentions"))
        where = searched(session, question, district, cycle)
    notes = []
    if told:
        notes.append("引自区县材料的是区县自己的说法，是否整改到位以市教育督导办的复查结论为准。")
    if carried is None:
        notes.append(f"{district} {cycle - 1} 年度还没有登记督导发现的问题和复查结论。")
    return Answer(
        "ledger", bool(sentences), tuple(sentences), f"登记的上年问题与复查、案卷；{where}", tuple(notes), "rectification", (),
        _table(rows),
    )  # fmt: skip


def _of_case(workspace: Workspace, district: str, cycle: int) -> Iterator[AnswerSentence]:
    if not has_right(workspace.actor, "read_case"):
        return
    case = recorded_case(workspace, district, cycle)
    if case is None or case.rectification is None:
        return
    scheme = workspace.scheme
    item = scheme.item(scheme.rectification_item)
    due, left = case.rectification.due, case.rectification.unrectified
    yield stated(
        f"案卷登记：上年问题应整改 {due} 项，到位 {due - left} 项，未到位 {left} 项；"
        f"{item.id}“{item.text.rstrip('。；')}”。",
        [official(scheme, item.place, item.text)],
    )


def _table(rows: list[SideBySide]) -> AnswerTable | None:
    if not rows:
        return None
    made = tuple(
        TableRow(
            (row.problem.item, row.problem.text, row.problem.state_words, _files(row.before), _files(row.now)),
            (*row.before[:1], *row.now[:1]),
        )
        for row in rows
    )
    return AnswerTable(("要点", "上年问题", "现状", "上年材料", "今年材料"), made)


def _files(citations: tuple[object, ...]) -> str:
    return "、".join(dict.fromkeys(f"《{getattr(citation, 'file', '')}》" for citation in citations)) or "没有"


def _told(session: Session, workspace: Workspace, question: Question, district: str, cycle: int) -> list[_Told]:
    """The sentences and rows about last year's problems in the papers linked to the rectification item, the most telling first."""
    item = workspace.scheme.rectification_item
    query = (
        select(Passage)
        .join(Document, Passage.document_id == Document.id)
        .where(Document.district == district, Document.cycle == cycle, Document.superseded_by.is_(None))
        .where(
            Passage.id.in_(
                select(EvidenceLink.passage_id).where(EvidenceLink.item == item, EvidenceLink.state != "rejected")
            )
        )
        .order_by(Passage.id)
    )
    numbers = numbers_named(question.text)
    found: dict[tuple[int, int], _Told] = {}
    for passage in session.scalars(query):
        for start, end in split_sentences(passage.text, group_starts(passage.page, passage)):
            text = passage.text[start:end]
            rank = _rank(text, question, numbers, claim=is_claim(passage.document.file))
            if rank is not None:
                place = passage.page_id, passage.start + start
                found.setdefault(place, _Told(passage, passage.start + start, passage.start + end, rank))
    ordered = sorted(found.values(), key=lambda one: (one.rank, one.passage.id, one.start))
    if numbers and any(one.rank == 0 for one in ordered):
        return [one for one in ordered if one.rank == 0]
    if numbers or (_OPEN_ASKED.search(question.text) and any(one.rank <= 1 for one in ordered)):
        return [one for one in ordered if one.rank <= 2]
    return ordered


def _rank(text: str, question: Question, numbers: list[str], *, claim: bool) -> int | None:
    """0 what was asked for by its number or as still open; 2 the summary; 4 other rows; one more for the district's own assessment."""
    if is_row(text):
        number = _NUMBER_OF_ROW.match(text)
        if not _ROW_OF_PROBLEM.search(text):
            return None
        if numbers and number and number[1] in numbers:
            return 0
        if _OPEN_ASKED.search(question.text) and _OPEN_ROW.search(text):
            return 0
        return 4 + claim
    if not _SUMMARY.search(text) or not re.search(r"上年|上一年|反馈|督导", text) or re.search(r"隐患|培训机构", text):
        return None
    return (1 if _OPEN_ROW.search(text) or "未" in text else 2) + claim
