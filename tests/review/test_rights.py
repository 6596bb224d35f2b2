"""Every public function of review/ that touches the record has a rule, and the rules hold for every role and a second district."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import review
from review.errors import AccessError, NoDistrictChosenError, NotAllowedError, OtherDistrictError, UnknownDistrictError
from review.people import LOCAL, NOBODY, ROLE_WORDS, Person
from review.rights import RIGHTS, RULES, allowed, has_right, own_district, require, signer
from review.workspace import Workspace

FOLDER = Path(review.__file__ or "").parent
OURS, OTHERS = "云山区", "没有材料的区"
# Parameters through which a function can reach the record.
DOORS = {"Workspace", "Store", "Session", "Engine", "Settings"}

# Called by a function with a rule, for a workspace whose actor was checked; what needs an open session is one of them anyway.
INNER = {
    "review.bench_ask_side.streamed": "measured on a record of its own making; asks with a right",
    "review.bench_ask_side.warm": "measured on a record of its own making; asks with a right",
    "review.audit.heads_file": "a path",
    "review.examination.current_fingerprint": "of the rules, words and model; no district's material is in it",
    "review.examination.mapper_of": "the mapper; no district's material is in it",
    "review.jobs.alone": "the lock of the data folder; shows nothing",
    "review.jobs.lock_of": "the lock of the data folder; shows nothing",
    "review.jobs.work_through": "reads what was handed in with the right to; shows nothing",
    "review.mapping_decisions.model_file": "a path",
    "review.rights.own_district": "is itself a check",
    "review.signing.named_signer": "is itself a check",
}
# Still without a rule. This list may only become shorter.
NOT_CONVERTED: set[str] = set()


def modules() -> list[ModuleType]:
    """Every module of review/ and its packages but the commands, which only call them."""
    paths = [path.relative_to(FOLDER.parent).with_suffix("") for path in FOLDER.rglob("*.py")]
    wanted = [
        path.parts for path in paths if path.name not in ("__init__", "bootstrap") and "commands" not in path.parts
    ]
    return [importlib.import_module(".".join(parts)) for parts in sorted(wanted)]


modules()  # a rule is known once its module is imported


def reaching() -> dict[str, Callable[..., Any]]:
    """Public functions of review/ by full name that are given something through which the record can be reached."""
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(value) or value.__module__ != module.__name__:
                continue
            parameters = inspect.signature(value).parameters
            if "session" in parameters:
                continue  # who has a session has it from a function with a rule, or is found below
            words = {word for p in parameters.values() for word in _words(p.annotation)}
            if words & DOORS or "workspace" in parameters:
                found[f"{module.__name__}.{name}"] = value
    return found


def _words(annotation: object) -> set[str]:
    if not isinstance(annotation, str):
        return set()
    return {node.id for node in ast.walk(ast.parse(annotation)) if isinstance(node, ast.Name)}


def test_每个碰得到记录的函数都有规则() -> None:
    without = set(reaching()) - set(RULES) - set(INNER) - NOT_CONVERTED
    assert sorted(without) == []


def test_例外表里没有多余的() -> None:
    known = set(reaching())
    assert sorted((set(INNER) | NOT_CONVERTED) - known) == []
    assert sorted((set(INNER) | NOT_CONVERTED) & set(RULES)) == []


def test_新函数没有规则就会被发现(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("review.places")
    exec("from __future__ import annotations\ndef leak(workspace: Workspace, district: str) -> None: ...", vars(module))
    monkeypatch.setattr(module, "leak", module.leak, raising=False)
    try:
        assert "review.places.leak" in set(reaching()) - set(RULES)
    finally:
        del module.leak


def test_程序里没有别的地方自己打开记录() -> None:
    """Modules of review/ that open the record by themselves have no parameter to be found by."""
    openers = [
        path.name
        for path in sorted(FOLDER.rglob("*.py"))
        if path.name != "workspace.py"
        and not path.name.startswith("bench_")  # measured on a record of its own making
        and "open_store(" in path.read_text(encoding="utf-8")
    ]
    assert openers == []


def test_页面和命令不自己打开数据库() -> None:
    root = FOLDER.parent
    openers = {
        path.name
        for path in (root / "app.py", *sorted((root / "ui").rglob("*.py")), *sorted((FOLDER / "commands").glob("*.py")))
        if re.search(r"\.session\(\)|\.store\b", path.read_text(encoding="utf-8"))
    }
    assert sorted(openers) == []


def people() -> list[Person]:
    return [
        LOCAL,
        NOBODY,
        *(
            Person(f"虚构{role}", role, frozenset({OURS}) if role in ("district", "expert") else frozenset())
            for role in ("district", "expert", "office", "admin")
        ),
    ]


def arguments(function: Callable[..., Any], district: str) -> dict[str, Any]:
    """Arguments that get past no check of content; rights come before it."""
    values: dict[str, Any] = {}
    for name, parameter in list(inspect.signature(function).parameters.items())[1:]:
        if name == "district":
            values[name] = district
        elif parameter.default is inspect.Parameter.empty and parameter.kind is not inspect.Parameter.VAR_POSITIONAL:
            values[name] = None
    return values


@pytest.fixture
def two_districts(workspace: Workspace) -> None:
    """A stored document in each of two districts, the other one's in a later year."""
    from datetime import UTC, datetime

    from ingest.tables import Document, Page

    with workspace.store.session() as session:
        for district, cycle, file in ((OURS, 2019, "甲.txt"), ("山水区", 2020, "乙.txt")):
            page = Page(number=1, label="第 1 页", state="text", text="虚构")
            session.add(
                Document(
                    district=district, cycle=cycle, file=file, sha256=file * 8, size=1, state="indexed", pages=[page],
                    ingested_at=datetime.now(UTC),
                )
            )  # fmt: skip


