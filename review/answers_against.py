"""What speaks against an item: every document examined, those kept that contradict it, with the reason."""

from __future__ import annotations

from retrieval.answer import Answer, AnswerSentence, Stance
from retrieval.cite import cite, verify
from retrieval.question import Question
from review.acts import office_rules
from review.completeness import completeness
from review.evidence import LinkedPassage, evidence_by_item
from review.objections import objections
from review.rights import allowed
from review.workspace import Workspace

MOST = 8


@allowed("read_evidence")
def answer_against(workspace: Workspace, question: Question, district: str, cycle: int) -> Answer:
    """The passages that contradict the items asked about, and material of another year; found False when there is neither."""
    items = list(question.items)
    for criterion in question.criteria:
        items += [item.id for item in workspace.scheme.criterion(criterion).items if item.id not in items]
    rules = office_rules(workspace, cycle)
    sentences: list[AnswerSentence] = []
    with workspace.store.session() as session:
        found = evidence_by_item(session, district, cycle, objections(session, district, cycle, rules), items)
        for item in items:
            for document in found.get(item, ()):
                for linked in document.passages:
                    if linked.verdict in ("contradicts", "out_of_period") and len(sentences) < MOST:
                        start, end = _place(linked)
                        citation = cite(session, linked.passage, start, end)
                        stance: Stance = "contradicts" if linked.verdict == "contradicts" else "out_of_period"
                        sentences.append(AnswerSentence(citation.quote, (citation,), verify(session, citation), stance))
    sentences.sort(key=lambda sentence: sentence.stance != "contradicts")
    coverage = completeness(workspace, district, cycle, items=()).coverage.sentence
    asked = "、".join(items)
    searched = f"{coverage}逐段核对了与 {asked} 有关的材料。"
    if not sentences:
        searched += "没有找到与它相矛盾或年度不符的内容；是否充分仍由专家核定。"
    return Answer("evidence", bool(sentences), tuple(sentences), searched, about="evidence")


def _place(linked: LinkedPassage) -> tuple[int, int]:
    """The words the deciding reason points at, widened to their sentence; the whole passage where it points at nothing."""
    text, passage = linked.passage.page.text, linked.passage
    reason = next((one for one in linked.reasons if passage.start <= one.start < one.end <= passage.end), None)
    if reason is None:
        return passage.start, passage.end
    start = max(text.rfind(mark, passage.start, reason.start) for mark in "。\n") + 1
    ends = [place for mark in "。\n" if (place := text.find(mark, reason.end, passage.end)) >= 0]
    return max(start, passage.start), min(ends, default=passage.end)
