"""Issuing a letter: what leaves the house is proved first, then frozen with its hash; what was issued can be read again, never changed.

A letter is refused while a number in it cannot be traced, an evidence number leads nowhere, the material was not examined to its
end, or nothing in it was confirmed by a person. It tells no total and no grade that nobody has signed.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from review.acts import signed
from review.audit import write_act
from review.errors import RefusedRecordError
from review.kept_acts import Kept, add, history, newest, take_place
from review.papers.kinds import ANNUAL, Kind, Paper, kind_of
from review.papers.letter import letter_values
from review.papers.proof import broken_citations, district_faults, sentences_of
from review.papers.record import DistrictRecord, read_record
from review.papers.rectification_paper import rectification_values
from review.papers.render import render
from review.papers.wording import wording
from review.rights import allowed
from review.signing import named_signer
from review.workspace import Workspace

ISSUABLE = ("feedback", "rectification")
# Faults told one by one; of more it is said how many there are.
TOLD = 5


@dataclass(frozen=True, slots=True)
class Issued:
    """A letter as it left the house. number : 1, 2, … of its kind. on : ISO day, document : 发文字号. sha256 : of the Word file.

    decision : number of the signed decision whose points it tells, None where it tells none. reason : why it was issued again.
    """

    kind: Paper
    number: int
    on: str
    document: str
    sha256: str
    decision: int | None
    left_out: int
    by: str
    reason: str
    at: str

    def to_json(self) -> dict[str, Any]:
        """One entry of `issue --json`."""
        return {
            "kind": self.kind.id, "paper": self.kind.words, "number": self.number, "on": self.on, "document": self.document,
            "sha256": self.sha256, "decision": self.decision, "left_out": self.left_out, "by": self.by, "reason": self.reason,
            "at": self.at,
        }  # fmt: skip


@allowed("issue_papers")
def issue(
    workspace: Workspace, district: str, cycle: int, kind: str, on: str, document: str, by: str = "", *, reason: str = "",
    template: bytes | None = None,
) -> Issued:  # fmt: skip
    """Issues 反馈意见 or 整改通知 under a day (ISO) and a number. reason : has to be given when one was issued before.

    template : the office's own version. RefusedRecordError with what stands in the way.
    """
    chosen = kind_of(kind)
    if chosen.id not in ISSUABLE:
        words = "、".join(kind_of(name).words for name in ISSUABLE)
        raise RefusedRecordError(f"{chosen.words}是内部用的，不签发；可以签发的是{words}")
    name, day, paper_number = signed(named_signer(workspace, by), on, document)
    record = read_record(workspace, district, cycle)
    _refuse_unready(record, chosen)
    own = wording(workspace, district, cycle)
    paper = _paper(record, chosen, day, paper_number, own, template)
    faults = sentences_of(district_faults(record, paper, on=day, document=paper_number, wording=own))
    with workspace.store.session() as session:
        faults += [f"《{one.file}》里已经没有所引的文字" for one in broken_citations(session, record, paper)]
    refuse_faults(faults)
    decision = record.decision.number if record.decision is not None and record.is_settled else None
    content = {
        "on": day.isoformat(), "document": paper_number, "decision": decision,
        "left_out": _left_out(record) if chosen.id == "feedback" else 0,
    }  # fmt: skip

    def work(session: Session) -> Issued:
        take_place(session, district, cycle, "签发")
        return freeze(workspace, session, district, cycle, chosen, content, paper, name, reason)

    return workspace.write(work)


def freeze(
    workspace: Workspace, session: Session, district: str, cycle: int, kind: Paper, content: Mapping[str, Any], paper: bytes,
    by: str, reason: str,
) -> Issued:  # fmt: skip
    """The paper as a frozen row with its act, within the turn of the caller. RefusedRecordError for a second one without a reason."""
    before = newest(session, district, cycle, "issued").get(kind.id)
    if before is not None and not reason.strip():
        raise RefusedRecordError(
            f"{kind.words}已于 {before.content['on']} 签发（{before.content['document']}），再次签发要写明理由"
        )
    file = {"sha256": hashlib.sha256(paper).hexdigest(), "file": base64.b64encode(paper).decode()}
    kept = add(session, district, cycle, "issued", kind.id, {**content, **file}, by, reason)
    write_act(
        workspace, session, "paper_issued", district=district, cycle=cycle, subject=f"{kind.words} {kept.number}",
        before=None if before is None else _told(before), after=_told(kept),
    )  # fmt: skip
    return _issued(kept)


@allowed("read_issued")
def issued(workspace: Workspace, district: str, cycle: int) -> list[Issued]:
    """The letters that were issued to the district, the oldest first."""
    with workspace.store.session() as session:
        return frozen(session, district, cycle)


def frozen(session: Session, district: str, cycle: int) -> list[Issued]:
    """The frozen papers of the district, or of the year as a whole (""), the oldest first."""
    return [_issued(kept) for kept in history(session, district, cycle, "issued")]


@allowed("read_issued")
def issued_file(workspace: Workspace, district: str, cycle: int, kind: str, number: int | None = None) -> bytes:
    """The Word file as it was issued (number None = the newest). RefusedRecordError without one, or when it was altered since."""
    with workspace.store.session() as session:
        return frozen_file(session, district, cycle, kind_of(kind), number)


def frozen_file(session: Session, district: str, cycle: int, kind: Paper, number: int | None) -> bytes:
    """The file of a frozen paper (number None = the newest). RefusedRecordError as `issued_file`."""
    kept = [one for one in history(session, district, cycle, "issued") if one.subject == kind.id]
    found = next((one for one in reversed(kept) if number in (None, one.number)), None)
    if found is None:
        which = "" if number is None else f"第 {number} 次"
        raise RefusedRecordError(f"{district} {cycle} 年度没有{which}签发过{kind.words}".strip())
    data = base64.b64decode(found.content["file"])
    if hashlib.sha256(data).hexdigest() != found.content["sha256"]:
        raise RefusedRecordError(f"存下的{kind.words}与签发时的校验码不符，文件被改动过")
    return data


def _refuse_unready(record: DistrictRecord, kind: Kind) -> None:
    """What is missing before anything is written."""
    told = record.feedback
    if not told.coverage.is_complete:
        raise RefusedRecordError(f"{told.coverage.sentence.rstrip('。')}，查完才能签发")
    if kind.id == "rectification" and not record.problems:
        raise RefusedRecordError("没有登记整改的问题和时限，整改通知不能签发")
    confirmed = any(map(record.problem_is_confirmed, told.problems))
    if kind.id == "feedback" and not confirmed:
        confirmed = any(record.achievement_is_confirmed(one.item, one.evidence) for one in told.achievements)
        if not confirmed:
            raise RefusedRecordError("没有一条成绩或问题经人确认，反馈意见不能签发")


def _paper(
    record: DistrictRecord, kind: Kind, day: date, document: str, own: Mapping[str, str], template: bytes | None
) -> bytes:
    if kind.id == "rectification":
        values = rectification_values(record, is_draft=False, on=day, document=document)
    else:
        values = letter_values(record, is_draft=False, on=day, wording=own, document=document)
    return render(kind.id, values, template=template)


def refuse_faults(faults: Sequence[str]) -> None:
    """RefusedRecordError with the first of the faults, where there are any."""
    if faults:
        more = f"；另有 {len(faults) - TOLD} 处" if len(faults) > TOLD else ""
        raise RefusedRecordError(f"文书有 {len(faults)} 处没有出处，不能签发：{'；'.join(faults[:TOLD])}{more}")


def _left_out(record: DistrictRecord) -> int:
    """How many proposed sentences nobody has confirmed, and the letter therefore does not tell."""
    told = record.feedback
    count = sum(not record.problem_is_confirmed(problem) for problem in told.problems)
    return count + sum(not record.achievement_is_confirmed(one.item, one.evidence) for one in told.achievements)


def _told(kept: Kept) -> dict[str, Any]:
    """The act without the file itself."""
    return {key: value for key, value in kept.to_json().items() if key != "file"}


def _issued(kept: Kept) -> Issued:
    c = kept.content
    return Issued(
        ANNUAL if kept.subject == ANNUAL.id else kind_of(kept.subject), kept.number, c["on"], c["document"], c["sha256"], c["decision"], c["left_out"], kept.by,
        kept.reason, kept.at,
    )  # fmt: skip
