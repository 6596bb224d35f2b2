"""Handing in: what stands in the way is told at once, what is handed in is locked, and only the office opens it again."""

from __future__ import annotations

import hashlib
import json
import threading
from fractions import Fraction
from pathlib import Path

import pytest

from ingest.tables_cycle import SubmissionAct
from review.acts import OfficeRules, office_rules, set_parameter
from review.audit import acts
from review.cases import record_case
from review.cycles import District, open_year, set_deadline
from review.errors import NotAllowedError, NotReadyError, OtherDistrictError, RefusedRecordError, SubmittedError
from review.intake import take_in
from review.people import Person
from review.self_points import Entry, save_points, sheet
from review.submission import check_submission, reopen, submission_acts, submission_changes, submission_status, submit
from review.submission_case import case_text, disagreements
from review.workspace import Workspace
from scoring_rules.case import load_case
from tests.review.submissions import CYCLE, DISTRICT, WHO, full_marks, publish, put_document


@pytest.fixture
def ready(workspace: Workspace) -> Workspace:
    put_document(workspace, "总结.txt")
    full_marks(workspace, B21="12")
    return workspace


def test_什么都没有时一次说全(workspace: Workspace) -> None:
    found = check_submission(workspace, DISTRICT, CYCLE)
    assert len(found.faults) == 2
    assert "没有导入任何材料" in found.faults[0]
    assert "没有自评得分" in found.faults[1]
    with pytest.raises(NotReadyError, match="这 2 项"):
        submit(workspace, DISTRICT, CYCLE, WHO)
    assert submission_status(workspace, DISTRICT, CYCLE).state == "open"


def test_正在读取和自评不全都不能提交(workspace: Workspace) -> None:
    put_document(workspace, "总结.txt", state="reading")
    save_points(
        workspace, DISTRICT, CYCLE, {"B1": Entry(workspace.scheme.criterion("B1").points, "虚构")}, base=0, by=WHO
    )
    faults = check_submission(workspace, DISTRICT, CYCLE).faults
    assert "总结.txt" in faults[0]
    assert sum("缺少 B" in fault for fault in faults) == 19


def test_提醒写进清单_不妨碍提交(ready: Workspace) -> None:
    found = check_submission(ready, DISTRICT, CYCLE)
    assert found.faults == ()
    assert any("自评有得分而没有找到佐证" in warning for warning in found.warnings)
    assert any("没有对应到任何评价要点：《总结.txt》" in warning for warning in found.warnings)
    manifest = submit(ready, DISTRICT, CYCLE, WHO).manifest
    assert manifest is not None
    assert manifest["warnings"] == list(found.warnings)


def test_清单记下每份材料和自评(ready: Workspace) -> None:
    put_document(ready, "附件.txt", "虚构的附件。")
    status = submit(ready, DISTRICT, CYCLE, WHO)
    assert status.state == "submitted"
    manifest = status.manifest
    assert manifest is not None
    assert [(one["file"], one["pages"], one["passages"]) for one in manifest["documents"]] == [
        ("总结.txt", 1, 1),
        ("附件.txt", 1, 1),
    ]
    assert manifest["passages"] == 2
    assert (manifest["self_points"]["total"], manifest["self_points"]["bonus_claimed"]) == ("1000", "12")
    assert (manifest["scheme"]["id"], len(manifest["scheme"]["sha256"]), len(manifest["parameters"]["sha256"])) == ("2019", 64, 64)  # fmt: skip
    assert submission_changes(ready, DISTRICT, CYCLE) == []
    [act] = [act for act in acts(ready) if act.act == "submitted"]
    assert act.after == {"manifest_sha256": status.last.sha256 if status.last else ""}


