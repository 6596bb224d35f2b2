"""自评与提交: the district's self points, their import, the check before handing in, handing in; reopening by the office; problems."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pandas as pd
import streamlit as st

from review.errors import ReviewError
from review.points_table import Unread
from review.rectification import carried, problems
from review.rectification_state import Tracked
from review.rights import has_right
from review.self_import import Imported, import_points
from review.self_points import Sheet, save_points, sheet
from review.self_template import write_template
from review.submission import (
    STATE_WORDS,
    Check,
    Status,
    check_submission,
    reopen,
    submission_acts,
    submission_status,
    submit,
)
from review.workspace import Workspace
from scoring_rules.rounding import exact_text
from ui.forms import attempt, done, table, told, whose_name
from ui.self_rows import ID, MOST, NAME, POINTS, REASON, changes_of, rows_of
from ui.session import chosen, nothing_stored, workspace
from ui.words import badge, html, plain

IMPORTED, CHECKED = "submission-imported", "submission-checked"
COLOURS = {"open": "orange", "submitted": "green", "reopened": "orange"}


def main() -> None:
    """The state, then self points, handing in, problems."""
    st.title("自评与提交", anchor=False)
    place = chosen()
    if place is None:
        nothing_stored()
        return
    district, cycle = place
    status = submission_status(workspace(), district, cycle)
    _state(status)
    told()
    _points(status)
    _hand_in(status)
    _problems(district, cycle)


def _state(status: Status) -> None:
    until = f"　提交期限 {status.deadline.isoformat()}" if status.deadline else ""
    st.html(
        f'<div class="er-text">{badge(STATE_WORDS[status.state], COLOURS[status.state])}　材料 {status.documents} 份　'
        f"自评得分第 {status.sheet_version} 版{html(until)}</div>"
    )
    acts = submission_acts(workspace(), status.district, status.cycle)
    rows = "".join(
        f"<tr><td>{html(act['at'][:16].replace('T', ' '))}</td><td>{html(act['by'])}</td>"
        f"<td>{'提交' if act['kind'] == 'submit' else '重新开放'}</td><td>{html(act['reason'] or act['sha256'])}</td></tr>"
        for act in acts
    )
    if rows:
        head = "<tr><th>时间（UTC）</th><th>谁</th><th>办理</th><th>理由或清单 SHA-256</th></tr>"
        st.html(f'<table class="er-table"><thead>{head}</thead><tbody>{rows}</tbody></table>')


def _points(status: Status) -> None:
    district, cycle = status.district, status.cycle
    st.subheader("自评得分", anchor=False)
    # The version this person sees; it stays while others save, so that what he typed is not swept away by a new one.
    base = f"submission-base-{district}-{cycle}"
    number = st.session_state.setdefault(base, status.sheet_version)
    shown = sheet(workspace(), district, cycle, version=number) if number else Sheet(district, cycle, 0, {})
    may = has_right(workspace().actor, "enter_self_points") and status.state != "submitted"
    total = exact_text(shown.total(workspace().scheme))
    st.caption(
        f"第 {number} 版，合计 {total} 分（不含申请加分）。每个二级指标填一个总分，或逐个要点填，只选一种；没有的事项填“不适用”并写明理由。"
    )
    if number != status.sheet_version:
        st.warning(
            f"别人已存了第 {status.sheet_version} 版。您可以直接保存：改的不是同一指标就会合并；也可以重新载入，没有保存的内容会丢。"
        )
        st.button("重新载入", key="submission-reload", on_click=st.session_state.pop, args=(base, None))
    edited = st.data_editor(
        pd.DataFrame(rows_of(workspace().scheme, shown)), hide_index=True, width="stretch", height=420,
        disabled=[ID, NAME, MOST] if may else True, key=f"submission-table-{district}-{cycle}-{number}",
        column_config={
            NAME: st.column_config.TextColumn(width="large"), POINTS: st.column_config.TextColumn(width=110),
            REASON: st.column_config.TextColumn(width="large"),
        },
    )  # fmt: skip
    if not may:
        return
    by = whose_name("submission-by")
    if st.button("保存自评得分", type="primary", key="submission-save"):
        try:
            changes = changes_of(edited.to_dict("records"), shown, workspace().scheme)
            saved = save_points(workspace(), district, cycle, changes, base=number, by=by)
        except ReviewError as exc:
            st.error(plain(str(exc)))
        else:
            st.session_state.pop(base, None)
            done(f"已保存第 {saved.version} 版。")
    _import(district, cycle, by)


def _import(district: str, cycle: int, by: str) -> None:
    opened = workspace()  # the file is made when somebody asks for it, outside of the page's run
    with st.expander("从《自评得分表》或自评报告导入"):
        st.download_button(
            "下载《自评得分表》模板", data=lambda: _template(opened, district, cycle), file_name=f"自评得分表_{district}_{cycle}.xlsx",
            key="submission-template", on_click="ignore",
        )  # fmt: skip
        file = st.file_uploader(
            "填好的表（XLSX）或自评报告（DOCX）", key="submission-file", type=["xlsx", "docx", "xls", "doc"]
        )
        replace = st.checkbox("与已有不同的，用文件里的代替（原值留在以前的版本里）", key="submission-replace")
        if st.button("导入自评得分", disabled=file is None, key="submission-import") and file is not None:
            with tempfile.TemporaryDirectory(prefix="edureview-self-") as folder:
                # The name people gave is a label; on the disk it is ours.
                path = Path(folder) / f"upload{Path(file.name).suffix.lower()}"
                path.write_bytes(file.getvalue())
                try:
                    done = import_points(workspace(), district, cycle, path, by, replace=replace, label=file.name)
                except ReviewError as exc:
                    st.error(plain(str(exc)))
                    return
            st.session_state[IMPORTED] = done
            st.session_state.pop(f"submission-base-{district}-{cycle}", None)
            st.rerun()
        done = st.session_state.pop(IMPORTED, None)
        if done is not None:
            _imported(done)


def _template(opened: Workspace, district: str, cycle: int) -> bytes:
    with tempfile.TemporaryDirectory(prefix="edureview-self-") as folder:
        path = Path(folder) / "template.xlsx"
        write_template(opened, district, cycle, path)
        return path.read_bytes()


def _imported(done: Imported) -> None:
    words = f"采用 {len(done.taken)} 项，已有相同 {len(done.same)} 项，不同 {len(done.conflicts)} 个指标，没有采用 {len(done.unread)} 处。"
    (st.success if done.is_whole else st.warning)(plain(words))
    for conflict in done.conflicts:
        st.caption(plain(f"{'已代替' if done.replaced else '保留原值'}：{conflict.sentence}"))
    for note in done.notes:
        st.caption(plain(note))
    if done.unread:
        table(("位置", "内容", "为什么没有采用"), [_unread(one) for one in done.unread])


def _unread(one: Unread) -> tuple[str, ...]:
    return one.place, one.text, one.why


def _hand_in(status: Status) -> None:
    district, cycle = status.district, status.cycle
    st.subheader("提交", anchor=False)
    if status.state == "submitted":
        if has_right(workspace().actor, "reopen"):
            reason = st.text_input("重新开放的理由", key="submission-reason")
            by = whose_name("submission-by")
            if st.button("重新开放", disabled=not reason.strip(), key="submission-reopen"):
                attempt(
                    lambda: reopen(workspace(), district, cycle, reason, by),
                    "已重新开放，可以补充和更改；改好后要再次提交。",
                )
        else:
            st.caption("已锁定。确需更改，请市教育督导办重新开放。")
        return
    if st.button("提交前检查", key="submission-check"):
        st.session_state[CHECKED] = (status.district, status.cycle, check_submission(workspace(), district, cycle))
    where = st.session_state.get(CHECKED)
    if where is not None and where[:2] == (district, cycle):
        _checked(where[2])
    if has_right(workspace().actor, "submit") and st.button("提交并锁定", key="submission-submit"):
        attempt(
            lambda: _submit(district, cycle, st.session_state.get("submission-by", "")), "已提交并锁定，清单已登记。"
        )


def _submit(district: str, cycle: int, by: str) -> None:
    submit(workspace(), district, cycle, by)
    st.session_state.pop(CHECKED, None)


def _checked(found: Check) -> None:
    st.caption(plain(found.coverage))
    rows = [("必须解决", fault) for fault in found.faults] + [("提醒", warning) for warning in found.warnings]
    if not found.faults:
        st.success("可以提交。")
    if rows:
        table(("", "内容"), rows)


def _problems(district: str, cycle: int) -> None:
    tracked = [(year, problem) for year in (cycle - 1, cycle) for problem in problems(workspace(), district, year)]
    if not tracked:
        return
    st.subheader("整改", anchor=False)
    table(("年度", "号", "要点", "问题", "期限", "状态"), [_problem(year, problem) for year, problem in tracked])
    brought = carried(workspace(), district, cycle)
    if brought is not None and brought.unchecked:
        st.caption(f"上年问题还有 {len(brought.unchecked)} 项没有复查，带入 B15-4 的数未定。")
    elif brought is not None:
        st.caption(f"带入 B15-4：应整改 {brought.due} 项，未到位 {brought.unrectified} 项。")


def _problem(year: int, problem: Tracked) -> tuple[str, ...]:
    return str(year), str(problem.number), problem.item, problem.text, problem.due_on, problem.state_words


if __name__ == "__main__":
    main()
