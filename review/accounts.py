"""Accounts: made, listed, changed and disabled by an administrator; never deleted, since what a person did keeps his name."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from ingest.tables_people import PersonRow, SessionRow
from review.audit import write_act
from review.errors import AccountError
from review.passwords import check_rules, hashed
from review.people import ACCOUNT_ROLES, BOUND, LOCAL, ROLE_WORDS, AccountRole, Person
from review.rights import allowed
from review.workspace import Workspace

LONGEST_NAME = 30


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the administrator sees it. external : what the identity provider calls the person, "" = local only."""

    number: int
    name: str
    role: AccountRole
    districts: tuple[str, ...]
    external: str
    state: str

    def to_json(self) -> dict[str, Any]:
        """One entry of `user list --json`; also what the log of acts keeps."""
        return {
            "number": self.number, "name": self.name, "role": self.role, "districts": list(self.districts),
            "external": self.external, "state": self.state,
        }  # fmt: skip

    def person(self, session: str) -> Person:
        """The person who acts under this account, signed in as `session` tells."""
        return Person(self.name, self.role, frozenset(self.districts), self.number, session)


def utc_now() -> datetime:
    """Now in UTC without zone, as the tables of people keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


def folded(name: str) -> str:
    """The name as it is stored and looked for: without outer spaces, full-width letters made plain."""
    return unicodedata.normalize("NFKC", name).strip()


@allowed("sign_in")
def has_accounts(workspace: Workspace) -> bool:
    """Whether anybody can sign in: without an account the program is one person's, on his own computer."""
    with workspace.store.session() as session:
        return session.scalar(select(PersonRow.id).limit(1)) is not None


@allowed("manage_accounts")
def accounts(workspace: Workspace) -> list[Account]:
    """Every account, by name."""
    with workspace.store.session() as session:
        return [account_of(row) for row in session.scalars(select(PersonRow).order_by(PersonRow.name))]


@allowed("manage_accounts")
def add_account(
    workspace: Workspace,
    name: str,
    role: str,
    password: str = "",
    *,
    districts: Iterable[str] = (),
    external: str = "",
) -> Account:
    """A new account. password : "" only where the identity provider signs the person in.

    Raises AccountError for a name that is taken or no name, a role that does not exist, districts that the role has no use
    for or lacks; PasswordRuleError.
    """
    name, external = folded(name), external.strip().casefold()
    known = _role(role)
    own = _districts(known, districts)
    if not name or len(name) > LONGEST_NAME or any(unicodedata.category(sign).startswith("C") for sign in name):
        raise AccountError(f"姓名要有 1 至 {LONGEST_NAME} 个字符，不含控制符")
    if name == LOCAL.name:
        raise AccountError(f"“{LOCAL.name}”是程序自己用的名字")
    if not password and not external:
        raise AccountError("要设密码，或写明统一身份认证里的账号")
    if password:
        check_rules(password, name)
    kept = hashed(password) if password else ""

    def work(session: Session) -> Account:
        if session.scalar(select(PersonRow.id).where(PersonRow.name == name)) is not None:
            raise AccountError(f"已有名为“{name}”的账号")
        _refuse_taken(session, external)
        row = PersonRow(
            name=name, role=known, districts=own, password_hash=kept, external=external or None, state="active",
            created_at=utc_now(),
        )  # fmt: skip
        session.add(row)
        session.flush()
        account = account_of(row)
        write_act(workspace, session, "account_added", subject=name, after=account.to_json())
        return account

    return workspace.write(work)


@allowed("manage_accounts")
def change_account(
    workspace: Workspace,
    name: str,
    *,
    role: str | None = None,
    districts: Iterable[str] | None = None,
    enable: bool = False,
) -> Account:
    """Another role or other districts, or enabled again; his sign-ins end, so that nothing goes on with the old rights."""
    wanted = None if districts is None else list(districts)

    def work(session: Session) -> Account:
        row = _row(session, name)
        before = account_of(row)
        known = _role(role or row.role)
        given = wanted if wanted is not None else row.districts if known in BOUND else ()
        row.role, row.districts = known, _districts(known, given)
        row.state = "active" if enable else row.state
        _refuse_last_admin(session, before)
        _end_sessions(session, row.id)
        return _logged(workspace, session, "account_changed", row, before)

    return workspace.write(work)


