"""What the feedback letter says: achievements, problems and advice, each resting on numbered evidence. Layout is review.papers' (letter, render)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from retrieval.cite import Citation
from review.acts import office_rules
from review.cases import recorded_case
from review.completeness import Coverage, ItemCompleteness
from review.drafting import Draft, draft_district
from review.figures import Figure
from review.papers.numbers import day_text, with_amounts
from review.problem_evidence import cited_by, registration
from review.rectification_state import Tracked, tracked
from review.rights import allowed
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

    kind : one of PROBLEM_KINDS. evidence : numbers into Feedback.references; empty only where the
    problem is that there is no evidence, which then rests on the coverage statement. due_on : ISO day, of registered ones.
    """

    item: str
    kind: str
    sentence: str
    advice: str
    evidence: tuple[int, ...]
    due_on: str = ""


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


# Problems the office has put into its own words and registered.
REGISTERED = "督导发现"
PROBLEM_KINDS = ("未达标", REGISTERED, "口径冲突", "缺材料", "材料不齐", "年度不符", "无法读取")


@allowed("write_feedback")
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
    with workspace.store.session() as session:
        known = tracked(session, district, cycle)
    problems += _registered(workspace.scheme, known, problems, references)
    return Feedback(
        district, cycle, workspace.scheme, drafted.completeness.coverage, tuple(achievements), tuple(problems),
        tuple(references.citations), drafted, None if chosen is None else score_case(workspace.scheme, chosen, office_rules(workspace, cycle).parameters),
    )  # fmt: skip


def _achievement(
    finding: Finding, entry: ItemCompleteness, drafted: Draft, references: References
) -> list[Achievement]:
    if finding.status != "met":
        return []
    numbers = references.number(_figures(finding, drafted) or drafted.cited(finding)[:1])
    return [Achievement(finding.item_id, f"{entry.title}：{_joined(finding.figures)}", numbers)] if numbers else []


def _figures(finding: Finding, drafted: Draft) -> Sequence[Citation]:
    """The words that state the finding's figures, those it was worked out from included: one place for each figure.

    Of several places a confirmed one, then one in a document that is cited already, so that the letter stays readable.
    """
    found: list[Citation] = []
    for keys in finding.figure_citations:
        by_metric: dict[str, list[Figure]] = {}
        for key in keys:
            figure = drafted.figures[key]
            by_metric.setdefault(figure.fact.metric, []).append(figure)
        for figures in by_metric.values():
            known = {citation.document for citation in found}
            best = min(figures, key=lambda f: (f.fact.state != "confirmed", f.citation.document not in known))
            if best.citation not in found:
                found.append(best.citation)
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
                f"{entry.title}：{_joined(finding.figures)}",
                "请分析原因，提出整改措施、责任单位和完成时限。",
                references.number(_figures(finding, drafted)),
            )
        )
    for conflict in entry.conflicts:
        problems.append(
            Problem(
                finding.item_id,
                "口径冲突",
                with_amounts(conflict.sentence),
                "请核实数据，说明差异原因，并以盖章说明统一口径。",
                references.number(conflict.citations),
            )
        )
    if entry.out_of_period:
        files = "、".join(f"《{file}》" for file in dict.fromkeys(citation.file for citation in entry.out_of_period))
        problems.append(
            Problem(
                finding.item_id,
                "年度不符",
                f"{entry.title}：{files}不是 {cycle - 1} 年度的材料。",
                f"请补充 {cycle - 1} 年度材料；若原文件仍有效，请附有效性说明。",
                references.number(entry.out_of_period),
            )
        )
    unreadable = [note for note in entry.notes if note.startswith("无法读取")]
    problems += [
        Problem(finding.item_id, "无法读取", note.split("：", 1)[1], "请重新提供可以读取的文件。", ())
        for note in unreadable
    ]
    missing = "、".join(
        expected.name for expected in entry.expected if expected.required and expected.state == "missing"
    )
    if missing:
        advice = f"请补充{missing}；确无此项的，请提交盖章说明。"
        if entry.state == "missing":
            problems.append(Problem(finding.item_id, "缺材料", f"{entry.title}：未见佐证材料。", advice, ()))
        else:
            problems.append(Problem(finding.item_id, "材料不齐", f"{entry.title}：未见{missing}。", advice, ()))
    return problems


def _registered(
    scheme: Scheme, known: Sequence[Tracked], proposed: Sequence[Problem], references: References
) -> list[Problem]:
    """The registered problems that none of the proposed sentences tells, in the scheme's order."""
    told = {(one.item, text) for one in proposed for text in (one.sentence, f"{one.kind}：{one.sentence}")}
    place = {item.id: number for number, item in enumerate(scheme.items)}
    return [
        Problem(
            one.item, REGISTERED, one.text, f"请按要求整改，于{day_text(one.due_on)}前完成。",
            references.number(cited_by(one) or [registration(one)]), one.due_on,
        )
        for one in sorted(known, key=lambda one: (place[one.item], one.number))
        if (one.item, with_amounts(one.text)) not in told
    ]  # fmt: skip


def _joined(reasons: Sequence[str]) -> str:
    return with_amounts("；".join(reason.rstrip("。；") for reason in reasons) + "。")
