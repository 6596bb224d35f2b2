"""The scheme as frozen data: indicators, criteria with points, items with the official words, grades, Annex 1, procedure."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand in `official.txt` of the scheme: section as the document names it, 1-based line."""

    section: str
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """评价要点. `text` holds the official words without the leading id. B9, B20 and B21 are items of their own criterion."""

    id: str
    criterion_id: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Criterion:
    """二级指标. points : maximum; for the bonus criterion (B21) the cap of the award, which is outside the 1000."""

    id: str
    indicator_id: str
    name: str
    points: Fraction
    is_bonus: bool
    items: tuple[Item, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Indicator:
    """一级指标."""

    id: str
    name: str
    criteria: tuple[Criterion, ...]
    place: Place

    @property
    def points(self) -> Fraction:
        """Sum of the criteria that count towards the full mark (the bonus is outside)."""
        return sum((c.points for c in self.criteria if not c.is_bonus), Fraction(0))


@dataclass(frozen=True, slots=True)
class Grade:
    """A band: `at_least` is inclusive (Fraction 0 for the lowest). Bands are listed from best to worst."""

    name: str
    at_least: Fraction
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Condition:
    """附件 1: one of the conditions that lower the grade by one. id : "1" to "6"."""

    id: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Step:
    """A paragraph of 三、组织实施 or 四、评价结果与运用. id : "三（一）"."""

    id: str
    title: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Scheme:
    """One dated version of the official document."""

    id: str
    title: str
    document_number: str
    issuer: str
    issued: str
    full_points: Fraction
    bonus_cap: Fraction
    indicators: tuple[Indicator, ...]
    grades: tuple[Grade, ...]
    conditions: tuple[Condition, ...]
    procedure: tuple[Step, ...]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria in the document's order, the bonus last."""
        return tuple(c for i in self.indicators for c in i.criteria)

    @property
    def items(self) -> tuple[Item, ...]:
        """All items in the document's order."""
        return tuple(i for c in self.criteria for i in c.items)

    def criterion(self, criterion_id: str) -> Criterion:
        """The criterion of that id; KeyError when there is none."""
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        raise KeyError(criterion_id)

    def item(self, item_id: str) -> Item:
        """The item of that id; KeyError when there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def share(self, item_id: str) -> Fraction:
        """Points of an item: equal parts of its criterion (约定 R9: the scheme gives points to criteria only)."""
        criterion = self.criterion(self.item(item_id).criterion_id)
        return criterion.points / len(criterion.items)
