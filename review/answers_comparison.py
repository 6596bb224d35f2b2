"""Districts side by side, for the office: a figure, points, or what is missing, one line a district with what it rests on.

Several years of one district are a comparison too, and for whoever may see the district.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from retrieval.answer import Answer, AnswerSentence, AnswerTable, TableRow
from retrieval.ask import ask
from retrieval.claims import is_claim
from retrieval.metrics import load_metrics
from retrieval.numbers import plain
from retrieval.question import Question, parse_question
from retrieval.scopes import WHOLE_DISTRICT
from retrieval.stored_facts import StoredFact, fact_citation, stored_facts
from review.answer_words import stated
from review.case_sheet import trial_sheet
from review.completeness import completeness
from review.rights import allowed
from review.workspace import Workspace
from scoring_rules.rounding import published

_MISSING = re.compile(r"缺|材料|齐|交了|交齐|完整")
_POINTS = re.compile(r"分|等级|排名|名次|得分|可信度|优秀|良好")
# What compares, and not what is compared.
_COMPARING = re.compile(
    r"比较|对比|相比|比(?!例|重|率)|[高低多少大小快慢]多少|各自?是?多少|分别是?多少|是多少|多少|哪个区?县?|谁|[更最]?[高低](?![中校等])|各区县?|两个?区县?|一下|[和跟与同]|列[个张]?表|[？?，,。]"
)
_AS_WRITTEN = "没有登记过这个数据，表里是各区县材料的原话，请核对口径是否一致。"
_CONFIRMED = ("confirmed",)


@allowed("compare_districts")
def answer_comparison(workspace: Workspace, question: Question, districts: Sequence[str], cycle: int) -> Answer:
    """The districts as a table. districts : those named; () = all with material or a case in this cycle."""
    there = [name for name, year in workspace.districts(cycle) if year == cycle]
    asked = list(districts) or there
    searched = f"在 {cycle} 年度有材料的 {len(there)} 个区县（{'、'.join(there) or '没有'}）中比较。"
    absent = [name for name in asked if name not in there]
    notes = [f"{'、'.join(absent)}在 {cycle} 年度没有材料，不能比较。"] if absent else []
    present = [name for name in asked if name in there]
    if not present:
        return Answer("comparison", False, (), searched, tuple(notes), "comparison")
    if question.metrics:
        question = replace(question, metrics=_with_rates(question.metrics))
        table, sentences, more = _figures(workspace, question, present, cycle)
    elif _MISSING.search(question.text):
        table, sentences, more = _gaps(workspace, present, cycle), [], []
    elif _POINTS.search(question.text):
        table, sentences, more = _points(workspace, present, cycle)
    elif rows := _of_evidence(workspace, question.text, present, cycle):
        table, sentences, more = AnswerTable(("区县", "材料中的原话"), tuple(rows)), [], [_AS_WRITTEN]
    else:
        nothing = "没有认出要比较的数据。请说出数据的名称，如“各区普惠率比较”，或“各区得分比较”“各区还缺多少材料”。"
        return Answer("comparison", False, (), f"{searched}{nothing}", tuple(notes), "comparison")
    found = any(cell not in ("", "没有找到") for row in table.rows for cell in row.cells[1:])
    return Answer(
        "comparison",
        found,
        tuple(sentences) if found else (),
        searched,
        (*notes, *more),
        "comparison",
        (),
        table if found else None,
    )


def _of_evidence(workspace: Workspace, text: str, districts: Sequence[str], cycle: int) -> list[TableRow]:
    """What each district's papers say of a thing that no metric is kept of (教育支出增幅); nothing when fewer than two say any."""
    for name in (*districts, *(name[:-1] for name in districts)):
        text = text.replace(name, " ")
    subject = " ".join(_COMPARING.sub(" ", text).split())
    if not subject:
        return []
    index = workspace.index
    index.warm_up()
    question = parse_question(f"{subject}是多少", workspace.scheme, workspace.catalogue)
    question = replace(question, kind="evidence", about="figure", topic="")
    rows = []
    for district in districts:
        told = ask(index, workspace.scheme, workspace.catalogue, question, district=district, cycle=cycle)
        rows += [TableRow((district, one.sentence), one.citations) for one in told.sentences[:1]] or [
            TableRow((district, "没有找到"))
        ]
    return rows if sum(bool(row.citations) for row in rows) > 1 else []