@allowed("manage_accounts")
def disable_account(workspace: Workspace, name: str) -> Account:
    """The person can sign in no longer, and his sign-ins end at once. Raises AccountError for the last administrator."""

    def work(session: Session) -> Account:
        row = _row(session, name)
        before = account_of(row)
        row.state = "disabled"
        _refuse_last_admin(session, before)
        _end_sessions(session, row.id)
        return _logged(workspace, session, "account_disabled", row, before)

    return workspace.write(work)


@allowed("manage_accounts")
def set_password(workspace: Workspace, name: str, password: str) -> Account:
    """A new password set by the administrator; the person's sign-ins end. Raises PasswordRuleError."""
    check_rules(password, folded(name))
    kept = hashed(password)

    def work(session: Session) -> Account:
        row = _row(session, name)
        before = account_of(row)
        row.password_hash = kept
        _end_sessions(session, row.id)
        return _logged(workspace, session, "password_set", row, before)

    return workspace.write(work)


@allowed("manage_accounts")
def person_named(workspace: Workspace, name: str, session: str) -> Person:
    """The person of an active account, to act for him. Raises AccountError when there is none."""
    with workspace.store.session() as opened:
        row = _row(opened, name)
        if row.state != "active":
            raise AccountError(f"“{row.name}”的账号已停用")
        return account_of(row).person(session)


def account_of(row: PersonRow) -> Account:
    """The row as people see it."""
    return Account(row.id, row.name, _role(row.role), tuple(row.districts), row.external or "", row.state)


def _role(role: str) -> AccountRole:
    known = next((one for one in ACCOUNT_ROLES if role in (one, ROLE_WORDS[one])), None)
    if known is None:
        told = "、".join(f"{one}（{ROLE_WORDS[one]}）" for one in ACCOUNT_ROLES)
        raise AccountError(f"没有“{role}”这种角色，只有 {told}")
    return known


def _districts(role: AccountRole, districts: Iterable[str]) -> list[str]:
    own = sorted({folded(district) for district in districts} - {""})
    if role in BOUND and not own:
        raise AccountError(f"{ROLE_WORDS[role]}要写明负责哪些区县")
    if role not in BOUND and own:
        raise AccountError(f"{ROLE_WORDS[role]}看全部区县，不用写区县")
    return own


def _row(session: Session, name: str) -> PersonRow:
    row = session.scalar(select(PersonRow).where(PersonRow.name == folded(name)))
    if row is None:
        raise AccountError(f"没有名为“{name}”的账号，可用 edureview user list 查看")
    return row


def _refuse_taken(session: Session, external: str) -> None:
    if external and session.scalar(select(PersonRow.id).where(PersonRow.external == external)) is not None:
        raise AccountError(f"统一身份认证里的“{external}”已经有账号")


def _refuse_last_admin(session: Session, before: Account) -> None:
    """Somebody has to look after the accounts; only whoever has the data folder could, at the command line."""
    session.flush()
    left = select(func.count(PersonRow.id)).where(PersonRow.role == "admin", PersonRow.state == "active")
    if (before.role, before.state) == ("admin", "active") and not session.scalar(left):
        raise AccountError(f"“{before.name}”是最后一个管理员，请先新建另一个管理员账号")


def _end_sessions(session: Session, person_id: int) -> None:
    ending = update(SessionRow).where(SessionRow.person_id == person_id, SessionRow.ended_at.is_(None))
    session.execute(ending.values(ended_at=utc_now()))


def _logged(workspace: Workspace, session: Session, act: str, row: PersonRow, before: Account) -> Account:
    session.flush()
    after = account_of(row)
    write_act(workspace, session, act, subject=row.name, before=before.to_json(), after=after.to_json())
    return after
