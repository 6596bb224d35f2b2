"""Why points are what they are: line by line from the recorded case, and from the draft of the desk review."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from retrieval.answer import Answer, AnswerSentence
from retrieval.question import Question
from review.answer_words import between, official, shown, stated
from review.case_sheet import Sheet, trial_sheet
from review.drafting import STATUS_WORDS, draft_district
from review.rights import allowed, has_right
from review.self_points import sheet as self_sheet
from review.workspace import Workspace
from scoring_rules.rounding import published
from scoring_rules.scheme import Criterion, Scheme

NOT_FOR_DISTRICTS = (
    "核查得分、自评可信度、附件 1 的认定、总分和等级在公布之前只由市教育督导办和专家掌握，区县账号查不到。"
    "本区可以看自评得分、初评（问“B5 初评为什么扣分”）和材料完整性；对结果有疑问请向市教育督导办提出。"
)
_OF_THE_CASE = re.compile(r"可信度|核查|核定|实地|总分|最终|最后|审定|评定|认定|认了|批了|采用|打折|排")
# The criteria that were drawn are told with the credibility that follows from them.
_CREDIBILITY = re.compile(
    r"可信度|打折|打了折|系数|折算|抽[查中样检到取]?[了到]?的?(?:是|有)?(?:哪|什么|几)|(?:哪|什么).{0,8}(?:被抽|抽[查中样检到取])"
)
_BONUS = re.compile(r"加分|B21|奖励分", re.IGNORECASE)
_DESK = re.compile(r"初评")
_SUMMED = ("B1–B20 自评得分相加", "自评得分之和")


@allowed("read_evidence")
def answer_points(workspace: Workspace, question: Question, district: str, cycle: int) -> Answer:
    """The points asked about, with every step that led to them. Whoever may not read the case is told of the draft only."""
    criteria = _criteria(workspace.scheme, question)
    desk = bool(_DESK.search(question.text))
    if not has_right(workspace.actor, "read_case"):
        if _OF_THE_CASE.search(question.text) or not criteria:
            return Answer("ledger", False, (), NOT_FOR_DISTRICTS, about="points")
        return _answer(workspace, tuple(_draft_lines(workspace, question, criteria, district, cycle)), district, cycle)
    held = None if desk else trial_sheet(workspace, district, cycle)
    if held is None and not criteria:
        return Answer("ledger", False, (), _no_case(district, cycle), about="points")
    sentences: list[AnswerSentence] = []
    if held is not None:
        sentences += _from_case(workspace.scheme, held, question, criteria)
    if criteria and not _BONUS.search(question.text):
        sentences += _draft_lines(workspace, question, criteria, district, cycle)
    return _answer(workspace, tuple(sentences), district, cycle)


def _answer(workspace: Workspace, sentences: tuple[AnswerSentence, ...], district: str, cycle: int) -> Answer:
    searched = f"{district} {cycle} 年度的案卷、计分账本和初评。"
    notes = ("这些是案卷里登记的分数和系统的初评，不是最终结果；最终得分以市政府审定后公布的为准。",)
    return Answer("ledger", bool(sentences), sentences, searched, notes, "points")


def _no_case(district: str, cycle: int) -> str:
    return f"{district} {cycle} 年度还没有登记案卷，没有核查得分，算不出得分。可以先看材料完整性和初评。"


def _criteria(scheme: Scheme, question: Question) -> list[Criterion]:
    wanted = list(question.criteria) + [scheme.item(item).criterion_id for item in question.items]
    if not wanted and question.indicators:
        wanted = [c.id for one in scheme.indicators if one.id in question.indicators for c in one.criteria]
    return [scheme.criterion(name) for name in dict.fromkeys(wanted)]


def _from_case(scheme: Scheme, held: Sheet, question: Question, criteria: list[Criterion]) -> Iterator[AnswerSentence]:
    if _BONUS.search(question.text):
        yield from _bonus(scheme, held)
    elif _CREDIBILITY.search(question.text):
        yield from credibility_lines(scheme, held)
    elif criteria:
        for criterion in criteria:
            yield _criterion_line(scheme, held, criterion)
    else:
        yield from _whole_way(scheme, held)


def _criterion_line(scheme: Scheme, held: Sheet, criterion: Criterion) -> AnswerSentence:
    line = next(line for line in held.result.lines if line.id == criterion.id)
    parts = [f"{criterion.id}“{criterion.name}”满分 {shown(criterion.points)}"]
    if line.self_points is not None:
        parts.append(f"{'申请' if criterion.is_bonus else '自评'} {shown(line.self_points)}")
    if line.verified is not None and line.self_points is not None:
        change = line.verified - line.self_points
        told = "与自评相同" if change == 0 else f"比自评{'多' if change > 0 else '少'} {shown(abs(change))}"
        parts.append(f"案卷登记的核查分 {shown(line.verified)}，{told}")
    elif line.sampled:
        parts.append("抽中而还没有核查分")
    elif not criterion.is_bonus:
        parts.append("没有抽中核查")
    if line.points is not None and line.points not in (line.verified, line.self_points):
        parts.append(f"试算计入 {shown(line.points)}")
    return stated("，".join(parts) + "。", [official(scheme, criterion.place)])


def credibility_lines(scheme: Scheme, held: Sheet) -> Iterator[AnswerSentence]:
    """How the credibility of the self points follows from the sample."""
    result = held.result
    if result.credibility is None:
        yield stated("还没有抽样核查得分，自评可信度算不出来。")
        return
    sampled = [
        (line.id, line.self_points, line.verified)
        for line in result.lines
        if line.sampled and line.self_points is not None and line.verified is not None
    ]
    claimed = sum((own for _, own, _ in sampled), Fraction(0))
    verified = sum((found for _, _, found in sampled), Fraction(0))
    used = "低于“基本一致”的界线，自评分乘以它" if result.adjusted else "在“基本一致”的界线以内，认可自评分"
    yield stated(
        f"自评可信度＝核查得分之和 {shown(verified)} ÷ 同一批指标自评得分之和 {shown(claimed)} ＝ {result.credibility}"
        f"（约 {float(result.credibility):.4f}），{used}（公式为推定，约定 R24；界线 {result.parameters.get('credibility_tolerance', '')}）。"
    )
    for name, own, found in sampled:
        yield stated(f"{name}“{scheme.criterion(name).name}”：自评 {shown(own)}，核查 {shown(found)}。")


def _bonus(scheme: Scheme, held: Sheet) -> Iterator[AnswerSentence]:
    criterion = next(criterion for criterion in scheme.criteria if criterion.is_bonus)
    claimed, awarded = held.case.claimed, held.result.bonus_points
    said = "没有申请" if claimed is None else f"申请 {shown(claimed)}"
    given = "市里还没有评定" if awarded is None else f"案卷登记的评定加分 {shown(awarded)}"
    yield stated(
        f"{criterion.id}“{criterion.name}”：{said}，{given}；上限 {shown(scheme.bonus_cap)}，加分不乘可信度。",
        [official(scheme, criterion.items[0].place, criterion.items[0].text)],
    )


def _whole_way(scheme: Scheme, held: Sheet) -> Iterator[AnswerSentence]:
    result = held.result
    if result.total_points is None:
        low, high = result.total_interval.published()
        yield stated(f"还有没定的事项，总分只能说在 {low}–{high} 分之间：{'；'.join(result.open)}")
    else:
        base = "" if result.base_points is None else f"基础分 {published(result.base_points)} 分"
        bonus = "" if result.bonus_points is None else f"，加分 {published(result.bonus_points)} 分"
        yield stated(
            f"按案卷现有的核查分和评定加分试算，总分 {published(result.total_points)} 分（{base}{bonus}），尚未认定。"
        )
    yield stated(f"第一步，{_SUMMED[0]} {shown(result.self_points)}。")
    yield next(credibility_lines(scheme, held))
    if result.credibility is not None and result.adjusted:
        product = result.self_points * result.credibility
        yield stated(f"第三步，{_SUMMED[1]} {shown(result.self_points)} × {result.credibility} ＝ {shown(product)}。")
    for step in result.ledger.steps:
        if step.rule == "rectification" and held.case.rectification is not None:
            yield stated(
                f"上年问题应整改 {held.case.rectification.due} 项、未到位 {held.case.rectification.unrectified} 项，扣 {step.result['deducted']} 分"
                f"（{step.basis}）"
            )
    yield from _bonus(scheme, held)


def _draft_lines(
    workspace: Workspace, question: Question, criteria: list[Criterion], district: str, cycle: int
) -> Iterator[AnswerSentence]:
    """The self points and, item by item, what the desk review proposes and why."""
    drafted = draft_district(workspace, district, cycle, criteria=[criterion.id for criterion in criteria])
    entered = self_sheet(workspace, district, cycle).entries
    asked = {item for item in question.items if not question.criteria}
    for criterion in criteria:
        found = next((one for one in drafted.result.criteria if one.id == criterion.id), None)
        if criterion.id in entered:
            yield stated(
                f"{criterion.id} 本区填报的自评分：{entered[criterion.id].words}。{entered[criterion.id].reason}"
            )
        if found is None:
            continue
        if not asked:
            place = official(workspace.scheme, criterion.place)
            yield stated(
                f"{criterion.id}“{criterion.name}”初评 {between(*found.points)}（满分 {shown(criterion.points)}），逐条如下。",
                [place],
            )
        for finding in found.items:
            if asked and finding.item_id not in asked:
                continue
            item = workspace.scheme.item(finding.item_id)
            reasons = "；".join(reason.rstrip("。；") for reason in finding.reasons)
            text = f"{finding.item_id} 初评 {between(*finding.points)}（{STATUS_WORDS[finding.status]}）：{reasons}。"
            figures = [c for key in finding.citations for c in drafted.citations.get(key, ())]
            yield stated(text, [*figures[:MOST_CITED], official(workspace.scheme, item.place, item.text)])


MOST_CITED = 3
