"""Self points: every version kept, faults told at once, and two people at one sheet lose nothing."""

from __future__ import annotations

import threading
from fractions import Fraction

import pytest

from review.audit import acts
from review.errors import OtherDistrictError, RefusedRecordError, StaleSheetError
from review.people import Person
from review.self_points import Entry, read_entry, save_points, sheet, versions
from review.workspace import Workspace

DISTRICT, CYCLE = "云山区", 2019


def _entry(points: str, reason: str = "虚构的理由") -> Entry:
    return Entry(Fraction(points), reason)


def _save(workspace: Workspace, base: int, by: str = "虚构的甲", **points: str) -> int:
    changes = {key.replace("_", "-"): _entry(value) for key, value in points.items()}
    return save_points(workspace, DISTRICT, CYCLE, changes, base=base, by=by).version


def test_每次保存是一个新版本_旧版仍在(workspace: Workspace) -> None:
    assert sheet(workspace, DISTRICT, CYCLE).version == 0
    assert _save(workspace, 0, B1="58", B2="40") == 1
    assert _save(workspace, 1, B1="57.5") == 2
    assert [{key: one.words for key, one in kept.entries.items()} for kept in versions(workspace, DISTRICT, CYCLE)] == [
        {"B1": "58", "B2": "40"},
        {"B1": "57.5", "B2": "40"},
    ]
    assert sheet(workspace, DISTRICT, CYCLE, version=1).entries["B1"].points == 58
    [first, second] = [act for act in acts(workspace) if act.act == "self_points_entered"]
    assert first.before == {}
    assert (second.before, second.after) == (
        {"B1": {"points": "58", "reason": "虚构的理由"}},
        {"B1": {"points": "57.5", "reason": "虚构的理由"}},
    )


def test_没有变化不产生新版本(workspace: Workspace) -> None:
    assert _save(workspace, 0, B1="58") == 1
    assert _save(workspace, 1, B1="58") == 1


def test_两人改不同的指标_都保存(workspace: Workspace) -> None:
    _save(workspace, 0, B1="58", B2="40", B3="9")
    assert _save(workspace, 1, "虚构的甲", B1="57") == 2
    assert _save(workspace, 1, "虚构的乙", B2="39") == 3
    assert {key: one.words for key, one in sheet(workspace, DISTRICT, CYCLE).entries.items()} == {
        "B1": "57",
        "B2": "39",
        "B3": "9",
    }


def test_两人改同一指标_后一人被告知_先存的不丢(workspace: Workspace) -> None:
    _save(workspace, 0, B1="58", B2="40")
    _save(workspace, 1, "虚构的甲", B1="57")
    with pytest.raises(StaleSheetError) as told:
        _save(workspace, 1, "虚构的乙", B1="50", B2="30")
    assert "虚构的甲" in str(told.value)
    assert "B1 57" in str(told.value)
    assert "B1 50" in str(told.value)
    assert "B2" not in str(told.value)
    now = sheet(workspace, DISTRICT, CYCLE)
    assert (now.version, now.entries["B1"].words, now.entries["B2"].words) == (2, "57", "40")


def test_按要点与按指标也算同一处(workspace: Workspace) -> None:
    _save(workspace, 0, B1="58")
    changes = {"B1": None, "B1-1": _entry("30"), "B1-2": _entry("28")}
    save_points(workspace, DISTRICT, CYCLE, changes, base=1, by="虚构的甲")
    with pytest.raises(StaleSheetError, match="B1-1 30、B1-2 28"):
        _save(workspace, 1, "虚构的乙", B1="55")


def test_两人填成同样的值不算冲突(workspace: Workspace) -> None:
    _save(workspace, 0, B1="58")
    _save(workspace, 1, "虚构的甲", B1="57")
    assert _save(workspace, 1, "虚构的乙", B1="57", B2="40") == 3


def test_二十人同时保存_一项不丢(workspace: Workspace) -> None:
    criteria = [c.id for c in workspace.scheme.criteria if not c.is_bonus]
    assert workspace.store
    faults: list[BaseException] = []

    def work(criterion: str) -> None:
        try:
            _save(workspace, 0, f"虚构的{criterion}", **{criterion: "1"})
        except BaseException as exc:  # noqa: BLE001 - a thread's failure has to reach the test
            faults.append(exc)

    threads = [threading.Thread(target=work, args=(criterion,)) for criterion in criteria]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    now = sheet(workspace, DISTRICT, CYCLE)
    assert (now.version, sorted(now.entries)) == (20, sorted(criteria))


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ({"B1": "60.01"}, "B1 的自评分应为 0 至 60"),
        ({"B1": "58", "B1_1": "20"}, "既填了整个二级指标，又填了B1-1"),
        ({"B99": "1"}, "没有“B99”"),
        ({"B21": "20.5"}, "B21 的自评分应为 0 至 20"),
        ({"B6_1": "90"}, "B6-1 的自评分应为 0 至"),
    ],
)
def test_不能填的一次说全_什么也不保存(workspace: Workspace, points: dict[str, str], told: str) -> None:
    with pytest.raises(RefusedRecordError, match=told):
        _save(workspace, 0, B2="40", **points)
    assert versions(workspace, DISTRICT, CYCLE) == []


def test_满分可以填_零分可以填(workspace: Workspace) -> None:
    assert _save(workspace, 0, B1="60", B2="0", B21="20") == 1
    assert sheet(workspace, DISTRICT, CYCLE).total(workspace.scheme) == 60


def test_不适用要有理由_分摊给同一指标的其余要点(workspace: Workspace) -> None:
    scheme = workspace.scheme
    with pytest.raises(RefusedRecordError, match="要写明理由"):
        read_entry("B14-4", "不适用", " ", scheme)
    changes = {"B14-4": read_entry("B14-4", "不适用", "虚构：没有职业学校", scheme), "B14-1": _entry("50")}
    save_points(workspace, DISTRICT, CYCLE, changes, base=0, by="虚构的甲")
    with pytest.raises(RefusedRecordError, match="B14-1 的自评分应为 0 至 50"):
        _save(workspace, 1, B14_1="50.1")
    with pytest.raises(RefusedRecordError, match="既填了整个二级指标"):
        save_points(workspace, DISTRICT, CYCLE, {"B1": Entry(None, "虚构"), "B1-1": _entry("1"), "B2": _entry("1"), "B2-1": _entry("1")}, base=1, by="甲")  # fmt: skip


@pytest.mark.parametrize("text", ["三十", "1/3", "38.5/40", "", "1e2", "三八.五"])
def test_不是数的不收(workspace: Workspace, text: str) -> None:
    with pytest.raises(RefusedRecordError, match="不是数"):
        read_entry("B1", text, "", workspace.scheme)


def test_别的区县不能填也不能看(workspace: Workspace) -> None:
    other = workspace.acting_as(Person("虚构的丙", "district", frozenset({"鹤汀区"})))
    with pytest.raises(OtherDistrictError):
        save_points(other, DISTRICT, CYCLE, {"B1": _entry("1")}, base=0)
    with pytest.raises(OtherDistrictError):
        sheet(other, DISTRICT, CYCLE)


def test_要写明是谁(workspace: Workspace) -> None:
    with pytest.raises(RefusedRecordError, match="谁办理"):
        _save(workspace, 0, by=" ", B1="1")
