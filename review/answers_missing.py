"""What is missing, from the completeness list: one sentence an item, under the statement of how much was examined."""

from __future__ import annotations

from retrieval.answer import Answer, AnswerSentence
from retrieval.cite import Citation
from retrieval.question import Question
from review.completeness import STATE_WORDS, Completeness, ItemCompleteness, completeness
from review.rights import allowed
from review.workspace import Workspace


@allowed("read_evidence")
def answer_missing(workspace: Workspace, question: Question, district: str, cycle: int) -> Answer:
    """The gaps of the items asked about, of all items when none is named."""
    asked = {
        item.id
        for item in workspace.scheme.items
        if item.id in question.items or item.criterion_id in question.criteria
    }
    return missing_answer(question, completeness(workspace, district, cycle, items=asked or None))


def missing_answer(question: Question, listed: Completeness) -> Answer:
    """One sentence an item that is not complete, of those asked about (all when none is named); without any material first."""
    asked = [
        entry
        for entry in listed.items
        if not (question.items or question.criteria)
        or entry.item in question.items
        or entry.item.split("-")[0] in question.criteria
    ]
    open_items = [entry for entry in asked if entry.state != "found" or entry.notes]
    nothing = [entry for entry in open_items if entry.state == "missing"]
    sentences = [AnswerSentence(listed.coverage.sentence, (), True)]
    if len(open_items) > 1:
        parts = [f"所问 {len(asked)} 个要点中 {len(open_items)} 个还不齐"]
        if nothing:
            parts.append(f"其中没有材料的 {len(nothing)} 个：{'、'.join(entry.item for entry in nothing)}")
        sentences.append(AnswerSentence("，".join(parts) + "。", (), True))
    rest = [entry for entry in open_items if entry not in nothing]
    sentences += [AnswerSentence(_gap_sentence(entry), _gap_citations(entry), True) for entry in nothing + rest]
    if not open_items:
        sentences.append(AnswerSentence("所问要点的必备材料均已找到，是否充分由专家核定。", (), True))
    searched = f"已逐份核对 {listed.district} {listed.cycle} 年度的全部材料。"
    return Answer("missing", True, tuple(sentences), searched, about="missing")


def _gap_sentence(entry: ItemCompleteness) -> str:
    gaps = f"，缺{'、'.join(entry.missing)}" if entry.missing else ""
    return f"{entry.item} {entry.title}：{STATE_WORDS[entry.state]}{gaps}。{''.join(entry.notes)}"


def _gap_citations(entry: ItemCompleteness) -> tuple[Citation, ...]:
    cited = list(entry.out_of_period)
    cited += [citation for conflict in entry.conflicts for citation in conflict.citations]
    return tuple(citation for position, citation in enumerate(cited) if citation not in cited[:position])
