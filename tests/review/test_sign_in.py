"""Signing in: sessions that last and end, the lock after repeated failures, and nothing that tells who has an account."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from ingest.tables_people import FailedSignIn, PersonRow, SessionRow
from review import sign_in as module
from review.accounts import add_account, change_account, disable_account, set_password
from review.audit import acts
from review.errors import SignInError
from review.people import LOCAL, NOBODY
from review.sign_in import IDLE, LOCK_MINUTES, LONGEST, TRIES, person_of, sign_in, sign_in_external, sign_out
from review.workspace import Workspace

GOOD, OTHER = "九曲黄河万里沙-77", "浪淘风簸自天涯-88"
NOON = datetime(2026, 3, 2, 12)


@pytest.fixture
def page(workspace: Workspace) -> Workspace:
    """What the sign-in page works with, with one account."""
    add_account(workspace, "虚构甲", "expert", GOOD, districts=["云山区"], external="jia@example.test")
    return workspace.acting_as(NOBODY)


def fail(page: Workspace, name: str, now: datetime = NOON) -> str:
    with pytest.raises(SignInError) as refused:
        sign_in(page, name, "不是这个密码一二三", now=now)
    return str(refused.value)


def test_登录后凭令牌认出人_退出后不再认(page: Workspace) -> None:
    signed = sign_in(page, "虚构甲", GOOD, now=NOON)
    found = person_of(page, signed.token, now=NOON)
    assert found == signed.person
    assert found is not None
    assert (found.role, found.districts) == ("expert", frozenset({"云山区"}))
    sign_out(page, signed.token, now=NOON)
    assert person_of(page, signed.token, now=NOON) is None
    assert person_of(page, "别的令牌", now=NOON) is None
    assert [act.act for act in acts(page.acting_as(LOCAL))][-2:] == ["signed_in", "signed_out"]


def test_库里没有令牌本身(page: Workspace) -> None:
    signed = sign_in(page, "虚构甲", GOOD, now=NOON)
    connection = sqlite3.connect(page.settings.home / "edureview.sqlite3")
    everything = "".join(connection.iterdump())
    connection.close()
    assert "sessions" in everything
    assert signed.token not in everything
    assert GOOD not in everything


def test_到时间就要重新登录(page: Workspace) -> None:
    signed = sign_in(page, "虚构甲", GOOD, now=NOON)
    assert person_of(page, signed.token, now=NOON + IDLE - timedelta(seconds=1)) is not None
    # The look above counts as activity.
    assert person_of(page, signed.token, now=NOON + 2 * IDLE - timedelta(seconds=2)) is not None
    assert person_of(page, signed.token, now=NOON + 3 * IDLE) is None
    again = sign_in(page, "虚构甲", GOOD, now=NOON)
    moment = NOON
    while moment < NOON + LONGEST - timedelta(hours=1):
        moment += timedelta(hours=1)
        assert person_of(page, again.token, now=moment) is not None
    assert person_of(page, again.token, now=NOON + LONGEST) is None


def test_停用_改权限_改密码都让现有的登录失效(workspace: Workspace, page: Workspace) -> None:
    for change in (
        lambda: set_password(workspace, "虚构甲", OTHER),
        lambda: set_password(workspace, "虚构甲", GOOD),
        lambda: change_account(workspace, "虚构甲", districts=["山水区"]),
        lambda: disable_account(workspace, "虚构甲"),
    ):
        with workspace.store.session() as session:
            known = session.scalar(select(PersonRow.password_hash))
        password = OTHER if known and module.is_right(known, OTHER) else GOOD
        signed = sign_in(page, "虚构甲", password)
        assert person_of(page, signed.token) is not None
        change()
        assert person_of(page, signed.token) is None
    with pytest.raises(SignInError):
        sign_in(page, "虚构甲", GOOD)


def test_无论什么原因都是同一句话_库里留下的也一样(workspace: Workspace, page: Workspace) -> None:
    add_account(workspace, "虚构乙", "office", GOOD)
    disable_account(workspace, "虚构乙")
    told = {fail(page, name) for name in ("虚构甲", "没有此人", "虚构乙", "", "x" * 10_000)}
    assert len(told) == 1
    with workspace.store.session() as session:
        assert set(session.scalars(select(FailedSignIn.count))) == {1}
    for name in ("虚构甲", "没有此人"):
        for _ in range(TRIES):
            told.add(fail(page, name))
    assert len(told) == 1
    assert [act.act for act in acts(workspace)].count("locked") == 2
    assert "没有此人" not in str([act.to_json() for act in acts(workspace)])


def test_未知的姓名也要算同样多的散列(page: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    real = module.is_right
    monkeypatch.setattr(module, "is_right", lambda kept, tried: done.append(kept) or real(kept, tried))
    for name in ("虚构甲", "没有此人"):
        for _ in range(TRIES + 1):
            fail(page, name)
    assert len(done) == 2 * (TRIES + 1)
    assert [bool(kept) for kept in done] == [True] * (TRIES + 1) + [False] * (TRIES + 1)


def test_连续输错后暂停_过了时间才能再登录(page: Workspace) -> None:
    for _ in range(TRIES - 1):
        fail(page, "虚构甲")
    assert sign_in(page, "虚构甲", GOOD, now=NOON)
    for _ in range(TRIES):
        fail(page, "虚构甲")
    with pytest.raises(SignInError):
        sign_in(page, "虚构甲", GOOD, now=NOON + timedelta(minutes=LOCK_MINUTES))
    assert sign_in(page, "虚构甲", GOOD, now=NOON + timedelta(minutes=LOCK_MINUTES, seconds=1))


def test_统一身份认证只认登记过的启用账号(workspace: Workspace, page: Workspace) -> None:
    assert sign_in_external(page, "JIA@example.test").person.name == "虚构甲"
    for unknown in ("yi@example.test", "", " "):
        with pytest.raises(SignInError):
            sign_in_external(page, unknown)
    disable_account(workspace, "虚构甲")
    with pytest.raises(SignInError):
        sign_in_external(page, "jia@example.test")


def test_只有外部账号的人不能用空密码登录(workspace: Workspace) -> None:
    add_account(workspace, "虚构丙", "office", external="bing@example.test")
    for password in ("", "nobody has this password"):
        with pytest.raises(SignInError):
            sign_in(workspace.acting_as(NOBODY), "虚构丙", password)


def test_核对密码时密码被改了就不算登录(page: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    real = module.is_right

    def changed_meanwhile(kept: str, tried: str) -> bool:
        with page.store.session() as session:
            session.execute(update(PersonRow).values(password_hash="别的"))
        return real(kept, tried)

    monkeypatch.setattr(module, "is_right", changed_meanwhile)
    with pytest.raises(SignInError):
        sign_in(page, "虚构甲", GOOD)
    with page.store.session() as session:
        assert session.scalars(select(SessionRow)).all() == []
