"""Every command for every role and for a second district: refused, or kept to the person's own; nothing in between shows."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from review.cli import main
from review.people import Role
from review.rights import RIGHTS, has_right
from review.workspace import Settings, Workspace
from tests.access.command_rules import COMMANDS, MEASURING, Access, command_of, leaves, without_district
from tests.access.conftest import Filled
from tests.access.two_districts import (
    MARK,
    NO_FILE,
    NOWHERE,
    OTHER_FILE,
    OTHERS,
    OURS,
    OWN_FILE,
    PASSWORD,
    ROLES,
    TALKS,
    THEIR_TALK,
    case_of,
    person,
    words_of,
)

REFUSED = "的权限。请由有这项权限的人办理"
BOUND: tuple[Role, ...] = ("district", "expert")


def test_每个命令都写明要哪项权限() -> None:
    assert {command_of(path) for path in COMMANDS} | MEASURING == leaves()
    assert {right for rule in COMMANDS.values() for right in rule.rights} <= set(RIGHTS)


def test_新命令没有写就会被发现(monkeypatch: pytest.MonkeyPatch) -> None:
    import click

    from review.cli import edureview

    monkeypatch.setitem(edureview.commands, "leak", click.Command("leak"))
    assert leaves() - {command_of(path) for path in COMMANDS} - MEASURING == {"leak"}


class Person:
    """Types commands under one account; keeps what was printed and counts what was asked of the database."""

    def __init__(self, role: Role, values: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
        self.role, self.values, self._capsys = role, values | {"me": ROLES[role], "talk": TALKS[role]}, capsys
        self.statements: list[str] = []
        self.code, self.out, self.err = 0, "", ""

    def __call__(self, *words: str) -> str:
        """What was told: both streams and every written file."""
        self._capsys.readouterr()
        with _statements() as self.statements:
            self.code = main(["--as", ROLES[self.role], *words])
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return "\n".join((self.out, self.err, *self.written()))

    def written(self) -> list[str]:
        """Name and content of every file in the output folder."""
        folder = Path(self.values["folder"])
        return [f"{path.name}\n{words_of(path)}" for path in sorted(folder.rglob("*")) if path.is_file()]


@contextmanager
def _statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


@pytest.fixture
def values(filled: Filled, own_copy: Path, tmp_path: Path) -> dict[str, str]:
    """The files and keys the commands are called with."""
    from review.field_results import to_check

    workspace = Workspace(Settings(own_copy))
    folder = tmp_path / "out"
    folder.mkdir()
    files = {
        "new": ("新材料.txt", "虚构：2018 年新建学校 3 所。"),
        "case": ("案卷.yaml", case_of(workspace, OURS)),
        "passages": ("段落.jsonl", json.dumps({"id": "1", "text": "虚构：普惠率"}, ensure_ascii=False)),
        "list": ("名单.yaml", "title: 虚构\ndistricts:\n  - name: 云山区\n"),
        "password": ("口令.txt", PASSWORD + "\n"),
        "sheet": ("得分表.csv", "不是表"),
    }
    paths = {}
    for key, (name, text) in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        paths[key] = str(tmp_path / name)
    drawn = to_check(workspace, OURS, 2019)[0]
    workspace.store.engine.dispose()
    return paths | filled.keys | {
        "folder": str(folder), "missing": str(tmp_path / "没有.jsonl"), "ours": OURS, "drawn": drawn, "district": OURS,
    }  # fmt: skip


def lacking(path: str, rule: Access) -> list[tuple[str, Role]]:
    return [(path, role) for role in ROLES if not all(has_right(person(role), right) for right in rule.rights)]


def having(path: str, rule: Access, roles: tuple[Role, ...] = tuple(ROLES)) -> list[tuple[str, Role]]:
    return [(path, role) for role in roles if rule.rights and all(has_right(person(role), r) for r in rule.rights)]


def typed(path: str, rule: Access, values: dict[str, str], district: str = OURS) -> list[str]:
    return rule.words(command_of(path), values | {"district": district})


@pytest.mark.model
@pytest.mark.parametrize(("path", "role"), [pair for path, rule in COMMANDS.items() for pair in lacking(path, rule)])
def test_没有权限的角色_什么也没有看到_什么也没有写下(
    path: str, role: Role, values: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    act, rule = Person(role, values, capsys), COMMANDS[path]
    before = _record(values)
    act(*typed(path, rule, act.values))
    assert act.code == 1
    assert REFUSED in act.err or (path == "findings --all-districts" and role in BOUND)
    assert act.out == ""
    assert act.written() == []
    assert _record(values) == before
    if rule.of_district and role in BOUND:
        act(*typed(path, rule, act.values, OTHERS))
        of_other = (act.code, act.out, act.err.replace(OTHERS, "某区"), len(act.statements))
        act(*typed(path, rule, act.values, NOWHERE))
        assert of_other == (act.code, act.out, act.err.replace(NOWHERE, "某区"), len(act.statements))


def _record(values: dict[str, str]) -> list[str]:
    """Every row of every table."""
    from sqlalchemy import select

    from ingest.tables import Base

    workspace = Workspace(Settings.from_env())
    with workspace.store.session() as session:
        rows = [str(row) for table in Base.metadata.sorted_tables for row in session.execute(select(table))]
    workspace.store.engine.dispose()
    return rows


@pytest.mark.model
@pytest.mark.parametrize(("path", "role"), [pair for path, rule in COMMANDS.items() for pair in having(path, rule)])
def test_有权限的角色不因权限被拒_负责一个区县的人看不到别的区县(
    path: str, role: Role, values: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    act, rule = Person(role, values, capsys), COMMANDS[path]
    words = typed(path, rule, act.values)
    if role != "office":
        words = [ROLES[role] if one == ROLES["office"] else one for one in words]
    told = act(*words)
    assert REFUSED not in act.err, act.err
    if role in BOUND:
        assert MARK not in told
    if rule.whole:
        told = act(*without_district(words))
        assert REFUSED not in act.err
        assert (MARK in told) <= (role not in BOUND)


@pytest.mark.model
@pytest.mark.parametrize(
    ("path", "role"),
    [pair for path, rule in COMMANDS.items() if rule.of_district for pair in having(path, rule, BOUND)],
)
def test_别的区县_有没有材料都是同一句话_同样的查询(
    path: str, role: Role, values: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    act, rule = Person(role, values, capsys), COMMANDS[path]
    answers = []
    for district in (OTHERS, NOWHERE):
        told = act(*typed(path, rule, act.values, district))
        assert act.code == 1
        assert act.out == ""
        assert act.written() == []
        answers.append((told.replace(district, "某区"), act.statements))
    assert answers[0][0] == answers[1][0]
    assert answers[0][1] == answers[1][1], "查询的句子和次数也相同，时间才说不出什么"
    assert MARK not in answers[0][0]


# What names a thing of the other district, beside a name that names nothing: (command, thing of theirs, of nobody).
PROBES = [
    ("text", f"text {OTHER_FILE}", f"text {NO_FILE}"),
    ("text sha", "text {sha_others}", "text 0123456789ab"),
    ("search --document", f"search 覆盖率 --document {OTHER_FILE}", f"search 覆盖率 --document {NO_FILE}"),
    ("ask 文件", f"ask {OTHER_FILE}里写了什么", f"ask {NO_FILE}里写了什么"),
    ("rectification evidence", f"rectification evidence --district {OURS} --number 1 --file {OTHER_FILE}", f"rectification evidence --district {OURS} --number 1 --file {NO_FILE}"),
    ("confirm link", f"confirm link --district {OURS} --passage {{passage_others}} --item B5-5 --by {{me}}", f"confirm link --district {OURS} --passage 0123456789abcdef-1-0-69 --item B5-5 --by {{me}}"),
    ("confirm fact", f"confirm fact --district {OURS} --passage {{passage_others}} --metric puhui_rate --value 94.94 --by {{me}}", f"confirm fact --district {OURS} --passage 0123456789abcdef-1-0-69 --metric puhui_rate --value 94.94 --by {{me}}"),
    ("result enter", f"result enter --district {OURS} --cycle 2019 --key {{drawn}} --points 1 --paper {OTHER_FILE}", f"result enter --district {OURS} --cycle 2019 --key {{drawn}} --points 1 --paper {NO_FILE}"),
]  # fmt: skip
PROBES += [
    (f"conversation {verb}", f"conversation {verb} {THEIR_TALK}{rest}", f"conversation {verb} 94{rest}")
    for verb, rest in (("show", ""), ("export", " -o {folder}/对话.docx"), ("judge", " 1 wrong"))
]
PROBES.append(("ask --conversation", f"ask 那去年呢 --conversation {THEIR_TALK}", "ask 那去年呢 --conversation 94"))
NAMES = (OTHER_FILE, NO_FILE)


@pytest.mark.model
@pytest.mark.parametrize("role", BOUND)
@pytest.mark.parametrize(("theirs", "nobodys"), [pair[1:] for pair in PROBES], ids=[pair[0] for pair in PROBES])
def test_叫得出名字也没有用(
    theirs: str, nobodys: str, role: Role, values: dict[str, str], filled: Filled, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    act = Person(role, values, capsys)
    answers = []
    for words in (theirs, nobodys):
        home = tmp_path / f"copy{len(answers)}"
        shutil.copytree(filled.home, home)
        monkeypatch.setenv("EDUREVIEW_HOME", str(home))
        typed_words = [part.format(**act.values) for part in words.split()]
        told = act(*typed_words)
        for part in typed_words:
            for name in (part, *NAMES):
                told = told.replace(name, "某")
        answers.append((act.code, told, len(act.statements)))
    assert answers[0][:2] == answers[1][:2]
    assert MARK not in answers[0][1]
    if not theirs.startswith(("ask 机密", "search", "result")):
        assert answers[0][2] == answers[1][2]


@pytest.mark.model
def test_自己的材料都看得到(values: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    """The same commands do show what there is: a test that sees nothing at all would pass the others."""
    act = Person("office", values, capsys)
    shows = ("documents", "facts", "self-points show", "rectification list", "panel show", "annex1", "result list", "assign list", "confirm list")  # fmt: skip
    for path in shows:
        told = act(*typed(path, COMMANDS[path], act.values, OTHERS))
        assert MARK in told.replace(OTHERS, ""), path
    assert OWN_FILE in Person("district", values, capsys)("documents")
