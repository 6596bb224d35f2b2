"""Checks the log of acts: altered, missing, moved and cut-off rows; and exports one district's part, which can be checked alone.

What this proves. The chain shows every change by somebody who alters rows and does not compute all later hashes anew. The
heads kept in the data folder show a log that was cut off at its end or computed anew as a whole, as long as that file was not
changed as well. Who can write both can forge both: only a head written down elsewhere (`audit head`, in the minutes or beside a
signature) shows that, when it is handed to `verify`. What was never logged, nothing here can show.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from ingest.tables_people import AuditRow
from review.audit import content_of, heads_file
from review.audit_chain import CONTENT, START, chain_hash, entry_hash
from review.errors import AuditBrokenError
from review.rights import allowed
from review.workspace import Workspace

_MOST_TOLD = 50
_ROWS_AT_A_TIME = 500


@dataclass(frozen=True, slots=True)
class Checked:
    """rows : how many; head : hash of the last. faults, notes : in Chinese; a note is no sign of tampering."""

    rows: int
    head: str
    faults: tuple[str, ...]
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The document of `audit verify --json`."""
        return {"rows": self.rows, "head": self.head, "faults": list(self.faults), "notes": list(self.notes)}

    def refuse_faults(self) -> None:
        """Raises AuditBrokenError when there is any fault."""
        if self.faults:
            raise AuditBrokenError(self.faults)


@allowed("read_log")
def verify(workspace: Workspace, written_down: Iterable[tuple[int, str]] = ()) -> Checked:
    """Holds every row against its hashes, and against the heads kept in the data folder.

    written_down : further heads (number, hash or its first characters) that somebody kept elsewhere.
    """
    faults: list[str] = []
    notes: list[str] = []
    kept = _kept_heads(workspace, notes)
    wanted: dict[int, list[tuple[str, str]]] = {}
    for number, chain in kept:
        wanted.setdefault(number, []).append((chain, "数据文件夹里留存的链头"))
    for number, chain in written_down:
        wanted.setdefault(number, []).append((chain.lower(), "另行记下的链头"))
    with workspace.store.session() as session:
        _check_triggers(session, faults)
        rows, head = _check_rows(session, wanted, faults)
    beyond = sorted(number for number in wanted if number > rows)
    if beyond:
        faults.append(
            f"留存的链头说至少有 {beyond[-1]} 步，库里只到第 {rows} 步：末尾的记录被删去，或恢复了旧的备份，或断电时丢失了最后几步"
        )
    last_kept = max((number for number, _ in kept), default=0)
    if rows > last_kept:
        notes.append(
            f"最后 {rows - last_kept} 步没有留存链头（数据文件夹当时不能写，或链头文件被删去），末尾的删改查不出来。"
        )
    return Checked(rows, head, tuple(faults[:_MOST_TOLD]), tuple(notes))


def _check_rows(session: Session, wanted: Mapping[int, list[tuple[str, str]]], faults: list[str]) -> tuple[int, str]:
    """(highest number, its hash). After a fault the stored hashes are taken on, so that each is told where it is."""
    number, chain = 0, START
    last_of: dict[str, tuple[int, str]] = {}
    query = select(AuditRow).order_by(AuditRow.number).execution_options(yield_per=_ROWS_AT_A_TIME)
    for row in session.scalars(query):
        if row.number != number + 1:
            gone = f"第 {number + 1} 步" if row.number == number + 2 else f"第 {number + 1} 至 {row.number - 1} 步"
            faults.append(f"{gone}不见了")
        place, before = last_of.get(row.district, (0, START))
        told = f"第 {row.number} 步（{row.at}，{row.person}）"
        if row.entry != entry_hash(content_of(row), before) or row.place != place + 1:
            faults.append(f"{told}的内容被改过，或它所在区县的前一步被改过、移走")
        if row.chain != chain_hash(row.number, chain, row.entry):
            faults.append(f"{told}与前一步接不上：次序被换过，或前一步被改过")
        for head, whose in wanted.get(row.number, ()):
            if not head or not row.chain.startswith(head):
                faults.append(f"{told}与{whose}不符：这一步或以前的记录被整段重写过")
        number, chain = row.number, row.chain
        last_of[row.district] = (row.place, row.entry)
        session.expunge(row)
    return number, chain


def _check_triggers(session: Session, faults: list[str]) -> None:
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_log'::regclass AND tgenabled <> 'D'"
        wanted = {"audit_log_frozen", "audit_log_kept"}
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_log'"
        wanted = {f"audit_log_frozen_{action}" for action in ("update", "delete", "replace")}
    if missing := wanted - set(session.scalars(text(query))):
        faults.append(f"数据库里防止改删操作记录的触发器不见了（{'、'.join(sorted(missing))}）")


def _kept_heads(workspace: Workspace, notes: list[str]) -> list[tuple[int, str]]:
    """(number, hash) of every head in the file. A line that was broken off, as by a power cut, checks nothing, and is told."""
    path = heads_file(workspace)
    if not path.exists():
        return []
    heads = []
    for position, line in enumerate(path.read_bytes().splitlines(), 1):
        if not line:
            continue
        try:
            found = json.loads(line)
            heads.append((int(found["number"]), str(found["chain"])))
        except (ValueError, KeyError, TypeError):
            notes.append(f"链头文件 {path.name} 第 {position} 行不成格式（写到一半断电，或被改动过），没有用它核对。")
    return heads


@allowed("read_log")
def export_district(workspace: Workspace, district: str) -> bytes:
    """The rows of one district as JSON lines, each with its entry hash; `check_export` needs nothing else.

    Neither numbers nor hashes of other districts' rows are in it.
    """
    query = select(AuditRow).where(AuditRow.district == district).order_by(AuditRow.place)
    with workspace.store.session() as session:
        rows = [{**content_of(row), "entry": row.entry} for row in session.scalars(query)]
    return b"".join(json.dumps(row, ensure_ascii=False, sort_keys=True).encode() + b"\n" for row in rows)


def check_export(data: bytes) -> Checked:
    """Checks what `export_district` wrote, from the file alone; rows cut off at its end cannot be seen from it."""
    faults: list[str] = []
    place, entry, district = 0, START, None
    for position, line in enumerate(data.splitlines(), 1):
        try:
            row = json.loads(line)
            stated = row["entry"]
            district = row["district"] if district is None else district
            is_next = row["place"] == place + 1 and row["district"] == district
            if set(row) != {*CONTENT, "entry"} or not is_next or entry_hash(row, entry) != stated:
                faults.append(f"第 {position} 行被改过，或缺了前面的行，或次序被换过")
            place, entry = row["place"], stated
        except (ValueError, KeyError, TypeError):
            faults.append(f"第 {position} 行不成格式")
    return Checked(place, entry, tuple(faults[:_MOST_TOLD]), ())
