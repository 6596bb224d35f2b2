"""反馈意见 of a district: its words, filled from the record into corpus/templates/feedback.docx."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from review.cycles import stage_of
from review.drafting import text_of
from review.feedback import PROBLEM_KINDS, Problem
from review.papers.common import (
    UNCONFIRMED,
    Index,
    balanced,
    basis_sentence,
    checked_text,
    closing,
    coverage_text,
    criteria_with,
    draft_header,
    lines_by_id,
    shown_sum,
)  # fmt: skip
from review.papers.district_charts import lost_points_chart, profile
from review.papers.numbers import ABSENT, credibility_text, day_text, interval_text, numeral, points_text
from review.papers.record import DistrictRecord

ADVICE = {
    "督导发现": "对督导中发现的问题，按附件1的要求和时限整改到位。",
    "未达标": "对未达到方案要求的指标，逐项分析原因，明确措施、责任单位和完成时限。",
    "口径冲突": "对相互矛盾的数据，由数据提供部门共同核实，以盖章说明统一口径。",
    "缺材料": "对没有佐证材料的评价要点，按附件1补充材料；确无此项的，提交盖章说明。",
    "材料不齐": "对必备材料不齐的评价要点，按附件1逐项补齐。",
    "年度不符": "对不属于{year}年度的材料，补充当年材料或有效性说明。",
    "无法读取": "对无法读取的文件，重新提供可以打开、不加密的版本。",
}
INCOMPLETE = "材料不齐"
UNSETTLED = "得分与等级待认定后另行通知。"
CLOSING = "请对照问题清单（附件1）制定整改方案，在规定时间内整改，并将整改落实情况报市政府教育督导委员会办公室。"
CLOSING_WITHOUT_PROBLEMS = "请继续落实履行教育职责的各项要求，工作情况及时报市政府教育督导委员会办公室。"
NO_ACHIEVEMENTS = "现有材料中，尚无可由规则直接认定达标的评价要点，有关成绩待专家核定。"
NO_CONFIRMED_ACHIEVEMENTS = "有关成绩待进一步核定。"
NO_CONFIRMED_PROBLEMS = "没有经核定的问题。"
NO_PROBLEMS = "现有材料中未发现规则可以直接认定的问题。"


def letter_values(
    record: DistrictRecord,
    *,
    confirmed_only: bool = False,
    is_draft: bool = True,
    on: date | None = None,
    wording: Mapping[str, str] | None = None,
    document: str = "",
    with_charts: bool = True,
) -> dict[str, Any]:
    """The values of the template. confirmed_only : sentences nobody has confirmed are left out and counted.

    is_draft : False as it is issued, on that day under that number (document): only what people have confirmed, no proposals of
    the rules, and no total or grade that nobody has signed. wording : sentences of the office by the draft's own (see
    review.papers.wording).
    """
    confirmed_only = confirmed_only or not is_draft
    told, scheme, data_year = record.feedback, record.feedback.scheme, record.cycle - 1
    changed = wording or {}
    index = Index(coverage_text(told.coverage), list(told.references))
    praised = [
        a for a in told.achievements if not confirmed_only or record.achievement_is_confirmed(a.item, a.evidence)
    ]
    blamed = [p for p in told.problems if not confirmed_only or record.problem_is_confirmed(p)]
    groups = []
    for number, criterion in enumerate(criteria_with(scheme, (a.item for a in praised)), 1):
        own = [a for a in praised if scheme.item(a.item).criterion_id == criterion.id]
        lines = []
        for achievement in own:
            doubt = "" if record.achievement_is_confirmed(achievement.item, achievement.evidence) else UNCONFIRMED
            sentence = changed.get(achievement.sentence, achievement.sentence)
            lines.append(f"（{achievement.item}）{sentence}{doubt}{index.of(achievement.evidence)}")
        groups.append({"heading": f"（{numeral(number)}）{criterion.name}", "lines": lines})
    kinds = [kind for kind in PROBLEM_KINDS if any(problem.kind == kind for problem in blamed)]
    advice = [ADVICE[kind].format(year=data_year) for kind in kinds] or ["巩固现有成果，持续提升教育保障水平。"]
    return {
        "header": draft_header(record, is_draft=is_draft),
        "is_draft": is_draft, "is_issued": not is_draft, "document": document,
        "title": balanced(f"关于对{record.district}人民政府{record.cycle}年度履行教育职责评价的反馈意见"),
        "addressee": f"{record.district}人民政府",
        "basis": f"根据{basis_sentence(scheme)}，对你区{data_year}年度履行教育职责情况进行了审核评价，现将有关意见反馈如下。",
        "work": work_lines(record, is_draft=is_draft)
        + (_left_out(told.achievements, praised, told.problems, blamed) if is_draft else []),
        "achievements": groups,
        "achievements_none": "" if groups else NO_ACHIEVEMENTS if is_draft else NO_CONFIRMED_ACHIEVEMENTS,
        "problems": _problem_groups(record, blamed, index, changed),
        "problems_none": "" if blamed else NO_PROBLEMS if is_draft else NO_CONFIRMED_PROBLEMS,
        "advice": [f"{number}. {sentence}" for number, sentence in enumerate(advice, 1)],
        "closing": CLOSING if blamed else CLOSING_WITHOUT_PROBLEMS,
        # The numbers stand below each other.
        "annexes": ["附件：1. 问题清单", "　　　2. 得分情况表", "　　　3. 佐证索引"],
        "problem_rows": [
            {
                "number": str(number), "item": problem.item, "kind": problem.kind,
                "sentence": _said(problem, changed)
                + ("" if record.problem_is_confirmed(problem) else UNCONFIRMED),
                "advice": problem.advice, "evidence": index.of(problem.evidence),
            }
            for number, problem in enumerate(blamed, 1)
        ],
        **points_values(record, is_draft=is_draft),
        "charts": [c for c in (profile(record), lost_points_chart(record)) if c]
        if with_charts and (is_draft or record.is_settled)
        else [],
        "problem_rows_none": "" if blamed else "没有列入清单的问题。",
        "references": index.rows(), "references_none": "" if index.rows() else "本稿没有引用佐证。",
        **closing(record.cycle, on),
    }  # fmt: skip


def _left_out(
    all_praise: Sequence[Any], praised: Sequence[Any], all_blame: Sequence[Any], blamed: Sequence[Any]
) -> list[str]:
    count = len(all_praise) - len(praised) + len(all_blame) - len(blamed)
    return [f"另有 {count} 条由系统提出、尚未经人确认的意见，本稿未列入。"] if count else []


def _said(problem: Problem, changed: Mapping[str, str]) -> str:
    """The sentence in the office's newest words, with a full stop where whoever registered the problem wrote none."""
    sentence = changed.get(problem.sentence, problem.sentence)
    return sentence if sentence.endswith(("。", "！", "？", "）")) else f"{sentence}。"


