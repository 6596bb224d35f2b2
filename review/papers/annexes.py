"""The working papers of a district: 完整性检查清单, 专家评审表, 实地督导抽样表."""

from __future__ import annotations

from collections import Counter
from typing import Any

from review.completeness import STATE_WORDS
from review.drafting import STATUS_WORDS, text_of
from review.papers.common import balanced, basis_sentence, coverage_text, lines_by_id, reasons_text, shortened
from review.papers.district_charts import heat_map
from review.papers.numbers import ABSENT, interval_text, points_text
from review.papers.record import DistrictRecord

REASONS_SHOWN = 160


def completeness_values(record: DistrictRecord) -> dict[str, Any]:
    """完整性检查清单: every item with what is there and what is missing."""
    listed, scheme = record.feedback.draft.completeness, record.feedback.scheme
    counted: Counter[str] = Counter(entry.state for entry in listed.items)
    summary = [
        f"{len(listed.items)} 个评价要点中，"
        + "，".join(f"{STATE_WORDS[state]} {counted[state]} 个" for state in STATE_WORDS)
        + "。"
    ]
    if listed.out_of_period:
        summary.append(
            "不是本年度的材料：" + "；".join(f"《{file}》（{year} 年）" for file, year in listed.out_of_period) + "。"
        )
    if listed.unused:
        summary.append("没有对应到任何评价要点的材料：" + "、".join(f"《{file}》" for file in listed.unused) + "。")
    return {
        "header": f"{record.district}　材料完整性检查（工作用表）", "is_draft": False,
        "title": balanced(f"{record.district}{record.cycle}年度履行教育职责评价材料完整性检查清单"),
        "coverage": f"依据{basis_sentence(scheme)}逐项检查：{coverage_text(listed.coverage)}",
        "summary": summary,
        "charts": [heat_map(listed, scheme)],
        "unreadable": [f"《{file}》：{reason}" for file, reason in listed.coverage.unreadable] or ["没有不能读取的材料。"],
        "rows": [
            {
                "item": entry.item, "title": entry.title, "state": STATE_WORDS[entry.state],
                "found": "；".join(f"《{file}》" for file in entry.evidence_files) or ABSENT,
                "missing": "、".join(entry.missing) or ABSENT, "notes": "；".join(note.rstrip("。") for note in entry.notes) or ABSENT,
            }
            for entry in listed.items
        ],
    }  # fmt: skip


def expert_values(record: DistrictRecord) -> dict[str, Any]:
    """专家评审表: every criterion and item with claim, draft interval and reasons, and room for the expert's points.

    Points experts have given stand in it only as far as the record shows them to this person.
    """
    scheme, lines, drafted = record.feedback.scheme, lines_by_id(record.score), record.feedback.draft
    panels = {panel.criterion: panel for panel in record.panels}
    rows = []
    for criterion in drafted.result.criteria:
        official, line, panel = scheme.criterion(criterion.id), lines.get(criterion.id), panels.get(criterion.id)
        given = [] if panel is None else [f"{one.expert} {points_text(one.points)}" for one in panel.given]
        if panel is not None and panel.settled is not None:
            given.append(f"认定 {points_text(panel.settled)}")
        rows.append(
            {
                "id": criterion.id, "name": official.name, "points": text_of(official.points),
                "self": ABSENT if line is None else points_text(line.self_points), "draft": interval_text(*criterion.points),
                "reasons": ABSENT, "given": "；".join(given), "blank": "",
            }
        )  # fmt: skip
        for finding in criterion.items:
            if finding.item_id == criterion.id:
                continue
            cited = drafted.cited(finding)[:1]
            where = "".join(f"（《{citation.file}》）" for citation in cited)
            reasons = shortened(reasons_text(finding), REASONS_SHOWN)
            rows.append(
                {
                    "id": finding.item_id, "name": shortened(scheme.item(finding.item_id).text),
                    "points": ABSENT, "self": ABSENT, "draft": interval_text(*finding.points),
                    "reasons": f"{STATUS_WORDS[finding.status]}：{reasons}{where}", "given": "", "blank": "",
                }
            )  # fmt: skip
    return {
        "header": f"{record.district}　专家评审表（工作用表，打分前不得互相查看）", "is_draft": False,
        "title": balanced(f"{record.district}{record.cycle}年度履行教育职责评价专家评审表"),
        "notes": [
            f"依据{basis_sentence(scheme)}。材料情况：{coverage_text(record.feedback.coverage)}",
            "初评区间由规则依据现有材料提出，仅供参考；得分由专家独立判断，扣分须写明理由。",
        ],
        "rows": rows,
    }  # fmt: skip


def sample_values(record: DistrictRecord) -> dict[str, Any]:
    """实地督导抽样表: what was drawn, in which order others stand in, and how to draw it again."""
    scheme, sample = record.feedback.scheme, record.sample
    notes = [f"依据{basis_sentence(scheme)}。"]
    if sample is not None:
        notes += [
            f"随机种子 {sample['seed']}，抽样框 SHA-256 {sample['frame_sha256']}；用同一种子和抽样框可以重新抽出同样的样本。",
            f"抽样依据：{sample['basis']}", f"替补规则：{sample['replacement']}",
        ]  # fmt: skip
        if sample["not_covered"]:
            notes.append(f"样本太少，没有抽到：{'、'.join(sample['not_covered'])}。")
    criteria = [] if sample is None else [
        {"stratum": s["stratum"], "id": name, "name": scheme.criterion(name).name, "reserve": "、".join(s["reserve"]) or "无", "blank": "", "sign": ""}
        for s in sample["criteria"] for name in s["drawn"]
    ]  # fmt: skip
    schools = [] if sample is None else [
        {"stratum": "·".join(part for part in s["stratum"] if part) or ABSENT, "name": name, "reserve": "、".join(s["reserve"]) or "无", "sign": ""}
        for s in sample["schools"] for name in s["drawn"]
    ]  # fmt: skip
    return {
        "header": f"{record.district}　实地督导抽样表（工作用表）", "is_draft": False,
        "title": balanced(f"{record.district}{record.cycle}年度履行教育职责评价实地督导抽样表"),
        "notes": notes,
        "criteria": criteria, "criteria_none": "" if criteria else "尚未登记抽样。",
        "schools": schools, "schools_none": "" if schools else "没有登记学校名单，学校未抽。",
        "replacements": [
            f"{entry['out']} → {entry['in']}（{entry['reason']}；批准人 {entry['approved_by']}）"
            for entry in record.replacements
        ],
    }  # fmt: skip
