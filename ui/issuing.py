"""On the page of the letters: issuing one, and those that were issued, each as it left the house."""

from __future__ import annotations

import streamlit as st

from review.papers.issuing import ISSUABLE, Issued, issue, issued, issued_file
from review.papers.kinds import kind_of
from review.rights import has_right
from ui.forms import attempt, iso, told, whose_name
from ui.session import workspace
from ui.words import plain

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def issuing(district: str, cycle: int) -> None:
    """The letters issued so far and, for the office, the form to issue one."""
    if not has_right(workspace().actor, "read_issued"):
        return
    found = issued(workspace(), district, cycle)
    with st.expander(f"签发（已签发 {len(found)} 份）", expanded=bool(found)):
        told()
        for one in found:
            _issued(district, cycle, one)
        if has_right(workspace().actor, "issue_papers"):
            _form(district, cycle)


def _issued(district: str, cycle: int, one: Issued) -> None:
    why = f"，{one.reason}" if one.reason else ""
    st.markdown(plain(f"{one.kind.words}第 {one.number} 次：{one.document}，{one.on}，{one.by}签发{why}。"))
    st.caption(f"SHA-256 {one.sha256}")
    st.download_button(
        f"下载签发的{one.kind.words}（第 {one.number} 次）",
        lambda: issued_file(workspace(), district, cycle, one.kind.id, one.number),
        file_name=f"{district}{cycle}年度{one.kind.words}（{one.on}签发）.docx",
        mime=WORD_TYPE,
        on_click="ignore",
        key=f"issued-{one.kind.id}-{one.number}",
    )


def _form(district: str, cycle: int) -> None:
    st.caption(
        "签发前逐数核对出处；只写经人确认的成绩和问题，没有签认的得分与等级不写。签发后连同校验码冻结，不能再改。"
    )
    with st.form("issue", border=True):
        kind = st.selectbox("文书", ISSUABLE, format_func=lambda name: kind_of(name).words, key="issue-kind")
        on = st.date_input("签发日期", value=None, format="YYYY-MM-DD", key="issue-on")
        document = st.text_input("发文字号", key="issue-document", max_chars=60)
        reason = st.text_input("再次签发的理由（第一次不填）", key="issue-reason", max_chars=200)
        by = whose_name("issue-by")
        if st.form_submit_button("签发", key="issue-go", type="primary"):
            attempt(
                lambda: issue(workspace(), district, cycle, kind, iso(on), document, by, reason=reason),
                f"已签发{kind_of(kind).words}（{document}）。",
            )
