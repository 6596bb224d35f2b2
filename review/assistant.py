"""Answers a question: from the scheme, the evidence, the completeness list or the recorded case, in the right of whoever asks.

This is only the way to the right answer: what a question means is found in `retrieval`, each kind is answered in a module of its own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from retrieval.ambiguity import readings
from retrieval.answer import Answer
from retrieval.ask import ask as ask_index
from retrieval.district_names import asks_of_others, district_names
from retrieval.metrics import load_metrics
from retrieval.question import Question, parse_question
from retrieval.question_parts import Part, each_ask, parts
from retrieval.question_words import known_words
from retrieval.spelling import Correction, mend
from retrieval.spoken_words import years_in_digits
from review.answers_against import answer_against
from review.answers_annex1 import answer_annex1
from review.answers_comparison import answer_comparison, answer_years
from review.answers_grade import answer_grade
from review.answers_missing import answer_missing
from review.answers_points import answer_points
from review.answers_procedure import answer_deadline
from review.answers_rectification import answer_rectification
from review.cycle_state import year_of
from review.rights import allowed, has_right, own_district
from review.several_asks import leans_too_far, together, with_each
from review.workspace import Workspace

# The same words whatever is asked of whichever other district, whether it has handed in anything or not.
NOT_YOURS = "您只能查看本区县的材料和办理情况，不能查看其他区县的，也不能在区县之间比较。请改问本区县；需要全市情况的，请向市教育督导办了解。"
_SELF_TOTAL = "自评总得分是多少，申请加分多少？"
_WHICH = re.compile(r"哪[些几]|什么|啥")  # 申请加分的是哪几样
_STAGE = re.compile(r"阶段|哪一?步|环节")
# Asks for a figure of more than one year.
_YEARS = re.compile(
    r"(?:[这近前上]|最近)[两二三几]年|两年(?:分别|各|都)|历年|逐年|各年|(?:和|跟|与|同)(?:去年|前年|上年|上一年)(?:度)?(?:相)?比"
)
_EVALUATION_OF = re.compile(r"((?:19|20)\d\d)\s*年(?:度)?的?(?:评价|督导评价|考核)")
_LACKING = "这句话接着前面的话说，而这次对话里没有前文。请说完整，例如："
_EXAMPLES = ("学前教育普惠率是多少？", "B5 还缺什么材料？", "B5 为什么扣分？", "上年问题整改了吗？")


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
    text, earlier = years_in_digits(text), [years_in_digits(one) for one in earlier]
    text, mended = mend(text, known_words(workspace.scheme, workspace.catalogue, load_metrics()))
    if district is None and not earlier:
        question = parse_question(text, workspace.scheme, workspace.catalogue)
        if question.kind == "indicator" and question.about != "deadline" and not _STAGE.search(text):
            answer = ask_index(None, workspace.scheme, workspace.catalogue, text, district=None, cycle=cycle)
            if answer.found:
                return _told(answer, mended)
    own = own_district(workspace, district)
    return _told(_of_record(workspace, text, own, cycle, earlier), mended)


def other_district(text: str, district: str) -> str:
    """The first district a question names that is not `district`; else an empty string."""
    return next((name for name in district_names(text, (district,)) if name != district), "")


def _of_record(workspace: Workspace, text: str, own: str | None, cycle: int | None, earlier: Sequence[str]) -> Answer:
    year = cycle if cycle is not None else workspace.newest_cycle()
    known = _known_districts(workspace, own, year)
    metrics = load_metrics()

    def parse(words: str) -> Question:
        return parse_question(
            words, workspace.scheme, workspace.catalogue, district=own, metrics=metrics, districts=known
        )

    asked = parts(text, earlier, parse, metrics, data_year=year - 1, districts=known)
    if workspace.actor.is_bound and any(name != own for name in district_names(text, known)):
        # Part of an answer would tell as much as all of it.
        return _refused(asked[-1].question)
    read, answers = [], []
    for part in asked:
        part, whole = _tried(workspace, part, own, cycle, known)
        each = each_ask(part, parse, metrics, data_year=year - 1, districts=known)
        answers.append(with_each(whole, _tried_each(workspace, each, own, cycle, known)))
        read.append(part)
    return together(answers, read)


def _tried_each(
    workspace: Workspace, each: Sequence[Part], own: str | None, cycle: int | None, known: Sequence[str]
) -> list[tuple[Part, Answer]]:
    """The asks of one question with their answers; one that found only what it leans on is asked by its own words."""
    tried = [_tried(workspace, one, own, cycle, known) for one in each]
    return [
        (one, _answer(workspace, one.otherwise, own, cycle, known))
        if one.otherwise is not None and leans_too_far(at, each, answer)
        else (one, answer)
        for at, (one, answer) in enumerate(tried)
    ]


def _tried(
    workspace: Workspace, part: Part, own: str | None, cycle: int | None, known: Sequence[str]
) -> tuple[Part, Answer]:
    """The answer to one question as it was read, or read otherwise where that finds something and this nothing."""
    answer = _answer(workspace, part, own, cycle, known)
    if answer.found or part.otherwise is None:
        return part, answer
    again = _answer(workspace, part.otherwise, own, cycle, known)
    return (part.otherwise, again) if again.found else (part, answer)


def _known_districts(workspace: Workspace, own: str | None, cycle: int) -> list[str]:
    """Names by which districts are recognised: those that take part, and those whose material the actor may see."""
    with workspace.store.session() as session:
        taking_part = [one.name for one in year_of(session, cycle).districts]
    seen = [name for name, _ in workspace.districts()]
    return list(dict.fromkeys([*([own] if own else []), *taking_part, *seen]))


def _answer(workspace: Workspace, part: Part, own: str | None, cycle: int | None, known: Sequence[str]) -> Answer:
    """The answer to one whole question."""
    question, text = part.question, part.understood.text
    named = district_names(text, known)
    others = [name for name in named if name != own]
    if len(named) > 1 and question.kind == "evidence" and question.about == "figure":
        question = replace(question, kind="comparison", about="comparison")  # 持证率云山鹤汀各多少
    if (
        question.kind == "comparison"
        and (named or asks_of_others(text))
        and not (question.about == "comparison" and named == [own])
    ):
        if not has_right(workspace.actor, "compare_districts"):
            return _refused(question)
        return answer_comparison(workspace, question, _compared(named, own, text), cycle or workspace.newest_cycle())
    of_scheme = question.kind == "indicator" and question.about != "deadline"  # 实地督导是抽几个区还是都来
    if workspace.actor.is_bound and (others or (asks_of_others(text) and not of_scheme)):
        return _refused(question)
    if part.understood.lacking:
        return Answer("unknown", False, (), _LACKING, about="unknown", choices=_EXAMPLES)
    if not part.own and (choices := readings(question, load_metrics())):
        return Answer("unknown", False, (), "请问是哪一项？", about="unknown", choices=choices)
    district = others[0] if others else own
    if district is None and named:
        district = named[0]
    if others and district not in {name for name, _ in workspace.districts()}:
        return Answer(question.kind, False, (), f"没有{district}的材料。", about=question.about)
    if district is not None:
        district, cycle = workspace.locate(district, cycle)
    return _of_kind(workspace, part, district, cycle)


def _of_kind(workspace: Workspace, part: Part, district: str | None, cycle: int | None) -> Answer:
    question, text = part.question, part.understood.text
    if question.about == "deadline" or (question.topic == "procedure" and _STAGE.search(text)):
        return answer_deadline(workspace, question, district, cycle or workspace.newest_cycle(district))
    if question.kind in ("missing", "ledger"):
        if district is None or cycle is None:
            seen = workspace.districts(cycle)
            if len(seen) != 1:
                return _which_district(question, text, sorted({name for name, _ in seen}))
            district, cycle = seen[0]
        if other := _EVALUATION_OF.search(text):
            cycle = int(other[1])
        return _of_ledger(workspace, question, district, cycle)
    years = question.kind == "comparison" or (question.kind == "evidence" and _YEARS.search(text))
    if years and question.metrics and district is not None and cycle is not None:
        with workspace.store.session() as session:
            if answer := answer_years(session, question, district, cycle):
                return replace(answer, kind=question.kind, about=question.about)
    if question.against and (question.items or question.criteria) and district is not None and cycle is not None:
        return answer_against(workspace, question, district, cycle)
    index = workspace.index if workspace.districts(cycle) else None
    if index is not None and question.kind != "indicator":
        index.warm_up()
    return ask_index(
        index,
        workspace.scheme,
        workspace.catalogue,
        question,
        district=district,
        cycle=cycle,
        only=part.understood.only,
    )


def _of_ledger(workspace: Workspace, question: Question, district: str, cycle: int) -> Answer:
    if question.kind == "missing":
        return answer_missing(workspace, question, district, cycle)
    if question.about == "rectification":
        return answer_rectification(workspace, question, district, cycle)
    if question.about == "annex1":
        return answer_annex1(workspace, question, district, cycle)
    if question.about == "grade":
        return answer_grade(workspace, question, district, cycle)
    if question.claims and not re.search(r"扣|可信度|核[查定]|为什么|为啥|初评|[评认审]定", question.text):
        # What the district reports of itself stands in its own papers.
        index = workspace.index
        index.warm_up()
        # Without a criterion the sum is meant.
        whole = not (question.criteria or question.items or question.indicators or _WHICH.search(question.text))
        asked = _SELF_TOTAL if whole else question.text
        answer = ask_index(index, workspace.scheme, workspace.catalogue, asked, district=district, cycle=cycle)
        if answer.found:
            return answer
    return answer_points(workspace, question, district, cycle)


def _refused(question: Question) -> Answer:
    return Answer(question.kind, False, (), NOT_YOURS, about=question.about)


def _which_district(question: Question, text: str, names: Sequence[str]) -> Answer:
    choices = tuple(f"{name}{text}" for name in names)
    return Answer(
        question.kind,
        False,
        (),
        "得分、等级和完整性按区县逐个回答，请问是哪个区县？",
        about=question.about,
        choices=choices,
    )


def _compared(named: Sequence[str], own: str | None, text: str) -> Sequence[str]:
    """The districts to set side by side: those named, with the asker's own when he names one other; () = all."""
    if asks_of_others(text) or not named:
        return ()
    return list(dict.fromkeys([*([own] if own else []), *named])) if len(named) == 1 else named


def _told(answer: Answer, mended: Sequence[Correction]) -> Answer:
    if not mended or not (answer.found or answer.choices):
        return answer
    words = "、".join(f"“{one.typed}”按“{one.meant}”" for one in mended)
    return replace(answer, notes=(*answer.notes, f"{words}理解。"))