def answer_years(session: Session, question: Question, district: str, cycle: int) -> Answer | None:
    """The years of a figure of one district side by side; None when fewer than two years are stated."""
    facts = stored_facts(session, district=district, cycle=cycle, metrics=question.metrics)
    names = load_metrics().by_id
    rows: list[TableRow] = []
    years: set[int] = set()
    for metric in question.metrics:
        by_year: dict[int, list[StoredFact]] = {}
        for fact in facts:
            if fact.metric == metric and fact.scope == WHOLE_DISTRICT and fact.year is not None:
                by_year.setdefault(fact.year, []).append(fact)
        for year in sorted(by_year):
            best = _best(by_year[year])
            years.add(year)
            cells = (names[metric].name, str(year), "、".join(dict.fromkeys(_shown(fact) for fact in best)))
            rows.append(TableRow(cells, tuple(fact_citation(session, fact) for fact in best)))
    if len(years) < 2:
        return None
    sentences = tuple(
        AnswerSentence(f"{row.cells[1]} 年{row.cells[0]}为 {row.cells[2]}。", row.citations, True) for row in rows
    )
    table = AnswerTable(("指标", "年份", "数值"), tuple(rows))
    searched = f"{district} {cycle} 年度材料中各年的全区数据。"
    return Answer("comparison", True, sentences, searched, (), "comparison", (), table)


def _figures(
    workspace: Workspace, question: Question, districts: Sequence[str], cycle: int
) -> tuple[AnswerTable, list[AnswerSentence], list[str]]:
    metrics, year = load_metrics().by_id, question.years[0] if question.years else cycle - 1
    rows: list[TableRow] = []
    values: dict[str, list[tuple[StoredFact, str]]] = {}
    notes: list[str] = []
    with workspace.store.session() as session:
        facts = stored_facts(session, cycle=cycle, metrics=question.metrics)
        for metric in question.metrics:
            for district in districts:
                own = [
                    fact
                    for fact in facts
                    if (fact.metric, fact.district, fact.year, fact.scope) == (metric, district, year, WHOLE_DISTRICT)
                ]
                best = _best(own)
                if best:
                    values.setdefault(metric, []).append((best[0], district))
                shown = "、".join(dict.fromkeys(_shown(fact) for fact in best)) or "没有找到"
                if len({fact.value for fact in best}) > 1:
                    notes.append(f"{district}的“{metrics[metric].name}”材料中有不同的数：{shown}，请先核实。")
                rows.append(
                    TableRow(
                        (district, metrics[metric].name, str(year), shown),
                        tuple(fact_citation(session, fact) for fact in best),
                    )
                )
    sentences = []
    for metric, given in values.items():
        ordered = sorted(given, key=lambda entry: (-entry[0].value, entry[1]))
        told = "，".join(f"{district} {_shown(fact)}" for fact, district in ordered)
        sentences.append(stated(f"{year} 年{metrics[metric].name}从高到低：{told}。"))
    return AnswerTable(("区县", "指标", "年份", "数值"), tuple(rows)), sentences, notes


def _with_rates(asked: Sequence[str]) -> tuple[str, ...]:
    """The metrics asked for, and of a count the rate that makes districts of different size comparable."""
    metrics = load_metrics().by_id
    found = list(asked)
    for name in asked:
        metric = metrics[name]
        if metric.unit != "%":
            found += [
                other.id
                for other in metrics.values()
                if other.unit == "%" and other.item == metric.item and other.name[:3] == metric.name[:3]
            ]
    return tuple(dict.fromkeys(found))


def _best(facts: Sequence[StoredFact]) -> list[StoredFact]:
    """One fact of each value: of a confirmed one only that; else of papers before the district's own assessment."""
    confirmed = [fact for fact in facts if fact.state in _CONFIRMED]
    chosen = (
        confirmed or [fact for fact in facts if not is_claim(fact.file) and not fact.needs_confirmation] or list(facts)
    )
    return list({fact.value: fact for fact in reversed(chosen)}.values())[::-1]


def _shown(fact: StoredFact) -> str:
    return f"{plain(fact.value)}{fact.unit}"


def _gaps(workspace: Workspace, districts: Sequence[str], cycle: int) -> AnswerTable:
    rows = []
    for district in districts:
        listed = completeness(workspace, district, cycle)
        counts = [
            sum(entry.state == state for entry in listed.items)
            for state in ("found", "partly", "missing", "out_of_period")
        ]
        rows.append(TableRow((district, str(listed.coverage.documents), *map(str, counts))))
    return AnswerTable(("区县", "材料份数", "齐全的要点", "不齐", "缺材料", "年度不符"), tuple(rows))


def _points(
    workspace: Workspace, districts: Sequence[str], cycle: int
) -> tuple[AnswerTable, list[AnswerSentence], list[str]]:
    rows = []
    for district in districts:
        held = trial_sheet(workspace, district, cycle)
        if held is None:
            rows.append(TableRow((district, "没有找到", "", "", "")))
            continue
        result = held.result
        total = "–".join(dict.fromkeys(result.total_interval.published()))
        credibility = "没有" if result.credibility is None else f"{float(result.credibility):.4f}"
        rows.append(TableRow((district, published(result.self_points), credibility, total, result.points_grade)))
    note = "各区县的分数按案卷试算，尚未认定，不是排名；排名在全部认定之后由市教育督导办作出。"
    return AnswerTable(("区县", "自评得分", "可信度", "试算总分", "按分数的等级"), tuple(rows)), [], [note]
