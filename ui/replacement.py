"""登记替补: a drawn criterion or school that cannot be checked, the reserve that has to stand in for it, and those recorded so far."""

from __future__ import annotations

import streamlit as st

from review.sampling import recorded_replacements, replace_unit, sampled_units
from ui.forms import attempt, table
from ui.session import workspace
from ui.words import html

KINDS = {"criterion": "二级指标", "school": "学校"}


def replacement_part(district: str, cycle: int, by: str) -> None:
    """What was replaced, and the form; nobody picks the reserve, the page only says who it is."""
    used = recorded_replacements(workspace(), district, cycle)
    with st.expander(f"登记替补（已登记 {len(used)} 次）", expanded=bool(used)):
        if used:
            table(
                ("", "不能核查的", "替补", "原因", "批准人"),
                [(KINDS[one["kind"]], _named(one["out"]), _named(one["in"]), one["reason"], one["approved_by"]) for one in used],
            )  # fmt: skip
        units = {one.unit: one for one in sampled_units(workspace(), district, cycle)}
        labels = {unit: f"{KINDS[one.kind]}　{_named(unit)}" for unit, one in units.items()}
        unit = st.selectbox(
            "不能核查的二级指标或学校", list(units), index=None, format_func=labels.__getitem__,
            key="replace-unit", placeholder="选择",
        )  # fmt: skip
        if unit is None:
            st.caption("替补按抽样时定下的次序由同一层的下一个顶替，登记后不能更改。")
            return
        reserve = units[unit].reserve
        if reserve is None:
            st.html('<div class="er-caution">这一层没有替补了，按规则如实记为未核查。</div>')
            return
        st.html(f'<div class="er-text">由 <b>{html(_named(reserve))}</b> 顶替 {html(_named(unit))}。</div>')
        with st.form(f"replace-{unit}", border=False):
            reason = st.text_input("原因，如停办、撤并", key="replace-reason", max_chars=200)
            approver = st.text_input("批准人", key="replace-by", value=by, max_chars=30)
            if st.form_submit_button("登记替补", key="replace-go", type="primary"):
                attempt(
                    lambda: replace_unit(workspace(), district, cycle, unit, reason, approver),
                    f"已登记：由{_named(reserve)}顶替{_named(unit)}。",
                )


def _named(unit: str) -> str:
    names = {criterion.id: criterion.name for criterion in workspace().scheme.criteria}
    return f"{unit} {names[unit]}" if unit in names else unit
