"""The log of acts: who did what, when, from which sign-in, what stood there before and after; written with the act itself.

A row is added in the transaction of the act it tells of: either both are stored or neither. After the commit the log's head
(number and hash of its last row) is also added to a file of the data folder, so that rows cut off at the end are missed.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, or_, select, text
from sqlalchemy.orm import Session

from ingest.tables_people import AuditRow
from review.audit_chain import CONTENT, START, chain_hash, entry_hash
from review.people import Person
from review.rights import allowed
from review.workspace import Workspace
from scoring_rules.ledger import canonical_json

HEADS_FILE = "audit-heads.jsonl"
# What an act is called where people read it.
ACT_WORDS = {
    "account_added": "新建账号",
    "account_changed": "更改账号",
    "account_disabled": "停用账号",
    "password_set": "设置密码",
    "signed_in": "登录",
    "signed_out": "退出",
    "locked": "多次输错，暂停登录",
    "hand_in": "导入材料",
    "case_recorded": "登记案卷",
    "confirm_link": "确认佐证",
    "confirm_fact": "确认数据",
    "mapping_trained": "训练段落对应",
    "points_given": "专家打分",
    "arbitrated": "仲裁",
    "sample_drawn": "抽样",
    "unit_replaced": "登记替补",
    "annex1_found": "认定附件 1",
    "act_recorded": "登记约定或参数",
    "decided": "作出认定",
    "year_act": "安排评价年度",
    "self_points_entered": "填报自评得分",
    "submitted": "提交",
    "reopened": "退回重开",
    "rectification_act": "整改",
    "assigned": "指派专家",
    "result_entered": "登记核查结果",
    "bonus_awarded": "评定加分",
    "approved": "市政府审定",
    "asked": "提问",
    "answer_judged": "评议回答",
    "proposed": "请语言模型提建议",
    "proposal_settled": "处理语言模型的建议",
    "approval_taken_back": "撤回审定",
    "wording_revised": "改写文书句子",
    "paper_issued": "签发文书",
    "backed_up": "备份",
    "restored": "由备份恢复",
}

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Act:
    """A row as people read it. before, after : JSON data, None where there was or is nothing."""

    number: int
    at: str
    person: str
    role: str
    session: str
    act: str
    district: str
    cycle: int | None
    subject: str
    before: Any
    after: Any

    def to_json(self) -> dict[str, Any]:
        """One entry of `audit list --json`."""
        return {
            "number": self.number, "at": self.at, "person": self.person, "role": self.role, "session": self.session,
            "act": self.act, "district": self.district, "cycle": self.cycle, "subject": self.subject,
            "before": self.before, "after": self.after,
        }  # fmt: skip


def write_act(
    workspace: Workspace,
    session: Session,
    act: str,
    *,
    district: str = "",
    cycle: int | None = None,
    subject: str = "",
    before: Any = None,
    after: Any = None,
    person: Person | None = None,
) -> int:
    """Adds a row to the log within the caller's transaction; returns its number.

    before, after : JSON data. person : who acted, the workspace's actor by default. The caller holds the right to write from
    before it read what it changes (`Store.write`), or the first row of two acts at once would be taken twice and one refused.
    """
    if act not in ACT_WORDS:
        raise ValueError(f"unknown act: {act}")
    who = person or workspace.actor
    if session.get_bind().dialect.name == "postgresql":
        # Readers go on; a second writer waits here, and then sees the row that was added meanwhile.
        session.execute(text("LOCK TABLE audit_log IN SHARE ROW EXCLUSIVE MODE"))
    last = session.execute(
        select(AuditRow.number, AuditRow.chain).order_by(AuditRow.number.desc()).limit(1)
    ).one_or_none()
    of_district = session.execute(
        select(AuditRow.place, AuditRow.entry)
        .where(AuditRow.district == district)
        .order_by(AuditRow.place.desc())
        .limit(1)
    ).one_or_none()
    number = 1 if last is None else last.number + 1
    content = {
        "place": 1 if of_district is None else of_district.place + 1,
        "at": datetime.now(UTC).isoformat(),
        "person": who.name,
        "role": who.role,
        "session": who.session,
        "act": act,
        "district": district,
        "cycle": cycle,
        "subject": subject,
        "before": _kept(before),
        "after": _kept(after),
    }
    entry = entry_hash(content, START if of_district is None else of_district.entry)
    chain = chain_hash(number, START if last is None else last.chain, entry)
    session.add(AuditRow(number=number, **content, entry=entry, chain=chain))
    session.flush()
    _keep_head_after_commit(session, heads_file(workspace), number, chain)
    return number


def _kept(value: Any) -> str:
    return "" if value is None else canonical_json(value).decode()


def heads_file(workspace: Workspace) -> Path:
    """Where the heads of the log are kept, beside the database."""
    return workspace.settings.home / HEADS_FILE


def _keep_head_after_commit(session: Session, path: Path, number: int, chain: str) -> None:
    is_first = "audit_head" not in session.info
    session.info["audit_head"] = (number, chain)
    if not is_first:
        return

    def keep(committed: Session) -> None:
        last, head = committed.info.pop("audit_head")
        line = json.dumps({"number": last, "chain": head, "at": datetime.now(UTC).isoformat()})
        try:
            with path.open("ab") as file:
                # Begins its own line also behind one that was broken off.
                file.write(b"\n" + line.encode() + b"\n" if file.tell() else line.encode() + b"\n")
        except OSError as exc:
            # The act is stored and stays; `audit verify` tells how many rows no kept head stands for.
            _log.warning("head %d of the log of acts was not kept: %s", last, exc)

    event.listen(session, "after_commit", keep, once=True)


@allowed("read_log", filters=True)
def acts(
    workspace: Workspace,
    district: str | None = None,
    cycle: int | None = None,
    *,
    person: str | None = None,
    last: int | None = None,
) -> list[Act]:
    """The rows of the log, oldest first: all that the actor may see, or of a district, a cycle, a person; the last so many."""
    query = select(AuditRow).where(workspace.actor.visible(AuditRow.district)).order_by(AuditRow.number.desc())
    if district is not None:
        query = query.where(AuditRow.district == district)
    if cycle is not None:
        query = query.where(or_(AuditRow.cycle == cycle, AuditRow.cycle.is_(None)))
    if person is not None:
        query = query.where(AuditRow.person == person)
    with workspace.store.session() as session:
        rows = session.scalars(query if last is None else query.limit(last)).all()
        return [_act(row) for row in reversed(rows)]


def _act(row: AuditRow) -> Act:
    return Act(
        row.number, row.at, row.person, row.role, row.session, row.act, row.district, row.cycle, row.subject,
        json.loads(row.before) if row.before else None, json.loads(row.after) if row.after else None,
    )  # fmt: skip


@allowed("read_log")
def head(workspace: Workspace) -> tuple[int, str]:
    """(number, hash) of the last row, to be written down elsewhere: in the minutes, beside a signature. (0, "000…") when empty."""
    with workspace.store.session() as session:
        number = session.scalar(select(func.max(AuditRow.number))) or 0
        chain = session.scalar(select(AuditRow.chain).where(AuditRow.number == number))
        return number, chain or START


def content_of(row: AuditRow) -> Mapping[str, Any]:
    """The content of a row, as it is hashed and exported."""
    return {name: getattr(row, name) for name in CONTENT}