def _problem_groups(
    record: DistrictRecord, blamed: Sequence[Problem], index: Index, changed: Mapping[str, str]
) -> list[dict[str, Any]]:
    """By criterion; the items with incomplete evidence in one group at the end: dozens of lines of this kind would bury the rest."""
    scheme = record.feedback.scheme
    groups: list[dict[str, Any]] = []
    told = [problem for problem in blamed if problem.kind != INCOMPLETE]
    for criterion in criteria_with(scheme, (p.item for p in told)):
        lines = []
        for problem in (p for p in told if scheme.item(p.item).criterion_id == criterion.id):
            doubt = "" if record.problem_is_confirmed(problem) else UNCONFIRMED
            lines.append(f"（{problem.item}）{_said(problem, changed)}{doubt}{index.of(problem.evidence)}")
        lines = [f"{place}. {line}" for place, line in enumerate(lines, 1)]
        groups.append({"heading": f"（{numeral(len(groups) + 1)}）{criterion.id} {criterion.name}", "lines": lines})
    partly = list(dict.fromkeys(p.item for p in blamed if p.kind == INCOMPLETE))
    if partly:
        sure = all(record.problem_is_confirmed(p) for p in blamed if p.kind == INCOMPLETE)
        line = f"{'、'.join(partly)}等 {len(partly)} 个评价要点的必备材料不齐，逐项见附件1。{'' if sure else UNCONFIRMED}{index.coverage_mark}"
        groups.append({"heading": f"（{numeral(len(groups) + 1)}）部分评价要点的必备材料不齐", "lines": [line]})
    return groups


