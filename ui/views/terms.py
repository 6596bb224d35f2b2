"""约定与参数: what the scheme leaves open and the numbers that decide, each with its reading in force; signed by the office."""

from __future__ import annotations

from typing import Any

import streamlit as st

from review.acts import confirm_parameter, parameter_rows, recorded_acts, set_parameter, set_term, term_rows
from review.cycles import cycles
from review.rights import has_right
from ui.forms import attempt, iso, table, told
from ui.session import chosen, workspace
from ui.words import badge, html, plain

WEIGHTS = "weight_file"
STATUS_WORDS = {"in_scheme": "方案写明", "sourced": "参考标准", "convention": "约定", "unset": "未定"}
EVERY = "每一年度"
YES_NO = {"yes": "是", "no": "否"}


def main() -> None:
    """The year, the open terms, the parameters, the acts."""
    st.title("约定与参数", anchor=False)
    st.caption(
        "方案没有定死的读法（R1–R34）和判定用的数。没有市督导办决定的照默认，处处标“约定”；决定写明谁、哪天、依据哪份文件，只增不改。"
    )
    told()
    years = sorted(
        {*cycles(workspace()), *([place[1]] if (place := chosen()) else []), workspace().newest_cycle()}, reverse=True
    )
    cycle = st.selectbox("看哪一年度", years, format_func=lambda one: f"{one} 年度", key="terms-cycle")
    terms, parameters, acts = st.tabs(["约定", "参数", "已登记的决定"])
    with terms:
        for row in term_rows(workspace(), cycle):
            _term(row, cycle)
    with parameters:
        rows = parameter_rows(workspace(), cycle)
        table(("参数", "取值", "状态", "参与判定"), [_parameter(row) for row in rows])
        if has_right(workspace().actor, "settle_terms"):
            _set_parameter({row["id"]: row for row in rows}, cycle)
    with acts:
        found = recorded_acts(workspace())
        table(
            ("编号", "年度", "约定或参数", "取值", "谁", "哪天", "文件"),
            [
                (
                    str(one.number), EVERY if one.cycle is None else str(one.cycle), one.act.target, one.act.value, one.act.by,
                    one.act.on.isoformat(), one.act.document,
                )
                for one in reversed(found)
            ],
        )  # fmt: skip


def _term(row: dict[str, Any], cycle: int) -> None:
    name, act = row["id"], row["act"]
    mark = badge("已决定", "green") if act else badge("约定", "orange")
    with st.container(border=True, key=f"term-{name}"):
        st.html(
            f'<div class="er-title">{html("、".join(row["rulings"]))}　{html(row["title"])} {mark}</div>'
            f'<div class="er-text">现行：{html(_words(row["words"]))}</div>'
            f'<div class="er-official">{html(row["sentence"])}</div><div class="er-note">{html(row["why"])}</div>'
        )
        if act:
            st.html(f'<div class="er-note">{html(act["by"])}，{html(act["on"])}，{html(act["document"])}</div>')
        if not has_right(workspace().actor, "settle_terms"):
            return
        with st.popover("登记决定"), st.form(f"term-form-{name}", border=False):
            value, weights = _value(row)
            by, on, document, year = _signature(f"term-{name}", cycle)
            if st.form_submit_button("登记", key=f"term-go-{name}"):
                attempt(
                    lambda: set_term(workspace(), name, value, by, on, document, cycle=year, weights=weights),
                    f"已登记：{row['title']}。",
                )


def _words(value: object) -> str:
    return "未定" if value is None else YES_NO.get(str(value), str(value))


def _value(row: dict[str, Any]) -> tuple[str, str]:
    name, alternatives = row["id"], row["alternatives"] or (YES_NO if row["value"] in YES_NO else {})
    if not alternatives:
        return st.text_input("取值", key=f"term-value-{name}"), ""
    value = st.selectbox(
        "取值", list(alternatives), format_func=alternatives.__getitem__, index=None, key=f"term-value-{name}"
    )
    weights = st.text_area("权重表（YAML）", key=f"term-weights-{name}", height=120) if WEIGHTS in alternatives else ""
    return value or "", weights


def _signature(key: str, cycle: int) -> tuple[str, str, str, int | None]:
    own = "" if workspace().actor.role == "local" else workspace().actor.name
    by = st.text_input("谁决定的", own, key=f"{key}-by", max_chars=60)
    on = st.date_input("决定日期", value=None, format="YYYY-MM-DD", key=f"{key}-on")
    document = st.text_input("依据的文件", key=f"{key}-document")
    whole = st.selectbox("适用于", [EVERY, f"只在 {cycle} 年度"], key=f"{key}-year")
    return by, iso(on), document, None if whole == EVERY else cycle


def _parameter(row: dict[str, Any]) -> tuple[str, str, str, str]:
    value = "—" if row["value"] is None else f"{_words(row['value'])} {row['unit']}".strip()
    decided = "（市督导办决定）" if row["act"] else ""
    return row["title"], value, f"{STATUS_WORDS[row['status']]}{decided}", "是" if row["decides"] else "否，只列出"


def _set_parameter(rows: dict[str, dict[str, Any]], cycle: int) -> None:
    open_ = {name: row for name, row in rows.items() if row["status"] != "in_scheme"}
    st.subheader("登记参数", anchor=False)
    name = st.selectbox("参数", list(open_), format_func=lambda one: open_[one]["title"], key="parameter-which")
    row = open_[name]
    with st.form(f"parameter-{name}", border=True):
        st.html(
            f'<div class="er-note">现行 {html(_words(row["value"]))} {html(row["unit"])}，{STATUS_WORDS[row["status"]]}</div>'
        )
        value = st.text_input("取值", "" if row["value"] is None else str(row["value"]), key=f"parameter-value-{name}")
        by, on, document, year = _signature(f"parameter-{name}", cycle)
        left, right = st.columns(2)
        confirm = left.form_submit_button(
            "确认参考标准", key=f"parameter-confirm-{name}", disabled=row["status"] != "sourced"
        )
        save = right.form_submit_button("登记取值", key=f"parameter-go-{name}", type="primary")
    if confirm:
        attempt(lambda: confirm_parameter(workspace(), name, value, by, on, document, cycle=year), plain("已确认。"))
    if save:
        attempt(lambda: set_parameter(workspace(), name, value, by, on, document, cycle=year), "已登记。")


if __name__ == "__main__":
    main()
