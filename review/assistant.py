"""Answers a question: from the scheme, from the evidence, or from the completeness list, each with checked citations."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.answer import Answer, AnswerSentence
from retrieval.ask import ask as ask_index
from retrieval.cite import Citation
from retrieval.question import Question, parse_question
from review.completeness import STATE_WORDS, Completeness, ItemCompleteness, completeness
from review.rights import allowed, own_district
from review.workspace import Workspace

_NAMED_DISTRICT = re.compile(r"([\u4e00-\u9fff]{2,3}[区县])(?=人民政府|教育|20\d\d|的|去年|上年|今年|有|普惠|还)")
_NO_DISTRICT = (
    "全区", "我区", "本区", "各区", "该区", "哪区", "社区", "小区", "城区", "学区", "校区", "住区", "片区", "园区", "地区", "市区",
    "郊区", "辖区", "全县", "我县", "本县", "各县", "区县", "偏远山区", "贫困山区",
)  # fmt: skip


@allowed("read_evidence", filters=True)
def ask(
    workspace: Workspace,
    text: str,
    *,
    district: str | None = None,
    cycle: int | None = None,
    earlier: Sequence[str] = (),
) -> Answer:
    """The answer. A question about the scheme touches neither the record nor the model.

    district : whose evidence is asked; None = the district the question names, else all. Raises UnknownDistrictError.
    earlier : what the same person asked before in this conversation, oldest first.
    """
    question = parse_question(text, workspace.scheme, workspace.catalogue, district=district)
    if question.kind == "indicator" and district is None:
        answer = ask_index(None, workspace.scheme, workspace.catalogue, text, district=None, cycle=cycle)
        if answer.found:
            return answer
    if district is None:
        district, cycle = next(
            ((name, year) for name, year in workspace.districts(cycle) if name in text), (None, cycle)
        )
    district = own_district(workspace, district)
    if district is not None:
        district, cycle = workspace.locate(district, cycle)
        other = other_district(text, district)
        if other:
            return Answer(
                question.kind,
                False,
                (),
                f"问题问的是{other}，当前选定的是{district}，两区的材料分开存放。请先换到{other}再问。",
            )
    if question.kind == "missing":
        return _missing(workspace, question, district, cycle)
    index = workspace.index if workspace.districts(cycle) else None
    if index is not None:
        index.warm_up()
    return ask_index(index, workspace.scheme, workspace.catalogue, text, district=district, cycle=cycle)


def other_district(text: str, district: str) -> str:
    """The district that a question names in its first words, when it is not `district`; else an empty string."""
    named = _NAMED_DISTRICT.match(text)
    if not named or named[1].endswith(_NO_DISTRICT) or named[1] in district or district in text:
        return ""
    return named[1]


def _missing(workspace: Workspace, question: Question, district: str | None, cycle: int | None) -> Answer:
    if district is None or cycle is None:
        known = workspace.districts(cycle)
        if len(known) != 1:
            return Answer("missing", False, (), "完整性按区县逐份核对，请先选定区县再问。")
        district, cycle = known[0]
    return missing_answer(question, completeness(workspace, district, cycle))


def missing_answer(question: Question, listed: Completeness) -> Answer:
    """One sentence an item that is not complete, of those asked about (all when none is named)."""
    asked = [
        entry
        for entry in listed.items
        if not (question.items or question.criteria)
        or entry.item in question.items
        or entry.item.split("-")[0] in question.criteria
    ]
    open_items = [entry for entry in asked if entry.state != "found" or entry.notes]
    sentences = [AnswerSentence(listed.coverage.sentence, (), True)]
    sentences += [AnswerSentence(_gap_sentence(entry), _gap_citations(entry), True) for entry in open_items]
    if not open_items:
        sentences.append(AnswerSentence("所问要点的必备材料均已找到，是否充分由专家核定。", (), True))
    searched = f"已逐份核对 {listed.district} {listed.cycle} 年度的全部材料。"
    return Answer("missing", True, tuple(sentences), searched)


def _gap_sentence(entry: ItemCompleteness) -> str:
    gaps = f"，缺{'、'.join(entry.missing)}" if entry.missing else ""
    return f"{entry.item} {entry.title}：{STATE_WORDS[entry.state]}{gaps}。{''.join(entry.notes)}"


def _gap_citations(entry: ItemCompleteness) -> tuple[Citation, ...]:
    cited = list(entry.out_of_period)
    cited += [citation for conflict in entry.conflicts for citation in conflict.citations]
    return tuple(citation for position, citation in enumerate(cited) if citation not in cited[:position])