@pytest.mark.parametrize("name", sorted(RULES))
def test_没有权限的角色一律被拒(name: str, workspace: Workspace) -> None:
    function = reaching().get(name)
    if function is None:
        pytest.skip("在测试里定义的")
    refused = 0
    for person in people():
        if has_right(person, RULES[name].right):
            continue
        with pytest.raises(NotAllowedError):
            function(workspace.acting_as(person), **arguments(function, OURS))
        refused += 1
    assert refused or RULES[name].right == "sign_in"
    assert "store" not in vars(workspace)  # refused before the record was even opened


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if rule.of_district))
def test_别的区县一律被拒_有没有材料都是同一句话(name: str, workspace: Workspace) -> None:
    function = reaching().get(name)
    if function is None:
        pytest.skip("在测试里定义的")
    for person in people():
        if not person.is_bound or not has_right(person, RULES[name].right):
            continue
        with pytest.raises(OtherDistrictError) as refused:
            function(workspace.acting_as(person), **arguments(function, OTHERS))
        assert refused.value.own == (OURS,)
    assert "store" not in vars(workspace)


@pytest.mark.parametrize("name", sorted(name for name, rule in RULES.items() if rule.of_district))
def test_不写区县时不能看到全部(name: str, workspace: Workspace) -> None:
    function = reaching().get(name)
    if function is None:
        pytest.skip("在测试里定义的")
    if RULES[name].filters or inspect.signature(function).parameters["district"].default is not None:
        return
    for person in people():
        if person.is_bound and has_right(person, RULES[name].right):
            with pytest.raises(NoDistrictChosenError):
                function(workspace.acting_as(person), **(arguments(function, OURS) | {"district": None}))


def test_权限表对每个角色都说得清() -> None:
    for right, entry in RIGHTS.items():
        assert "local" in entry.roles, right
        assert entry.roles <= set(ROLE_WORDS)
        assert entry.words
    assert not any(has_right(NOBODY, right) for right in RIGHTS if right != "sign_in")
    decides = ("confirm", "give_points", "arbitrate", "find_annex1", "settle_terms", "decide", "record_case")
    assert not any(has_right(Person("管理员", "admin"), right) for right in decides)
    assert not any(has_right(Person("甲", "district"), right) for right in (*decides, "read_panels", "read_sample"))


def test_只能以自己的名义签() -> None:
    expert = Person("虚构甲", "expert", frozenset({OURS}))
    assert signer(expert, " 虚构甲 ") == signer(expert, "") == "虚构甲"
    with pytest.raises(NotAllowedError, match="以“虚构乙”的名义"):
        signer(expert, "虚构乙")
    assert signer(LOCAL, "虚构乙") == "虚构乙"


