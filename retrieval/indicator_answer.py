"""Answers about the scheme itself, from the scheme alone: no database, no model, every sentence with its official words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from retrieval.answer import Answer, AnswerSentence, SchemeCitation
from retrieval.item_words import grams
from retrieval.named_conditions import named_conditions
from retrieval.numbers import find_numbers
from retrieval.official_text import OfficialText, catalogue_text, official_text
from retrieval.question import Question
from retrieval.scheme_likeness import items_like
from scoring_rules.catalogue import Catalogue
from scoring_rules.scheme import Criterion, Grade, Indicator, Item, Place, Scheme, Step

_CLAUSE = re.compile(r"[^。；]*[。；]?")
_LISTED = re.compile(r"哪|几[条种项个]|什么情|情[形况]|内容|列|包括|分别|原文|全文|^\s*附件.{0,3}$")
# The words are wanted, not what they are worth.
_WORDS_ALONE = re.compile(r"原文|怎么(?:写|说)|(?:说|写|讲)的?(?:是)?(?:什么|啥)|全文")
_STEP_WORDS = {
    "三（一）": "自查 自评 部署 印发 几月 什么时候 真实性 不真实",
    "三（二）": "审核 监测 第三方 满意度 网上 问卷",
    "三（三）": "实地 督导组 进校 验证法 验证 可信度 随机 抽样 抽查 抽取 怎么抽 核实 核查 样本 结论 哪些区县 几个区 都来",
    "三（四）": "反馈",
    "三（五）": "整改 复查",
    "三（六）": "评价报告 发布 公开 公布 排名 审定 批准",
    "三": "谁 每年 几次 多久 一次 几年 周期 频率 组织实施 统筹 年度重点",
    "四（二）": "运用 考核 奖惩 转移支付 用途 使用 有什么用 挂钩 拨款 奖励 好处",
    "四（三）": "问责 通报 批评 处分 处罚 惩罚 怎么处理 后果 约谈 弄虚作假 造假 作假 虚假 瞒报 不到位 整改不力 不合格",
}


def answer_indicator(question: Question, scheme: Scheme, catalogue: Catalogue) -> Answer:
    """The scheme's own answer; found False when the scheme says nothing of what is asked."""
    official = official_text(scheme)
    tellers: dict[str, Callable[[], Iterator[AnswerSentence]]] = {
        "annex1": lambda: _annex(question, scheme, official),
        "grades": lambda: _grades(question, scheme, official),
        "total": lambda: _total(scheme, official),
        "bonus": lambda: _bonus(scheme, official),
        "procedure": lambda: _procedure(question, scheme, official),
        "document": lambda: _document(scheme, official),
        "count": lambda: _count(scheme, official),
        "threshold": lambda: _threshold(question, scheme, official),
        "where": lambda: _where(question, scheme, catalogue, official),
        "materials": lambda: _materials(question, scheme, catalogue, official),
        "parts": lambda: _parts(question, scheme, official),
    }
    sentences = tuple(tellers[question.topic]()) if question.topic else ()
    searched = f"方案《{scheme.title}》（{scheme.document_number}）全文"
    return Answer("indicator", bool(sentences), sentences, searched)


def points_text(points: Fraction) -> str:
    """Points as people write them: 40 分, or 20/3 分（约 6.67 分）when two decimals cannot hold them."""
    hundredths = points * 100
    if hundredths.denominator == 1:
        return f"{(Decimal(points.numerator) / Decimal(points.denominator)).normalize():f} 分"
    rounded = Decimal(points.numerator) / Decimal(points.denominator)
    return f"{points.numerator}/{points.denominator} 分（约 {rounded:.2f} 分）"


def _say(text: str, official: OfficialText, place: Place, words: str = "") -> AnswerSentence:
    citation = official.cite(place, words)
    return AnswerSentence(text, (citation,), official.holds(citation))


def _sum(text: str, indicator: Indicator, official: OfficialText) -> AnswerSentence:
    """A sentence about an indicator's points: the document prints only those of its criteria, so all of their rows are cited."""
    citations = tuple(official.cite(criterion.place) for criterion in indicator.criteria)
    return AnswerSentence(text, citations, all(official.holds(citation) for citation in citations))


def _annex(question: Question, scheme: Scheme, official: OfficialText) -> Iterator[AnswerSentence]:
    named = named_conditions(question.text, scheme)
    if asked := [condition for condition in scheme.conditions if condition.id in named]:
        for condition in asked:
            yield _say(f"情形{condition.id}：{condition.text}", official, condition.place, condition.text)
        return
    step = _step(scheme, "四（一）")
    rule = next(part for part in _CLAUSE.findall(step.text) if "附件" in part)
    yield _say(rule, official, step.place, rule)
    # 命中两条是不是降两级 asks for the rule, not for all that it may rest on.
    for condition in scheme.conditions if _LISTED.search(question.text) else ():
        yield _say(f"情形{condition.id}：{condition.text}", official, condition.place, condition.text)


