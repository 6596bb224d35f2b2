"""Stages and days: what the scheme says, and where the evaluation year stands with the days the office has set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from retrieval.answer import Answer, AnswerSentence
from retrieval.indicator_answer import answer_indicator
from retrieval.question import Question
from review.answer_words import official, stated
from review.cycle_state import STAGES, Stage, year_of
from review.rights import allowed
from review.workspace import Workspace
from scoring_rules.scheme import Scheme

_STAGE_WORDS = {
    "self": "自评|自查|交材料|提交|上报|报送|填报|材料",
    "review": "审核|监测|评审|初审",
    "field": "实地|督导检查|现场|进校|核查",
    "feedback": "反馈",
    "rectify": "整改|复查",
    "publish": "发布|公布|公开|公示|评价报告|结果",
}


@allowed("read_rules")
def answer_deadline(workspace: Workspace, question: Question, district: str | None, cycle: int) -> Answer:
    """The days of the stages asked about (all that are set when none is named) and the stage of today, then the scheme's words."""
    scheme = workspace.scheme
    with workspace.store.session() as session:
        year = year_of(session, cycle)
    asked = [stage for stage in STAGES if re.search(_STAGE_WORDS[stage.id], question.text)]
    sentences: list[AnswerSentence] = []
    if year.stage is not None:
        for stage in asked or STAGES:
            day = year.deadline(stage.id, district or "")
            if day is not None:
                sentences.append(stated(f"{cycle} 年度“{stage.words}”的截止日期：{_day(day)}（市教育督导办登记）。"))
        sentences.append(stated(f"{cycle} 年度现在处于“{year.stage.words}”阶段。"))
    said = answer_indicator(replace(question, topic="procedure"), scheme, workspace.catalogue)
    set_days = len(sentences) > 1
    sentences += list(_of_scheme(scheme, asked)) if asked else list(said.sentences)
    notes = []
    if not set_days:
        what = "、".join(stage.words for stage in asked) or "各阶段"
        notes.append(f"{cycle} 年度还没有登记{what}的截止日期，以市教育督导办的通知为准；下面是方案的规定。")
    searched = f"{cycle} 评价年度登记的阶段与期限，和{said.searched}。"
    return Answer("indicator", bool(sentences), tuple(sentences), searched, tuple(notes), "deadline")


def _of_scheme(scheme: Scheme, asked: list[Stage]) -> Iterator[AnswerSentence]:
    for stage in asked:
        step = next(step for step in scheme.procedure if step.id == stage.step)
        for clause in re.findall(r"[^。；]+[。；]?", step.text):
            yield stated(f"{step.place.section}{step.title}：{clause}", [official(scheme, step.place, clause)])


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
