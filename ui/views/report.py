"""年度报告: how far the year is, the draft of the annual report, issuing it, and those that were issued."""

from __future__ import annotations

from functools import partial

import streamlit as st

from review.approval import APPROVED, DRAFT, DecidedYear, decided_year
from review.cycles import year
from review.papers.annual import annual_values
from review.papers.issuing import Issued
from review.papers.render import render
from review.papers.spreadsheets import ranking_xlsx
from review.papers.year_issuing import issue_report, issued_report_file, issued_reports
from review.papers.year_record import read_year
from review.rights import has_right
from ui.forms import attempt, iso, table, told, whose_name
from ui.issuing import WORD_TYPE
from ui.session import chosen, nothing_stored, workspace
from ui.words import badge, plain

EXCEL_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def main() -> None:
    """The districts with where they stand, the drafts, the issued reports and the form."""
    st.title("年度评价报告", anchor=False)
    place = chosen()
    if place is None:
        nothing_stored()
        return
    cycle = place[1]
    told()
    found = decided_year(workspace(), cycle)
    names = [one.name for one in year(workspace(), cycle).districts] or list(found.scores)
    waiting = [name for name in names if name not in found.approvals]
    is_approved = bool(names) and not waiting
    st.html(badge(APPROVED if is_approved else DRAFT, "green" if is_approved else "orange"))
    st.caption(
        f"{cycle} 年度 {len(names)} 个区县，已有认定 {len(found.scores)} 个，已登记市政府审定 {len(found.approvals)} 个。"
        "全部审定之前每页标“拟定稿”，只能下载，不能签发；审定之后的报告只写经人确认的成绩和问题。"
    )
    if names:
        with st.expander("各区县"):
            table(("区县", "认定", "市政府审定"), [_row(name, found) for name in names])
    _drafts(cycle)
    _issued(cycle)
    if has_right(workspace().actor, "issue_papers"):
        _form(cycle, waiting)


def _row(name: str, found: DecidedYear) -> tuple[str, str, str]:
    given = found.approvals.get(name)
    return (
        name,
        "有" if name in found.scores else "还没有",
        "还没有" if given is None else f"{given.on}　{given.document}",
    )


def _drafts(cycle: int) -> None:
    st.subheader("现在的报告", anchor=False)
    st.caption("下载时读取全部区县的记录，约需几十秒。")
    with st.container(horizontal=True):
        for words, grades_only in (("下载报告（Word）", False), ("下载只列等级的（Word）", True)):
            st.download_button(
                words, partial(_word, cycle, grades_only=grades_only), file_name=f"{cycle}年度评价报告.docx", mime=WORD_TYPE,
                on_click="ignore", key=f"report-word-{int(grades_only)}", icon=":material/download:",
            )  # fmt: skip
        st.download_button(
            "下载排名表（Excel）", partial(_excel, cycle), file_name=f"{cycle}年度排名.xlsx", mime=EXCEL_TYPE, on_click="ignore",
            key="report-excel", icon=":material/download:",
        )  # fmt: skip


def _word(cycle: int, *, grades_only: bool) -> bytes:
    return render("annual", annual_values(read_year(workspace(), cycle), grades_only=grades_only))


def _excel(cycle: int) -> bytes:
    return ranking_xlsx(read_year(workspace(), cycle))


def _issued(cycle: int) -> None:
    found = issued_reports(workspace(), cycle)
    st.subheader(f"已签发（{len(found)}）", anchor=False)
    if not found:
        st.caption("还没有签发过。")
    for one in found:
        _one(cycle, one)


def _one(cycle: int, one: Issued) -> None:
    why = f"，{one.reason}" if one.reason else ""
    st.markdown(plain(f"第 {one.number} 次：{one.document}，{one.on}，{one.by}签发{why}。"))
    st.caption(f"SHA-256 {one.sha256}")
    st.download_button(
        f"下载第 {one.number} 次签发的", partial(issued_report_file, workspace(), cycle, one.number),
        file_name=f"{cycle}年度评价报告（{one.on}签发）.docx", mime=WORD_TYPE, on_click="ignore", key=f"report-issued-{one.number}",
    )  # fmt: skip


def _form(cycle: int, waiting: list[str]) -> None:
    st.subheader("签发", anchor=False)
    if waiting:
        st.caption(plain(f"还没有登记市政府审定：{'、'.join(waiting)}。全部登记之后才能签发。"))
        return
    st.caption("签发前逐数核对出处。签发后连同校验码冻结，不能再改；措辞请先在“改写句子”里改好。")
    by = whose_name("report-by")
    with st.form("report-issue", border=True):
        on = st.date_input("签发日期", value=None, format="YYYY-MM-DD", key="report-on")
        document = st.text_input("发文字号", key="report-document", max_chars=60)
        grades_only = st.checkbox("只列等级，不列得分与名次", key="report-grades")
        reason = st.text_input("再次签发的理由（第一次不填）", key="report-reason", max_chars=200)
        if st.form_submit_button("签发", key="report-go", type="primary"):
            with st.spinner("正在读取各区县的记录并逐数核对……"):
                attempt(
                    lambda: issue_report(
                        workspace(), cycle, iso(on), document, by, grades_only=grades_only, reason=reason
                    ),
                    f"已签发{cycle}年度评价报告（{document}）。",
                )


if __name__ == "__main__":
    main()
