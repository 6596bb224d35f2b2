"""What the office's language model proposes for an item, on the experts' page: always as the model's, each to be settled by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from review.errors import ReviewError
from review.language_model import LanguageModel
from review.proposal_settling import confirm_proposal, reject_proposal
from review.proposals import KIND_WORDS, KINDS, Proposal, proposals
from review.proposing import ProposalRun, propose
from scoring_rules.scheme import Criterion
from ui.forms import attempt, done
from ui.session import workspace
from ui.source import citation_buttons
from ui.words import badge, html, plain

NOTE = "语言模型的建议不参与初评、完整性、账本和文书；确认以后，佐证和数据由您署名写进记录，要点评定只记下同意，得分仍由专家自己打。"


def asking(criterion: Criterion, district: str, cycle: int) -> None:
    """The form by which the model is asked about items of the criterion; nothing where the office has no model."""
    settings = workspace().settings.language_model
    if settings is None:
        return
    titles = workspace().catalogue.expectations
    with st.expander(f"请语言模型提建议（{plain(settings.model)}）"):
        st.caption(NOTE)
        with st.form(f"propose-{criterion.id}", border=False):
            items = st.multiselect(
                "评价要点", [item.id for item in criterion.items], format_func=lambda one: f"{one}　{titles[one].title}",
                key=f"propose-items-{criterion.id}", placeholder="选择",
            )  # fmt: skip
            kinds = st.multiselect(
                "问什么", KINDS, KINDS, format_func=KIND_WORDS.__getitem__, key=f"propose-kinds-{criterion.id}"
            )
            go = st.form_submit_button("提问", key=f"propose-go-{criterion.id}")
        if not go:
            return
        try:
            with st.spinner("正在等语言模型……", show_time=True):
                run = propose(workspace(), district, cycle, LanguageModel(settings), items=items, kinds=kinds)
        except ReviewError as exc:
            st.error(plain(str(exc)))
            return
        done(_outcome(run))


def _outcome(run: ProposalRun) -> str:
    left = f"，{sum(run.refused.values())} 条核不上没有留下" if run.refused else ""
    told = "".join(f"；{sentence}" for sentence in (*run.failed, *run.skipped))
    return f"问了 {run.asked} 次，得到 {len(run.made)} 条建议{left}{told}。"


def by_item(district: str, cycle: int) -> Mapping[str, Sequence[Proposal]]:
    """The proposals that wait, and the ratings somebody agreed to, by item."""
    found: dict[str, list[Proposal]] = {}
    for one in proposals(workspace(), district, cycle, every=True):
        if one.is_open or (one.kind == "rating" and one.state == "confirmed"):
            found.setdefault(one.item, []).append(one)
    return found


def proposed(item: str, found: Sequence[Proposal], district: str, cycle: int, by: str) -> None:
    """The proposals of one item."""
    if not found:
        return
    waiting = sum(one.is_open for one in found)
    with st.expander(f"语言模型的建议 {len(found)} 条（待确认 {waiting}，不参与计算）"):
        for one in found:
            _one(one, f"{item}-{one.number}", district, cycle, by)


def _one(one: Proposal, key: str, district: str, cycle: int, by: str) -> None:
    mark = badge("模型建议", "orange") if one.is_open else badge(f"已同意（{one.settled_by}）", "green")
    words = "".join(f'<div class="er-text">“{html(" ".join(quote.quote.split()))}”</div>' for quote in one.quotes)
    st.html(f'<div class="er-text">{mark} {html(one.sentence)}</div><div class="er-note">{html(one.model)}　所引原文：</div>{words}')  # fmt: skip
    with st.container(horizontal=True):
        citation_buttons(one.quotes, key=f"proposal-{key}")
        with st.popover("判断"):
            reason = st.text_input("理由（否定时必须写）", key=f"proposal-reason-{key}")
            with st.container(horizontal=True):
                if one.is_open and st.button("确认", key=f"proposal-confirm-{key}", type="primary"):
                    attempt(
                        lambda: confirm_proposal(workspace(), district, cycle, one.number, by, reason=reason),
                        f"已确认第 {one.number} 号建议。",
                    )
                if st.button("否定", key=f"proposal-reject-{key}"):
                    attempt(
                        lambda: reject_proposal(workspace(), district, cycle, one.number, by, reason=reason),
                        f"已否定第 {one.number} 号建议，不再提出。",
                    )
