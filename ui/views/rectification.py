"""整改: the problems told to a district, what it does about them, the office's recheck; last year's beside this year's evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from review.documents import list_documents
from review.rectification import (
    SideBySide,
    carried,
    give_evidence,
    name_evidence,
    plan,
    problems,
    put_off,
    raise_from_feedback,
    raise_problem,
    recheck,
    side_by_side,
)
from review.rectification_state import OUTCOMES, Tracked
from review.rights import has_right
from review.searching import search
from ui.forms import attempt, iso, table, told, whose_name
from ui.session import chosen, nothing_stored, workspace
from ui.source import citation_buttons, source_panel
from ui.words import badge, html, plain, short_name

COLOURS = {
    "整改到位": "green",
    "部分整改": "orange",
    "未整改": "red",
    "已报整改，待复查": "blue",
    "整改中": "orange",
    "未报措施": "gray",
}
ACT_WORDS = {"cites": "记佐证", "plan": "整改方案", "evidence": "报整改材料", "due": "延期", "recheck": "复查"}


# Passages offered as what a problem rests on.
FOUND = 8


def main() -> None:
    """This year's problems with the forms of whoever looks, then last year's with the evidence of both years."""
    st.title("整改", anchor=False)
    place = chosen()
    if place is None:
        nothing_stored()
        return
    district, cycle = place
    st.caption(
        "问题由市督导办登记，区县报措施和材料，市督导办复查。没有复查的不算到位，也不算未到位；结果带入下一年 B15-4。"
    )
    told()
    by = whose_name("rectification-by")
    listed = problems(workspace(), district, cycle)
    this, last = st.tabs([f"{cycle} 年度的问题（{len(listed)}）", f"{cycle - 1} 年度的问题复查"])
    with this:
        _listed(listed)
        for problem in listed:
            _problem(problem, by)
        if has_right(workspace().actor, "recheck"):
            _raise(district, cycle, by)
    with last:
        left, right = st.columns(2, gap="medium")
        with left:
            _compared(district, cycle)
        with right:
            source_panel()


def _listed(listed: list[Tracked]) -> None:
    if not listed:
        st.html('<div class="er-note">没有登记的问题。</div>')
        return
    table(
        ("编号", "要点", "问题", "期限", "状态"),
        [(str(one.number), one.item, one.text, one.due_on, one.state_words) for one in listed],
    )


def _problem(problem: Tracked, by: str) -> None:
    with st.expander(plain(f"第 {problem.number} 号　{problem.item}　{problem.state_words}")):
        st.html(
            f'<div class="er-text">{badge(problem.state_words, COLOURS[problem.state_words])} {html(problem.text)}</div>'
            f'<div class="er-note">{html(problem.origin)}　期限 {html(problem.due_on)}　{html(problem.by)}登记</div>'
        )
        if problem.acts:
            table(
                ("办理", "内容", "谁", "时间（UTC）"),
                [_act(act.kind, act.content, act.by, act.at) for act in problem.acts],
            )
        # How many acts this person saw when the forms were first drawn: what somebody else does meanwhile is not overwritten.
        key = f"{problem.district}-{problem.cycle}-{problem.number}"
        seen = st.session_state.setdefault(f"rectification-seen-{key}", len(problem.acts))
        if has_right(workspace().actor, "rectify"):
            _district_forms(problem, key, seen, by)
        if has_right(workspace().actor, "recheck"):
            _office_forms(problem, key, seen, by)


def _act(kind: str, content: Mapping[str, Any], by: str, at: str) -> tuple[str, str, str, str]:
    files = content.get("files") or content.get("cited")
    parts = [
        str(content[name])
        for name in ("measure", "responsible", "until", "on", "document", "reason", "note")
        if content.get(name)
    ]
    if "outcome" in content:
        parts.insert(0, OUTCOMES[str(content["outcome"])])
    if isinstance(files, list):
        parts = [*dict.fromkeys(f"《{file['file']}》" for file in files), *parts]
    return ACT_WORDS[kind], "；".join(parts), by, at[:16].replace("T", " ")


def _district_forms(problem: Tracked, key: str, seen: int, by: str) -> None:
    where, number = (problem.district, problem.cycle), problem.number
    left, right = st.columns(2)
    with left, st.popover("报整改方案"), st.form(f"plan-{key}", border=False):
        measure = st.text_area("措施", key=f"plan-measure-{key}", height=80)
        responsible = st.text_input("责任人", key=f"plan-responsible-{key}")
        until = st.date_input("完成时限", value=None, format="YYYY-MM-DD", key=f"plan-until-{key}")
        if st.form_submit_button("登记方案", key=f"plan-go-{key}"):
            _do(
                key,
                lambda: plan(workspace(), *where, number, measure, responsible, iso(until), by, seen=seen),
                "已登记整改方案。",
            )
    with right, st.popover("报整改材料"), st.form(f"evidence-{key}", border=False):
        stored = [
            one.file for year in (problem.cycle + 1, problem.cycle)
            for one in list_documents(workspace(), problem.district, year, replaced=False)
        ]  # fmt: skip
        files = st.multiselect("已导入的材料", list(dict.fromkeys(stored)), key=f"evidence-files-{key}")
        note = st.text_input("说明", key=f"evidence-note-{key}")
        if st.form_submit_button("登记材料", key=f"evidence-go-{key}"):
            _do(key, lambda: give_evidence(workspace(), *where, number, files, note, by, seen=seen), "已登记整改材料。")


def _office_forms(problem: Tracked, key: str, seen: int, by: str) -> None:
    where, number = (problem.district, problem.cycle), problem.number
    left, right = st.columns(2)
    with left, st.popover("复查"), st.form(f"recheck-{key}", border=False):
        outcome = st.selectbox(
            "结论", list(OUTCOMES), format_func=OUTCOMES.__getitem__, index=None, key=f"recheck-outcome-{key}"
        )
        on = st.date_input("复查日期", value=None, format="YYYY-MM-DD", key=f"recheck-on-{key}")
        document = st.text_input("依据的记录", key=f"recheck-document-{key}")
        note = st.text_area("查实情况（没有到位时写还差什么）", key=f"recheck-note-{key}", height=80)
        if st.form_submit_button("登记复查", key=f"recheck-go-{key}"):
            _do(
                key, lambda: recheck(workspace(), *where, number, outcome or "", iso(on), document, note, by, seen=seen),
                "已登记复查。",
            )  # fmt: skip
    with right, st.popover("延期"), st.form(f"due-{key}", border=False):
        until = st.date_input("新的期限", value=None, format="YYYY-MM-DD", key=f"due-until-{key}")
        reason = st.text_input("理由", key=f"due-reason-{key}")
        if st.form_submit_button("登记延期", key=f"due-go-{key}"):
            _do(key, lambda: put_off(workspace(), *where, number, iso(until), reason, by, seen=seen), "已登记延期。")
    with st.popover("记佐证"):
        found = _found(problem.district, problem.cycle, f"cites-search-{key}")
        passages = st.multiselect(
            "问题依据的段落",
            list(found),
            format_func=found.__getitem__,
            key=f"cites-passages-{key}",
            placeholder="选择",
        )
        if st.button("记下", key=f"cites-go-{key}", disabled=not passages):
            _do(key, lambda: name_evidence(workspace(), *where, number, passages, by, seen=seen), "已记下佐证。")


def _do(key: str, act: Callable[[], object], sentence: str) -> None:
    st.session_state.pop(f"rectification-seen-{key}", None)
    attempt(act, sentence)


def _raise(district: str, cycle: int, by: str) -> None:
    st.subheader("登记问题", anchor=False)
    found = _found(district, cycle, "raise-search")
    with st.form("raise", border=True):
        items = {
            item.id: f"{item.id}　{workspace().catalogue.expectations[item.id].title}"
            for item in workspace().scheme.items
        }
        item = st.selectbox("要点", list(items), format_func=items.__getitem__, key="raise-item")
        text = st.text_area("问题", key="raise-text", height=80)
        origin = st.text_input("在哪份文件里指出", key="raise-origin")
        due = st.date_input("整改期限", value=None, format="YYYY-MM-DD", key="raise-due")
        passages = st.multiselect(
            "依据的段落（先在上面检索；问题里的数要在段落里找得到）", list(found), format_func=found.__getitem__, key="raise-passages",
            placeholder="选择",
        )  # fmt: skip
        one, all_ = st.columns(2)
        single = one.form_submit_button("登记这个问题", key="raise-go", type="primary")
        whole = all_.form_submit_button(
            "登记反馈意见里的全部问题", key="raise-all", help="只用上面的文件名和期限；已登记的不重复。"
        )
    if single:
        attempt(
            lambda: raise_problem(workspace(), district, cycle, item, text, origin, iso(due), by, passages=passages),
            "已登记问题。",
        )
    if whole:
        attempt(
            lambda: raise_from_feedback(workspace(), district, cycle, origin, iso(due), by), "已登记反馈意见里的问题。"
        )


def _found(district: str, cycle: int, key: str) -> dict[str, str]:
    """Passages that answer the search above the form, by their key: file and first words."""
    query = st.text_input("检索问题依据的材料", key=key, placeholder="词语或一句话，回车检索")
    if not query.strip():
        return {}
    hits = search(workspace(), query, district=district, cycle=cycle, count=FOUND)
    return {one["passage"]: f"《{short_name(one['file'])}》{' '.join(one['text'].split())[:40]}" for one in hits}


def _compared(district: str, cycle: int) -> None:
    found = side_by_side(workspace(), district, cycle)
    if not found:
        st.html(f'<div class="er-note">{cycle - 1} 年度没有登记的问题。</div>')
        return
    result = carried(workspace(), district, cycle)
    if result is not None:
        waiting = f"，第 {'、'.join(map(str, result.unchecked))} 号还没有复查" if result.unchecked else ""
        st.html(
            f'<div class="er-text">{cycle - 1} 年度问题 {result.due} 个，未到位 {result.unrectified} 个{html(waiting)}。</div>'
        )
    for one in found:
        _pair(one)


def _pair(one: SideBySide) -> None:
    problem = one.problem
    with st.container(border=True, key=f"pair-{problem.number}"):
        st.html(
            f'<div class="er-title">第 {problem.number} 号　{html(problem.item)} {badge(problem.state_words, COLOURS[problem.state_words])}</div>'
            f'<div class="er-text">{html(problem.text)}</div>'
        )
        for words, cited, key in (("上一年的材料", one.before, "before"), ("今年的材料", one.now, "now")):
            st.html(f'<div class="er-note">{words}{"" if cited else "：没有找到"}</div>')
            citation_buttons(cited, key=f"{key}-{problem.number}")
        files = "、".join(f"《{file}》" for file, _ in one.handed_in) or "没有"
        st.html(f'<div class="er-note">区县报的整改材料：{html(files)}</div>')


if __name__ == "__main__":
    main()
