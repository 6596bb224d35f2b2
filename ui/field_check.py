"""The field check on the page: the sample drawn and printed, reserves, results with the papers they rest on, credibility."""

from __future__ import annotations

import tempfile
from fractions import Fraction
from pathlib import Path

import streamlit as st

from review.documents import list_documents
from review.errors import ReviewError
from review.field_results import Entered, record_result, result_history, results, to_check
from review.rights import has_right
from review.sampling import DrawnSample, draw_sample, recorded_replacements, recorded_sample
from review.school_list import read_schools
from scoring_rules.rounding import exact_text, published
from scoring_rules.score_result import ScoreResult
from ui.forms import attempt, table
from ui.replacement import replacement_part
from ui.session import workspace
from ui.words import badge, html, plain

CREDIBILITY_DECIMALS = 4


def sample_part(district: str, cycle: int, by: str) -> None:
    """The newest sample as it is printed; for the office the form to draw and to record a reserve."""
    st.subheader("抽样", anchor=False)
    sample = recorded_sample(workspace(), district, cycle)
    if sample is None:
        st.info("还没有抽样。", icon=":material/info:")
    else:
        used = tuple(recorded_replacements(workspace(), district, cycle))
        lines = DrawnSample(district, cycle, 1, sample, used).lines(workspace().scheme)
        printed = "\n".join(lines[1:])
        st.html(f'<div class="er-page">{html(printed)}</div>')
        st.download_button(
            "下载名单（打印用）", f"{district} {cycle} 年度实地督导抽样名单\n{printed}\n", icon=":material/print:",
            file_name=f"抽样名单_{district}_{cycle}.txt", key="sample-print", on_click="ignore",
        )  # fmt: skip
    if not has_right(workspace().actor, "draw_sample"):
        return
    with st.expander("重新抽样" if sample else "抽样"), st.form("draw", border=False):
        seed = st.number_input("随机种子（建议当众摇号产生）", min_value=0, step=1, value=None, key="draw-seed")
        file = st.file_uploader("学校名单（CSV、XLSX）", type=["csv", "xlsx"], key="draw-schools")
        if st.form_submit_button("抽样", key="draw-go"):
            if seed is None:
                st.error("请填写随机种子。")
            else:
                _draw(district, cycle, int(seed), None if file is None else (file.name, file.getvalue()))
    if sample is not None:
        replacement_part(district, cycle, by)


def _draw(district: str, cycle: int, seed: int, file: tuple[str, bytes] | None) -> None:
    if file is None:
        attempt(lambda: draw_sample(workspace(), district, cycle, seed), f"已按种子 {seed} 抽样并登记。")
        return
    with tempfile.TemporaryDirectory(prefix="edureview-schools-") as folder:
        # The name people gave is a label; on the disk it is ours.
        path = Path(folder) / f"schools{Path(file[0]).suffix.lower()}"
        path.write_bytes(file[1])
        try:
            schools = read_schools(path)
        except ReviewError as exc:
            st.error(plain(str(exc).replace(path.name, file[0])))
            return
    attempt(lambda: draw_sample(workspace(), district, cycle, seed, schools), f"已按种子 {seed} 抽样并登记。")


def results_part(district: str, cycle: int, by: str) -> None:
    """What was found for each drawn criterion, and the form to enter it."""
    st.subheader("核查结果", anchor=False)
    drawn = to_check(workspace(), district, cycle)
    if not drawn:
        st.caption("抽样之后在这里逐项登记核查分及其依据。")
        return
    entered = {one.key: one for one in results(workspace(), district, cycle)}
    table(
        ("抽中", "名称", "核查分", "依据", "看到了什么", "登记"),
        [row for name in drawn for row in _rows(name, entered)],
    )
    if has_right(workspace().actor, "enter_results"):
        _entering(drawn, entered, district, cycle, by)


