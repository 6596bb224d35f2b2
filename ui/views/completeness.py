"""完整性: what the evidence covers, item by item; what is missing, out of period, unreadable or contradictory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from review.completeness import STATE_WORDS, Completeness, Expected, ItemCompleteness
from review.departments import FIGURE_WORDS, by_department, checklist_docx, matrix_xlsx
from review.exports import completeness_xlsx
from review.material import WRONG_YEAR, MaterialReport
from ui.session import chosen, current_completeness, current_material, nothing_stored, workspace
from ui.source import citation_buttons, source_panel
from ui.words import badge, html, plain

STATE_COLOURS = {
    "found": "green",
    "partly": "orange",
    "missing": "red",
    "out_of_period": "violet",
    "unreadable": "gray",
}
TEXT_COLOURS = {"齐全": "#1d7a46", "不齐": "#b26a00", "缺材料": "#b3261e", "年度不符": "#6b3fa0", "无法读取": "#56657a"}
EXPECTED_WORDS = {"found": "已有", "missing": "缺少", "out_of_period": "年度不符", "unreadable": "无法读取"}
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ALL = "all"
COLUMNS = ("编号", "评价要点", "状态", "缺少的必备材料", "牵头部门", "材料份数", "口径冲突")


def main() -> None:
    """Coverage first, then the table, then one item with its source."""
    st.title("完整性", anchor=False)
    place = chosen()
    if place is None:
        nothing_stored()
        return
    listed = current_completeness(*place)
    _coverage(listed)
    entries = _filtered(listed)
    _table(entries)
    report = current_material(*place)
    _download(listed, report)
    detail, beside = st.columns(2, gap="medium")
    with detail:
        _item(listed)
    with beside:
        source_panel()
    _files(listed, report)


def _coverage(listed: Completeness) -> None:
    show = st.success if listed.coverage.is_complete and not listed.coverage.unreadable else st.warning
    show(plain(f"{listed.district} {listed.cycle} 年度：{listed.coverage.sentence}"), icon=":material/inventory_2:")


def _filtered(listed: Completeness) -> list[ItemCompleteness]:
    counts: Counter[str] = Counter(entry.state for entry in listed.items)
    words = {
        ALL: f"全部 {len(listed.items)}",
        **{state: f"{word} {counts[state]}" for state, word in STATE_WORDS.items()},
    }
    left, right, last = st.columns([3, 1, 1], vertical_alignment="bottom")
    state = left.segmented_control(
        "按状态筛选", list(words), format_func=words.__getitem__, default=ALL, required=True, key="state-filter"
    )
    indicators = {ALL: "全部一级指标", **{i.id: f"{i.id} {i.name}" for i in workspace().scheme.indicators}}
    indicator = right.selectbox(
        "一级指标", list(indicators), format_func=indicators.__getitem__, key="indicator-filter"
    )
    scheme = workspace().scheme
    lists = {one.department: one for one in by_department(listed)}
    department = last.selectbox(
        "责任部门", [ALL, *lists], format_func=lambda name: "全部部门" if name == ALL else name, key="department-filter"
    )
    own = set() if department == ALL else {entry.item for _, entry in lists[department].entries}
    return [
        entry
        for entry in listed.items
        if state in (ALL, entry.state)
        and (department == ALL or entry.item in own)
        and indicator in (ALL, scheme.criterion(scheme.item(entry.item).criterion_id).indicator_id)
    ]


def _cells(entry: ItemCompleteness) -> tuple[str, str, str, str, str, int, str]:
    conflicts = f"{len(entry.conflicts)} 处" if entry.conflicts else ""
    return (
        entry.item,
        entry.title,
        STATE_WORDS[entry.state],
        "、".join(entry.missing),
        entry.expectation.responsible.lead,
        len(entry.evidence_files),
        conflicts,
    )


def _table(entries: Sequence[ItemCompleteness]) -> None:
    if not entries:
        st.html('<div class="er-note">没有符合筛选条件的要点。</div>')
        return
    frame = pd.DataFrame([_cells(entry) for entry in entries], columns=list(COLUMNS))
    styled = frame.style.map(lambda word: f"color: {TEXT_COLOURS[word]}; font-weight: 600", subset=["状态"])
    # The key changes with the rows, so that a selected row number never points into another list.
    key = f"table-{hash(tuple(entry.item for entry in entries))}"
    st.dataframe(
        styled,
        hide_index=True,
        height=min(36 * (len(entries) + 1) + 2, 400),
        selection_mode="single-row",
        on_select=lambda: _choose(key, [entry.item for entry in entries]),
        key=key,
        column_config={
            "编号": st.column_config.TextColumn(width=70),
            "评价要点": st.column_config.TextColumn(width=260),
            "状态": st.column_config.TextColumn(width=80),
            "缺少的必备材料": st.column_config.TextColumn(width=330),
            "牵头部门": st.column_config.TextColumn(width=130),
            "材料份数": st.column_config.NumberColumn(width=80),
            "口径冲突": st.column_config.TextColumn(width=80),
        },
    )


def _choose(key: str, items: Sequence[str]) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    if rows:
        st.session_state["completeness-item"] = items[rows[0]]


def _download(listed: Completeness, report: MaterialReport) -> None:
    name = f"{listed.district}{listed.cycle}年度材料"
    with st.container(horizontal=True, gap="small"):
        for key, label, data, file, mime in (
            (
                "list",
                "下载清单（Excel）",
                lambda: completeness_xlsx(listed, report),
                f"{name}完整性清单.xlsx",
                EXCEL_TYPE,
            ),
            ("matrix", "分部门（Excel）", lambda: matrix_xlsx(listed), f"{name}分部门清单.xlsx", EXCEL_TYPE),
            (
                "checklist",
                "分部门清单（Word，可分发）",
                lambda: checklist_docx(listed),
                f"{name}分部门清单.docx",
                WORD_TYPE,
            ),
        ):
            st.download_button(
                label,
                data,
                file_name=file,
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
                key=f"download-{key}",
            )
    _departments(listed)


def _departments(listed: Completeness) -> None:
    with st.expander("各责任部门的情况"):
        lists = by_department(listed)
        frame = pd.DataFrame(
            [
                [one.department, len(one.leads), *(one.counts[state] for state in STATE_WORDS), len(one.helps)]
                for one in lists
            ],
            columns=["部门", "牵头要点", *STATE_WORDS.values(), "配合要点"],
        )
        st.dataframe(frame, hide_index=True, height=min(36 * (len(frame) + 1) + 2, 400), key="departments")


def _item(listed: Completeness) -> None:
    entries = {entry.item: entry for entry in listed.items}
    chosen_id = st.selectbox(
        "查看要点（也可以点表格左侧选一行）",
        list(entries),
        format_func=lambda item: f"{item}　{entries[item].title}",
        key="completeness-item",
    )
    entry = entries[chosen_id]
    with st.container(border=True, key="completeness-detail"):
        state = badge(STATE_WORDS[entry.state], STATE_COLOURS[entry.state])
        st.html(f'<div class="er-title">{html(entry.item)}　{html(entry.title)}　{state}</div>')
        st.html(f'<div class="er-official">{html(workspace().scheme.item(entry.item).text)}</div>')
        for note in entry.notes:
            st.html(f'<div class="er-text">{html(note)}</div>')
        for number, conflict in enumerate(entry.conflicts):
            citation_buttons(conflict.citations, key=f"conflict-{entry.item}-{number}")
        for expected in entry.expected:
            _expected(entry, expected)
        _figures(entry)
        responsible, changed = entry.expectation.responsible, entry.expectation
        told = f"责任部门：{responsible.lead}牵头" + (
            f"，{'、'.join(responsible.others)}配合" if responsible.others else ""
        )
        told += f"。应交材料由{changed.by}改过：{changed.reason}。" if changed.by else "。"
        st.html(f'<div class="er-note">{html(told)}</div>')


def _figures(entry: ItemCompleteness) -> None:
    if not entry.figures:
        return
    told = "；".join(
        f"{figure.name} {'、'.join(figure.values) if figure.values else FIGURE_WORDS[figure.state]}"
        for figure in entry.figures
    )
    st.html(f'<div class="er-text">规则要看的数：{html(told)}</div>')


def _expected(entry: ItemCompleteness, expected: Expected) -> None:
    check = workspace().catalogue.types[expected.type].check
    need = "必备" if expected.required else "可选"
    colour = "gray" if not expected.required and expected.state == "missing" else STATE_COLOURS[expected.state]
    state = badge(EXPECTED_WORDS[expected.state], colour)
    st.html(
        f'<div class="er-text">{state} {html(expected.name)}（{need}）'
        f'<span class="er-note">　应有：{html(check)}</span></div>'
    )
    citation_buttons(expected.citations, key=f"expected-{entry.item}-{expected.type}")


def _files(listed: Completeness, report: MaterialReport) -> None:
    st.subheader("材料本身的问题", anchor=False)
    noticed = [entry for entry in report.findings if entry.kind != WRONG_YEAR]  # those have a list of their own
    unreadable, late, looked_at, copied, unused = st.tabs(
        [
            f"无法读取（{len(listed.coverage.unreadable)}）",
            f"年度不符（{len(listed.out_of_period)}）",
            f"需要查看（{len(noticed)}）",
            f"重复使用（{len(report.copies)}）",
            f"没有用到（{len(listed.unused)}）",
        ]
    )
    with unreadable:
        _listing(("文件", "原因"), listed.coverage.unreadable, "所有材料都能读取。")
    with late:
        rows = [(file, f"{year} 年") for file, year in listed.out_of_period]
        _listing(("文件", "材料年度"), rows, f"没有发现 {listed.cycle - 1} 年以外的材料。")
    with looked_at:
        rows = [(entry.kind, entry.file, entry.place, entry.sentence) for entry in noticed]
        _listing(("事项", "文件", "位置", "情况"), rows, "没有发现隐藏文字、合计不符等情况。")
    with copied:
        _listing(("情况", "说明"), [(group.kind, group.sentence) for group in report.copies], "没有发现重复的材料。")
    with unused:
        _listing(("文件",), [(file,) for file in listed.unused], "每份材料都对应到了评价要点。")


def _listing(header: Sequence[str], rows: Sequence[tuple[str, ...]], empty: str) -> None:
    if not rows:
        st.html(f'<div class="er-note">{html(empty)}</div>')
        return
    head = "".join(f"<th>{html(word)}</th>" for word in header)
    body = "".join("<tr>" + "".join(f"<td>{html(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    st.html(f'<table class="er-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>')


if __name__ == "__main__":
    main()
