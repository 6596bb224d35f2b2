"""The scheme as frozen data: indicators, criteria with points, items with the official words, grades, Annex 1, procedure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from scoring_rules.item_rules import ItemRule
from scoring_rules.open_terms import Act, OpenTerm, with_acts


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand in `official.txt` of the scheme: section as the document names it, 1-based line."""

    section: str
    line: int


@dataclass(frozen=True, slots=True)
class Item:
    """评价要点. `text` holds the official words without the leading id. An unnumbered one (B9) is the item of its own criterion."""

    id: str
    criterion_id: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Criterion:
    """二级指标. points : maximum; for the bonus criterion the cap of the award, which is outside the full mark."""

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
    """附件 1: one of the conditions that lower the grade by one. id : "1", "2" …

    calculator : which of `annex1_calculators` proposes its state; "" where only a recorded finding can.
    """

    id: str
    text: str
    place: Place
    calculator: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """A paragraph of 三、组织实施 or 四、评价结果与运用. id : "三（一）"."""

    id: str
    title: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Scheme:
    """One dated version of the official document, and how it is read.

    rectification_item : the item that last year's unsolved problems are taken from; "" when there is none.
    sentences : official words the steps of a ledger rest on, by the names in ``basis.SENTENCES``.
    terms, rules, weights : see ``scheme_readings``; weights only where the office has laid them down.
    """

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
    rectification_item: str = ""
    sentences: Mapping[str, str] = field(default_factory=dict, hash=False)
    terms: tuple[OpenTerm, ...] = field(default=(), hash=False)
    rules: tuple[ItemRule, ...] = field(default=(), hash=False)
    weights: Mapping[str, Fraction] = field(default_factory=dict, hash=False)

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

    def rule(self, item_id: str) -> ItemRule | None:
        """What is said about that item; None when the scheme has no rules."""
        return next((rule for rule in self.rules if rule.item_id == item_id), None)

    def term(self, term_id: str) -> str | None:
        """The value of an open term that is a choice; None when it is unset or the scheme has no such term."""
        return next((term.value for term in self.terms if term.id == term_id), None)

    def with_acts(self, acts: Iterable[Act]) -> Scheme:
        """The scheme with acts of the office applied to its open terms and, where one brings them, to the weights.

        ValueError for a value a term cannot take. No acts: the very same scheme.
        """
        acts = tuple(acts)
        if not acts:
            return self
        terms = with_acts(self.terms, acts)
        newest = next((term.act for term in terms if term.id == "item_weights"), None)
        return replace(self, terms=terms, weights=newest.weights if newest and newest.weights else self.weights)

    def words(self, term_id: str) -> str:
        """What the reading in force means, in Chinese; "" when the scheme has no such term or nobody has fixed it."""
        return next((term.words for term in self.terms if term.id == term_id), "")

    def basis(self, term_id: str) -> str:
        """The basis of a ledger step that follows an open term: ``约定 R12：每个未整改到位的问题扣固定分``."""
        term = next((term for term in self.terms if term.id == term_id), None)
        return f"约定 {'、'.join(term.rulings)}：{term.words}。" if term is not None else f"约定：{term_id}。"

    def departs(self, term_id: str) -> bool:
        """Whether a term is set to something else than its default."""
        return any(term.id == term_id and term.value != term.default for term in self.terms)

    def shares(self, criterion: Criterion, applicable: Collection[str]) -> dict[str, Fraction]:
        """Points of the items of a criterion: equal parts (约定 R9), or by the weights the office has laid down.

        An item that is not in `applicable` has 0, and the others take its points in proportion to their own (R22).
        """
        is_weighted = self.term("item_weights") == "weight_file"
        sizes = {
            item.id: (self.weights.get(item.id, Fraction(1)) if is_weighted else Fraction(1))
            for item in criterion.items
            if item.id in applicable
        }
        whole = sum(sizes.values(), Fraction(0))
        return {item.id: criterion.points * sizes.get(item.id, Fraction(0)) / (whole or 1) for item in criterion.items}

    def share(self, item_id: str) -> Fraction:
        """Points of an item when all of its criterion apply; see `shares`."""
        criterion = self.criterion(self.item(item_id).criterion_id)
        return self.shares(criterion, {item.id for item in criterion.items})[item_id]