def _rows(criterion: str, entered: dict[str, Entered]) -> list[tuple[str, ...]]:
    scheme = workspace().scheme
    keys = [criterion, *(item.id for item in scheme.criterion(criterion).items if item.id != criterion)]
    found = [entered[key] for key in keys if key in entered]
    name = scheme.criterion(criterion).name
    if not found:
        return [(criterion, name, "待核查", "", "", "")]
    return [
        (one.key, name, exact_text(one.points or Fraction(0)), papers_text(one), one.found, one.by) for one in found
    ]  # fmt: skip


def papers_text(one: Entered) -> str:
    """The papers of an entry, each with whether it is stored."""
    return "、".join(f"《{name}》{'' if sha256 else '（未导入）'}" for name, sha256 in one.papers)


def _entering(drawn: tuple[str, ...], entered: dict[str, Entered], district: str, cycle: int, by: str) -> None:
    scheme = workspace().scheme
    keys = [key for name in drawn for key in dict.fromkeys((name, *(i.id for i in scheme.criterion(name).items)))]
    files = sorted(one.file for one in list_documents(workspace(), district, cycle))
    key = st.selectbox("登记哪一项（整个二级指标，或逐个要点）", keys, key="result-key")
    last = {one.key: one.number for one in result_history(workspace(), district, cycle)}
    # The entry this person saw; it stays while others save.
    base = st.session_state.setdefault(f"result-base-{district}-{cycle}-{key}", last.get(key, 0))
    there = entered.get(key)
    with st.form(f"result-{key}", border=True):
        points = st.text_input("核查分（空着为撤回）", value=exact_text(there.points) if there and there.points is not None else "", key=f"result-points-{key}")  # fmt: skip
        stored = st.multiselect("依据：已导入的记录、照片", files, key=f"result-files-{key}", placeholder="选择")
        other = st.text_input("依据：没有导入的文件（名称，分号隔开）", key=f"result-papers-{key}")
        found = st.text_area("看到了什么", key=f"result-found-{key}", height=80)
        reason = st.text_input("理由（更改或撤回时必须写）", key=f"result-reason-{key}") if last.get(key) else ""
        wanted = st.form_submit_button("登记", key=f"result-go-{key}", type="primary")
    if wanted:
        papers = [*stored, *other.replace("；", ";").split(";")]
        st.session_state.pop(f"result-base-{district}-{cycle}-{key}", None)
        attempt(
            lambda: record_result(
                workspace(), district, cycle, key, points, papers, by, found=found, reason=reason, base=base
            ),
            f"已登记 {key} 的核查结果。",
        )  # fmt: skip


def credibility_part(score: ScoreResult | None) -> None:
    """Credibility with its parts: for what was sampled, what was claimed and what was found."""
    st.subheader("自评可信度", anchor=False)
    if score is None:
        st.caption("还没有案卷。")
        return
    lines = [line for line in score.lines if line.sampled]
    table(
        ("抽样", "自评", "核查"),
        [
            (line.id, exact_text(line.self_points or Fraction(0)), "待核查" if line.verified is None else exact_text(line.verified))
            for line in lines
        ],
    )  # fmt: skip
    if score.credibility is None:
        st.html('<div class="er-caution">可信度未定：抽样还没有核查齐。缺的不算零分，也不算通过。</div>')
        return
    verified = sum((line.verified for line in lines if line.verified is not None), start=score.credibility * 0)
    claimed = sum((line.self_points for line in lines if line.self_points is not None), start=score.credibility * 0)
    tolerance = score.parameters["credibility_tolerance"]
    verdict = badge("自评分按可信度调整", "red") if score.adjusted else badge("认可自评", "green")
    st.html(
        f'<div class="er-text">可信度 = 核查 {html(exact_text(verified))} ÷ 自评 {html(exact_text(claimed))} = '
        f"{html(published(score.credibility, CREDIBILITY_DECIMALS))}　界线 {html(tolerance)}（约定）　{verdict}</div>"
    )
