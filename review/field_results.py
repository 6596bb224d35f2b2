"""What the field check found: points per sampled criterion or item with the papers and photos they rest on; and the bonus awarded.

Every entry is kept; the newest of a criterion or item counts. A decision takes its verified points from here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document
from review.audit import write_act
from review.cases import recorded_case
from review.errors import RefusedRecordError
from review.kept_acts import Kept, add, history, newest, take_place
from review.rights import allowed
from review.sampling import recorded_replacements, recorded_sample
from review.signing import named_signer
from review.workspace import Workspace
from scoring_rules.applicability import maxima
from scoring_rules.quoted import is_decimal
from scoring_rules.rounding import exact_text
from scoring_rules.sampling import standing
from scoring_rules.scheme import Scheme

LONGEST_PAPER = 200


@dataclass(frozen=True, slots=True)
class Entered:
    """Points somebody entered. key : criterion or item. points : None = taken back. number : rises with every entry of the key.

    papers : (name, SHA-256 of the stored file, "" for a paper that is not stored). found : what was seen, in words.
    """

    key: str
    number: int
    points: Fraction | None
    papers: tuple[tuple[str, str], ...]
    found: str
    by: str
    reason: str
    at: str

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON data, as a decision carries it."""
        return {
            "key": self.key, "number": self.number, "points": None if self.points is None else exact_text(self.points),
            "papers": [{"document": name, "sha256": sha256} for name, sha256 in self.papers], "found": self.found,
            "by": self.by, "reason": self.reason, "at": self.at,
        }  # fmt: skip


@allowed("read_sample")
def to_check(workspace: Workspace, district: str, cycle: int) -> tuple[str, ...]:
    """The criteria the field check has to look at: those drawn, with recorded replacements. Empty without a sample."""
    sample = recorded_sample(workspace, district, cycle)
    if sample is None:
        return ()
    return standing(sample, "criterion", recorded_replacements(workspace, district, cycle))[0]


@allowed("read_sample")
def results(workspace: Workspace, district: str, cycle: int) -> tuple[Entered, ...]:
    """The results that count, in the scheme's order; what was taken back is not among them."""
    with workspace.store.session() as session:
        return _standing(session, workspace.scheme, district, cycle)


@allowed("read_sample")
def result_history(workspace: Workspace, district: str, cycle: int) -> tuple[Entered, ...]:
    """Every result ever entered, the oldest first."""
    with workspace.store.session() as session:
        return tuple(_entered(kept) for kept in history(session, district, cycle, "result"))


@allowed("enter_results")
def record_result(
    workspace: Workspace,
    district: str,
    cycle: int,
    key: str,
    points: str,
    papers: Sequence[str],
    by: str = "",
    *,
    found: str = "",
    reason: str = "",
    base: int | None = None,
) -> Entered:
    """Records what the field check found for a sampled criterion, or for one of its items.

    points : decimal text, "" = take the entry back. papers : file names of stored photos and records, or titles of papers.
    base : number of the entry that was looked at, 0 = none; somebody else's newer one is not overwritten. None = not asked.
    RefusedRecordError for what was not drawn, points out of range, no paper, a change without a reason.
    """
    who, name = named_signer(workspace, by), key.strip().upper()
    value = _points(workspace, district, cycle, name, points)
    named = tuple(dict.fromkeys(paper.strip() for paper in papers if paper.strip()))
    if value is not None and not named:
        raise RefusedRecordError(f"{name} 的核查分要写明所依据的记录或照片")
    if any(len(paper) > LONGEST_PAPER for paper in named):
        raise RefusedRecordError(f"依据的名称至多 {LONGEST_PAPER} 个字")
    owner = {item.id: item.criterion_id for item in workspace.scheme.items}.get(name, name)

    def work(session: Session) -> Entered:
        take_place(session, district, cycle, "核查结果")
        before = newest(session, district, cycle, "result").get(name)
        _refuse_stale(name, before, base)
        standing_now = {one.key for one in _standing(session, workspace.scheme, district, cycle)}
        if value is not None:
            _refuse_both(workspace.scheme, name, owner, standing_now)
        if value is None and name not in standing_now:
            raise RefusedRecordError(f"{name} 没有登记过核查分，没有可以撤回的")
        if before is not None and not reason.strip():
            raise RefusedRecordError(f"{name} 已有核查结果（{before.by}登记），更改或撤回要写明理由")
        content = {
            "points": None if value is None else exact_text(value),
            "papers": [[paper, _stored(session, district, cycle, paper)] for paper in named],
            "found": found.strip(),
        }
        kept = add(session, district, cycle, "result", name, content, who, reason)
        write_act(
            workspace, session, "result_entered", district=district, cycle=cycle, subject=name,
            before=None if before is None else before.to_json(), after=kept.to_json(),
        )  # fmt: skip
        return _entered(kept)

    return workspace.write(work)


