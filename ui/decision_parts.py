"""From findings to the decision on the page: 附件 1 one by one, the bonus, the decision with what is open, 市政府审定."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import streamlit as st

from review.annex1 import STATE_WORDS, ConditionState, conditions, record_finding
from review.approval import APPROVED, DRAFT, approval, approve
from review.cases import record_case, recorded_case
from review.decisions import decide_district, replay, stored_decisions
from review.field_results import award_bonus, bonus
from review.rights import has_right
from review.submission_case import case_text
from scoring_rules.case import Case
from scoring_rules.case_errors import OpenCaseError
from scoring_rules.rounding import exact_text
from scoring_rules.score_result import ScoreResult
from ui.field_check import papers_text
from ui.forms import attempt, table
from ui.session import workspace
from ui.words import badge, html, plain

COLOURS = {"triggered": "red", "not_triggered": "green", "unknown": "orange"}


def case_part(district: str, cycle: int) -> Case | None:
    """The recorded case; while there is none, the way to make it from what the district handed in."""
    case = recorded_case(workspace(), district, cycle)
    if case is None:
        st.html('<div class="er-caution">还没有案卷：核查和认定从区县提交的自评得分开始。</div>')
        if has_right(workspace().actor, "record_case") and st.button("由提交的自评生成案卷", key="case-make"):
            attempt(
                lambda: record_case(workspace(), case_text(workspace(), district, cycle), "由提交生成.yaml"), "已登记案卷。"
            )  # fmt: skip
    return case


def annex1_part(district: str, cycle: int, by: str) -> None:
    """The conditions of 附件 1: what the figures propose, what was found, the form to find it."""
    st.subheader("附件 1", anchor=False)
    st.caption("逐条认定，只认登记的认定；由数据算出的只是建议。没有认定就是待核实，不是“没有”。")
    for one in conditions(workspace(), district, cycle):
        with st.container(border=True, key=f"annex1-{one.condition.id}"):
            _condition(one, district, cycle, by)


def _condition(one: ConditionState, district: str, cycle: int, by: str) -> None:
    name = one.condition.id
    proposed = "只由人认定" if one.proposal is None else f"数据建议：{STATE_WORDS[one.proposal.state]}"
    reasons = "" if one.proposal is None else "；".join(one.to_json()["proposal"]["reasons"])
    st.html(
        f'<div class="er-text">{html(name)}．{html(one.condition.text)} {badge(STATE_WORDS[one.state], COLOURS[one.state])}</div>'
        f'<div class="er-note">{html(proposed)}　{html(reasons)}</div>'
    )
    if one.found is not None:
        told = (
            f"{one.found.by}，{one.found.on}，{one.found.document}{'；' if one.found.reason else ''}{one.found.reason}"
        )
        st.html(f'<div class="er-note">认定：{html(told)}</div>')
    if not has_right(workspace().actor, "find_annex1"):
        return
    with st.popover("认定"), st.form(f"annex1-form-{name}", border=False):
        states = list(STATE_WORDS)
        state = st.selectbox("认定为", states, format_func=STATE_WORDS.__getitem__, index=1, key=f"annex1-state-{name}")
        on = st.date_input("认定日期", value=None, format="YYYY-MM-DD", key=f"annex1-on-{name}")
        document = st.text_input("依据的文件", key=f"annex1-document-{name}")
        reason = st.text_input("理由（与建议不同或撤回时必须写）", key=f"annex1-reason-{name}")
        if st.form_submit_button("登记认定", key=f"annex1-go-{name}"):
            attempt(
                lambda: record_finding(workspace(), district, cycle, name, state, by, _iso(on), document, reason),
                f"已登记附件 1 第 {name} 条：{STATE_WORDS[state]}。",
            )


def bonus_part(case: Case | None, district: str, cycle: int, by: str) -> None:
    """The bonus claimed and awarded."""
    st.subheader("加分（B21）", anchor=False)
    awarded = bonus(workspace(), district, cycle)
    claimed = "没有申请" if case is None or case.claimed is None else f"{exact_text(case.claimed)} 分"
    given = (
        "待评定"
        if awarded is None
        else f"{exact_text(awarded.points or Fraction(0))} 分（{awarded.by}，{papers_text(awarded)}）"
    )
    st.html(f'<div class="er-text">申请 {html(claimed)}　评定 {html(given)}</div>')
    if not has_right(workspace().actor, "award_bonus"):
        return
    most = exact_text(workspace().scheme.bonus_cap)
    with st.expander("评定加分"), st.form("bonus", border=False):
        points = st.text_input(f"评定（0 至 {most}）", key="bonus-points")
        papers = st.text_input("依据的文件（分号隔开）", key="bonus-papers")
        reason = st.text_input("理由（更改时必须写）", key="bonus-reason")
        if st.form_submit_button("登记加分", key="bonus-go"):
            listed = papers.replace("；", ";").split(";")
            attempt(
                lambda: award_bonus(workspace(), district, cycle, points, listed, by, reason=reason), "已登记加分。"
            )  # fmt: skip


def decision_part(score: ScoreResult | None, district: str, cycle: int, by: str) -> None:
    """The points as they stand, the decision or what is open, the decisions taken."""
    st.subheader("认定", anchor=False)
    held = stored_decisions(workspace(), district, cycle)
    done = approval(workspace(), district, cycle)
    if held:
        table(
            ("决定", "签认", "总分", "得分等级", "认定等级", "可信度", "状态", "SHA-256"),
            [
                (
                    str(one.number), one.document["signature"]["by"] or "（未签认）", one.document["result"]["total_points"],
                    one.document["result"]["points_grade"], one.document["result"]["grade"],
                    str(one.document["result"]["credibility"]), APPROVED if done and done.decision == one.number else DRAFT,
                    one.sha256[:16],
                )
                for one in held
            ],
        )  # fmt: skip
    if score is not None and score.total_points is None:
        low, high = score.total_interval.published()
        st.html(f'<div class="er-text">总分未定，在 {html(low)} 与 {html(high)} 之间。</div>')
    if not has_right(workspace().actor, "decide"):
        return
    with st.container(horizontal=True):
        if st.button("签认并认定", key="decide-go", type="primary"):
            name = by.strip() or ("" if workspace().actor.role == "local" else workspace().actor.name)
            if name:
                _decide(district, cycle, name)
            else:
                st.error("签认要写明是谁：请填写上面的经办人姓名。")
        if st.button("试作（拟定稿，不签认）", key="decide-draft"):
            _decide(district, cycle, "")
        if held and st.button("复算", key="decide-replay"):
            failed = [one for one in replay(workspace(), [one.sha256 for one in held]) if one.failure]
            if failed:
                st.error(plain("；".join(f"{one.name} {one.failure}" for one in failed)))
            else:
                st.success(f"{len(held)} 份决定复算，逐字节相同。")


def _decide(district: str, cycle: int, by: str) -> None:
    open_: tuple[str, ...] = ()

    def act() -> None:
        nonlocal open_
        try:
            decide_district(workspace(), district, cycle, by)
        except OpenCaseError as exc:
            open_ = exc.open
            raise

    attempt(act, "已作出认定并冻结；市政府审定以前都是拟定。", quiet=(OpenCaseError,))
    if open_:
        st.html(f'<div class="er-caution">还有 {len(open_)} 项未决，不能认定：</div>')
        table(("", "未决"), [(str(number), one) for number, one in enumerate(open_, 1)])


def approval_part(district: str, cycle: int, by: str) -> None:
    """The last step: 市政府审定."""
    st.subheader("市政府审定", anchor=False)
    done = approval(workspace(), district, cycle)
    if done is not None:
        st.success(
            plain(f"决定 {done.decision} 已经市政府审定（{done.document}，{done.on}，{done.by}登记），可以公开。")
        )
        return
    st.caption("最后一步。登记之前，页面、导出和排名都写“拟定”，不能公开。")
    held = stored_decisions(workspace(), district, cycle)
    if not held or not has_right(workspace().actor, "approve"):
        return
    with st.form("approve", border=True):
        on = st.date_input("审定日期", value=None, format="YYYY-MM-DD", key="approve-on")
        document = st.text_input("审定的文件或会议纪要", key="approve-document")
        if st.form_submit_button(f"登记：决定 {held[0].number} 经市政府审定", key="approve-go"):
            attempt(
                lambda: approve(workspace(), district, cycle, _iso(on), document, by, decision=held[0].number),
                "已登记市政府审定。",
            )


def _iso(day: date | None) -> str:
    return "" if day is None else day.isoformat()
