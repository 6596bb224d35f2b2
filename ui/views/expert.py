"""专家评审: one criterion at a time: evidence and figures to confirm, reject, add or correct; findings with their rule; own points."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import streamlit as st

from review.assignments import assign, assignments, own_criteria
from review.cases import recorded_case
from review.confirmations import STATES, VERDICTS, confirm_fact, confirm_link, confirmations, correct_fact
from review.drafting import STATUS_WORDS, text_of
from review.expert_sheet import ItemSheet, JudgedFigure, JudgedPassage, item_sheets
from review.rights import has_right
from review.searching import search
from review.self_points import sheet
from review.workspace import Workspace
from scoring_rules.findings import Finding
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Criterion, Item
from ui.evidence_rows import VERDICT_COLOURS
from ui.forms import attempt, table, told, whose_name
from ui.panel_form import panel_form
from ui.proposals import asking, by_item, proposed
from ui.session import chosen, current_draft, evidence_version, nothing_stored, workspace
from ui.source import citation_buttons, source_panel
from ui.words import badge, html, points

LISTED, FOUND = 5, 5
STATE_WORDS = {"proposed": "待确认", "confirmed": "已确认", "rejected": "已否定", "needs_confirmation": "须核对原件"}
STATE_COLOURS = {"proposed": "orange", "confirmed": "green", "rejected": "gray", "needs_confirmation": "red"}


def main() -> None:
    """The criterion on the left, the source on the right."""
    st.title("专家评审", anchor=False)
    place = chosen()
    if place is None:
        nothing_stored()
        return
    district, cycle = place
    left, right = st.columns([3, 2], gap="medium")
    with left:
        told()
        by = whose_name("expert-by")
        _assigning(district, cycle, by)
        own = own_criteria(workspace(), district, cycle)
        if not own:
            st.info("市教育督导办还没有把这个区县的指标指派给您。", icon=":material/info:")
            return
        _criterion(_choose(own), district, cycle, by)
    with right:
        source_panel()


def _choose(own: tuple[str, ...]) -> Criterion:
    scheme = workspace().scheme
    names = {name: f"{name}　{scheme.criterion(name).name}" for name in own}
    return scheme.criterion(
        st.selectbox("二级指标", list(names), format_func=names.__getitem__, key="expert-criterion")
    )


def _assigning(district: str, cycle: int, by: str) -> None:
    if not has_right(workspace().actor, "assign"):
        return
    listed = assignments(workspace(), district, cycle)
    with st.expander(f"指派专家（{len([one for one in listed if one.criteria])} 位）"):
        table(("专家", "负责", "登记", "理由"), [(a.expert, "、".join(a.criteria) or "（已收回）", a.by, a.reason) for a in listed])  # fmt: skip
        if not listed:
            st.caption("没有登记过指派：负责这个区县的专家都可以评审。登记之后，只有被指派的人能打分。")
        with st.form("assign", border=False):
            expert = st.text_input("专家姓名", key="assign-expert", max_chars=30)
            known = [one.id for one in workspace().scheme.criteria if not one.is_bonus]
            wanted = st.multiselect("负责的二级指标（代替以前的）", known, key="assign-criteria", placeholder="选择")
            reason = st.text_input("理由（收回时必须写）", key="assign-reason")
            go = st.form_submit_button("登记指派", key="assign-go")
        if go:
            attempt(
                lambda: assign(workspace(), district, cycle, expert, wanted, by, reason=reason), "已登记指派。"
            )  # fmt: skip


@st.cache_data(show_spinner="正在整理佐证……", max_entries=60)
def _sheets(
    district: str, cycle: int, criterion: str, version: str, person: str, _workspace: Workspace
) -> Mapping[str, ItemSheet]:
    return item_sheets(_workspace, district, cycle, criterion)


def _criterion(criterion: Criterion, district: str, cycle: int, by: str) -> None:
    draft = current_draft(district, cycle)
    drafted = next(entry for entry in draft.result.criteria if entry.id == criterion.id)
    low, high = (text_of(value) for value in drafted.points)
    handed = _claimed(district, cycle)
    columns = st.columns(3)
    columns[0].metric("满分", f"{exact_text(criterion.points)} 分")
    columns[1].metric("自评", _self(criterion, handed))
    columns[2].metric("初评（规则所得，待人核定）", points(low, high))
    actor = workspace().actor
    version = evidence_version(district, cycle)
    sheets = _sheets(district, cycle, criterion.id, version, f"{actor.role}{actor.name}", workspace())
    findings = {finding.item_id: finding for finding in drafted.items}
    asking(criterion, district, cycle)
    proposals = by_item(district, cycle)
    for item in criterion.items:
        finding = findings[item.id]
        own = handed.get(item.id) if item.id != criterion.id else None
        _item(item, finding, "" if own is None else f"{exact_text(own)} 分", sheets[item.id], district, cycle, by)
        proposed(item.id, proposals.get(item.id, ()), district, cycle, by)
        citation_buttons(draft.cited(finding)[:3], key=f"expert-finding-{item.id}")
    panel_form(criterion, drafted, district, cycle, by)
    _log(criterion, district, cycle)


def _claimed(district: str, cycle: int) -> Mapping[str, Fraction]:
    """Self points by criterion or item: as the district entered them, else as the recorded case states them."""
    entries = sheet(workspace(), district, cycle).entries
    if entries:
        return {key: one.points for key, one in entries.items() if one.points is not None}
    case = recorded_case(workspace(), district, cycle)
    return {} if case is None else case.self_points


def _self(criterion: Criterion, claimed: Mapping[str, Fraction]) -> str:
    known = [claimed[key] for key in {criterion.id, *(item.id for item in criterion.items)} if key in claimed]
    return f"{exact_text(sum(known, Fraction(0)))} 分" if known else "没有填报"


def _item(
    item: Item, finding: Finding, own: str, judged: ItemSheet, district: str, cycle: int, by: str
) -> None:  # fmt: skip
    low, high = (text_of(value) for value in finding.points)
    title = workspace().catalogue.expectations[item.id].title
    mine = f"自评 {own}，" if own else ""
    st.html(
        f'<div class="er-title">{html(item.id)}　{html(title)}　{badge(STATUS_WORDS[finding.status], "blue")}</div>'
        f'<div class="er-note">{html(mine)}初评 {html(points(low, high))}　规则：{html(finding.rule)}　依据：{html(finding.basis)}</div>'
        f'<div class="er-official">{html(item.text)}</div>'
        + "".join(f'<div class="er-text">{html(reason)}</div>' for reason in finding.reasons)
    )
    waiting = sum(one.state == "proposed" for one in judged.passages)
    with st.expander(f"佐证 {len(judged.passages)} 段（待确认 {waiting}）"):
        for number, one in enumerate(_shown(judged.passages, item.id)):
            _passage(one, item.id, f"{item.id}-{number}", district, cycle, by)
        _adding(item.id, district, cycle, by)
    if judged.figures:
        with st.expander(f"数据 {len(judged.figures)} 个"):
            for number, figure in enumerate(judged.figures):
                _figure(figure, f"{item.id}-{number}", district, cycle, by)


def _shown(passages: tuple[JudgedPassage, ...], item: str) -> tuple[JudgedPassage, ...]:
    if len(passages) <= LISTED or st.toggle(f"显示全部 {len(passages)} 段", key=f"expert-all-{item}"):
        return passages
    return passages[:LISTED]


def _passage(one: JudgedPassage, item: str, key: str, district: str, cycle: int, by: str) -> None:
    who = f"（{one.by}）" if one.by else ""
    marks = badge(VERDICTS[one.verdict], VERDICT_COLOURS[one.verdict]) + " " + badge(STATE_WORDS[one.state] + who, STATE_COLOURS[one.state])  # fmt: skip
    why = "".join(f'<div class="er-note">{html(reason)}</div>' for reason in one.reasons[:2])
    st.html(f'<div class="er-text">{marks} {html(_cut(one.text))}</div>{why}')
    with st.container(horizontal=True):
        citation_buttons((one.citation,), key=f"expert-{key}")
        with st.popover("判断"):
            _judging(one.passage, item, one.verdict, key, district, cycle, by)


def _judging(passage: str, item: str, verdict: str, key: str, district: str, cycle: int, by: str) -> None:
    words = list(VERDICTS)
    chosen_verdict = st.selectbox(
        "这段对要点", words, words.index(verdict), format_func=VERDICTS.__getitem__, key=f"verdict-{key}"
    )
    reason = st.text_input("理由（否定时必须写）", key=f"reason-{key}")
    with st.container(horizontal=True):
        if st.button("确认", key=f"confirm-{key}", type="primary"):
            said = "" if chosen_verdict == verdict else chosen_verdict
            attempt(
                lambda: confirm_link(workspace(), district, cycle, passage, item, by, reason=reason, verdict=said),
                f"已确认：{item} {VERDICTS[chosen_verdict]}。",
            )
        if st.button("否定", key=f"reject-{key}"):
            attempt(
                lambda: confirm_link(workspace(), district, cycle, passage, item, by, state="rejected", reason=reason),
                f"已否定：不是 {item} 的佐证。",
            )


def _adding(item: str, district: str, cycle: int, by: str) -> None:
    query = st.text_input("检索补充佐证", key=f"expert-search-{item}", placeholder="词语或一句话，回车检索")
    if not query.strip():
        return
    found = search(workspace(), query, district=district, cycle=cycle, count=FOUND)
    if not found:
        st.caption("没有找到。")
    for number, one in enumerate(found):
        st.html(f'<div class="er-text">《{html(one["file"])}》　{html(_cut(one["text"]))}</div>')
        with st.popover("作为佐证"):
            _judging(one["passage"], item, "supports", f"add-{item}-{number}", district, cycle, by)


def _figure(judged: JudgedFigure, key: str, district: str, cycle: int, by: str) -> None:
    figure, fact = judged.figure, judged.figure.fact
    mark = badge(STATE_WORDS.get(fact.state, fact.state), STATE_COLOURS.get(fact.state, "orange"))
    year = f"{fact.year} 年" if fact.year else "年度不明"
    st.html(f'<div class="er-text">{mark} {html(f"{figure.name} {fact.shown}（{year}，{fact.scope}）")}</div>')
    value = format(fact.value, "f")
    with st.container(horizontal=True):
        citation_buttons((figure.citation,), key=f"expert-fact-{key}")
        with st.popover("核对"):
            right = st.text_input("原件上的数（不同时填）", key=f"fact-right-{key}")
            reason = st.text_input("理由（否定或更正时必须写）", key=f"fact-reason-{key}")
            with st.container(horizontal=True):
                if st.button("属实", key=f"fact-confirm-{key}", type="primary"):
                    attempt(
                        lambda: confirm_fact(workspace(), district, cycle, judged.passage, fact.metric, value, by, year=fact.year, scope=fact.scope),
                        f"已确认：{figure.name} {fact.shown}。",
                    )  # fmt: skip
                if st.button("更正", key=f"fact-correct-{key}"):
                    attempt(
                        lambda: correct_fact(
                            workspace(), district, cycle, judged.passage, fact.metric, value, by, corrected=right,
                            reason=reason, year=fact.year, scope=fact.scope,
                        ),
                        f"已更正：{figure.name} {value} → {right}，原值仍在记录里。",
                    )  # fmt: skip
                if st.button("否定", key=f"fact-reject-{key}"):
                    attempt(
                        lambda: confirm_fact(
                            workspace(), district, cycle, judged.passage, fact.metric, value, by, state="rejected",
                            reason=reason, year=fact.year, scope=fact.scope,
                        ),
                        f"已否定：{figure.name} {fact.shown}。",
                    )  # fmt: skip


def _log(criterion: Criterion, district: str, cycle: int) -> None:
    items = {item.id for item in criterion.items}
    entries = [one for one in confirmations(workspace(), district, cycle) if one.kind == "fact" or one.subject in items]
    with st.expander(f"确认记录 {len(entries)} 条"):
        rows = [
            (one.at[:16].replace("T", " "), one.by, STATES[one.state], f"{one.subject} {_detail(one.detail)}", one.reason)
            for one in reversed(entries)
        ]  # fmt: skip
        table(("时间（UTC）", "谁", "", "对象", "理由"), rows)


def _detail(detail: Mapping[str, object]) -> str:
    words = VERDICTS.get(str(detail.get("verdict", "")), "")
    value = str(detail.get("value", ""))
    to = detail.get("corrected_to")
    return f"{value} → {to['value']}" if isinstance(to, dict) else value or words


def _cut(text: str, most: int = 160) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[:most]}……"


if __name__ == "__main__":
    main()
