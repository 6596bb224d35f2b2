"""The experts' points on a criterion: one's own, the others' once all are in, the arbitration."""

from __future__ import annotations

from fractions import Fraction

import streamlit as st

from review.reviewers import Panel, arbitrate, give_points, panels, share_allowed
from review.rights import has_right
from scoring_rules.drafting import CriterionDraft
from scoring_rules.panel import PANEL_SIZE
from scoring_rules.rounding import exact_text
from scoring_rules.scheme import Criterion
from ui.forms import attempt, table
from ui.session import workspace
from ui.words import plain


def panel_form(criterion: Criterion, drafted: CriterionDraft, district: str, cycle: int, by: str) -> None:
    """What was given so far, then the form for one's own points or for the arbitration."""
    st.subheader("打分", anchor=False)
    viewer = by or workspace().actor.name
    found = panels(workspace(), district, cycle, criterion=criterion.id, viewer=viewer)
    panel = found[0] if found else None
    if panel is not None:
        _given(panel)
    else:
        st.caption(f"还没有专家打分。至少 {PANEL_SIZE} 位打齐之前，互相看不到分数。")
    if has_right(workspace().actor, "give_points") and (panel is None or viewer not in panel.experts):
        _own(criterion, drafted, district, cycle, by)
    if panel is not None and panel.spread and has_right(workspace().actor, "arbitrate"):
        _arbitration(criterion, panel, district, cycle, by)


def _given(panel: Panel) -> None:
    seen = {given.expert: given for given in panel.given}
    rows = [
        (name, exact_text(seen[name].points) if name in seen else "未齐，不显示", seen[name].reason if name in seen else "")
        for name in panel.experts
    ]  # fmt: skip
    if panel.arbitration is not None:
        decided = panel.arbitration
        rows.append((f"{decided.expert}（仲裁）", exact_text(decided.points), decided.reason))
    table(("专家", "打分", "理由"), rows)
    if not panel.is_complete:
        st.caption(f"已有 {len(panel.experts)} 位打分，未齐（至少 {PANEL_SIZE} 位），互不可见。")
    elif panel.settled is None:
        st.warning(f"分差 {exact_text(panel.spread or Fraction(0))} 分，尚未仲裁，请由没有打分的人仲裁。")
    else:
        st.caption(f"认定 {exact_text(panel.settled)} 分。")


def _own(criterion: Criterion, drafted: CriterionDraft, district: str, cycle: int, by: str) -> None:
    maximum, share = criterion.points, share_allowed(workspace(), cycle)
    st.caption(
        plain(
            f"与初评分相差超过满分的 {exact_text(share * 100)}%（{exact_text(share * maximum)} 分）要写明理由。登记后不能更改。"
        )
    )
    with st.form(f"points-{criterion.id}", border=True):
        points = st.text_input(f"{criterion.id} 打分（0 至 {exact_text(maximum)}）", key=f"points-value-{criterion.id}")
        reason = st.text_area("理由", key=f"points-reason-{criterion.id}", height=80)
        wanted = st.form_submit_button("登记打分", key=f"points-go-{criterion.id}", type="primary")
    if wanted:
        given = points.strip()
        attempt(
            lambda: give_points(workspace(), district, cycle, criterion.id, by, given, reason),
            f"已登记：{criterion.id} {given} 分。",
        )


def _arbitration(criterion: Criterion, panel: Panel, district: str, cycle: int, by: str) -> None:
    # What was there when the form was first drawn: the run that sends it has read the record anew.
    seen = f"arbitration-seen-{district}-{cycle}-{criterion.id}"
    base = st.session_state.setdefault(seen, panel.arbitrations)
    with st.form(f"arbitration-{criterion.id}", border=True):
        points = st.text_input("仲裁分", key=f"arbitration-value-{criterion.id}")
        reason = st.text_area("仲裁理由", key=f"arbitration-reason-{criterion.id}", height=80)
        wanted = st.form_submit_button("登记仲裁", key=f"arbitration-go-{criterion.id}")
    if wanted:
        del st.session_state[seen]
        attempt(
            lambda: arbitrate(workspace(), district, cycle, criterion.id, by, points.strip(), reason, base=base),
            f"已登记仲裁：{criterion.id} {points.strip()} 分。",
        )
