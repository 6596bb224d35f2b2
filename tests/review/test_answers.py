"""各类问题由记录回答：分数、等级、附件 1、整改、期限、比较；谁能看到什么；没有人认定的不说成认定。"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from review.annex1 import record_finding
from review.assistant import NOT_YOURS, ask
from review.cases import record_case
from review.cycle_state import District
from review.cycles import open_year, set_deadline
from review.people import Person
from review.rectification import raise_problem, recheck
from review.workspace import Settings, Workspace

DISTRICT, CYCLE = "虚构区", 2019
OFFICE = Person("虚构主任", "office")
EXPERT = Person("虚构专家", "expert", frozenset({DISTRICT}))
CLERK = Person("虚构填报员", "district", frozenset({DISTRICT}))


@pytest.fixture
def case(workspace: Workspace) -> Workspace:
    """A recorded case: B5 35 of 40, credibility 0.9, 附件 1 第 4 条 open."""
    marks = {c.id: str(c.points) for c in workspace.scheme.criteria if not c.is_bonus}
    data = {
        "scheme": "2019", "cycle": CYCLE, "district": DISTRICT, "self": {**marks, "B14": "230"}, "verified": {"B5": "36"},
        "bonus": {"claimed": "6", "awarded": "4"}, "annex1": {**dict.fromkeys("12356", "not_triggered"), "4": "unknown"},
        "rectification": {"due": 4, "unrectified": 1},
    }  # fmt: skip
    record_case(workspace, json.dumps(data, ensure_ascii=False), "虚构.yaml")
    return workspace


@pytest.fixture(scope="module")
def read_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with two districts of one paper each, to be copied."""
    from review.intake import take_in

    home = tmp_path_factory.mktemp("read-in")
    workspace = Workspace(Settings(home))
    for name, rate in ((DISTRICT, "85.0%"), ("邻水区", "71.3%")):
        folder = tmp_path_factory.mktemp(name)
        text = (
            f"{name}2018年学前教育工作情况\n2018年全区普惠性幼儿园覆盖率（普惠率）为{rate}，比2017年的70.1%有所提高。\n"
            f"2018年新开办的幼儿园为孩子们种下银杏树{rate[:2]}棵。\n"
        )
        (folder / f"{name}学前教育情况.txt").write_text(text, encoding="utf-8")
        take_in(workspace, [folder], district=name, cycle=CYCLE)
    workspace.store.engine.dispose()
    return home


