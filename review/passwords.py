"""Passwords: what a new one has to be like, and how it is kept (argon2id, with the library's own parameters in the hash)."""

from __future__ import annotations

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from review.errors import PasswordRuleError

SHORTEST, LONGEST = 10, 200
_FEWEST_DISTINCT = 5
# First things tried everywhere; compared without case, and also when repeated or followed by digits.
_COMMON = (
    "password", "passw0rd", "qwertyuiop", "1qaz2wsx", "qazwsxedc", "iloveyou", "administrator", "admin", "letmein", "welcome",
    "woaini", "mima", "jiaoyu", "edureview", "asdfghjkl", "zxcvbnm", "a1b2c3d4",
)  # fmt: skip
_RUNS = ("01234567890123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm")
RULE = (
    f"密码 {SHORTEST} 至 {LONGEST} 个字符（汉字也可以），至少 {_FEWEST_DISTINCT} 个不同的字符，"
    "不含姓名，不是连续的字符（如 1234567890）或常见的密码"
)

_hasher = PasswordHasher()


def check_rules(password: str, name: str) -> None:
    """Raises PasswordRuleError with every rule that the password breaks."""
    faults = []
    folded = password.casefold()
    if len(password) < SHORTEST:
        faults.append(f"少于 {SHORTEST} 个字符")
    if len(password) > LONGEST:
        faults.append(f"多于 {LONGEST} 个字符")
    if len(set(folded)) < _FEWEST_DISTINCT:
        faults.append(f"不同的字符不到 {_FEWEST_DISTINCT} 个")
    if name.strip() and name.strip().casefold() in folded:
        faults.append("含有姓名")
    if any(folded in run or folded in run[::-1] for run in _RUNS):
        faults.append("是连续的字符")
    if folded.rstrip("0123456789!@#.") in _COMMON:
        faults.append("是常见的密码")
    if faults:
        raise PasswordRuleError(faults)


def hashed(password: str) -> str:
    """The password as it is kept."""
    return _hasher.hash(password)


def is_right(password_hash: str, password: str) -> bool:
    """Whether it is the password of that hash; "" = there is none, which takes just as long to find out."""
    # A longer one is never right, and would only be work for who sends it.
    tried = password[:LONGEST]
    try:
        _hasher.verify(password_hash or _nobodys(), tried)
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash) and len(password) <= LONGEST


def is_outdated(password_hash: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    """The hash that an unknown name is held against, so that it answers no sooner than a known one."""
    return _hasher.hash("nobody has this password")