def test_提交之后不收材料_不改自评_不再提交(ready: Workspace, tmp_path: Path) -> None:
    submit(ready, DISTRICT, CYCLE, WHO)
    new = tmp_path / "补交.txt"
    new.write_text("虚构的补交材料。", encoding="utf-8")
    with pytest.raises(SubmittedError, match=r"《补交\.txt》没有写入") as told:
        take_in(ready, [new], district=DISTRICT, cycle=CYCLE)
    assert WHO in str(told.value)
    assert "reopen" in str(told.value)
    with pytest.raises(SubmittedError, match="自评得分没有写入"):
        full_marks(ready, B1="1")
    with pytest.raises(SubmittedError, match="又一次提交"):
        submit(ready, DISTRICT, CYCLE, WHO)
    assert submission_status(ready, DISTRICT, CYCLE).documents == 1
    # The same file again changes nothing, so it is no fault: the demo is loaded at every start.
    same = tmp_path / "总结.txt"
    same.write_text("虚构的材料。", encoding="utf-8")
    assert take_in(ready, [same], district=DISTRICT, cycle=CYCLE).new == ()
    # Another year and another district are not locked.
    full_marks(ready, cycle=2020)


def test_只有督导办能重新开放_要写理由(ready: Workspace) -> None:
    submit(ready, DISTRICT, CYCLE, WHO)
    clerk = ready.acting_as(Person("虚构的丙", "district", frozenset({DISTRICT})))
    with pytest.raises(NotAllowedError):
        reopen(clerk, DISTRICT, CYCLE, "虚构的理由")
    office = ready.acting_as(Person("虚构的科长", "office"))
    with pytest.raises(RefusedRecordError, match="要写明理由"):
        reopen(office, DISTRICT, CYCLE, " ")
    assert reopen(office, DISTRICT, CYCLE, "虚构：B5 材料有误").state == "reopened"
    with pytest.raises(RefusedRecordError, match="不需要重新开放"):
        reopen(office, DISTRICT, CYCLE, "虚构")
    full_marks(ready, B1="59")
    assert submit(clerk, DISTRICT, CYCLE).state == "submitted"
    assert [(act["number"], act["kind"], act["by"]) for act in submission_acts(ready, DISTRICT, CYCLE)] == [
        (1, "submit", WHO),
        (2, "reopen", "虚构的科长"),
        (3, "submit", "虚构的丙"),
    ]


def test_别的区县看不到也办不了(ready: Workspace) -> None:
    other = ready.acting_as(Person("虚构的丁", "district", frozenset({"鹤汀区"})))
    for call in (submission_status, check_submission, submit, submission_changes, submission_acts):
        with pytest.raises(OtherDistrictError):
            call(other, DISTRICT, CYCLE)
    with pytest.raises(NotAllowedError):
        submit(ready.acting_as(Person("虚构的专家", "expert", frozenset({DISTRICT}))), DISTRICT, CYCLE)


def test_清单对得上_改动都查得出(ready: Workspace) -> None:
    submit(ready, DISTRICT, CYCLE, WHO)
    manifest = submission_status(ready, DISTRICT, CYCLE).manifest
    assert manifest is not None
    original = ready.store.original(manifest["documents"][0]["sha256"])
    original.write_bytes("改过的".encode())
    assert [change.kind for change in submission_changes(ready, DISTRICT, CYCLE)] == ["original"]
    original.unlink()
    assert "不在数据文件夹" in submission_changes(ready, DISTRICT, CYCLE)[0].sentence
    put_document(ready, "后来的.txt", "虚构的后来。")
    reopen(ready, DISTRICT, CYCLE, "虚构", WHO)
    full_marks(ready, B1="1")
    set_parameter(ready, "credibility_tolerance", "0.97", "虚构的主任", "2019-05-06", "虚构办〔2019〕1号")
    kinds = {change.kind for change in submission_changes(ready, DISTRICT, CYCLE)}
    assert kinds == {"added", "original", "self_points", "basis"}


def test_逾期提交记为逾期(ready: Workspace) -> None:
    open_year(ready, CYCLE, [District(DISTRICT)], WHO, until="2019-05-31")
    assert "已过" in check_submission(ready, DISTRICT, CYCLE).warnings[0]
    manifest = submit(ready, DISTRICT, CYCLE, WHO).manifest
    assert manifest is not None
    assert (manifest["late"], manifest["deadline"]) == (True, "2019-05-31")


def test_期限之内不记逾期(ready: Workspace) -> None:
    open_year(ready, CYCLE, [District(DISTRICT)], WHO)
    set_deadline(ready, CYCLE, "self", "2099-12-31", WHO)
    manifest = submit(ready, DISTRICT, CYCLE, WHO).manifest
    assert manifest is not None
    assert manifest["late"] is False