@allowed("award_bonus")
def award_bonus(
    workspace: Workspace, district: str, cycle: int, points: str, papers: Sequence[str], by: str = "", *, reason: str = ""
) -> Entered:  # fmt: skip
    """Records the bonus the office awards (加分奖励, 市评定), with the papers it rests on; "0" = none is awarded.

    RefusedRecordError for points beyond what the scheme allows, no paper for points above 0, a change without a reason.
    """
    who, name, most = named_signer(workspace, by), _bonus(workspace.scheme), workspace.scheme.bonus_cap
    if not is_decimal(points.strip()) or not 0 <= Fraction(points.strip()) <= most:
        raise RefusedRecordError(f"评定的加分应为 0 至 {exact_text(most)} 的数，实际是“{points}”")
    value = Fraction(points.strip())
    named = tuple(dict.fromkeys(paper.strip() for paper in papers if paper.strip()))
    if value and not named:
        raise RefusedRecordError("评定加分要写明所依据的文件")

    def work(session: Session) -> Entered:
        take_place(session, district, cycle, "加分")
        before = newest(session, district, cycle, "bonus").get(name)
        if before is not None and not reason.strip():
            raise RefusedRecordError(f"加分已评定为 {before.content['points']} 分（{before.by}登记），更改要写明理由")
        content = {
            "points": exact_text(value), "papers": [[paper, _stored(session, district, cycle, paper)] for paper in named],
            "found": "",
        }  # fmt: skip
        kept = add(session, district, cycle, "bonus", name, content, who, reason)
        write_act(
            workspace, session, "bonus_awarded", district=district, cycle=cycle, subject=name,
            before=None if before is None else before.to_json(), after=kept.to_json(),
        )  # fmt: skip
        return _entered(kept)

    return workspace.write(work)


@allowed("read_sample")
def bonus(workspace: Workspace, district: str, cycle: int) -> Entered | None:
    """The bonus as it was awarded; None while it is open."""
    with workspace.store.session() as session:
        kept = newest(session, district, cycle, "bonus").get(_bonus(workspace.scheme))
    return None if kept is None else _entered(kept)


def by_criterion(
    scheme: Scheme, entered: Sequence[Entered], not_applicable: Sequence[str] = ()
) -> Mapping[str, Fraction | None]:
    """Verified points by criterion: the sum over its items where it was entered by items, None while some are missing."""
    points = {one.key: one.points for one in entered}
    found: dict[str, Fraction | None] = {}
    for criterion in scheme.criteria:
        items = [item.id for item in criterion.items if item.id not in not_applicable]
        if criterion.id in points:
            found[criterion.id] = points[criterion.id]
        elif any(item in points for item in items):
            values = [points.get(item) for item in items]
            known = [value for value in values if value is not None]
            found[criterion.id] = sum(known, Fraction(0)) if len(known) == len(values) else None
    return found


def _points(workspace: Workspace, district: str, cycle: int, key: str, text: str) -> Fraction | None:
    scheme, drawn = workspace.scheme, to_check(workspace, district, cycle)
    if not drawn:
        raise RefusedRecordError(f"{district} {cycle} 年度没有登记抽样，先用 edureview sample 抽样")
    owner = {item.id: item.criterion_id for item in scheme.items}.get(key, key)
    if owner not in drawn:
        raise RefusedRecordError(f"{key} 没有抽中，不在核查之列。抽中的是{'、'.join(drawn)}")
    if not text.strip():
        return None
    case = recorded_case(workspace, district, cycle)
    limits = maxima(scheme, () if case is None else case.not_applicable)
    most = {**limits.items, **limits.criteria}.get(key)
    if most is None:
        raise RefusedRecordError(f"{key} 不适用，不用核查")
    if not is_decimal(text.strip()) or not 0 <= Fraction(text.strip()) <= most:
        raise RefusedRecordError(f"{key} 的核查分应为 0 至 {exact_text(most)} 的数，实际是“{text}”")
    return Fraction(text.strip())


def _refuse_stale(name: str, before: Kept | None, base: int | None) -> None:
    if base is None or base == (0 if before is None else before.number):
        return
    told = "已撤回" if before is None or before.content["points"] is None else f"为 {before.content['points']} 分"
    who = "别人" if before is None else before.by
    raise RefusedRecordError(f"您打开之后，{who}登记了 {name} 的核查结果，现{told}；您这次没有写入，请重新打开核对")


def _refuse_both(scheme: Scheme, name: str, owner: str, standing_now: set[str]) -> None:
    items = {item.id for item in scheme.criterion(owner).items} - {owner}
    if name == owner and standing_now & items:
        raise RefusedRecordError(f"{owner} 已按要点登记，不能再登记总分，请逐个要点登记或先撤回")
    if name != owner and owner in standing_now:
        raise RefusedRecordError(f"{owner} 已登记总分，不能再按要点登记，请先撤回总分")


def _stored(session: Session, district: str, cycle: int, name: str) -> str:
    """SHA-256 of the stored file of that name; "" when it is a paper that is not stored."""
    query = select(Document.sha256).where(Document.district == district, Document.cycle == cycle, Document.file == name)
    return session.scalar(query.where(Document.superseded_by.is_(None)).limit(1)) or ""


def _standing(session: Session, scheme: Scheme, district: str, cycle: int) -> tuple[Entered, ...]:
    kept = newest(session, district, cycle, "result")
    order = [key for c in scheme.criteria for key in dict.fromkeys((c.id, *(item.id for item in c.items)))]
    found = (_entered(kept[key]) for key in order if key in kept)
    return tuple(one for one in found if one.points is not None)


def _bonus(scheme: Scheme) -> str:
    return next(criterion.id for criterion in scheme.criteria if criterion.is_bonus)


def _entered(kept: Kept) -> Entered:
    content = kept.content
    points = content["points"]
    return Entered(
        kept.subject, kept.number, None if points is None else Fraction(points),
        tuple((name, sha256) for name, sha256 in content["papers"]), content["found"], kept.by, kept.reason, kept.at,
    )  # fmt: skip
