"""Which grade the recorded points would give, and how far it is to the borders: a trial, never a grade somebody confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from retrieval.answer import Answer, AnswerSentence
from retrieval.question import Question
from review.answer_words import official, stated
from review.answers_points import NOT_FOR_DISTRICTS
from review.case_sheet import Sheet, trial_sheet
from review.rights import allowed, has_right
from review.workspace import Workspace
from scoring_rules.grade import UNSETTLED, band, lowered
from scoring_rules.rounding import published
from scoring_rules.scheme import Scheme

_RANK = re.compile(r"名次|第几|排名|排第")


@allowed("read_evidence")
def answer_grade(workspace: Workspace, question: Question, district: str, cycle: int) -> Answer:
    """Total or interval, the band it lies in, the distance to the others, what 附件 1 may still change, and what is open."""
    if not has_right(workspace.actor, "read_case"):
        return Answer("ledger", False, (), NOT_FOR_DISTRICTS, about="grade")
    held = trial_sheet(workspace, district, cycle)
    searched = f"{district} {cycle} 年度的案卷和计分账本。"
    if held is None:
        nothing = f"{district} {cycle} 年度还没有登记案卷，没有核查得分，算不出总分和等级。"
        return Answer("ledger", False, (), nothing, about="grade")
    notes = ["这是按案卷试算的，不是认定；等级由市教育督导办认定、市政府审定后才算数。"]
    if _RANK.search(question.text):
        notes.append("名次在全部区县认定之后才排，现在没有。")
    sentences = tuple(_lines(workspace.scheme, held))
    return Answer("ledger", True, sentences, searched, tuple(notes), "grade")


def _lines(scheme: Scheme, held: Sheet) -> Iterator[AnswerSentence]:
    result = held.result
    low, high = (Fraction(text) for text in result.total_interval.published())
    here = band(scheme, low), band(scheme, high)
    if result.total_points is not None and result.base_points is not None and result.bonus_points is not None:
        points = f"总分 {published(result.total_points)} 分（基础分 {published(result.base_points)}，加分 {published(result.bonus_points)}）"
    else:
        points = f"总分在 {published(low)}–{published(high)} 分之间"
    names = " 到 ".join(dict.fromkeys(grade.name for grade in here))
    yield stated(
        f"按案卷现有的核查分和评定加分试算，{points}，按分数落在{names}（{here[1].text}）。",
        [official(scheme, here[1].place, here[1].text)],
    )
    above = [grade for grade in scheme.grades if grade.at_least > high]
    distances = []
    for grade in reversed(above):
        least, most = grade.at_least - high, grade.at_least - low
        told = published(least) if least == most else f"{published(least)}–{published(most)}"
        distances.append(f"离{grade.name}（{published(grade.at_least)} 分）还差 {told} 分")
    if low > here[0].at_least and here[0] is not scheme.grades[-1]:
        below = scheme.grades[scheme.grades.index(here[0]) + 1]
        distances.append(
            f"比{here[0].name}的下线（{published(here[0].at_least)} 分）高 {published(low - here[0].at_least)} 分，"
            f"再丢 {published(low - here[0].at_least)} 分以上就落到{below.name}"
        )
    if distances:
        cited = [official(scheme, grade.place, grade.text) for grade in (*above[-1:], here[0])]
        yield stated("；".join(distances) + "。", cited)
    yield from _annex(scheme, held, here[1].name, here[0].name)
    for sentence in result.open:
        if "附件 1" not in sentence:
            yield stated(f"还没定的：{sentence}")


def _annex(scheme: Scheme, held: Sheet, best: str, worst: str) -> Iterator[AnswerSentence]:
    """What 附件 1 may still do to the grade. The case file's word is told as such; only a recorded finding counts."""
    step = next(step for step in scheme.procedure if step.id == "四（一）")
    rule = next(part for part in re.findall(r"[^。；]*[。；]?", step.text) if "附件" in part)
    listed = [name for name, state in held.case.annex1.items() if state == "triggered"]
    waiting = [name for name, state in held.case.annex1.items() if state == "unknown"]
    found = held.result.annex1.triggered
    falls = "、".join(dict.fromkeys((lowered(scheme, best), lowered(scheme, worst))))
    parts = []
    if found:
        parts.append(f"已登记认定触发的：附件 1 第 {'、'.join(found)} 条，等级降低一个，为{falls}")
    if listed and not found:
        parts.append(f"案卷写第 {'、'.join(listed)} 条触发（认定还没有登记），认定后等级降低一个，为{falls}")
    if waiting:
        parts.append(f"附件 1 第 {'、'.join(waiting)} 条待核实")
    if not found:
        parts.append(f"任何一条查实触发，等级降低一个，即{falls}")
    state = held.result.grade if held.result.grade == UNSETTLED else "没有正式认定"
    yield stated(f"{'；'.join(parts)}。现在的等级：{state}。", [official(scheme, step.place, rule)])
