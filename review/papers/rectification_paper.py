"""整改通知 of a district with the 整改台账: problems, measures, who answers for them, until when, what the recheck found."""

from __future__ import annotations

from datetime import date
from typing import Any

from review.papers.common import balanced, basis_sentence, closing, draft_header
from review.papers.numbers import ABSENT, day_text
from review.papers.record import DistrictRecord
from review.rectification_state import OUTCOMES, Tracked


def rectification_values(
    record: DistrictRecord, *, is_draft: bool = True, on: date | None = None, document: str = ""
) -> dict[str, Any]:
    """The values of the template. is_draft : False as it is issued, on that day under that number (document). Without registered problems the ledger lists those of the feedback, its columns empty."""
    rows = [_row(problem) for problem in record.problems] or [
        {
            "number": str(number), "item": problem.item, "text": f"{problem.kind}：{problem.sentence}", "measure": "",
            "responsible": "", "until": "", "files": "", "outcome": "",
        }
        for number, problem in enumerate(record.feedback.problems, 1)
    ]  # fmt: skip
    count, tasks = len(rows), []
    if record.problems:
        by_state: dict[str, int] = {}
        for problem in record.problems:
            by_state[problem.state_words] = by_state.get(problem.state_words, 0) + 1
        origins = "、".join(dict.fromkeys(problem.origin for problem in record.problems))
        tasks.append(
            f"《{origins}》指出的问题共 {count} 个，其中"
            + "，".join(f"{words} {n} 个" for words, n in by_state.items())
            + "。"
        )
        last = max(problem.due_on for problem in record.problems)
        tasks.append(f"请对照附件逐条整改，最迟于{day_text(last)}前完成，各问题的时限见附件。")
        note = "措施、责任人、整改材料由区县填报，复查结论由市教育督导办登记。"
    elif rows:
        tasks.append(f"反馈意见稿提出的问题共 {count} 个，尚未登记整改时限；登记后以登记的问题和时限为准。")
        note = "问题尚未登记，措施、责任单位、时限由区县填写后报市教育督导办登记。"
    else:
        tasks.append("没有登记需要整改的问题。")
        note = "没有需要整改的问题。"
    step = next((step for step in record.feedback.scheme.procedure if step.id == "三（五）"), None)
    return {
        "header": draft_header(record, is_draft=is_draft), "is_draft": is_draft, "document": document,
        "title": balanced(f"关于做好{record.cycle}年度履行教育职责评价反馈问题整改工作的通知"),
        "addressee": f"{record.district}人民政府",
        "basis": f"根据{basis_sentence(record.feedback.scheme)}，现就{record.cycle}年度履行教育职责评价反馈问题的整改工作通知如下。",
        "tasks": tasks,
        "demands": [
            *([f"方案三（五）要求：{step.text}"] if step else []),
            "建立问题清单和整改台账，明确措施、责任单位、责任人和完成时限，整改一个、销号一个。",
            "整改情况和证明材料按时限报市政府教育督导委员会办公室，复查未通过的继续整改。",
        ],
        "ledger_note": note, "rows": rows, "rows_none": "" if rows else "没有登记需要整改的问题。", **closing(record.cycle, on),
    }  # fmt: skip


def _row(problem: Tracked) -> dict[str, str]:
    plan, evidence, recheck = (problem.newest(kind) for kind in ("plan", "evidence", "recheck"))
    files = [] if evidence is None else [f"《{file['file']}》" for file in evidence.content["files"]]
    outcome = problem.state_words
    if recheck is not None:
        content = recheck.content
        outcome = f"{OUTCOMES[content['outcome']]}（{day_text(content['on'])}，{content['document']}）{content['note']}"
    return {
        "number": str(problem.number), "item": problem.item, "text": problem.text,
        "measure": ABSENT if plan is None else str(plan.content["measure"]),
        "responsible": ABSENT if plan is None else str(plan.content["responsible"]),
        "until": day_text(problem.due_on if plan is None else str(plan.content["until"])),
        "files": "；".join(files) or ABSENT, "outcome": outcome,
    }  # fmt: skip