@pytest.fixture
def workspace(read_in: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A record of its own with that material."""
    shutil.copytree(read_in, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("EDUREVIEW_HOME", str(tmp_path))
    return Workspace(Settings(tmp_path))


def words(workspace: Workspace, person: Person, text: str, district: str | None = DISTRICT, **more: object) -> str:
    answer = ask(workspace.acting_as(person), text, district=district, cycle=CYCLE, **more)  # type: ignore[arg-type]
    return "\n".join([*(sentence.sentence for sentence in answer.sentences), *answer.notes, answer.searched])


def test_为什么这个分_自评_核查_差多少(case: Workspace) -> None:
    answer = ask(case.acting_as(EXPERT), "B5 为什么只有 36 分？", district=DISTRICT, cycle=CYCLE)
    assert (answer.kind, answer.about, answer.found) == ("ledger", "points", True)
    assert "自评 40 分" in answer.sentences[0].sentence
    assert "核查分 36 分，比自评少 4 分" in answer.sentences[0].sentence
    assert any(sentence.sentence.startswith("B5-1 初评") for sentence in answer.sentences)
    assert any("不是最终结果" in note for note in answer.notes)


def test_总分怎么来_逐步(case: Workspace) -> None:
    told = words(case, OFFICE, "总分怎么来的？一步步说", earlier=(f"{DISTRICT}总分是多少",))
    assert "9/10" in told
    assert "扣" in told
    assert "尚未认定" in told


def test_离优秀多远_待核实的条件会怎样(case: Workspace) -> None:
    answer = ask(case.acting_as(OFFICE), "离优秀还差多少？", district=DISTRICT, cycle=CYCLE)
    told = "".join(sentence.sentence for sentence in answer.sentences)
    assert answer.about == "grade"
    assert "离优秀（900.00 分）还差" in told
    assert "第 4 条待核实" in told
    assert "现在的等级：待认定" in told


def test_没有人认定的条件不说成没有触发(case: Workspace) -> None:
    told = words(case, OFFICE, "附件1有没有触发？")
    assert "还没有登记认定的：第 1、2、3、4、5、6 条" in told
    assert "已登记认定" not in told
    record_finding(case, DISTRICT, CYCLE, "3", "not_triggered", "虚构科长", "2019-05-06", "虚构认定书")
    told = words(case, OFFICE, "附件1有没有触发？")
    assert "已登记认定“没有”的：第 3 条" in told
    assert "虚构科长于 2019-05-06 认定" in words(case, OFFICE, "附件1第三条触发没有")


@pytest.mark.parametrize(
    "text", ["离优秀还差多少？", "附件1有没有触发？", "我们的自评可信度是多少", "B5 核查给了几分", "我们总分多少"]
)
def test_区县查不到案卷里的数(case: Workspace, text: str) -> None:
    answer = ask(case.acting_as(CLERK), text, district=DISTRICT, cycle=CYCLE)
    told = json.dumps(answer.to_json(), ensure_ascii=False)
    assert not answer.found
    assert not answer.sentences
    assert "36" not in told
    assert "9/10" not in told


def test_区县问得到本区的初评(case: Workspace) -> None:
    answer = ask(case.acting_as(CLERK), "B5 初评为什么扣分", district=DISTRICT, cycle=CYCLE)
    assert answer.found
    assert "核查" not in "".join(sentence.sentence for sentence in answer.sentences)


@pytest.mark.parametrize("name", ["邻水区", "清河区"])
@pytest.mark.parametrize("text", ["{}普惠率是多少", "跟{}比普惠率谁高", "{}离优秀差多少", "{}还缺什么材料"])
def test_别的区县_有没有材料都是同一句话_也不去查(
    case: Workspace, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("读了材料")

    for reader in ("ask_index", "answer_comparison", "answer_grade", "answer_missing"):
        monkeypatch.setattr(f"review.assistant.{reader}", never)
    for person in (EXPERT, CLERK):
        answer = ask(case.acting_as(person), text.format(name), district=DISTRICT, cycle=CYCLE)
        assert (answer.found, answer.searched, answer.sentences, answer.table) == (False, NOT_YOURS, (), None)


def test_一句里捎带问别的区_整句都不答(workspace: Workspace) -> None:
    acting = workspace.acting_as(CLERK)
    for text in ("因为要写对比材料，想看看邻水区普惠率的数", "我们普惠率多少？邻水区呢", "B5还缺什么，邻水区缺什么"):
        answer = ask(acting, text, district=DISTRICT, cycle=CYCLE)
        assert (answer.found, answer.sentences, answer.searched) == (False, (), NOT_YOURS)


def test_问方案里怎么对待各区_不算打听别的区(workspace: Workspace) -> None:
    answer = ask(workspace.acting_as(CLERK), "实地督导是抽几个区还是都来", district=DISTRICT, cycle=CYCLE)
    assert answer.found
    assert any("所有区县" in sentence.sentence for sentence in answer.sentences)


def test_各区比较只有督导办_列成表(workspace: Workspace) -> None:
    answer = ask(workspace.acting_as(OFFICE), "各区普惠率比较", cycle=CYCLE)
    assert answer.table is not None
    assert [(row.cells[0], row.cells[-1]) for row in answer.table.rows] == [("虚构区", "85%"), ("邻水区", "71.3%")]
    assert all(
        citation.quote in "普惠率）为85.0%71.3%" or "普惠率" in citation.quote
        for row in answer.table.rows
        for citation in row.citations
    )
    for person in (EXPERT, CLERK, Person("虚构管理员", "admin")):
        refused = ask(workspace.acting_as(person), "各区普惠率比较", district=DISTRICT, cycle=CYCLE)
        assert (refused.found, refused.table, refused.searched) == (False, None, NOT_YOURS)


def test_没有登记过的数据_两区材料的原话并排(workspace: Workspace) -> None:
    answer = ask(workspace.acting_as(OFFICE), "虚构邻水幼儿园种下银杏树各多少棵", cycle=CYCLE)
    assert (answer.kind, answer.found) == ("comparison", True)
    assert answer.table is not None
    assert [(row.cells[0], "银杏树" in row.cells[1]) for row in answer.table.rows] == [
        ("虚构区", True),
        ("邻水区", True),
    ]
    assert all(row.citations for row in answer.table.rows)
    assert any("原话" in note for note in answer.notes)
    assert not ask(workspace.acting_as(OFFICE), "虚构邻水图书馆无人机采购经费各多少万元", cycle=CYCLE).found
    refused = ask(workspace.acting_as(EXPERT), "虚构区邻水区幼儿园种下银杏树各多少棵", district=DISTRICT, cycle=CYCLE)
    assert (refused.found, refused.table, refused.searched) == (False, None, NOT_YOURS)


def test_点了名的两区各多少_就是比较(workspace: Workspace) -> None:
    answer = ask(workspace.acting_as(OFFICE), "普惠率虚构区邻水区各多少", cycle=CYCLE)
    assert answer.kind == "comparison"
    assert answer.table is not None
    assert {row.cells[-1] for row in answer.table.rows} == {"85%", "71.3%"}


def test_抽查了哪几个(case: Workspace) -> None:
    told = words(case, OFFICE, "抽查了哪几个二级指标")
    assert "B5“" in told
    assert "核查 36 分" in told


def test_督导办点名别的区就查那个区(workspace: Workspace) -> None:
    assert "71.3%" in words(workspace, OFFICE, "邻水区普惠率是多少")
    assert "71.3%" in words(workspace, OFFICE, "邻水区呢", earlier=("虚构区普惠率是多少",))


def test_上年问题_登记的和复查的(case: Workspace) -> None:
    for number, outcome in ((1, "整改到位"), (2, "未整改")):
        raise_problem(case, DISTRICT, CYCLE - 1, "B5-1", f"虚构问题{number}", "虚构反馈意见", "2018-12-31", "虚构科长")
        recheck(case, DISTRICT, CYCLE - 1, number, outcome, "2019-01-10", "虚构复查表", "虚构说明", "虚构科长")
    answer = ask(case.acting_as(OFFICE), "上年问题整改了吗？", district=DISTRICT, cycle=CYCLE)
    assert answer.about == "rectification"
    assert "2018 年度问题 2 项：复查整改到位 1 项，没有到位 1 项" in answer.sentences[0].sentence
    assert answer.table is not None
    assert [row.cells[2] for row in answer.table.rows] == ["整改到位", "未整改"]
    assert "案卷" not in "".join(
        s.sentence for s in ask(case.acting_as(CLERK), "上年问题整改了吗？", district=DISTRICT, cycle=CYCLE).sentences
    )


def test_期限_登记了的先说_没登记的说没有(workspace: Workspace) -> None:
    assert "还没有登记自查自评的截止日期" in words(workspace, CLERK, "自评什么时候截止？")
    open_year(workspace, CYCLE, [District(DISTRICT), District("邻水区")], "虚构科长")
    set_deadline(workspace, CYCLE, "self", "2019-04-20", "虚构科长")
    told = words(workspace, CLERK, "自评什么时候截止？现在到哪个阶段了")
    assert "2019年4月20日" in told
    assert "处于“自查自评”阶段" in told


def test_没有前文就反问(workspace: Workspace) -> None:
    answer = ask(workspace.acting_as(EXPERT), "那去年呢？", district=DISTRICT, cycle=CYCLE)
    assert (answer.found, answer.about) == (False, "unknown")
    assert len(answer.choices) >= 2
    followed = ask(workspace.acting_as(EXPERT), "那去年呢？", district=DISTRICT, cycle=CYCLE, earlier=("普惠率是多少",))
    assert "70.1%" in followed.sentences[0].sentence
    assert any("理解" in note for note in followed.notes)


def test_得分问哪个区县要说清(case: Workspace) -> None:
    answer = ask(case.acting_as(OFFICE), "离优秀还差多少？", cycle=CYCLE)
    assert answer.choices == ("虚构区离优秀还差多少？", "邻水区离优秀还差多少？")