def _grades(question: Question, scheme: Scheme, official: OfficialText) -> Iterator[AnswerSentence]:
    asked = [number.value for number in find_numbers(question.text) if number.unit == "分"]
    for value in asked:
        band = next(grade for grade in scheme.grades if Fraction(value) >= grade.at_least)
        yield _say(f"{value} 分按得分属于{band.name}：{band.text}。", official, band.place, band.text)
    named = [grade for grade in scheme.grades if _names(question.text, grade)]
    for grade in [] if asked else named or scheme.grades:
        yield _say(f"{grade.text}。", official, grade.place, grade.text)
    step = _step(scheme, "四（一）")
    rule = next(part for part in _CLAUSE.findall(step.text) if "附件" in part)
    yield _say(rule, official, step.place, rule)


def _names(text: str, grade: Grade) -> bool:
    # 不合格 holds 合格.
    return grade.name in (text.replace("不合格", "") if grade.name == "合格" else text)


def _total(scheme: Scheme, official: OfficialText) -> Iterator[AnswerSentence]:
    step = _step(scheme, "四（一）")
    words = next(part for part in re.split(r"[，。]", step.text) if "满分" in part)
    yield _say(f"{words}。", official, step.place, words)
    for indicator in scheme.indicators:
        bonus = all(criterion.is_bonus for criterion in indicator.criteria)
        parts = "＋".join(f"{criterion.id} {points_text(criterion.points)}" for criterion in indicator.criteria)
        points = (
            f"加分，不超过 {points_text(scheme.bonus_cap)}" if bonus else f"{points_text(indicator.points)}（{parts}）"
        )
        yield _sum(f"{indicator.id} {indicator.name}：{points}。", indicator, official)


def _bonus(scheme: Scheme, official: OfficialText) -> Iterator[AnswerSentence]:
    for criterion in scheme.criteria:
        if criterion.is_bonus:
            for item in criterion.items:
                yield _say(f"{item.id}“{criterion.name}”：{item.text}", official, item.place, item.text)


def _procedure(question: Question, scheme: Scheme, official: OfficialText) -> Iterator[AnswerSentence]:
    """What the likeliest steps say of what is asked; each step's first sentence when none is likely."""
    likely = {
        step.id: sum(len(word) for word in _STEP_WORDS.get(step.id, "").split() if word in question.text)
        for step in scheme.procedure
    }
    best = max(likely.values())
    if not best:
        for step in scheme.procedure:
            if step.id.startswith("三"):
                words = _CLAUSE.findall(step.text)[0]
                yield _say(f"{_heading(step)}：{words}", official, step.place, words)
        return
    # What stands in nearly every step tells them apart least: 评价, 区县.
    wanted = {gram for gram in grams(question.text) if len(gram) > 1} - set(grams("评价区县政府教育督导"))
    clauses = [
        (step, clause, sum(gram in clause for gram in wanted))
        for step in scheme.procedure
        if 2 * likely[step.id] >= best
        for clause in _CLAUSE.findall(step.text)
        if clause
    ]
    spoken = max(shared for _, _, shared in clauses)
    for step, clause, shared in clauses:
        if 2 * shared >= spoken:
            yield _say(f"{_heading(step)}：{clause}", official, step.place, clause)


def _heading(step: Step) -> str:
    section = step.place.section
    return section if section.endswith(step.title) or step.title in section else f"{section}{step.title}"


def _document(scheme: Scheme, official: OfficialText) -> Iterator[AnswerSentence]:
    for text, words in (
        (f"方案全称《{scheme.title}》。", scheme.title),
        (f"文号为{scheme.document_number}。", scheme.document_number),
        (
            f"由{scheme.issuer}于 {scheme.issued} 印发。",
            "2019年3月4日印发" if scheme.issued == "2019-03-04" else scheme.issuer,
        ),
    ):
        citation = official.cite_words(words, "文件头")
        if citation is not None:
            yield AnswerSentence(text, (citation,), official.holds(citation))


def _count(scheme: Scheme, official: OfficialText) -> Iterator[AnswerSentence]:
    scored = [criterion for criterion in scheme.criteria if not criterion.is_bonus]
    yield _say(
        f"方案有 {len(scheme.indicators)} 个一级指标、{len(scheme.criteria)} 个二级指标（{len(scored)} 个计分，"
        f"{len(scheme.criteria) - len(scored)} 个加分）、{len(scheme.items)} 条评价要点。",
        official, scheme.indicators[0].place,
    )  # fmt: skip
    for indicator in scheme.indicators:
        names = "；".join(f"{criterion.id} {criterion.name}" for criterion in indicator.criteria)
        yield _say(f"{indicator.id} {indicator.name}：{names}。", official, indicator.place)


def _parts(question: Question, scheme: Scheme, official: OfficialText) -> Iterator[AnswerSentence]:
    for indicator in scheme.indicators:
        if indicator.id in question.indicators:
            parts = "＋".join(f"{criterion.id} {points_text(criterion.points)}" for criterion in indicator.criteria)
            total = f"{indicator.id}“{indicator.name}”共 {points_text(indicator.points)}（{parts}），包括 {len(indicator.criteria)} 个二级指标。"
            yield _sum(total, indicator, official)
            for criterion in indicator.criteria:
                yield _criterion(scheme, criterion, official)
    explicit = {
        item_id for item_id in question.items if re.search(rf"{item_id}(?!\d)", question.text.upper().replace(" ", ""))
    }
    for criterion in scheme.criteria:
        if criterion.id in question.criteria:
            yield _criterion(scheme, criterion, official)
            yield from (_item(item, official) for item in criterion.items)
        else:
            for item in criterion.items:
                if item.id in explicit:
                    yield _item(item, official)
                    if not _WORDS_ALONE.search(question.text):
                        yield _share(scheme, criterion, item, official)