def test_名单之外与发布之后不收(ready: Workspace) -> None:
    open_year(ready, CYCLE, [District("鹤汀区")], WHO)
    with pytest.raises(NotReadyError, match="没有“云山区”"):
        _submit_anyway(ready)
    with pytest.raises(RefusedRecordError, match="名单里没有"):
        full_marks(ready, B1="1")
    open_year(ready, 2020, [District(DISTRICT)], WHO)
    full_marks(ready, cycle=2020)
    publish(ready, 2020)
    with pytest.raises(RefusedRecordError, match="已经发布"):
        full_marks(ready, cycle=2020, B1="1")


def _submit_anyway(workspace: Workspace) -> None:
    raise NotReadyError(DISTRICT, CYCLE, check_submission(workspace, DISTRICT, CYCLE).faults)


def test_两人同时提交只成一次(ready: Workspace) -> None:
    faults: list[Exception] = []

    def work() -> None:
        try:
            submit(ready, DISTRICT, CYCLE, WHO)
        except (NotReadyError, RefusedRecordError, SubmittedError) as exc:
            faults.append(exc)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(faults) == 1
    with ready.store.session() as session:
        assert session.query(SubmissionAct).count() == 1


def test_检查之后材料有变_不提交(ready: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from review import submission

    check = submission.check_submission

    def then_more(workspace: Workspace, district: str, cycle: int) -> object:
        found = check(workspace, district, cycle)
        put_document(workspace, "刚到.txt", "虚构的刚到。")
        return found

    monkeypatch.setattr(submission, "check_submission", then_more)
    with pytest.raises(NotReadyError, match="检查之后材料又有变化"):
        submit(ready, DISTRICT, CYCLE, WHO)


def test_由提交生成案卷_可登记可核对(ready: Workspace) -> None:
    changes = {
        "B14": None, "B14-4": Entry(None, "虚构：没有职业学校"),
        **{f"B14-{n}": Entry(Fraction(49), "虚构") for n in (1, 2, 3, 5, 6)},
    }  # fmt: skip
    save_points(ready, DISTRICT, CYCLE, changes, base=sheet(ready, DISTRICT, CYCLE).version, by=WHO)
    submit(ready, DISTRICT, CYCLE, WHO)
    text = case_text(ready, DISTRICT, CYCLE)
    case = record_case(ready, text, "案卷.yaml")
    assert (case.claimed, case.not_applicable, case.self_points["B14-1"]) == (12, ("B14-4",), 49)
    assert set(case.annex1.values()) == {"unknown"}
    rules = _rules(ready)
    with ready.store.session() as session:
        assert disagreements(session, case, rules) == []
    other = load_case(text.replace('"B1": "60"', '"B1": "59"').replace('"claimed": "12"', '"claimed": "20"'), "案卷")
    with ready.store.session() as session:
        told = disagreements(session, other, rules)
    assert len(told) == 2
    assert "B1（案卷 59，提交 60）" in told[0]
    assert "申请加分" in told[1]


def _rules(workspace: Workspace) -> OfficeRules:
    return office_rules(workspace, CYCLE)


def test_开设了年度而没有提交_认定前要说明(ready: Workspace) -> None:
    open_year(ready, CYCLE, [District(DISTRICT)], WHO)
    case = load_case(case_text(ready, DISTRICT, CYCLE), "案卷")
    with ready.store.session() as session:
        assert "还没有提交自评" in disagreements(session, case, _rules(ready))[0]
    submit(ready, DISTRICT, CYCLE, WHO)
    reopen(ready, DISTRICT, CYCLE, "虚构", WHO)
    with ready.store.session() as session:
        assert "重新开放" in disagreements(session, case, _rules(ready))[0]


def test_清单是规范的JSON_与登记的散列一致(ready: Workspace) -> None:
    status = submit(ready, DISTRICT, CYCLE, WHO)
    with ready.store.session() as session:
        row = session.query(SubmissionAct).one()
    assert hashlib.sha256(row.manifest.encode()).hexdigest() == row.sha256
    assert status.last is not None
    assert status.last.sha256 == row.sha256
    assert json.loads(row.manifest) == status.manifest
