"""核查与认定: sample, results of the field check, credibility, 附件 1, bonus, decision, 市政府审定; everything before says 拟定."""

from __future__ import annotations

import streamlit as st

from review.approval import APPROVED, DRAFT, approval
from review.rights import has_right
from review.standing_case import standing_score
from ui.decision_parts import annex1_part, approval_part, bonus_part, case_part, decision_part
from ui.field_check import credibility_part, results_part, sample_part
from ui.forms import told, whose_name
from ui.session import chosen, nothing_stored, workspace
from ui.words import badge


def main() -> None:
    """The steps in their order, each with what it needs; those a person has no right to are not drawn."""
    st.title("核查与认定", anchor=False)
    place = chosen()
    if place is None:
        nothing_stored()
        return
    district, cycle = place
    told()
    may_read, may_decide = has_right(workspace().actor, "read_decisions"), has_right(workspace().actor, "decide")
    if may_read:
        is_approved = approval(workspace(), district, cycle) is not None
        st.html(badge(APPROVED if is_approved else DRAFT, "green" if is_approved else "orange"))
    by = whose_name("verification-by")
    case = case_part(district, cycle)
    checking, finding, deciding = st.tabs(["抽样与核查", "附件 1 与加分", "认定与审定"])
    score = standing_score(workspace(), district, cycle) if may_decide else None
    with checking:
        sample_part(district, cycle, by)
        results_part(district, cycle, by)
        if may_decide:
            credibility_part(score)
    with finding:
        annex1_part(district, cycle, by)
        bonus_part(case, district, cycle, by)
    with deciding:
        if may_read:
            decision_part(score, district, cycle, by)
            approval_part(district, cycle, by)
        else:
            st.caption("认定由市教育督导办作出。")


if __name__ == "__main__":
    main()