def work_lines(record: DistrictRecord, *, is_draft: bool = True) -> list[str]:
    """What was done: dates, material, sample, experts, confirmations, points; only what the record holds."""
    lines = []
    days: dict[str, str] = {}
    for act in record.year.acts:
        if act.kind == "stage":
            days[stage_of(act.subject).words] = day_text(act.at)
    if days:
        lines.append("评价工作进度：" + "，".join(f"{words}自{day}开始" for words, day in days.items()) + "。")
    lines.append(f"本次审核的自评佐证材料：{coverage_text(record.feedback.coverage)}")
    if record.sample is not None:
        drawn = [name for stratum in record.sample["criteria"] for name in stratum["drawn"]]
        schools = [name for stratum in record.sample["schools"] for name in stratum["drawn"]]
        text = f"实地督导按随机种子 {record.sample['seed']} 分层抽查二级指标 {len(drawn)} 个（{'、'.join(drawn)}）"
        lines.append(text + (f"，学校 {len(schools)} 所。" if schools else "，学校名单未登记。"))
    experts = sorted({name for panel in record.panels for name in panel.experts})
    if experts:
        lines.append(f"{len(experts)} 位专家对 {len(record.panels)} 个二级指标打分。")
    lines += score_lines(record) if is_draft or record.is_settled else [UNSETTLED]
    return lines


def score_lines(record: DistrictRecord) -> list[str]:
    """The points as they stand, and what is open."""
    if record.score is None:
        return ["尚未录入案卷（自评得分、核查得分），本稿不含得分与等级。"]
    score = record.score
    lines = [f"自评总得分 {points_text(score.self_points)} 分。"]
    if score.credibility is not None:
        change = "自评量化计分按可信度予以调整" if score.adjusted else "认可自评结果"
        lines[0] += f"经抽样核查，自评可信度为 {credibility_text(score.credibility)}，{change}。"
    if score.total_points is not None:
        lines.append(
            f"基础分 {points_text(score.base_points)} 分，加分 {points_text(score.bonus_points)} 分，最终得分 {points_text(score.total_points)} 分，"
            f"得分等级为{score.points_grade}，认定等级：{score.grade}。"
        )
    else:
        low, high = score.total_interval.published()
        lines.append(f"因有未决事项，总分暂估区间为 {low} 至 {high} 分，等级待认定。")
    return lines + [f"未决事项：{sentence}" for sentence in score.open]


def points_values(record: DistrictRecord, *, is_draft: bool = True) -> dict[str, Any]:
    """The points table: self, verified, final and draft of every criterion, and how they add up to the total.

    is_draft : False leaves out what nobody has signed.
    """
    told_final = is_draft or record.is_settled
    scheme, lines = record.feedback.scheme, lines_by_id(record.score)
    rows = []
    for criterion in record.feedback.draft.result.criteria:
        official, line = scheme.criterion(criterion.id), lines.get(criterion.id)
        rows.append(
            {
                "id": criterion.id, "name": official.name,
                "points": f"{'≤' if official.is_bonus else ''}{text_of(official.points)}",
                "self": ABSENT if line is None else points_text(line.self_points), "verified": checked_text(line),
                "final": ABSENT if line is None or not told_final else points_text(line.points),
                "draft": interval_text(*criterion.points),
            }
        )  # fmt: skip
    empty = dict.fromkeys(("id", "name", "points", "self", "verified", "final", "draft"), ABSENT)
    score = record.score
    if score is not None and score.total_points is not None and told_final:
        shown = shown_sum(score)
        if shown is not None and shown != score.total_points:
            rest = points_text(score.total_points - shown)
            rows.append({**empty, "id": "尾差", "name": "各行取两位小数与封顶产生的差", "final": rest})
        rows.append(
            {
                **empty,
                "id": "合计",
                "name": "最终得分",
                "self": points_text(score.self_points),
                "final": points_text(score.total_points),
            }
        )
    note = "初评区间由规则依据现有材料提出，仅供专家参考，不是最终得分；二级指标内各要点分值均分为系统约定。“—”表示没有登记。"
    return {"points_rows": rows, "points_note": note if is_draft else "“—”表示没有登记。"}


def loss(criterion_points: Fraction, line_points: Fraction | None) -> Fraction | None:
    """Points lost; None while open."""
    return None if line_points is None else criterion_points - line_points