def test_负责一个区县的人不必写区县_几个的要选(workspace: Workspace) -> None:
    one, two = Person("甲", "district", frozenset({OURS})), Person("乙", "expert", frozenset({OURS, "山水区"}))
    none = Person("丙", "expert")
    assert own_district(workspace.acting_as(one), None) == OURS
    assert own_district(workspace, None) is None
    for person in (two, none):
        with pytest.raises(NoDistrictChosenError):
            own_district(workspace.acting_as(person), None)
    with pytest.raises(OtherDistrictError):
        own_district(workspace.acting_as(two), "第三区")
    with pytest.raises(AccessError):
        require(none, "read_evidence", OURS)


def test_函数自己要行为人时给它_并以他的权限检查(workspace: Workspace) -> None:
    @allowed("decide")
    def acted(workspace: Workspace, district: str, *, actor: Person | None = None) -> tuple[str, str]:
        assert actor is not None
        return actor.name, workspace.actor.name

    try:
        office = Person("虚构主任", "office")
        assert acted(workspace, OURS) == (LOCAL.name, LOCAL.name)
        assert acted(workspace, OURS, actor=office) == ("虚构主任", "虚构主任")
        with pytest.raises(NotAllowedError):
            acted(workspace, OURS, actor=Person("甲", "district", frozenset({OURS})))
        with pytest.raises(NotAllowedError):
            acted(workspace.acting_as(NOBODY), OURS)
    finally:
        del RULES[f"{__name__}.{acted.__qualname__}"]
    with pytest.raises(TypeError):
        allowed("decide")(lambda district: district)


def test_两个区县的库里只看得到自己的(workspace: Workspace, two_districts: None) -> None:
    from review.documents import list_documents, stored_text
    from review.errors import UnknownDocumentError

    clerk = workspace.acting_as(Person("甲", "district", frozenset({OURS})))
    assert clerk.districts() == [(OURS, 2019)]
    assert clerk.newest_cycle() == 2019
    assert {district for district, _ in workspace.districts()} == {OURS, "山水区"}
    assert [document.file for document in list_documents(clerk)] == ["甲.txt"]
    told = []
    for name in ("乙.txt", "没有.txt"):
        with pytest.raises(UnknownDocumentError) as refused:
            stored_text(clerk, name)
        told.append(str(refused.value).replace(name, ""))
    assert len(set(told)) == 1
    told = []
    for name in ("山水区", "无此区"):
        with pytest.raises(UnknownDistrictError) as unknown:
            clerk.locate(name)
        told.append(str(unknown.value).replace(name, ""))
    assert len(set(told)) == 1
    assert workspace.newest_cycle() == 2020


def test_打分未齐时只看得到自己的(workspace: Workspace) -> None:
    from review.reviewers import give_points, panels

    one, two = (Person(name, "expert", frozenset({OURS})) for name in ("虚构甲", "虚构乙"))
    give_points(workspace.acting_as(one), OURS, 2019, "B5", "虚构甲", "30")
    for person in (two, Person("虚构主任", "office")):
        (panel,) = panels(workspace.acting_as(person), OURS, 2019, viewer="虚构甲")
        assert panel.given == ()
    (panel,) = panels(workspace.acting_as(one), OURS, 2019)
    assert [given.expert for given in panel.given] == ["虚构甲"]
    with pytest.raises(NotAllowedError, match="以“虚构甲”的名义"):
        give_points(workspace.acting_as(two), OURS, 2019, "B6", "虚构甲", "30")


def test_提问不写区县时只问自己的(workspace: Workspace, two_districts: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from retrieval.answer import Answer
    from review import assistant

    asked: list[Any] = []

    def remember(*_: Any, district: str | None, **__: Any) -> Answer:
        asked.append(district)
        return Answer("evidence", False, (), "")

    monkeypatch.setattr(assistant, "ask_index", remember)
    monkeypatch.setattr(Workspace, "index", type("Index", (), {"warm_up": lambda self: None})())
    question = "普惠率达到多少？"
    assistant.ask(workspace.acting_as(Person("甲", "district", frozenset({OURS}))), question)
    assistant.ask(workspace, question)
    assert asked == [OURS, None]
    with pytest.raises(NoDistrictChosenError):
        assistant.ask(workspace.acting_as(Person("乙", "expert", frozenset({OURS, "山水区"}))), question)


def test_跨区县比对只有市督导办(workspace: Workspace) -> None:
    from review.copies import find_copies

    assert find_copies(workspace.acting_as(Person("虚构主任", "office"))) == []
    for person in people():
        if person.role not in ("office", "local"):
            with pytest.raises(AccessError):
                find_copies(workspace.acting_as(person))
