"""What the feedback letter says: achievements, problems and advice, each resting on numbered evidence. Layout is feedback_docx's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from retrieval.cite import Citation
from review.cases import recorded_case
from review.completeness import Coverage, ItemCompleteness
from review.drafting import Draft, draft_district
from review.workspace import Workspace
from scoring_rules.case import Case
from scoring_rules.findings import Finding
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import ScoreResult
from scoring_rules.scoring import score_case


@dataclass(frozen=True, slots=True)
class Achievement:
    """A sentence on an item that meets its requirement. evidence : numbers into Feedback.references."""

    item: str
    sentence: str
    evidence: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence on what is wrong with an item, and what is asked of the district.

    kind : 未达标, 缺材料, 年度不符, 口径冲突, 无法读取. evidence : numbers into Feedback.references; empty only where the
    problem is that there is no evidence, which then rests on the coverage statement.
    """

    item: str
    kind: str
    sentence: str
    advice: str
    evidence: tuple[int, ...]


@dataclass(slots=True)
class References:
    """Citations numbered from 1 in the order in which they are first used."""

    citations: list[Citation] = field(default_factory=list)

    def number(self, citations: Sequence[Citation]) -> tuple[int, ...]:
        """The numbers of these citations, giving new ones where needed."""
        for citation in citations:
            if citation not in self.citations:
                self.citations.append(citation)
        return tuple(dict.fromkeys(self.citations.index(citation) + 1 for citation in citations))


@dataclass(frozen=True, slots=True)
class Feedback:
    """The letter's content. score : None while no case file is recorded. Everything is a draft until people sign."""

    district: str
    cycle: int
    scheme: Scheme
    coverage: Coverage
    achievements: tuple[Achievement, ...]
    problems: tuple[Problem, ...]
    references: tuple[Citation, ...]
    draft: Draft
    score: ScoreResult | None

    def problems_of(self, kind: str) -> tuple[Problem, ...]:
        """The problems of one kind, in the scheme's order."""
        return tuple(problem for problem in self.problems if problem.kind == kind)


PROBLEM_KINDS = ("未达标", "口径冲突", "缺材料", "年度不符", "无法读取")


def feedback_points(workspace: Workspace, district: str, cycle: int, case: Case | None = None) -> Feedback:
    """The content for one district, from its indexed evidence and its case (default: the recorded one)."""
    drafted = draft_district(workspace, district, cycle)
    chosen = case or recorded_case(workspace, district, cycle)
    references = References()
    entries = {entry.item: entry for entry in drafted.completeness.items}
    achievements: list[Achievement] = []
    problems: list[Problem] = []
    for criterion in drafted.result.criteria:
        for finding in criterion.items:
            entry = entries[finding.item_id]
            achievements += _achievement(finding, entry, drafted, references)
            problems += _problems(finding, entry, drafted, references, cycle)
    return Feedback(
        district, cycle, workspace.scheme, drafted.completeness.coverage, tuple(achievements), tuple(problems),
        tuple(references.citations), drafted, None if chosen is None else score_case(workspace.scheme, chosen),
    )  # fmt: skip


def _achievement(
    finding: Finding, entry: ItemCompleteness, drafted: Draft, references: References
) -> list[Achievement]:
    if finding.status != "met":
        return []
    numbers = references.number(_figures(finding, drafted) or drafted.cited(finding)[:1])
    return [Achievement(finding.item_id, f"{entry.title}：{_joined(finding.reasons)}", numbers)] if numbers else []


def _figures(finding: Finding, drafted: Draft) -> Sequence[Citation]:
    found: list[Citation] = []
    for key in finding.citations:
        found += [citation for citation in drafted.citations.get(key, ()) if citation not in found]
    return found


def _problems(
    finding: Finding, entry: ItemCompleteness, drafted: Draft, references: References, cycle: int
) -> list[Problem]:
    problems = []
    if finding.status in ("not_met", "partly_met"):
        problems.append(
            Problem(
                finding.item_id,
                "未达标",
                f"{entry.title}：{_joined(finding.reasons)}",
                "请分析原因，提出整改措施、责任单位和完成时限。",
                references.number(_figures(finding, drafted)),
            )
        )
    for conflict in entry.conflicts:
        problems.append(
            Problem(
                finding.item_id,
                "口径冲突",
                conflict.sentence,
                "请核实数据，说明差异原因，并以盖章说明统一口径。",
                references.number(conflict.citations),
            )
        )
    late = [expected for expected in entry.expected if expected.state == "out_of_period"]
    if late:
        cited = [citation for expected in late for citation in expected.citations]
        files = "、".join(f"《{file}》" for file in dict.fromkeys(file for expected in late for file in expected.files))
        problems.append(
            Problem(
                finding.item_id,
                "年度不符",
                f"{entry.title}：{files}不是 {cycle - 1} 年度的材料。",
                f"请补充 {cycle - 1} 年度材料；若原文件仍有效，请附有效性说明。",
                references.number(cited),
            )
        )
    unreadable = [note for note in entry.notes if note.startswith("无法读取")]
    problems += [
        Problem(finding.item_id, "无法读取", note.split("：", 1)[1], "请重新提供可以读取的文件。", ())
        for note in unreadable
    ]
    missing = [expected.name for expected in entry.expected if expected.required and expected.state == "missing"]
    if missing:
        whole = entry.state == "missing"
        sentence = (
            f"{entry.title}：未见任何佐证材料。"
            if whole and not entry.evidence_files
            else f"{entry.title}：未见{'、'.join(missing)}类材料。"
        )
        problems.append(
            Problem(
                finding.item_id, "缺材料", sentence, f"请补充{'、'.join(missing)}；确无此项的，请提交盖章说明。", ()
            )
        )
    return problems


def _joined(reasons: Sequence[str]) -> str:
    return "；".join(reason.rstrip("。；") for reason in reasons) + "。"
