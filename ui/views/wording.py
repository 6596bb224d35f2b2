"""改写句子: the sentences of the letter (or the lines of the annual report) in the office's own words, every version side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import pairwise

import streamlit as st

from review.papers.annual import annual_values, lines_of
from review.papers.wording import WHOLE_YEAR, Revision, revise, revisions
from review.papers.year_record import read_year
from review.rights import has_right
from ui.forms import attempt, told, whose_name
from ui.session import chosen, current_feedback, nothing_stored, workspace
from ui.words import badge, html

LETTER, REPORT = "反馈意见", "年度评价报告"
# Of a sentence, in the list to choose from.
SHOWN = 60


def main() -> None:
    """The sentences that were put into other words, then the form for one more version."""
    st.title("改写句子", anchor=False)
    place = chosen()
    if place is None:
        nothing_stored()
        return
    st.caption(
        "只改措辞：数、名称或否定词变了就拒绝，有误请先更正记录。各版本都留在记录里，文书用最新的一版；改回原句就恢复原样。"
    )
    told()
    district, cycle = place
    papers = [LETTER, *([REPORT] if has_right(workspace().actor, "compare_districts") else [])]
    paper = st.segmented_control("文书", papers, default=LETTER, key="wording-paper") or LETTER
    of = WHOLE_YEAR if paper == REPORT else district
    lines = _report_lines(cycle) if paper == REPORT else _letter_lines(district, cycle)
    by_line: dict[str, list[Revision]] = {}
    for one in revisions(workspace(), of, cycle):
        by_line.setdefault(one.before, []).append(one)
    if lines is not None:
        _form(of, cycle, lines, by_line)
    st.subheader(f"已改写的句子（{len(by_line)}）", anchor=False)
    if not by_line:
        st.caption("还没有改写过。")
    for number, (before, versions) in enumerate(by_line.items()):
        gone = lines is not None and before not in lines
        _side_by_side(number, before, versions, gone=gone)


def _letter_lines(district: str, cycle: int) -> dict[str, str]:
    """What each sentence of the letter is called, by the draft's own words."""
    feedback = current_feedback(district, cycle)
    found = {one.sentence: f"{one.item}　成绩　{one.sentence}" for one in feedback.achievements}
    return found | {one.sentence: f"{one.item}　{one.kind}　{one.sentence}" for one in feedback.problems}


def _report_lines(cycle: int) -> dict[str, str] | None:
    """The lines of the annual report in the draft's own words; read when asked for: it takes the record of every district."""
    key = f"wording-lines-{cycle}"
    if st.button("读取年度报告的各行", key="wording-read", help="要读全部区县的记录，约需几十秒。"):
        with st.spinner("正在读取各区县的记录……"):
            year = read_year(workspace(), cycle)
            plain = {name: own for name, own in year.wordings.items() if name != WHOLE_YEAR}
            values = annual_values(replace(year, wordings=plain), grades_only=True)
        st.session_state[key] = {line: line for line in lines_of(values)}
    lines: dict[str, str] | None = st.session_state.get(key)
    return lines


def _form(of: str, cycle: int, lines: dict[str, str], by_line: dict[str, list[Revision]]) -> None:
    before = st.selectbox(
        "改写哪一句（可输入词语查找）", list(lines), index=None, format_func=lambda line: _cut(lines[line]),
        key=f"wording-line-{of}-{cycle}", placeholder="选择",
    )  # fmt: skip
    if before is None:
        return
    newest = by_line[before][-1].after if before in by_line else before
    st.html(f'<div class="er-note">原句</div><div class="er-official">{html(before)}</div>')
    key = f"{of}-{cycle}-{abs(hash(before))}-{len(by_line.get(before, ()))}"
    by = whose_name("wording-by")
    with st.form(f"wording-{key}", border=False):
        after = st.text_area("新句", value=newest, key=f"wording-after-{key}", height=120, max_chars=2000)
        if st.form_submit_button("保存这一版", type="primary", key="wording-go"):
            attempt(lambda: revise(workspace(), of, cycle, before, after, by), "已保存，文书从现在起用这一句。")


def _side_by_side(number: int, before: str, versions: Sequence[Revision], *, gone: bool) -> None:
    """The draft's sentence and every version of it, each with what differs from the one before marked."""
    texts = [before, *(one.after for one in versions)]
    heads = ["草稿", *(f"第 {n} 版　{html(_who(one))}" for n, one in enumerate(versions, 1))]
    cells = [html(before), *(marked(old, new) for old, new in pairwise(texts))]
    state = badge("草稿里已没有这一句，不再使用", "gray") if gone else badge(f"现用第 {len(versions)} 版", "green")
    with st.container(border=True, key=f"wording-versions-{number}"):
        head = "".join(f"<th>{one}</th>" for one in heads)
        body = "".join(f"<td>{one}</td>" for one in cells)
        st.html(
            f'{state}<div class="er-cells"><table class="er-table er-versions"><thead><tr>{head}</tr></thead><tbody><tr>{body}</tr></tbody></table></div>'
        )


def marked(old: str, new: str) -> str:
    """The new sentence as HTML: what was put in is marked, what was left out is struck through."""
    parts = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag in ("delete", "replace"):
            parts.append(f"<del>{html(old[i:j])}</del>")
        if tag in ("insert", "replace"):
            parts.append(f"<mark>{html(new[k:m])}</mark>")
        if tag == "equal":
            parts.append(html(new[k:m]))
    return "".join(parts)


def _who(one: Revision) -> str:
    model = f"（模型 {one.model}）" if one.model else ""
    return f"{one.by}{model}　{one.at[:16].replace('T', ' ')}（UTC）"


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}……"


if __name__ == "__main__":
    main()
