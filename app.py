"""Entry of the app: page settings, sign-in, the choice of district and evaluation year, the pages a person has."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from review.rights import Right, has_right
from review.workspace import Settings
from ui.icon import tab_icon
from ui.session import act_for, choose_district, errors_shown, start
from ui.sign_in import signed_in
from ui.style import apply_style

VIEWS = Path(__file__).parent / "ui" / "views"


def main() -> None:
    """Draw the frame, then the chosen page."""
    st.set_page_config(
        page_title="教育履职评审助手", page_icon=tab_icon(), layout="wide", initial_sidebar_state="expanded"
    )
    apply_style()
    with errors_shown():
        opened = start(Settings.from_env())
        person = signed_in(opened)
        shown = [page for right, page in pages() if person is None or has_right(person, right)]
        page = st.navigation(shown, position="hidden" if person is None else "sidebar", expanded=True)
        if person is None:
            return
        act_for(opened, person)
        choose_district()
        page.run()


def pages() -> list[tuple[Right, StreamlitPage]]:
    """Every page with the right it takes; the first is where a person arrives."""
    return [
        ("read_evidence", st.Page(VIEWS / "ask.py", title="问答", icon=":material/chat:", default=True)),
        ("read_evidence", st.Page(VIEWS / "criteria.py", title="评价要点", icon=":material/fact_check:")),
        ("read_evidence", st.Page(VIEWS / "completeness.py", title="完整性", icon=":material/checklist:")),
        ("read_panels", st.Page(VIEWS / "expert.py", title="专家评审", icon=":material/rate_review:")),
        ("read_sample", st.Page(VIEWS / "verification.py", title="核查与认定", icon=":material/gavel:")),
        ("write_feedback", st.Page(VIEWS / "feedback.py", title="反馈意见", icon=":material/description:")),
        ("write_feedback", st.Page(VIEWS / "wording.py", title="改写句子", icon=":material/edit:")),
        ("compare_districts", st.Page(VIEWS / "report.py", title="年度报告", icon=":material/leaderboard:")),
        ("hand_in", st.Page(VIEWS / "intake.py", title="导入材料", icon=":material/upload_file:")),
        ("read_evidence", st.Page(VIEWS / "submission.py", title="自评与提交", icon=":material/send:")),
        ("read_evidence", st.Page(VIEWS / "rectification.py", title="整改", icon=":material/build:")),
        ("read_rules", st.Page(VIEWS / "year.py", title="评价年度", icon=":material/event:")),
        ("read_rules", st.Page(VIEWS / "terms.py", title="约定与参数", icon=":material/balance:")),
        ("manage_accounts", st.Page(VIEWS / "people.py", title="账号", icon=":material/group:")),
        ("maintain", st.Page(VIEWS / "backup.py", title="备份", icon=":material/backup:")),
        ("read_log", st.Page(VIEWS / "acts.py", title="操作记录", icon=":material/history:")),
    ]


if __name__ == "__main__":
    main()
