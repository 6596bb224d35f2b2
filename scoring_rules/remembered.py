"""Keys for results that are the same for every district of a scheme: compared by identity, so that looking up costs nothing."""

from __future__ import annotations

from typing import Any


class Same:
    """Equal only to itself and to another of the very same object, which it keeps alive (so an id is never used twice)."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and other.value is self.value
