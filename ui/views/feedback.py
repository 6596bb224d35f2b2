"""反馈意见: the draft letter's main points with their evidence, and the letter as a Word file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import streamlit as st

from retrieval.cite import Citation
from review.feedback import PROBLEM_KINDS, Feedback, Problem
from review.papers.district_charts import heat_map_png, profile_png, waterfall_png
from review.papers.kinds import KINDS, Kind, paper_of
from review.papers.letter import letter_values
from review.papers.record import read_record
from review.papers.render import render
from review.papers.wording import wording
from review.places import place
from ui.issuing import WORD_TYPE, issuing
from ui.session import chosen, current_feedback, nothing_stored, workspace
from ui.source import citation_buttons, source_panel
from ui.words import html

# Problems shown at once for one kind; the Word file always holds all of them.
SHOWN = 8


def main() -> None:
    """The points on the left, the source on the right."""
    st.title("反馈意见", anchor=False)
    where = chosen()
    if where is None:
        nothing_stored()
        return
    feedback = current_feedback(*where)
    _head(feedback)
    _papers(feedback)
    issuing(*where)
    _charts(feedback)
    points, beside = st.columns(2, gap="medium")
    with points:
        _achievements(feedback)
        _problems(feedback)
    with beside:
        source_panel()


def _head(feedback: Feedback) -> None:
    st.warning("拟定稿：由系统依据已导入的材料生成，须经市教育督导办核定、签发后才有效。", icon=":material/edit_note:")
    st.html(f'<div class="er-text">审核的材料：{html(feedback.coverage.sentence)}</div>')
    left, middle, right = st.columns(3)
    left.metric("主要成绩", f"{len(feedback.achievements)} 条")
    middle.metric("存在问题", f"{len(feedback.problems)} 条")
    right.metric("引用佐证", f"{len(feedback.references)} 处")
    st.download_button(
        "下载反馈意见（拟定稿，Word）",
        lambda: _letter(feedback),
        file_name=f"{feedback.district}{feedback.cycle}年度反馈意见（拟定稿）.docx",
        mime=WORD_TYPE,
        type="primary",
        on_click="ignore",
        icon=":material/download:",
        key="download-feedback",
    )


def _letter(feedback: Feedback) -> bytes:
    """The letter from the record as it is when the button is pressed, in the office's wording."""
    where = (workspace(), feedback.district, feedback.cycle)
    return render("feedback", letter_values(read_record(*where), wording=wording(*where)))


def _papers(feedback: Feedback) -> None:
    with st.expander("其他文书（Word）"):
        for kind in KINDS:
            if kind.id != "feedback":
                st.download_button(
                    f"下载{kind.words}",
                    partial(_paper, feedback, kind),
                    file_name=f"{feedback.district}{feedback.cycle}年度{kind.words}.docx",
                    mime=WORD_TYPE,
                    on_click="ignore",
                    key=f"download-{kind.id}",
                )


def _paper(feedback: Feedback, kind: Kind) -> bytes:
    return paper_of(read_record(workspace(), feedback.district, feedback.cycle), kind)


def _charts(feedback: Feedback) -> None:
    """The charts of the papers, drawn only when they are asked for."""
    if not st.toggle("显示图表", key="feedback-charts"):
        return
    record = read_record(workspace(), feedback.district, feedback.cycle)
    drawn = (
        ("一级指标得分率", profile_png(feedback.scheme, feedback.score, record.median)),
        ("从满分到最终得分", waterfall_png(feedback.scheme, feedback.score)),
        ("各评价要点材料情况", heat_map_png(feedback.draft.completeness, feedback.scheme)),
    )
    for caption, png in drawn:
        if png is not None:
            st.image(png, caption=caption)


def _achievements(feedback: Feedback) -> None:
    st.subheader("主要成绩", anchor=False)
    if not feedback.achievements:
        st.html('<div class="er-note">目前没有可以由材料直接认定的成绩。</div>')
    for number, entry in enumerate(feedback.achievements):
        _sentence(f"{entry.item}　{entry.sentence}", entry.evidence, feedback.references, key=f"achievement-{number}")


def _problems(feedback: Feedback) -> None:
    st.subheader("存在问题与建议", anchor=False)
    for kind in PROBLEM_KINDS:
        problems = feedback.problems_of(kind)
        if problems:
            with st.expander(f"{kind}（{len(problems)} 条）", expanded=True):
                _kind(kind, problems, feedback)


def _kind(kind: str, problems: Sequence[Problem], feedback: Feedback) -> None:
    whole = len(problems) <= SHOWN or st.session_state.get(f"all-{kind}", False)
    for number, problem in enumerate(problems if whole else problems[:SHOWN]):
        _sentence(
            f"{problem.item}　{problem.sentence}", problem.evidence, feedback.references, key=f"problem-{kind}-{number}"
        )
        st.html(f'<div class="er-note">建议：{html(problem.advice)}</div>')
    if len(problems) > SHOWN:
        st.checkbox(f"显示全部 {len(problems)} 条", key=f"all-{kind}")


def _sentence(sentence: str, evidence: Sequence[int], references: Sequence[Citation], *, key: str) -> None:
    st.html(f'<div class="er-text">{html(sentence)}</div>')
    cited = [references[number - 1] for number in evidence]
    citation_buttons([citation for citation in cited if citation.document], key=key)
    for citation in cited:
        if not citation.document:
            st.html(
                f'<div class="er-note">依据：《{html(citation.file)}》，{html(place(citation))}，没有指明材料。</div>'
            )


if __name__ == "__main__":
    main()
