"""Accounts: who may be made, what a password has to be like, and that nobody locks himself out of the administration."""

from __future__ import annotations

import pytest

from review.accounts import (
    accounts,
    add_account,
    change_account,
    disable_account,
    has_accounts,
    person_named,
    set_password,
)
from review.audit import acts
from review.errors import AccountError, NotAllowedError, PasswordRuleError
from review.passwords import check_rules, hashed, is_right
from review.people import NOBODY, Person
from review.workspace import Workspace

GOOD = "九曲黄河万里沙-77"


def test_新建的账号能列出_密码不在其中(workspace: Workspace) -> None:
    assert not has_accounts(workspace)
    add_account(workspace, " 虚构甲 ", "district", GOOD, districts=["云山区", "云山区", " "])
    (account,) = accounts(workspace)
    assert (account.name, account.role, account.districts, account.state) == (
        "虚构甲",
        "district",
        ("云山区",),
        "active",
    )
    assert has_accounts(workspace.acting_as(NOBODY))
    told = "".join(str(act.to_json()) for act in acts(workspace))
    assert "account_added" in told
    assert GOOD not in told
    assert "argon2" not in told


@pytest.mark.parametrize(
    ("name", "role", "districts", "words"),
    [
        ("", "office", [], "姓名要有"),
        ("甲\u202e乙", "office", [], "姓名要有"),
        ("虚" * 31, "office", [], "姓名要有"),
        ("本机操作员", "admin", [], "程序自己用"),
        ("虚构乙", "chief", [], "没有“chief”这种角色"),
        ("虚构乙", "district", [], "要写明负责哪些区县"),
        ("虚构乙", "office", ["云山区"], "不用写区县"),
    ],
)
def test_不成的账号说明原因(workspace: Workspace, name: str, role: str, districts: list[str], words: str) -> None:
    with pytest.raises(AccountError, match=words):
        add_account(workspace, name, role, GOOD, districts=districts)
    assert not has_accounts(workspace)


def test_同名和同一外部账号都不能再建(workspace: Workspace) -> None:
    add_account(workspace, "虚构甲", "office", GOOD, external="A@Example.test")
    with pytest.raises(AccountError, match="已有名为"):
        add_account(workspace, "虚构甲", "admin", GOOD)
    with pytest.raises(AccountError, match="已经有账号"):
        add_account(workspace, "虚构乙", "admin", external="a@example.test")


def test_最后一个管理员不能停用也不能改作别的(workspace: Workspace) -> None:
    add_account(workspace, "虚构甲", "admin", GOOD)
    add_account(workspace, "虚构乙", "office", GOOD)
    with pytest.raises(AccountError, match="最后一个管理员"):
        disable_account(workspace, "虚构甲")
    with pytest.raises(AccountError, match="最后一个管理员"):
        change_account(workspace, "虚构甲", role="office")
    assert [account.state for account in accounts(workspace)] == ["active", "active"]
    disable_account(workspace, "虚构乙")
    with pytest.raises(AccountError, match="已停用"):
        person_named(workspace, "虚构乙", "测试")
    change_account(workspace, "虚构乙", enable=True)
    assert person_named(workspace, "虚构乙", "测试").role == "office"


def test_只有管理员和本机操作员管账号(workspace: Workspace) -> None:
    for role in ("district", "expert", "office"):
        with pytest.raises(NotAllowedError, match="管理账号"):
            set_password(workspace.acting_as(Person("某人", role)), "虚构甲", GOOD)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("短密码一二三", "少于 10 个字符"),
        ("一" * 201, "多于 200 个字符"),
        ("aaaaaaaaaabb", "不同的字符不到 5 个"),
        ("1234567890", "连续的字符"),
        ("0987654321", "连续的字符"),
        ("zyxwvutsrqp", "连续的字符"),
        ("我是虚构甲没有别人", "含有姓名"),
        ("Password2024!", "常见的密码"),
    ],
)
def test_容易猜到的密码不收(password: str, words: str) -> None:
    with pytest.raises(PasswordRuleError, match=words):
        check_rules(password, "虚构甲")


def test_刚够长的密码可用_超长的不会被当成对的() -> None:
    check_rules("一二三四五六七八九十", "虚构甲")
    kept = hashed("一二三四五六七八九十")
    assert is_right(kept, "一二三四五六七八九十")
    assert not is_right(kept, "一二三四五六七八九")
    assert not is_right("", "nobody has this password")
    longest = "甲乙丙丁戊" * 40
    assert is_right(hashed(longest), longest)
    assert not is_right(hashed(longest), longest + "己")
