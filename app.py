"""Entry of the app: page settings, the choice of district and evaluation year, navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from review.workspace import Settings
from ui.icon import tab_icon
from ui.session import choose_district, errors_shown, start
from ui.style import apply_style

VIEWS = Path(__file__).parent / "ui" / "views"


def main() -> None:
    """Draw the frame, then the chosen page."""
    st.set_page_config(
        page_title="教育履职评审助手", page_icon=tab_icon(), layout="wide", initial_sidebar_state="expanded"
    )
    apply_style()
    page = st.navigation(
        [
            st.Page(VIEWS / "ask.py", title="问答", icon=":material/chat:", default=True),
            st.Page(VIEWS / "criteria.py", title="评价要点", icon=":material/fact_check:"),
            st.Page(VIEWS / "completeness.py", title="完整性", icon=":material/checklist:"),
            st.Page(VIEWS / "feedback.py", title="反馈意见", icon=":material/description:"),
            st.Page(VIEWS / "intake.py", title="导入材料", icon=":material/upload_file:"),
        ]
    )
    with errors_shown():
        start(Settings.from_env())
        choose_district()
        page.run()


if __name__ == "__main__":
    main()
