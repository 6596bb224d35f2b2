"""The log of acts: every way of tampering with it is found, whoever only writes the record honestly is never accused."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from review.acts import set_parameter
from review.annex1 import record_finding
from review.audit import HEADS_FILE, acts, head, write_act
from review.audit_chain import CONTENT, START, chain_hash, entry_hash
from review.audit_check import check_export, export_district, verify
from review.decisions import decide_district
from review.errors import AuditBrokenError
from review.people import Person
from review.reviewers import arbitrate, give_points
from review.workspace import Workspace

DISTRICT, CYCLE = "虚构区", 2019
TRIGGERS = ("update", "delete", "replace")


def add(workspace: Workspace, count: int = 6) -> None:
    """Acts of two districts in turn, and of none."""
    for number in range(count):
        where = ("虚构区", "邻区", "")[number % 3]
        workspace.store.write(
            lambda session, where=where, number=number: write_act(
                workspace,
                session,
                "decided",
                district=where,
                cycle=2019,
                subject=f"第 {number}",
                after={"n": str(number)},
            )
        )


def tamper(workspace: Workspace, *statements: str, keep_triggers: bool = False) -> None:
    """What somebody does who has the database file: first the guards go, at the end they are put back."""
    connection = sqlite3.connect(workspace.settings.home / "edureview.sqlite3")
    guards = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type='trigger' AND tbl_name='audit_log'"
    ).fetchall()
    for name in TRIGGERS:
        connection.execute(f"DROP TRIGGER audit_log_frozen_{name}")
    for statement in statements:
        connection.execute(statement)
    if not keep_triggers:
        for (sql,) in guards:
            connection.execute(sql)
    connection.commit()
    connection.close()


def forge_all(workspace: Workspace) -> None:
    """Computes every hash anew, as somebody does who knows how the log is made."""
    connection = sqlite3.connect(workspace.settings.home / "edureview.sqlite3")
    columns = ("number", *CONTENT)
    rows = connection.execute(f"SELECT {', '.join(columns)} FROM audit_log ORDER BY number").fetchall()
    connection.close()
    chain, entries, statements = START, {}, []
    for values in rows:
        row = dict(zip(columns, values, strict=True))
        entry = entry_hash(row, entries.get(row["district"], START))
        chain = chain_hash(row["number"], chain, entry)
        entries[row["district"]] = entry
        statements.append(f"UPDATE audit_log SET entry='{entry}', chain='{chain}' WHERE number={row['number']}")
    tamper(workspace, *statements)


def test_没有动过的记录没有问题(workspace: Workspace) -> None:
    add(workspace)
    checked = verify(workspace)
    assert (checked.rows, checked.faults, checked.notes) == (6, (), ())
    assert head(workspace) == (6, checked.head)
    checked.refuse_faults()


def test_空的记录也没有问题(workspace: Workspace) -> None:
    assert verify(workspace).to_json() == {"rows": 0, "head": START, "faults": [], "notes": []}


SWAP = (
    "UPDATE audit_log SET number = 99 WHERE number = 2",
    "UPDATE audit_log SET number = 2 WHERE number = 3",
    "UPDATE audit_log SET number = 3 WHERE number = 99",
)


@pytest.mark.parametrize(
    ("statements", "words"),
    [
        (("UPDATE audit_log SET subject = '改过' WHERE number = 2",), "第 2 步"),
        (("UPDATE audit_log SET person = '别人' WHERE number = 6",), "第 6 步"),
        (("UPDATE audit_log SET after = '{}' WHERE number = 1",), "第 1 步"),
        (("UPDATE audit_log SET cycle = NULL WHERE number = 4",), "第 4 步"),
        (("DELETE FROM audit_log WHERE number = 1",), "第 1 步不见了"),
        (("DELETE FROM audit_log WHERE number = 3",), "第 3 步不见了"),
        (("DELETE FROM audit_log WHERE number IN (2, 3, 4)",), "第 2 至 4 步不见了"),
        (SWAP, "次序被换过"),
        (("DELETE FROM audit_log WHERE number = 6",), "库里只到第 5 步"),
        (("DELETE FROM audit_log",), "库里只到第 0 步"),
        (("UPDATE audit_log SET chain = entry WHERE number = 6",), "第 6 步"),
    ],
)  # fmt: skip
def test_改_删_换次序_截尾都查得出(workspace: Workspace, statements: tuple[str, ...], words: str) -> None:
    add(workspace)
    tamper(workspace, *statements)
    checked = verify(workspace)
    assert any(words in fault for fault in checked.faults), checked.faults
    with pytest.raises(AuditBrokenError, match=words):
        checked.refuse_faults()


@pytest.mark.parametrize("column", ["number", *CONTENT, "entry", "chain"])
def test_任何一列改了都查得出(workspace: Workspace, column: str) -> None:
    add(workspace)
    value = "77" if column in ("number", "place", "cycle") else "'1' || " + column
    tamper(workspace, f"UPDATE audit_log SET {column} = {value} WHERE number = 4")
    assert verify(workspace).faults


def test_整段重写要靠留存的链头(workspace: Workspace) -> None:
    add(workspace)
    written_down = head(workspace)
    tamper(workspace, "UPDATE audit_log SET subject = '改过' WHERE number = 2")
    forge_all(workspace)
    assert any("整段重写" in fault for fault in verify(workspace).faults)
    (workspace.settings.home / HEADS_FILE).unlink()
    checked = verify(workspace)
    assert checked.faults == ()  # whoever can write both can forge both,
    assert "末尾的删改查不出来" in checked.notes[0]
    for given in (written_down, (written_down[0], written_down[1][:8])):
        assert any("另行记下的链头" in fault for fault in verify(workspace, [given]).faults)  # but not what is on paper
    assert any("至少有 9 步" in fault for fault in verify(workspace, [(9, "abcdef12")]).faults)


def test_触发器不在也算问题(workspace: Workspace) -> None:
    add(workspace, 2)
    tamper(workspace, keep_triggers=True)
    assert any("触发器" in fault for fault in verify(workspace).faults)


def test_断电写坏的链头只作提示(workspace: Workspace) -> None:
    add(workspace, 2)
    file = workspace.settings.home / HEADS_FILE
    file.write_bytes(file.read_bytes() + b'{"number": 3, "cha')
    add(workspace, 1)
    checked = verify(workspace)
    assert checked.faults == ()
    assert "不成格式" in checked.notes[0]
    tamper(workspace, "DELETE FROM audit_log WHERE number = 3")
    assert verify(workspace).faults


def test_事情没有做成就没有记录(workspace: Workspace) -> None:
    def work(session: object) -> None:
        write_act(workspace, session, "decided", district=DISTRICT)  # type: ignore[arg-type]
        raise RuntimeError("没有做成")

    with pytest.raises(RuntimeError):
        workspace.store.write(work)
    assert acts(workspace) == []
    assert not (workspace.settings.home / HEADS_FILE).exists()


def test_同时写入也不断链(workspace: Workspace) -> None:
    workspace.store  # noqa: B018 - opened before the threads begin
    threads = [threading.Thread(target=add, args=(workspace,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    checked = verify(workspace)
    assert (checked.rows, checked.faults, checked.notes) == (24, (), ())


def test_一个区县的导出可以单独核对_且没有别的区县(workspace: Workspace) -> None:
    add(workspace, 9)
    data = export_district(workspace, "虚构区")
    text = data.decode()
    assert check_export(data).faults == ()
    assert check_export(data).rows == 3
    assert "邻区" not in text
    assert '"number"' not in text  # how many acts there are of others is nobody's business
    with workspace.store.session() as session:
        from sqlalchemy import text as sql

        foreign = session.execute(sql("SELECT entry, chain FROM audit_log WHERE district <> '虚构区'")).all()
    assert not any(value in text for row in foreign for value in row)
    lines = data.splitlines(keepends=True)
    row = json.loads(lines[1])
    assert check_export(b"".join([lines[0], lines[2]])).faults
    assert check_export(b"".join([lines[1], lines[0], lines[2]])).faults
    assert check_export(b"".join([lines[0], json.dumps({**row, "person": "别人"}).encode() + b"\n", lines[2]])).faults
    assert check_export(b"not json\n").faults


def test_各种登记都记了谁和前后(workspace: Workspace, recorded: Callable[..., None], tmp_path: Path) -> None:
    recorded()
    set_parameter(workspace, "credibility_tolerance", "0.97", "虚构市督导办", "2019-05-06", "虚构文件")
    for expert, points in (("虚构甲", "30"), ("虚构乙", "31")):
        actor = Person(expert, "expert", frozenset({DISTRICT}), session="登录 7")
        give_points(workspace.acting_as(actor), DISTRICT, CYCLE, "B5", expert, points)
    arbitrate(workspace, DISTRICT, CYCLE, "B5", "虚构丙", "30.5", "虚构：复核后")
    record_finding(workspace, DISTRICT, CYCLE, "3", "unknown", "虚构的科长", "2019-05-07", "虚构函", "虚构：另查")
    record_finding(
        workspace, DISTRICT, CYCLE, "3", "not_triggered", "虚构的科长", "2019-05-08", "虚构函", "虚构：已核实"
    )
    listed = acts(workspace)
    kinds = [act.act for act in listed]
    for kind in ("sample_drawn", "annex1_found", "case_recorded", "act_recorded", "points_given", "arbitrated"):
        assert kind in kinds
    given = next(act for act in listed if act.act == "points_given")
    assert (given.person, given.role, given.session, given.after["points"]) == ("虚构甲", "expert", "登录 7", "30")
    changed = [act for act in listed if act.act == "annex1_found" and act.before is not None]
    assert [(act.before["state"], act.after["state"]) for act in changed] == [
        ("not_triggered", "unknown"),
        ("unknown", "not_triggered"),
    ]
    assert verify(workspace).faults == ()
    assert [act.act for act in acts(workspace, DISTRICT, last=1)] == [kinds[-1]]


def test_认定也在同一笔里记下(workspace: Workspace, recorded: Callable[..., None]) -> None:
    recorded()
    decided = decide_district(workspace, DISTRICT, CYCLE, "虚构的主任")
    (act,) = [act for act in acts(workspace, DISTRICT) if act.act == "decided"]
    assert act.after["sha256"] == decided.sha256
    decide_district(workspace, DISTRICT, CYCLE, "虚构的主任")  # nothing changed, nothing is added
    assert len([act for act in acts(workspace) if act.act == "decided"]) == 1
