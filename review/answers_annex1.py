"""附件 1 of a district, one condition at a time: what was found by a person, what the case says, what the figures propose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from retrieval.answer import Answer, AnswerSentence
from retrieval.named_conditions import named_conditions
from retrieval.question import Question
from review.annex1 import STATE_WORDS, ConditionState, conditions
from review.answer_words import official, stated
from review.answers_points import NOT_FOR_DISTRICTS
from review.cases import recorded_case
from review.rights import allowed, has_right
from review.workspace import Workspace
from scoring_rules.scheme import Scheme

_IN_CASE = {"triggered": "触发", "not_triggered": "没有触发", "unknown": "待核实"}


@allowed("read_evidence")
def answer_annex1(workspace: Workspace, question: Question, district: str, cycle: int) -> Answer:
    """The state of every condition asked about (all when none is named). What nobody has found is told as open, never as "no"."""
    if not has_right(workspace.actor, "read_case"):
        return Answer("ledger", False, (), NOT_FOR_DISTRICTS, about="annex1")
    asked = named_conditions(question.text, workspace.scheme)
    standing = [one for one in conditions(workspace, district, cycle) if not asked or one.condition.id in asked]
    case = recorded_case(workspace, district, cycle)
    in_case: Mapping[str, str] = {} if case is None else case.annex1
    sentences = [_summary(standing, in_case)]
    for one in _most_telling(standing, in_case):
        sentences += _lines(workspace.scheme, one, in_case.get(one.condition.id))
    searched = f"{district} {cycle} 年度登记的附件 1 认定、案卷和由数据算出的建议。"
    notes = ("没有登记认定的一律算待核实：既不算触发，也不算没有触发。",)
    return Answer("ledger", True, tuple(sentences), searched, notes, "annex1")


def _summary(standing: list[ConditionState], in_case: Mapping[str, str]) -> AnswerSentence:
    parts = []
    for state, words in STATE_WORDS.items():
        if state == "unknown":
            continue
        if found := [one.condition.id for one in standing if one.found is not None and one.state == state]:
            parts.append(f"已登记认定“{words}”的：第 {'、'.join(found)} 条")
    left = [one.condition.id for one in standing if one.found is None or one.state == "unknown"]
    if left:
        parts.append(f"还没有登记认定的：第 {'、'.join(left)} 条")
    told: dict[str, list[str]] = {}
    for one in standing:
        if one.condition.id in left and one.condition.id in in_case:
            told.setdefault(_IN_CASE[in_case[one.condition.id]], []).append(one.condition.id)
    # What is triggered or open first.
    order = [word for word in ("触发", "待核实", "没有触发") if word in told]
    if order:
        parts.append(
            "案卷里填的是" + "，".join(f"第 {'、'.join(told[word])} 条“{word}”" for word in order) + "（不等于认定）"
        )
    return stated("；".join(parts) + "。")


def _most_telling(standing: list[ConditionState], in_case: Mapping[str, str]) -> list[ConditionState]:
    def place(one: ConditionState) -> int:
        state = one.state if one.found is not None else in_case.get(one.condition.id, "unknown")
        return ["triggered", "unknown", "not_triggered"].index(state)

    return sorted(standing, key=place)


def _lines(scheme: Scheme, one: ConditionState, in_case: str | None) -> Iterator[AnswerSentence]:
    condition = one.condition
    if one.found is not None and one.state != "unknown":
        state = f"{one.found.by}于 {one.found.on} 认定“{STATE_WORDS[one.state]}”（{one.found.document}）"
    else:
        state = "没有登记认定" + ("" if in_case is None else f"，案卷填“{_IN_CASE[in_case]}”")
    yield stated(
        f"第 {condition.id} 条：{condition.text.rstrip('。；')}。——{state}。",
        [official(scheme, condition.place, condition.text)],
    )
    if one.proposal is not None:
        keys = [key for given in one.proposal.inputs for key in given.citations]
        cited = [one.figures[key].citation for key in dict.fromkeys(keys) if key in one.figures]
        words = {"triggered": "建议看作触发", "not_triggered": "建议看作没有触发", "unknown": "定不下来"}
        reasons = "；".join(reason.rstrip("。；") for reason in one.proposal.reasons)
        text = f"第 {condition.id} 条按材料中的数据{words[one.proposal.state]}（只是建议，由人认定）：{reasons}。"
        yield stated(text, cited)
