"""Figures an item calls for, and reports of zero: what the record states of them for the data year.

Which figures decide is written in the scheme's rules; a condition 「无、未、不得」 wants a figure of zero, and a zero has to be
vouched for by a note (N 情况说明) or by the authority concerned (L 部门证明函): no material is not the same as none happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document, FactRow, Passage
from review.acts import OfficeRules
from review.evidence import DocumentEvidence

FigureState = Literal["found", "other_year", "missing"]
VOUCHING = ("N", "L")


@dataclass(frozen=True, slots=True)
class RequiredFigure:
    """A figure the rules look at. values : as stated for the data year, with unit, each once."""

    metric: str
    name: str
    state: FigureState
    values: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """One entry of `figures` of an item."""
        return {"metric": self.metric, "name": self.name, "state": self.state, "values": list(self.values)}


@dataclass(frozen=True, slots=True)
class ZeroReport:
    """Something of which there must be none. stated : the record gives a figure of zero. notes : files that vouch for it."""

    metric: str
    name: str
    stated: bool
    notes: tuple[str, ...]

    @property
    def is_vouched(self) -> bool:
        """Whether a note or a letter of the authority is there."""
        return bool(self.notes)

    def to_json(self) -> dict[str, Any]:
        """One entry of `zero_reports` of an item."""
        return {"metric": self.metric, "name": self.name, "stated": self.stated, "notes": list(self.notes)}


def zero_sentence(zeros: Sequence[ZeroReport]) -> str:
    """What nobody vouches for, for people; "" when nothing is lacking."""
    lacking = [f"{zero.name}{'（材料写的是 0）' if zero.stated else ''}" for zero in zeros if not zero.is_vouched]
    if not lacking:
        return ""
    return f"零报告：{'、'.join(lacking)}没有盖章的情况说明或部门证明；没有材料不等于没有发生。"


# (metric, year, value, unit) of every figure of a district that nobody has rejected.
Stated = Mapping[str, Sequence[tuple[int | None, str, str]]]


def stated_figures(session: Session, district: str, cycle: int) -> Stated:
    """The figures of the district's documents by metric: (year, value, unit)."""
    query = (
        select(FactRow.metric, FactRow.year, FactRow.value, FactRow.unit)
        .join(Passage, FactRow.passage_id == Passage.id)
        .join(Document, Passage.document_id == Document.id)
        .where(
            Document.district == district, Document.cycle == cycle, Document.superseded_by.is_(None),
            FactRow.state != "rejected",
        )
        .distinct()
    )  # fmt: skip
    found: dict[str, list[tuple[int | None, str, str]]] = defaultdict(list)
    for metric, year, value, unit in session.execute(query):
        found[metric].append((year, value, unit))
    return found


def required_figures(rules: OfficeRules, item: str, stated: Stated, data_year: int) -> tuple[RequiredFigure, ...]:
    """The figures the rules of the item look at, each once, in the order of the official words."""
    rule = rules.scheme.rule(item)
    named = {
        metric: name
        for check in (() if rule is None else rule.checks)
        for metric, name in zip(check.metrics, check.names, strict=True)
    }
    return tuple(_figure(metric, name, stated.get(metric, ()), data_year) for metric, name in named.items())


def _figure(metric: str, name: str, given: Sequence[tuple[int | None, str, str]], data_year: int) -> RequiredFigure:
    own = dict.fromkeys(f"{value}{unit}" for year, value, unit in given if year in (data_year, None))
    state: FigureState = "found" if own else "other_year" if given else "missing"
    return RequiredFigure(metric, name, state, tuple(own))


def zero_reports(
    rules: OfficeRules, item: str, stated: Stated, bearing: Sequence[DocumentEvidence], data_year: int
) -> tuple[ZeroReport, ...]:
    """What must be none under the item, and whether it is vouched for by a document of the data year."""
    rule = rules.scheme.rule(item)
    notes = tuple(
        found.document.file for found in bearing if found.in_period and any(code in VOUCHING for code in found.types)
    )
    named = {
        metric: name
        for check in (() if rule is None else rule.checks)
        if check.operator == "none" or (check.operator == "at_most" and _is_zero(rules, check.parameter, data_year))
        for metric, name in zip(check.metrics, check.names, strict=True)
    }
    return tuple(
        ZeroReport(
            metric, name, any(year in (data_year, None) and _nothing(value) for year, value, _ in stated.get(metric, ())), notes
        )
        for metric, name in named.items()
    )  # fmt: skip


def _is_zero(rules: OfficeRules, parameter: str, data_year: int) -> bool:
    as_of = date(data_year, 12, 31)
    held = rules.parameters.get(parameter)
    in_force = [] if held is None else [dated for dated in held.values if dated.since <= as_of]
    return bool(in_force) and in_force[-1].value is not None and _nothing(in_force[-1].value)


def _nothing(value: str) -> bool:
    return not value.strip("0.")
