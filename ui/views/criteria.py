"""评价要点: one criterion at a time, its items with the official words, the evidence found and the draft points."""

from __future__ import annotations

import streamlit as st

from review.drafting import STATUS_WORDS, Draft, text_of
from scoring_rules.findings import Finding
from scoring_rules.scheme import Criterion, Item
from ui.evidence_rows import VERDICT_COLOURS, VERDICT_WORDS, ItemEvidence, rows_of
from ui.session import chosen, current_draft, nothing_stored, workspace
from ui.source import citation_buttons, source_panel
from ui.words import badge, html, plain, points

STATUS_COLOURS = {
    "met": "green",
    "partly_met": "orange",
    "not_met": "red",
    "no_evidence": "red",
    "needs_reviewer": "blue",
    "not_applicable": "gray",
}
# Documents listed at once; the rest is one click away.
LISTED = 4


def main() -> None:
    """The criterion on the left, the source on the right."""
    st.title("评价要点", anchor=False)
    place = chosen()
    if place is None:
        nothing_stored()
        return
    district, cycle = place
    main_column, beside = st.columns(2, gap="medium")
    with main_column:
        criterion = _choose()
        draft = current_draft(district, cycle)
        findings = {finding.item_id: finding for entry in draft.result.criteria for finding in entry.items}
        _heading(criterion, draft)
        evidence = rows_of(criterion.id, district, cycle)
        for item in criterion.items:
            _item(item, criterion, findings[item.id], draft, evidence[item.id])
    with beside:
        source_panel()


def _choose() -> Criterion:
    scheme = workspace().scheme
    names = {criterion.id: f"{criterion.id}　{criterion.name}（{_most(criterion)}）" for criterion in scheme.criteria}
    chosen_id = st.selectbox("二级指标", list(names), format_func=names.__getitem__, key="criterion")
    return scheme.criterion(chosen_id)


def _most(criterion: Criterion) -> str:
    words = f"{text_of(criterion.points).removesuffix('.00')} 分"
    return f"加分，至多 {words}" if criterion.is_bonus else words


def _heading(criterion: Criterion, draft: Draft) -> None:
    scheme = workspace().scheme
    indicator = next(entry for entry in scheme.indicators if entry.id == criterion.indicator_id)
    drafted = next(entry for entry in draft.result.criteria if entry.id == criterion.id)
    st.caption(plain(f"一级指标 {indicator.id} {indicator.name}"))
    low, high = (text_of(value) for value in drafted.points)
    left, middle, right = st.columns([1, 2, 1])
    left.metric("满分", _most(criterion))
    middle.metric("初评分（待人核定）", points(low, high))
    right.metric("评价要点", f"{len(criterion.items)} 条")
    if len(criterion.items) > 1:
        st.caption("约定：方案只规定二级指标的分值，各评价要点按均分计（R9）。初评分是区间时，表示仍有内容待核实。")


def _item(item: Item, criterion: Criterion, finding: Finding, draft: Draft, evidence: ItemEvidence) -> None:
    title = workspace().catalogue.expectations[item.id].title
    low, high = (text_of(value) for value in finding.points)
    with st.container(border=True, key=f"item-{item.id}"):
        status = badge(STATUS_WORDS[finding.status], STATUS_COLOURS[finding.status])
        share = f"满 {text_of(workspace().scheme.share(item.id))} 分" + ("（约定）" if len(criterion.items) > 1 else "")
        st.html(
            f'<div class="er-title">{html(item.id)}　{html(title)}　{status}</div>'
            f'<div class="er-note">初评 {html(points(low, high))}，{share}</div>'
        )
        st.html(f'<div class="er-official">{html(item.text)}</div>')
        if finding.reasons:
            st.html("".join(f'<div class="er-text">{html(reason)}</div>' for reason in finding.reasons))
        citation_buttons(draft.cited(finding), key=f"finding-{item.id}")
        with st.expander(f"佐证材料（{evidence.heading}）"):
            _evidence(item, evidence)
        with st.expander("规则与依据"):
            st.html(f'<div class="er-text">规则：{html(finding.rule)}<br>依据：{html(finding.basis)}</div>')


def _evidence(item: Item, evidence: ItemEvidence) -> None:
    st.html(f'<div class="er-note">{html(evidence.coverage)}判断均为建议，由人确认。</div>')
    rows = evidence.rows
    if not rows:
        st.html('<div class="er-note">查过的材料里没有找到与本要点对应的内容。</div>')
        return
    whole = st.session_state.get(f"all-{item.id}", False)
    for number, row in enumerate(rows if whole else rows[:LISTED]):
        kinds = "、".join(row.types) or "类型未识别"
        year = f"{row.year} 年" if row.year else "年度未识别"
        verdict = badge(VERDICT_WORDS[row.verdict], VERDICT_COLOURS[row.verdict])
        reason = f'<div class="er-text">{html(row.reason)}</div>' if row.reason else ""
        st.html(f'<div class="er-note">{verdict} {html(year)}，{html(kinds)}，{row.passages} 段</div>{reason}')
        citation_buttons((row.citation,), key=f"evidence-{item.id}-{number}")
    if len(rows) > LISTED:
        st.checkbox(f"显示全部 {len(rows)} 份", key=f"all-{item.id}")


if __name__ == "__main__":
    main()
