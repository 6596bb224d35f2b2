"""年度评价报告: 工作开展, 主要成效, 主要问题, 评价结果, 整改要求, and the tables and charts of all districts of a year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from review.charts import Bar, heat_chart, profile_chart, ranking_chart, years_chart
from review.completeness import STATE_WORDS
from review.cycles import stage_of
from review.feedback import PROBLEM_KINDS
from review.papers.common import DRAFT_HEADER, balanced, basis_sentence, closing
from review.papers.numbers import ABSENT, day_text, decimal_text, numeral, points_text
from review.papers.render import Picture
from review.papers.shares import indicator_points, median_shares
from review.papers.year_record import WHOLE_YEAR, YearRecord
from scoring_rules.score_result import ScoreResult

# Parts of the report whose lines the office may put into its own words, beside achievements and problems.
REWORDED = ("work", "demands")
NO_POINTS = "尚无区县录入案卷，没有得分与等级。"


def annual_values(
    told: YearRecord, *, grades_only: bool = False, on: date | None = None, document: str = ""
) -> dict[str, Any]:
    """The values of the template. grades_only : names of grades by district, no points (as the province publishes).

    Once the city government has approved the year, only what people have confirmed is told. on, document : day and number it is
    issued under. A line the office has put into its own words (`told.wordings`) stands in them.
    """
    approval, cycle = told.approval, told.cycle
    values = {
        "header": DRAFT_HEADER if approval is None else f"{cycle}年度县级人民政府履行教育职责评价",
        "is_draft": approval is None, "document": document,
        "title": balanced(f"{cycle}年度县级人民政府履行教育职责评价报告"),
        "lead": f"根据{basis_sentence(told.scheme)}，对 {len(told.districts)} 个区县{cycle - 1}年度履行教育职责情况进行了评价，现将有关情况报告如下。",
        "work": _work(told),
        **_achievements(told),
        **_problems(told),
        "results": _results(told, grades_only),
        "downgrades": _downgrades(told),
        "demands": [
            "各区县要对照反馈意见和问题清单，制定整改方案，明确责任单位、责任人和完成时限，逐条整改、逐条销号。",
            "整改情况纳入下一年度评价；复查未通过的问题，按方案规定在下一年度扣分。",
        ],
        "show_points": not grades_only, "show_grades": grades_only,
        "ranking": _ranking(told), "indicator_rows": _indicators(told),
        "indicators_note": "得分按最终得分表各行计，各项取两位小数；加分（B21）与整改、封顶的调整不在 A1—A5 之外另列，合计为五项之和。",
        "grades": [{"district": r.district, "grade": r.grade, "note": _note(r.note)} for r in told.ranking],
        "charts": [] if grades_only else _charts(told),
        "ranking_none": NO_POINTS if not told.ranking else "", "indicator_rows_none": NO_POINTS if not told.ranking else "",
        "grades_none": NO_POINTS if not told.ranking else "",
        **closing(cycle, on),
    }  # fmt: skip
    own = told.wordings.get(WHOLE_YEAR, {})
    for name in REWORDED:
        values[name] = [own.get(line, line) for line in values[name]]
    for name in ("achievements", "problems"):
        values[name] = [{**group, "lines": [own.get(x, x) for x in group["lines"]]} for group in values[name]]
    return values


def lines_of(values: dict[str, Any]) -> list[str]:
    """The lines of the report that may be put into other words, in their order."""
    groups = [line for name in ("achievements", "problems") for group in values[name] for line in group["lines"]]
    return [*values["work"], *groups, *values["demands"]]


def left_out(told: YearRecord) -> int:
    """How many proposed sentences nobody has confirmed, and the approved report therefore does not tell."""
    count = 0
    for record in told.records.values():
        count += sum(not record.problem_is_confirmed(one) for one in record.feedback.problems)
        count += sum(not record.achievement_is_confirmed(a.item, a.evidence) for a in record.feedback.achievements)
    return count


def _work(told: YearRecord) -> list[str]:
    documents = sum(record.feedback.coverage.documents for record in told.records.values())
    unreadable = sum(len(record.feedback.coverage.unreadable) for record in told.records.values())
    sampled = [name for name, record in told.records.items() if record.sample is not None]
    lines = [
        f"{len(told.districts)} 个区县中，{len(told.records)} 个报送了佐证材料，共 {documents} 份"
        + (f"，其中 {unreadable} 份不能读取或没有读全。" if unreadable else "。"),
        f"录入案卷的区县 {len(told.scores)} 个，登记实地督导抽样的区县 {len(sampled)} 个。",
    ]
    stages = [
        f"{day_text(act.at)}进入{stage_of(act.subject).words}阶段" for act in told.year.acts if act.kind == "stage"
    ]
    if stages:
        lines.append("，".join(stages) + "。")
    approval = told.approval
    if approval is not None:
        lines.append(f"本报告经市政府审定（{approval[1]}，{day_text(approval[0])}）。")
    return lines


def _achievements(told: YearRecord) -> dict[str, Any]:
    groups: list[dict[str, Any]] = []
    scheme = told.scheme
    owner = {item.id: c.indicator_id for c in scheme.criteria for item in c.items}
    for indicator in scheme.indicators:
        lines = []
        met: dict[str, list[str]] = {}
        for name, record in told.records.items():
            for achievement in record.feedback.achievements:
                is_told = told.approval is None or record.achievement_is_confirmed(
                    achievement.item, achievement.evidence
                )
                if owner[achievement.item] == indicator.id and is_told:
                    met.setdefault(achievement.item, []).append(name)
        for item, names in met.items():
            title = next(
                e.title for e in next(iter(told.records.values())).feedback.draft.completeness.items if e.item == item
            )
            lines.append(f"（{item}）{title}：现有材料显示{'、'.join(names)}达到要求。")
        if lines:
            groups.append({"heading": f"（{numeral(len(groups) + 1)}）{indicator.id} {indicator.name}", "lines": lines})
    none = "" if groups else "现有记录中，尚无可由规则直接认定达标的评价要点，有关成效待核定。"
    return {"achievements": groups, "achievements_none": none}


def _problems(told: YearRecord) -> dict[str, Any]:
    """Typical problems by kind and item, with the districts the record tells them of."""
    groups: list[dict[str, Any]] = []
    titles = {
        "未达标": "部分指标未达到方案要求",
        "督导发现": "督导中发现的其他问题",
        "口径冲突": "部分数据相互矛盾",
        "缺材料": "部分评价要点没有佐证材料",
        "材料不齐": "必备材料不齐",
        "年度不符": "部分材料不属于被评年度",
        "无法读取": "部分材料无法读取",
    }
    for kind in PROBLEM_KINDS:
        found: dict[str, dict[str, str]] = {}
        for name, record in told.records.items():
            own = told.wordings.get(name, {})
            for problem in record.feedback.problems_of(kind):
                if told.approval is None or record.problem_is_confirmed(problem):
                    sentence = own.get(problem.sentence, problem.sentence)
                    found.setdefault(problem.item, {}).setdefault(name, sentence)
        if not found:
            continue
        if kind == "材料不齐":
            counts = Counter(name for by_name in found.values() for name in by_name)
            lines = ["；".join(f"{name} {count} 个评价要点" for name, count in counts.items()) + "的必备材料不齐。"]
        elif kind == "缺材料":
            items_of: dict[str, list[str]] = {}
            for item, by_name in found.items():
                for name in by_name:
                    items_of.setdefault(name, []).append(item)
            lines = [f"{name}：{'、'.join(items)}未见佐证材料。" for name, items in items_of.items()]
        else:
            lines = []
            for item, by_name in found.items():
                # The first district with its figures, the others by name.
                first, *others = by_name
                also = f"；{'、'.join(others)}也有这一问题" if others else ""
                lines.append(f"（{item}）{first}：{by_name[first].rstrip('。')}{also}。")
        groups.append({"heading": f"（{numeral(len(groups) + 1)}）{titles[kind]}", "lines": lines})
    return {"problems": groups, "problems_none": "" if groups else "现有记录中未发现可以直接认定的问题。"}


def _results(told: YearRecord, grades_only: bool) -> list[str]:
    by_grade: dict[str, list[str]] = {}
    for row in told.ranking:
        by_grade.setdefault(row.grade, []).append(row.district)
    order = [grade.name for grade in told.scheme.grades]
    lines = [f"{grade}：{'、'.join(by_grade[grade])}。" for grade in [*order, "待认定"] if grade in by_grade]
    missing = [name for name in told.districts if name not in told.scores]
    if missing:
        lines.append(f"尚未录入案卷、没有得分的区县：{'、'.join(missing)}。")
    if not grades_only and told.ranking:
        lines.append("各区县得分、名次见附表1，分项得分见附表2。")
    return lines


def _downgrades(told: YearRecord) -> list[str]:
    lines = []
    texts = {condition.id: condition.text for condition in told.scheme.conditions}
    for name, score in told.scores.items():
        if score.annex1.triggered:
            hit = "；".join(f"第{one}条“{texts[one].rstrip('。；')}”" for one in score.annex1.triggered)
            lines.append(f"{name}命中附件 1 {hit}，得分等级{score.points_grade}，认定等级{score.grade}。")
        elif score.annex1.unknown:
            lines.append(f"{name}附件 1 第{'、'.join(score.annex1.unknown)}条待核实，认定等级{score.grade}。")
    return lines or ["没有登记命中附件 1 的情形。"]


def sample_sums(score: ScoreResult) -> tuple[Fraction | None, Fraction | None]:
    """(self, verified) points of what was sampled, from the ledger; None where something is not checked yet or nothing was."""
    step = next((step for step in score.ledger.steps if step.rule == "sample"), None)
    if step is None or not step.inputs:
        return None, None
    own = sum((Fraction(one["self"]) for one in step.inputs), Fraction(0))
    checked = [one["verified"] for one in step.inputs]
    return own, None if None in checked else sum((Fraction(text) for text in checked), Fraction(0))


def _ranking(told: YearRecord) -> list[dict[str, str]]:
    rows = []
    for row in told.ranking:
        score = told.scores[row.district]
        own, verified = sample_sums(score)
        total = (
            points_text(score.total_points)
            if score.total_points is not None
            else "～".join(score.total_interval.published())
        )
        hits = "、".join(f"第{one}条" for one in score.annex1.triggered)
        rows.append(
            {
                "rank": ABSENT if row.rank is None else str(row.rank), "district": row.district,
                "self": points_text(score.self_points), "sample_self": points_text(own),
                "sample_verified": points_text(verified), "credibility": decimal_text(score.credibility),
                "base": points_text(score.base_points), "bonus": points_text(score.bonus_points), "total": total,
                "points_grade": row.points_grade, "downgrade": hits or ("待核实" if score.annex1.unknown else "无"),
                "grade": row.grade, "note": _note(row.note),
            }
        )  # fmt: skip
    return rows


def _note(text: str) -> str:
    return text or ABSENT


def _indicators(told: YearRecord) -> list[dict[str, str]]:
    rows = []
    for row in told.ranking:
        points = indicator_points(told.scheme, told.scores[row.district])
        shown = {name: points_text(points.get(name)) for name in ("A1", "A2", "A3", "A4", "A5")}
        values = list(shown.values())
        whole = ABSENT if ABSENT in values else points_text(sum((Fraction(v) for v in values), Fraction(0)))
        rows.append({"district": row.district, **shown, "sum": whole})
    return rows


def _charts(told: YearRecord) -> list[dict[str, Any]]:
    charts: list[tuple[bytes, str]] = []
    scheme = told.scheme
    if told.ranking:
        charts.append((ranking_png(told), "图1　得分排名与等级区间（斜线段为未定总分的区间）"))
    middle = median_shares(scheme, list(told.scores.values()))
    if middle:
        names = [f"{i.id} {i.name}" for i in scheme.indicators if any(not c.is_bonus for c in i.criteria)]
        charts.append((profile_chart(names, middle, None, "各区县中位数"), "图2　一级指标得分率的中位数"))
    if told.records:
        charts.append((heat_png(told), "图3　各区县各评价要点材料情况（每格一个评价要点，按方案顺序）"))
    if told.before:
        charts.append((years_png(told), f"图4　{told.cycle - 1} 与 {told.cycle} 两个年度的最终得分"))
    return [{"picture": Picture(png, 200), "caption": caption} for png, caption in charts]


def ranking_png(told: YearRecord) -> bytes:
    """PNG of the ranking with grade bands."""
    bars = []
    for row in told.ranking:
        interval = told.scores[row.district].total_interval
        total = row.total_points
        bars.append(
            Bar(
                row.district,
                float(interval.low if total is None else total),
                float(interval.high if total is None else total),
            )
        )
    cap = float(told.scheme.full_points + told.scheme.bonus_cap)
    return ranking_chart(bars, [(grade.name, float(grade.at_least)) for grade in told.scheme.grades], cap)


def heat_png(told: YearRecord) -> bytes:
    """PNG: a line per district, a cell per item."""
    rows = [
        (name, [(entry.item, entry.state) for entry in record.feedback.draft.completeness.items])
        for name, record in told.records.items()
    ]
    return heat_chart(rows, STATE_WORDS)


def years_png(told: YearRecord) -> bytes:
    """PNG of two years' totals."""
    names = [name for name in told.districts if name in told.scores or name in told.before]

    def totals(scores: Mapping[str, ScoreResult]) -> Sequence[float | None]:
        found = [scores[name].total_points if name in scores else None for name in names]
        return [None if value is None else float(value) for value in found]

    return years_chart(names, totals(told.before), totals(told.scores), told.cycle)