def _criterion(scheme: Scheme, criterion: Criterion, official: OfficialText) -> AnswerSentence:
    indicator = next(indicator for indicator in scheme.indicators if indicator.id == criterion.indicator_id)
    points = (
        f"加分奖励，不超过 {points_text(criterion.points)}"
        if criterion.is_bonus
        else f"满分 {points_text(criterion.points)}"
    )
    parts = f"包括 {len(criterion.items)} 条评价要点" if len(criterion.items) > 1 else "只有 1 条评价要点"
    return _say(
        f"{criterion.id}“{criterion.name}”{points}，属于 {indicator.id} {indicator.name}，{parts}。",
        official,
        criterion.place,
    )


def _item(item: Item, official: OfficialText) -> AnswerSentence:
    return _say(f"{item.id} {item.text}", official, item.place, item.text)


def _share(scheme: Scheme, criterion: Criterion, item: Item, official: OfficialText) -> AnswerSentence:
    if criterion.is_bonus or len(criterion.items) == 1:
        return _criterion(scheme, criterion, official)
    share = points_text(scheme.share(item.id))
    return _say(
        f"方案只给到二级指标：{item.id} 所在的 {criterion.id}“{criterion.name}”满分 {points_text(criterion.points)}，共 {len(criterion.items)} 条；"
        f"本系统约定均分，每条 {share}。",
        official, criterion.place,
    )  # fmt: skip


def _threshold(question: Question, scheme: Scheme, official: OfficialText) -> Iterator[AnswerSentence]:
    """The clauses of the named items that speak of what is asked; all of an item when none does."""
    for item_id in question.items:
        item = scheme.item(item_id)
        wanted = set(grams(question.subject)) - set(grams("要求标准规定多少达到"))
        clauses = [
            part
            for part in re.findall(r"[^，。；;,]*(?:（[^（）]*）|\([^()]*\))?[^，。；;,]*[，。；;,]?", item.text)
            if part.strip()
        ]
        hits = [
            clause
            for clause in clauses
            if any(len(gram) > 1 and gram in clause for gram in wanted) and find_numbers(clause)
        ]
        if hits:
            for clause in hits:
                yield _say(
                    f"{item.id}：{clause.strip().rstrip('，；,;')}",
                    official,
                    item.place,
                    clause.strip().rstrip("，；,;"),
                )
        else:
            yield _item(item, official)


def _where(
    question: Question, scheme: Scheme, catalogue: Catalogue, official: OfficialText
) -> Iterator[AnswerSentence]:
    subject = re.sub(r"属于|对应|归|指标|要点|评价|条|项|[哪个一在]", "", question.subject)
    by_text = [
        item.id
        for item in scheme.items
        if subject and all(gram in item.text for gram in grams(subject) if len(gram) > 1)
    ] or ([] if question.items else items_like(question.text, scheme))
    for item_id in dict.fromkeys([*question.items, *by_text]):
        item = scheme.item(item_id)
        criterion = scheme.criterion(item.criterion_id)
        yield _say(
            f"{item.id}（{catalogue.expectations[item.id].title}，属于 {criterion.id}“{criterion.name}”）：{item.text}",
            official,
            item.place,
            item.text,
        )


def _materials(
    question: Question, scheme: Scheme, catalogue: Catalogue, official: OfficialText
) -> Iterator[AnswerSentence]:
    items = list(question.items)
    for criterion_id in question.criteria:
        items += [item.id for item in scheme.criterion(criterion_id).items]
    for item_id in dict.fromkeys(items):
        expectation = catalogue.expectations[item_id]
        required, optional = (
            "、".join(f"{catalogue.types[code].name}（{catalogue.types[code].check}）" for code in codes)
            for codes in (expectation.required, expectation.optional)
        )
        yield _item(scheme.item(item_id), official)
        text = (
            f"{item_id} 必备：{required}。"
            + (f"可选：{optional}。" if optional else "")
            + f"要核：{'；'.join(expectation.key_facts)}。"
        )
        yield AnswerSentence(
            f"{text}（材料目录为本系统归纳，不是方案原文）",
            *_quoted(catalogue_text(scheme), item_id, expectation.title),
        )


def _quoted(text: OfficialText, item_id: str, title: str) -> tuple[tuple[SchemeCitation, ...], bool]:
    citation = text.cite_words(f'id: "{item_id}"\n    title: {title}', f"评价要点 {item_id}")
    return ((citation,), text.holds(citation)) if citation else ((), False)


def _step(scheme: Scheme, step_id: str) -> Step:
    return next(step for step in scheme.procedure if step.id == step_id)
