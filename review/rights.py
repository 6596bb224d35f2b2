"""Who may do what: one table, and the mark by which every function that touches the record says which right it needs.

A function marked with `allowed` is refused to a person whose role lacks the right, and for a district that is not his, before
anything is read: the refusal is the same sentence and the same work whether that district has material or not.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, ParamSpec, TypeVar, cast

from review.errors import NoDistrictChosenError, NotAllowedError, OtherDistrictError
from review.people import ROLE_WORDS, Person, Role
from review.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")

Right = Literal[
    "sign_in", "read_rules", "read_evidence", "hand_in", "confirm", "give_points", "arbitrate", "read_panels", "read_case",
    "record_case", "draw_sample", "read_sample", "find_annex1", "settle_terms", "decide", "read_decisions", "write_feedback",
    "compare_districts", "manage_accounts", "read_log", "maintain", "keep_year", "enter_self_points", "submit", "reopen",
    "rectify", "recheck", "assign", "enter_results", "award_bonus", "approve",
    "issue_papers", "read_issued",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table. words : the right as a person reads it; roles : who has it."""

    words: str
    roles: frozenset[Role]


def _entry(words: str, *roles: Role) -> Entry:
    # The local operator has the data folder itself in his hands; withholding a right from him would only pretend.
    return Entry(words, frozenset({*roles, "local"}))


# The whole table. Admin looks after accounts and the machine and may look at what is wrong, but gives, confirms and decides nothing.
RIGHTS: dict[Right, Entry] = {
    "sign_in": _entry("登录", "nobody", "district", "expert", "office", "admin"),
    "read_rules": _entry("查看方案、约定和参数", "district", "expert", "office", "admin"),
    "read_evidence": _entry("查看材料、检索、完整性与初评", "district", "expert", "office", "admin"),
    "hand_in": _entry("导入材料", "district", "office"),
    "confirm": _entry("确认佐证与数据", "expert", "office"),
    "give_points": _entry("专家打分", "expert"),
    "arbitrate": _entry("仲裁", "office"),
    "read_panels": _entry("查看专家打分", "expert", "office"),
    "read_case": _entry("查看案卷", "expert", "office", "admin"),
    "record_case": _entry("登记案卷", "office"),
    "draw_sample": _entry("抽样与登记替补", "office"),
    "read_sample": _entry("查看抽样名单", "expert", "office", "admin"),
    "find_annex1": _entry("认定附件 1 各条", "office"),
    "settle_terms": _entry("登记约定和参数的决定", "office"),
    "decide": _entry("作出认定", "office"),
    "read_decisions": _entry("查看与复算认定决定", "office", "admin"),
    "write_feedback": _entry("查看与起草反馈意见", "expert", "office"),
    "compare_districts": _entry("在各区县之间比对", "office"),
    "manage_accounts": _entry("管理账号", "admin"),
    "read_log": _entry("查看与核对操作记录", "office", "admin"),
    "maintain": _entry("维护索引与数据", "admin"),
    "keep_year": _entry("安排评价年度、区县、阶段、期限与应交材料", "office"),
    "enter_self_points": _entry("填报自评得分", "district", "office"),
    "submit": _entry("提交（锁定）", "district"),
    "reopen": _entry("退回重开", "office"),
    "rectify": _entry("填报整改", "district", "office"),
    "recheck": _entry("复查整改", "office"),
    "assign": _entry("指派专家", "office"),
    "enter_results": _entry("登记核查结果", "expert", "office"),
    "award_bonus": _entry("评定加分", "office"),
    "approve": _entry("登记市政府审定", "office"),
    "issue_papers": _entry("签发文书", "office"),
    "read_issued": _entry("查看已签发的文书", "district", "expert", "office"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What a marked function declares. filters : it keeps its own queries to the person's districts when none is named."""

    right: Right
    filters: bool
    of_district: bool


# Every marked function by module and qualified name.
RULES: dict[str, Rule] = {}


def has_right(person: Person, right: Right) -> bool:
    """Whether the person's role has the right."""
    return person.role in RIGHTS[right].roles


def require(person: Person, right: Right, district: str | None = None) -> None:
    """Raises NotAllowedError without the right, OtherDistrictError for a district that is not the person's."""
    if not has_right(person, right):
        raise NotAllowedError(ROLE_WORDS[person.role], RIGHTS[right].words)
    if district is not None and not person.sees(district):
        raise OtherDistrictError(district, sorted(person.districts))


def signer(person: Person, by: str) -> str:
    """The name that is signed: the person's own, which `by` has to be where it is given; the local operator writes any name down.

    Raises NotAllowedError for somebody else's name.
    """
    by = by.strip()
    if person.role == "local" or by in ("", person.name):
        return by if person.role == "local" else person.name
    raise NotAllowedError(ROLE_WORDS[person.role], f"以“{by}”的名义签署")


def allowed(right: Right, *, filters: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Marks a function whose first parameter is the workspace: it is run only for a person who has the right.

    Where it has a parameter `district`, that district has to be the person's; None there (every district) is refused to a
    person who is bound to some, unless the function says that it filters. Where it has a parameter `actor`, that person
    acts instead of the workspace's; left out, the workspace's own is handed in.
    """

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        names = list(signature.parameters)
        if not names or names[0] != "workspace":
            raise TypeError(f"{function.__qualname__}: the first parameter has to be the workspace")
        of_district, takes_actor = "district" in names, "actor" in names
        RULES[f"{function.__module__}.{function.__qualname__}"] = Rule(right, filters, of_district)

        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> R:
            given = signature.bind(*args, **kwargs)
            values: dict[str, Any] = given.arguments
            workspace = cast(Workspace, values["workspace"])
            if takes_actor:
                person = values.get("actor") or workspace.actor
                values["actor"] = person
                values["workspace"] = workspace = workspace.acting_as(person)
            district = values.get("district") if of_district else None
            require(workspace.actor, right, district)
            if of_district and district is None and not filters and workspace.actor.is_bound:
                raise NoDistrictChosenError(sorted(workspace.actor.districts))
            return function(*given.args, **given.kwargs)

        return run

    return mark


def own_district(workspace: Workspace, district: str | None) -> str | None:
    """The district meant: of a person with one district that one where none is named. None = every district, for who sees all.

    Raises OtherDistrictError, NoDistrictChosenError.
    """
    person = workspace.actor
    if district is None and person.is_bound:
        district = person.only_district
        if district is None:
            raise NoDistrictChosenError(sorted(person.districts))
    if district is not None and not person.sees(district):
        raise OtherDistrictError(district, sorted(person.districts))
    return district
