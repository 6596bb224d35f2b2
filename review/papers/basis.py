"""评分依据（台账）: each point lost or gained with the clause, the input and the evidence, and every step of the computation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from review.drafting import STATUS_WORDS, text_of
from review.papers.common import (
    Index,
    balanced,
    basis_sentence,
    checked_text,
    coverage_text,
    draft_header,
    lines_by_id,
    reasons_text,
    shortened,
)
from review.papers.district_charts import lost_points_chart
from review.papers.letter import loss, score_lines
from review.papers.numbers import ABSENT, interval_text, points_text
from review.papers.record import DistrictRecord

STEP_WORDS: Mapping[str, str] = {
    "case": "案卷", "parameters": "参数", "open_terms": "约定", "self_points": "自评总得分", "sample": "抽样核查",
    "credibility": "可信度", "adjustment": "自评调整", "rectification_size": "整改扣分", "rectification": "整改扣分落实",
    "bonus": "加分", "total": "总分", "rounding": "取两位小数", "lines": "分行得分", "graded_points": "定等用分",
    "points_grade": "得分等级", "annex1": "附件 1", "grade": "认定等级",
}  # fmt: skip
SHOWN_LENGTH, TEXT_LENGTH = 220, 100


def basis_values(record: DistrictRecord) -> dict[str, Any]:
    """The values of the template."""
    scheme, drafted, score = record.feedback.scheme, record.feedback.draft, record.score
    index = Index(coverage_text(record.feedback.coverage), list(record.feedback.references))
    lines, rows = lines_by_id(score), []
    for criterion in drafted.result.criteria:
        official, line = scheme.criterion(criterion.id), lines.get(criterion.id)
        lost = None if line is None or official.is_bonus else loss(official.points, line.points)
        rows.append(
            {
                "id": criterion.id, "points": text_of(official.points),
                "self": ABSENT if line is None else points_text(line.self_points),
                "final": ABSENT if line is None else points_text(line.points), "lost": points_text(lost),
                "clause": official.name, "inputs": _how(record, criterion.id, checked_text(line)),
                "evidence": ABSENT,
            }
        )  # fmt: skip
        for finding in criterion.items:
            reasons = shortened(reasons_text(finding), SHOWN_LENGTH)
            rows.append(
                {
                    "id": finding.item_id if finding.item_id != criterion.id else f"{criterion.id} 全条",
                    "points": ABSENT, "self": ABSENT,
                    "final": ABSENT, "lost": ABSENT, "clause": shortened(scheme.item(finding.item_id).text, TEXT_LENGTH),
                    "inputs": f"{STATUS_WORDS[finding.status]}，初评 {interval_text(*finding.points)}：{reasons}",
                    "evidence": index.add(drafted.cited(finding)[:2]) or index.coverage_mark,
                }
            )  # fmt: skip
    steps = [] if score is None else [
        {
            "number": str(number), "rule": STEP_WORDS.get(step.rule, step.rule), "basis": step.basis,
            "inputs": shortened(told(step.inputs), SHOWN_LENGTH), "result": shortened(told(step.result), SHOWN_LENGTH),
        }
        for number, step in enumerate(score.ledger.steps, 1)
    ]  # fmt: skip
    notes = [f"依据{basis_sentence(scheme)}。", *score_lines(record)]
    if score is not None:
        notes.append(f"台账 SHA-256 {score.ledger.sha256()}；较长的输入和结果只印开头，全文在台账数据中。")
    if record.decision is not None:
        notes.append(f"登记的认定决定为第 {record.decision.number} 号，SHA-256 {record.decision.sha256}。")
    chart = lost_points_chart(record)
    return {
        "header": draft_header(record, is_draft=not record.is_signed), "is_draft": not record.is_signed,
        "title": balanced(f"{record.district}{record.cycle}年度履行教育职责评价评分依据（台账）"),
        "notes": notes, "charts": [chart] if chart else [], "rows": rows, "steps": steps,
        "steps_none": "" if steps else "尚未录入案卷，没有计算步骤。", "references": index.rows(),
        "references_none": "" if index.rows() else "没有引用佐证。",
    }  # fmt: skip


def _how(record: DistrictRecord, criterion: str, checked: str) -> str:
    """Where the points of a criterion come from, in the ledger's own numbers."""
    score = record.score
    if score is None:
        return "尚未录入案卷"
    line = lines_by_id(score)[criterion]
    if line.points is None:
        return "有未决事项，得分待定"
    if line.sampled:
        return f"抽样核查 {checked}"
    if record.feedback.scheme.criterion(criterion).is_bonus:
        return "加分，不计入可信度"
    if score.adjusted:
        return f"自评 {points_text(line.self_points)} × 可信度 {score.credibility}"
    return "认可自评"


def told(value: Any) -> str:
    """JSON data as a person reads it: 键：值；键：值."""
    if value is None:
        return "无"
    if isinstance(value, Mapping):
        return "；".join(f"{key}：{told(member)}" for key, member in value.items()) or "无"
    if isinstance(value, (list, tuple)):
        return "、".join(told(member) for member in value) or "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)
