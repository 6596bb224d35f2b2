"""Handing in: checked beforehand, then locked with a manifest of hashes; opened again only by a recorded act of the office."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ingest.tables import Document
from ingest.tables_cycle import SubmissionAct
from review.acts import office_rules
from review.audit import write_act
from review.completeness import STATE_WORDS as ITEM_WORDS
from review.completeness import Completeness, completeness
from review.cycle_state import year_of
from review.errors import NotReadyError, RefusedRecordError, SubmittedError
from review.manifest import Change, build, changes, documents_now
from review.rights import allowed
from review.self_points import Sheet, newest_sheet, owners
from review.signing import named_signer
from review.submission_case import case_faults
from review.submission_state import LastAct, last_act, refuse_changes
from review.turns import take_turn
from review.workspace import Workspace
from scoring_rules.ledger import canonical_json

STATE_WORDS = {"open": "填报中", "submitted": "已提交（锁定）", "reopened": "已重新开放"}
_LISTED = 12


@dataclass(frozen=True, slots=True)
class Check:
    """What a district is told before it hands in. faults : these stand in the way. warnings : these are kept in the manifest.

    documents : (file, SHA-256) of what was looked at; what comes later was not checked.
    """

    faults: tuple[str, ...]
    warnings: tuple[str, ...]
    coverage: str
    documents: tuple[tuple[str, str], ...]

    def to_json(self) -> dict[str, Any]:
        """The document of `submission check --json`."""
        return {
            "ready": not self.faults, "faults": list(self.faults), "warnings": list(self.warnings), "coverage": self.coverage,
            "documents": len(self.documents),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Status:
    """Where a submission stands. state : open / submitted / reopened. last : its newest act. manifest : of the last handing in."""

    district: str
    cycle: int
    state: str
    documents: int
    sheet_version: int
    deadline: date | None
    last: LastAct | None
    manifest: Mapping[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        """The document of `submission status --json`."""
        last = self.last
        return {
            "district": self.district, "cycle": self.cycle, "state": self.state, "documents": self.documents,
            "self_points_version": self.sheet_version,
            "deadline": None if self.deadline is None else self.deadline.isoformat(),
            "last_act": None if last is None else {
                "number": last.number, "kind": last.kind, "by": last.by, "at": last.at, "reason": last.reason, "sha256": last.sha256,
            },
            "manifest": self.manifest,
        }  # fmt: skip


@allowed("read_evidence")
def submission_status(workspace: Workspace, district: str, cycle: int) -> Status:
    """Where the submission of the district stands."""
    with workspace.store.session() as session:
        last = last_act(session, district, cycle)
        state = "open" if last is None else {"submit": "submitted", "reopen": "reopened"}[last.kind]
        newest = select(SubmissionAct.manifest).where(
            SubmissionAct.district == district, SubmissionAct.cycle == cycle, SubmissionAct.kind == "submit"
        )
        text = session.scalars(newest.order_by(SubmissionAct.number.desc()).limit(1)).first()
        return Status(
            district, cycle, state, len(documents_now(session, district, cycle)),
            newest_sheet(session, district, cycle).version, year_of(session, cycle).deadline("self", district), last,
            None if text is None else json.loads(text),
        )  # fmt: skip


@allowed("read_evidence")
def check_submission(workspace: Workspace, district: str, cycle: int) -> Check:
    """What still stands in the way of handing in, and what the reviewers will ask about. Changes nothing."""
    with workspace.store.session() as session:
        faults = _faults(workspace, session, district, cycle)
        documents = tuple((one["file"], one["sha256"]) for one in documents_now(session, district, cycle))
        sheet = newest_sheet(session, district, cycle)
        until = year_of(session, cycle).deadline("self", district)
    found = completeness(workspace, district, cycle)
    warnings = _warnings(workspace, found, sheet)
    if until is not None and datetime.now(UTC).date() > until:
        warnings.insert(0, f"提交期限 {until.isoformat()} 已过，提交后记为逾期")
    return Check(tuple(faults), tuple(warnings), found.coverage.sentence, documents)


def _faults(workspace: Workspace, session: Session, district: str, cycle: int) -> list[str]:
    try:
        refuse_changes(session, district, cycle, "提交")
    except (RefusedRecordError, SubmittedError) as exc:
        return [str(exc)]
    faults = []
    mine = (Document.district == district, Document.cycle == cycle, Document.superseded_by.is_(None))
    files = session.execute(select(Document.file, Document.state).where(*mine).order_by(Document.file)).all()
    if not files:
        faults.append("还没有导入任何材料，请先用 edureview ingest 导入")
    if reading := [file for file, state in files if state == "reading"]:
        faults.append(f"{len(reading)} 份材料还在读取（{_some(reading)}），请等读完再提交")
    sheet = newest_sheet(session, district, cycle)
    if not sheet.entries:
        faults.append("还没有自评得分，请用 edureview self-points 填写或导入《自评得分表》")
    else:
        faults += case_faults(workspace, session, sheet)
    return faults


def _warnings(workspace: Workspace, found: Completeness, sheet: Sheet) -> list[str]:
    """What the completeness list and the self points say together."""
    told = [f"《{file}》不能读取或没有读全：{reason}" for file, reason in found.coverage.unreadable]
    if not found.coverage.is_complete:
        told.append(found.coverage.sentence)
    for state in ("missing", "out_of_period", "unreadable", "partly"):
        items = [entry.item for entry in found.items if entry.state == state]
        if items:
            told.append(f"{len(items)} 个评价要点{ITEM_WORDS[state]}：{_some(items)}")
    owner = owners(workspace.scheme)
    bare = {entry.item for entry in found.items if entry.state == "missing"}
    claimed = [
        key for key, one in sheet.entries.items()
        if one.points and (key in bare or all(item in bare for item in owner if owner[item] == key and item != key))
    ]  # fmt: skip
    if claimed:
        told.append(f"自评有得分而没有找到佐证：{_some(claimed)}")
    if conflicts := [entry.item for entry in found.items if entry.conflicts]:
        told.append(f"材料之间数据不一致，涉及 {_some(conflicts)}")
    if without := [key for key, one in sheet.entries.items() if not one.reason]:
        told.append(f"自评没有写得失分说明：{_some(without)}")
    if found.unused:
        told.append(
            f"{len(found.unused)} 份材料没有对应到任何评价要点：{_some([f'《{file}》' for file in found.unused])}"
        )
    return told


def _some(names: list[str]) -> str:
    more = f"等 {len(names)} 个" if len(names) > _LISTED else ""
    return "、".join(names[:_LISTED]) + more


@allowed("submit")
def submit(workspace: Workspace, district: str, cycle: int, by: str = "") -> Status:
    """Hands in: the manifest is kept, and from now on nothing of it changes. NotReadyError with everything that stands in the way."""
    who = named_signer(workspace, by)
    with workspace.store.session() as session:
        refuse_changes(session, district, cycle, "又一次提交")
    checked = check_submission(workspace, district, cycle)
    if checked.faults:
        raise NotReadyError(district, cycle, checked.faults)
    rules = office_rules(workspace, cycle)

    def write(session: Session) -> None:
        refuse_changes(session, district, cycle, "提交")
        if faults := _faults(workspace, session, district, cycle):
            raise NotReadyError(district, cycle, faults)
        manifest = build(session, rules, district, cycle, checked.warnings, checked.coverage)
        if tuple((one["file"], one["sha256"]) for one in manifest["documents"]) != checked.documents:
            raise NotReadyError(district, cycle, ["检查之后材料又有变化，请重新检查再提交"])
        _add(workspace, session, district, cycle, "submit", who, "", canonical_json(manifest).decode())

    _once(workspace, write, district, cycle)
    return submission_status(workspace, district, cycle)


@allowed("reopen")
def reopen(workspace: Workspace, district: str, cycle: int, reason: str, by: str = "") -> Status:
    """The office opens a submission again; what was handed in stays in the record. RefusedRecordError without a reason."""
    who = named_signer(workspace, by)
    if not reason.strip():
        raise RefusedRecordError("重新开放要写明理由")

    def write(session: Session) -> None:
        take_turn(session, district, cycle)
        last = last_act(session, district, cycle)
        if last is None or last.kind != "submit":
            raise RefusedRecordError(f"{district} {cycle} 年度没有处于提交状态，不需要重新开放")
        if year_of(session, cycle).is_closed:
            raise RefusedRecordError(f"{cycle} 年度评价报告已经发布，要先把年度退回前一阶段")
        _add(workspace, session, district, cycle, "reopen", who, reason.strip(), "")

    _once(workspace, write, district, cycle)
    return submission_status(workspace, district, cycle)


@allowed("read_evidence")
def submission_changes(workspace: Workspace, district: str, cycle: int) -> list[Change]:
    """Where the record or the originals differ from the manifest of the last handing in. RefusedRecordError when there is none."""
    manifest = submission_status(workspace, district, cycle).manifest
    if manifest is None:
        raise RefusedRecordError(f"{district} {cycle} 年度还没有提交过")
    rules = office_rules(workspace, cycle)
    with workspace.store.session() as session:
        return changes(manifest, session, workspace.store, rules)


@allowed("read_evidence")
def submission_acts(workspace: Workspace, district: str, cycle: int) -> list[dict[str, Any]]:
    """All acts of the submission, oldest first, as JSON data without the manifests."""
    query = select(SubmissionAct).where(SubmissionAct.district == district, SubmissionAct.cycle == cycle)
    with workspace.store.session() as session:
        return [
            {
                "number": row.number, "kind": row.kind, "by": row.by, "reason": row.reason, "sha256": row.sha256,
                "at": row.recorded_at.isoformat(),
            }
            for row in session.scalars(query.order_by(SubmissionAct.number))
        ]  # fmt: skip


def _add(
    workspace: Workspace, session: Session, district: str, cycle: int, kind: str, by: str, reason: str, manifest: str
) -> None:
    last = last_act(session, district, cycle)
    sha256 = hashlib.sha256(manifest.encode()).hexdigest() if manifest else ""
    row = SubmissionAct(
        district=district, cycle=cycle, number=1 if last is None else last.number + 1, kind=kind, manifest=manifest,
        sha256=sha256, by=by, reason=reason, recorded_at=datetime.now(UTC).replace(tzinfo=None),
    )  # fmt: skip
    session.add(row)
    session.flush()
    write_act(
        workspace, session, "submitted" if kind == "submit" else "reopened", district=district, cycle=cycle,
        subject=f"第 {row.number} 次", after={"manifest_sha256": sha256} if manifest else {"reason": reason},
    )  # fmt: skip


def _once(workspace: Workspace, write: Any, district: str, cycle: int) -> None:
    try:
        workspace.store.write(write)
    except IntegrityError as exc:
        raise RefusedRecordError(
            f"另一个人刚刚办理了{district} {cycle} 年度的提交或重新开放，请先查看现在的状态"
        ) from exc
