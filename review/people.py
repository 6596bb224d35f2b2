"""Who acts: a person with a role and the districts he works for. Every workspace acts for exactly one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import ColumnElement, false, true
from sqlalchemy.orm import InstrumentedAttribute

AccountRole = Literal["district", "expert", "office", "admin"]
Role = Literal["district", "expert", "office", "admin", "local", "nobody"]

ROLE_WORDS: dict[Role, str] = {
    "district": "区县填报员",
    "expert": "专家",
    "office": "市督导办",
    "admin": "管理员",
    "local": "本机操作员",
    "nobody": "没有登录的人",
}
ACCOUNT_ROLES: tuple[AccountRole, ...] = get_args(AccountRole)
# Roles that work for named districts only; the others see all of them.
BOUND: frozenset[Role] = frozenset({"district", "expert", "nobody"})


@dataclass(frozen=True, slots=True)
class Person:
    """name : as it stands in the record. districts : whose material he may touch, for the roles that are bound to some.

    number : of the account, None = no account. session : how he was signed in, as the log of acts keeps it.
    """

    name: str
    role: Role
    districts: frozenset[str] = frozenset()
    number: int | None = None
    session: str = ""

    @property
    def is_bound(self) -> bool:
        """Whether he sees only his districts."""
        return self.role in BOUND

    def sees(self, district: str) -> bool:
        """Whether material of the district may be shown to him, whether it exists or not."""
        return not self.is_bound or district in self.districts

    def visible(self, column: InstrumentedAttribute[str]) -> ColumnElement[bool]:
        """The condition that keeps a query to what he may see."""
        if not self.is_bound:
            return true()
        return column.in_(sorted(self.districts)) if self.districts else false()

    @property
    def only_district(self) -> str | None:
        """His district where he has exactly one and sees no other; None otherwise."""
        return next(iter(self.districts)) if self.is_bound and len(self.districts) == 1 else None


# Whoever may read and write the data folder can do everything with it: at the command line, and in a browser on the same
# computer while there is no account, that person acts, with every right, and the log of acts says so.
LOCAL = Person("本机操作员", "local", session="本机")
# Whoever looks at the sign-in page.
NOBODY = Person("（没有登录）", "nobody", session="登录页")
