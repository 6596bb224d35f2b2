"""评价年度: opening a year, its districts, stages and deadlines, and what is expected of each item; all signed acts of the office."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from review.cycle_state import STAGES, Year, act_words, stage_of
from review.cycles import (
    District,
    change_district,
    cycles,
    demo_districts,
    enter_stage,
    open_year,
    read_districts,
    set_deadline,
    year,
)
from review.expectations import YearItem, reset_expectation, set_expectation, year_items
from review.rights import has_right
from review.workspace import FIRST_CYCLE
from ui.forms import attempt, iso, table, told, whose_name
from ui.session import workspace
from ui.words import badge, html, plain

LAST_CYCLE = 2100


def main() -> None:
    """The chosen year with its acts, then the forms of the office."""
    st.title("评价年度", anchor=False)
    told()
    may = has_right(workspace().actor, "keep_year")
    by = whose_name("year-by") if may else ""
    opened = cycles(workspace())
    if opened:
        number = st.selectbox(
            "年度", opened, format_func=lambda one: f"{one} 年度（数据年度 {one - 1}）", key="year-which"
        )
        found = year(workspace(), number)
        _shown(found)
        if may:
            _change(found, by)
    else:
        number = FIRST_CYCLE
        st.info("还没有开设评价年度：材料不限区县，没有期限。", icon=":material/info:")
    if may:
        _open(opened, by)
    _expected(number, by, may=may)


def _shown(found: Year) -> None:
    at = -1 if found.stage is None else [stage.id for stage in STAGES].index(found.stage.id)
    steps = "　→　".join(
        badge(stage.words, "blue" if place == at else "green" if place < at else "gray")
        for place, stage in enumerate(STAGES)
    )
    st.html(f'<div class="er-text">{steps}</div>')
    with_day = [stage for stage in STAGES if any(key[0] == stage.id for key in found.deadlines)]
    rows = []
    for one in found.districts:
        days = [found.deadline(stage.id, one.name) for stage in with_day]
        rows.append(
            [
                one.name,
                "功能区" if one.zone else "",
                *("" if day is None else day.isoformat() for day in days),
                one.note,
            ]
        )
    table(("区县", "", *(f"{stage.words}期限" for stage in with_day), "说明"), rows)
    with st.expander(f"每一次登记（{len(found.acts)}）"):
        table(
            ("时间（UTC）", "谁", "办理", "理由"),
            [(act.at[:16].replace("T", " "), act.by, act_words(act), act.reason) for act in reversed(found.acts)],
        )


def _change(found: Year, by: str) -> None:
    words = [stage.words for stage in STAGES]
    left, middle, right = st.columns(3)
    with left, st.popover("进入阶段"), st.form("stage", border=False):
        at = 0 if found.stage is None else words.index(found.stage.words)
        wanted = st.selectbox("阶段", words, index=min(at + 1, len(words) - 1), key="stage-which")
        reason = st.text_input("理由（退回以前的阶段时必须写）", key="stage-reason")
        st.caption("发布之前，每个区县的认定决定都要登记市政府审定。")
        if st.form_submit_button("登记", key="stage-go"):
            attempt(
                lambda: enter_stage(workspace(), found.cycle, wanted, by, reason=reason), f"{found.cycle} 年度进入“{wanted}”。"
            )  # fmt: skip
    with middle, st.popover("期限"), st.form("deadline", border=False):
        stage = st.selectbox("阶段", words, key="deadline-stage")
        everyone = "全部区县"
        whose = st.selectbox("区县", [everyone, *(one.name for one in found.districts)], key="deadline-district")
        until = st.date_input("最后一天（空着为收回）", value=None, format="YYYY-MM-DD", key="deadline-until")
        why = st.text_input("理由", key="deadline-reason")
        if st.form_submit_button("登记", key="deadline-go"):
            only = None if whose == everyone else whose
            attempt(
                lambda: set_deadline(
                    workspace(), found.cycle, stage_of(stage).id, iso(until), by, district=only, reason=why
                ),
                "已登记期限。",
            )
    with right, st.popover("区县加入或退出"), st.form("join", border=False):
        name = st.text_input("区县", key="join-name", max_chars=30)
        zone = st.checkbox("开发区、功能区", key="join-zone")
        note = st.text_input("说明", key="join-note")
        leaves = st.checkbox("退出（已交的材料仍保存）", key="join-leaves")
        cause = st.text_input("理由（退出时必须写）", key="join-reason")
        if st.form_submit_button("登记", key="join-go"):
            one = District(name, zone, note)
            attempt(
                lambda: change_district(workspace(), found.cycle, one, by, takes_part=not leaves, reason=cause),
                f"已登记：{name}{'退出' if leaves else '加入'}。",
            )


def _open(opened: list[int], by: str) -> None:
    with st.expander("开设评价年度", expanded=not opened), st.form("open-year", border=False):
        number = st.number_input(
            "评价年度",
            min_value=FIRST_CYCLE,
            max_value=LAST_CYCLE,
            value=(opened[0] + 1) if opened else FIRST_CYCLE,
            key="open-number",
        )
        names = st.text_area("区县名单，一行一个", key="open-names", height=160)
        uploaded = st.file_uploader("或上传名单（YAML，title 与 districts）", type=["yaml", "yml"], key="open-file")
        demo = st.checkbox("用演示名单（十二个虚构区县）", key="open-demo")
        until = st.date_input("区县提交的最后一天（可以空着）", value=None, format="YYYY-MM-DD", key="open-until")
        if st.form_submit_button("开设", key="open-go", type="primary"):

            def act() -> None:
                if demo:
                    listed = demo_districts()
                elif uploaded is not None:
                    listed = read_districts(uploaded.getvalue().decode("utf-8", errors="replace"), uploaded.name)
                else:
                    listed = [District(line.strip()) for line in names.splitlines() if line.strip()]
                open_year(workspace(), int(number), listed, by, until=iso(until))

            attempt(act, f"已开设 {int(number)} 年度。")


def _expected(number: int, by: str, *, may: bool) -> None:
    st.subheader(f"{number} 年度应交的材料与责任部门", anchor=False)
    st.caption("默认照材料目录和通常的部门分工；市督导办可以逐年更改，改动留名。只决定要什么材料，不影响得分。")
    items, names = year_items(workspace(), number), {c: k.name for c, k in workspace().catalogue.types.items()}
    frame = pd.DataFrame(
        [
            [
                one.item, one.title, "、".join(names[code] for code in one.required), "、".join(names[code] for code in one.optional),
                one.responsible.lead, "、".join(one.responsible.others), f"{one.by}：{one.reason}" if one.by else "",
            ]
            for one in items.values()
        ],
        columns=["要点", "名称", "必备", "可选", "牵头部门", "配合部门", "改动"],
    )  # fmt: skip
    st.dataframe(frame, hide_index=True, height=360, key="expected-table")
    if not may:
        return
    chosen = st.selectbox(
        "改哪个要点", list(items), format_func=lambda one: f"{one}　{items[one].title}", key="expected-item"
    )
    _expectation(items[chosen], number, names, by)


def _expectation(one: YearItem, number: int, names: dict[str, str], by: str) -> None:
    key = f"{number}-{one.item}"
    with st.form(f"expected-{key}", border=True):
        required = st.multiselect(
            "必备", list(names), list(one.required), format_func=names.__getitem__, key=f"expected-required-{key}"
        )
        optional = st.multiselect(
            "可选", list(names), list(one.optional), format_func=names.__getitem__, key=f"expected-optional-{key}"
        )
        lead = st.text_input("牵头部门", one.responsible.lead, key=f"expected-lead-{key}", max_chars=30)
        others = st.text_input("配合部门（顿号隔开）", "、".join(one.responsible.others), key=f"expected-others-{key}")
        reason = st.text_input("理由", key=f"expected-reason-{key}")
        left, right = st.columns(2)
        save = left.form_submit_button("登记", key=f"expected-go-{key}", type="primary")
        reset = right.form_submit_button("恢复为目录", key=f"expected-reset-{key}", disabled=not one.by)
    if save:
        helping = [part.strip() for part in others.replace("，", "、").split("、") if part.strip()]
        attempt(
            lambda: set_expectation(
                workspace(), number, one.item, by, required=required, optional=optional, lead=lead, others=helping, reason=reason
            ),
            f"已登记 {one.item} 应交的材料。",
        )  # fmt: skip
    if reset:
        attempt(
            lambda: reset_expectation(workspace(), number, one.item, by, reason=reason), f"{one.item} 已恢复为目录。"
        )
    if one.by:
        st.html(f'<div class="er-note">{html(one.by)}改过：{html(plain(one.reason))}</div>')


if __name__ == "__main__":
    main()
