"""操作记录: who did what and when, what stood there before and after; the check of the whole log; one district's part as a file."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from review.audit import ACT_WORDS, Act, acts, head
from review.audit_check import export_district, verify
from review.people import ROLE_WORDS
from ui.session import chosen, workspace
from ui.words import html, plain

SHOWN = 200
LONGEST_VALUE = 200


def main() -> None:
    """The check, the choice of what to see, the rows."""
    st.title("操作记录", anchor=False)
    number, chain = head(workspace())
    st.html(
        f'<div class="er-note">共 {number} 步，只增不改，前后用散列连成一串。末尾：{number}:{html(chain)}。'
        "把它写进会议纪要，日后可用 edureview audit verify --head 核对。</div>"
    )
    with st.container(horizontal=True):
        if st.button("核对全部记录", key="acts-verify", icon=":material/verified_user:"):
            _verify()
        place = chosen()
        if place is not None:
            st.download_button(
                plain(f"导出{place[0]}的记录"),
                lambda: export_district(workspace(), place[0]),
                file_name=f"{place[0]}操作记录.jsonl",
                mime="application/jsonl",
                on_click="ignore",
                icon=":material/download:",
                key="acts-export",
            )
    only = st.toggle("只看左侧选定的区县和年度", key="acts-only", disabled=place is None)
    district, cycle = place if only and place is not None else (None, None)
    rows = acts(workspace(), district, cycle, last=SHOWN)
    if not rows:
        st.info("还没有操作记录。", icon=":material/info:")
        return
    head_row = (
        "<tr><th>步</th><th>时间（UTC）</th><th>人</th><th>做了什么</th><th>对象</th><th>之前</th><th>之后</th></tr>"
    )
    body = "".join(_row(act) for act in reversed(rows))
    st.html(f'<table class="er-table"><thead>{head_row}</thead><tbody>{body}</tbody></table>')
    if len(rows) == SHOWN:
        st.caption(f"只列出最后 {SHOWN} 步，全部可用 edureview audit list 或导出查看。")


def _verify() -> None:
    checked = verify(workspace())
    for note in checked.notes:
        st.warning(plain(note))
    if checked.faults:
        st.error(plain("操作记录被改动过，请保留现状并查明原因：" + "；".join(checked.faults)))
    else:
        st.success(f"{checked.rows} 步首尾相连，没有发现改动。")


def _row(act: Act) -> str:
    where = " ".join(part for part in (act.district, f"{act.cycle} 年度" if act.cycle else "") if part)
    words = {str(role): told for role, told in ROLE_WORDS.items()}
    who = f"{act.person}（{words.get(act.role, act.role)}，{act.session}）"
    cells = (
        who,
        ACT_WORDS.get(act.act, act.act),
        f"{where} {act.subject}".strip(),
        _told(act.before),
        _told(act.after),
    )
    tight = f'<td class="er-tight">{act.number}</td><td class="er-tight">{html(act.at[:19].replace("T", " "))}</td>'
    return f"<tr>{tight}{''.join(f'<td>{html(cell)}</td>' for cell in cells)}</tr>"


def _told(value: Any) -> str:
    if value is None:
        return "—"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}……"


if __name__ == "__main__":
    main()
