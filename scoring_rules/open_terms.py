"""What the official document leaves open (R1–R34), each named, with its default, its alternatives and who settled it.

An open term is data of the scheme (``open_terms.yaml`` beside it). Its value is the default until the office records an
act (`Act`: who, when, in which document); nothing else changes it. A term that has no value, or one set to a reading
this system cannot compute, keeps every sheet from having a final grade: `unsettled` says which.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any, Literal

from scoring_rules.remembered import Same
from scoring_rules.rounding import exact_text

TermKind = Literal["choice", "number", "date", "fixed"]

# The terms the rules of this package read, or rest on without a choice of their own. A scheme that lacks one of them
# leaves something open that a grade would silently decide. Terms that only some alternative needs are not among them.
REQUIRED_TERMS = (
    "total_points_cap",
    "bonus_in_grade",
    "bonus_credibility",
    "downgrade_levels",
    "downgrade_scope",
    "points_decimals",
    "graded_value",
    "item_weights",
    "figures_part",
    "rectification_deduction",
    "late_events",
    "per_pupil_scope",
    "balance_measure",
    "fitness_measure",
    "missing_evidence",
    "not_applicable_points",
    "sample_design",
    "credibility_formula",
    "credibility_adjusts",
    "credibility_tolerance",
    "desk_review",
    "recheck_points",
    "ties",
    "judged",
    "preschool_fund_base",
    "task_points",
)


UNWRITTEN = "方案没有写"


@dataclass(frozen=True, slots=True)
class Act:
    """A recorded act of the office: it sets the term or parameter `target` to `value`.

    by : who decided; on : the day; document : number or title of the paper it stands in. None of them is empty.
    since : for a parameter, the day of the judged period the value holds from; None = it replaces all values.
    weights : points by item id, with `item_weights` set to ``weight_file``; empty = those beside the scheme.
    """

    target: str
    value: str
    by: str
    on: date
    document: str
    since: date | None = None
    weights: Mapping[str, Fraction] = field(default_factory=dict, hash=False)

    def to_json(self) -> dict[str, Any]:
        """The act as JSON data, as the case file writes it."""
        written: dict[str, Any] = {
            "target": self.target,
            "value": self.value,
            "by": self.by,
            "on": self.on.isoformat(),
            "document": self.document,
        }
        if self.since is not None:
            written["since"] = self.since.isoformat()
        if self.weights:
            written["weights"] = {key: exact_text(points) for key, points in self.weights.items()}
        return written


@dataclass(frozen=True, slots=True)
class Alternative:
    """A value a term may take. implemented : False where this system cannot compute with it (then no grade is final).

    needs : id of another term that has to have a value as well while this one is taken; "" = none.
    """

    value: str
    meaning: str
    implemented: bool
    needs: str = ""


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """One open term.

    rulings : R numbers it answers. kind : choice (one of `alternatives`), number (the value is that of `parameter`),
    date (an ISO day), fixed (a reading the text itself settles; nothing to choose, `default` says it in words).
    default : None while nobody has fixed it. sentence : the official words it rests on, "" where the document is silent.
    why : why the default is what it is. act : what changed it, if anything.
    """

    id: str
    rulings: tuple[str, ...]
    title: str
    kind: TermKind
    parameter: str
    default: str | None
    alternatives: tuple[Alternative, ...]
    sentence: str
    why: str
    act: Act | None = None

    @property
    def value(self) -> str | None:
        """The value in force; None while it is unset. For a number, only what an act has set."""
        return self.act.value if self.act is not None else self.default

    @property
    def is_implemented(self) -> bool:
        """Whether this system can compute with the value in force."""
        return self.kind != "choice" or (self.taken is not None and self.taken.implemented)

    @property
    def taken(self) -> Alternative | None:
        """The alternative in force; None for a term that is no choice, or has none."""
        return next((a for a in self.alternatives if a.value == self.value), None)

    @property
    def words(self) -> str:
        """The value in force as a person reads it: the meaning of a choice, else the value; "" while unset."""
        return self.taken.meaning if self.taken is not None else self.value or ""

    def refusal(self, value: str) -> str:
        """Why an act may not set the term to `value`, in Chinese; empty when it may. Numbers are judged by their parameter."""
        if self.kind == "fixed":
            return f"“{self.title}”由方案原文确定，不能改"
        if self.kind == "choice" and value not in {a.value for a in self.alternatives}:
            return f"“{self.title}”只能取{'、'.join(a.value for a in self.alternatives)}"
        if self.kind == "date":
            try:
                date.fromisoformat(value)
            except ValueError:
                return f"“{self.title}”要日期，写成“2019-03-31”的样子"
        return ""

    def to_json(self, number: str | None = None) -> dict[str, Any]:
        """The term as it is printed on a ledger; `number`: the value of its parameter."""
        value = number if self.kind == "number" else self.value
        return {
            "rulings": list(self.rulings),
            "title": self.title,
            "value": value,
            "default": self.default,
            "alternatives": {a.value: a.meaning for a in self.alternatives},
            "sentence": self.sentence or UNWRITTEN,
            "why": self.why,
            "act": None if self.act is None else self.act.to_json(),
        }


def with_acts(terms: Sequence[OpenTerm], acts: Iterable[Act]) -> tuple[OpenTerm, ...]:
    """The terms with the acts applied; of several acts on one term the latest day counts, on one day the last in the list.

    Acts on anything but a term are left alone (they are for parameters). Raises ValueError for a value a term cannot take.
    """
    newest: dict[str, Act] = {}
    for act in sorted(acts, key=lambda a: a.on):
        newest[act.target] = act
    changed = []
    for term in terms:
        if term.id not in newest:
            changed.append(term)
            continue
        if problem := term.refusal(newest[term.id].value):
            raise ValueError(problem)
        changed.append(replace(term, act=newest[term.id]))
    return tuple(changed)


def unsettled(terms: Sequence[OpenTerm], settings: Mapping[str, str | None]) -> tuple[str, ...]:
    """Why no grade can be final, one Chinese sentence per term; empty when every term is settled.

    settings : parameter id → value in force, for the terms that are numbers.
    """
    by_id = {term.id: term for term in terms}
    sentences = []
    for name in REQUIRED_TERMS:
        term = by_id.get(name)
        if term is None:
            sentences.append(f"方案的约定表里没有“{name}”一项，不能出等级。请市教育督导办确定后登记。")
        elif (settings.get(term.parameter) if term.kind == "number" else term.value) is None:
            sentences.append(
                f"“{term.title}”（{'、'.join(term.rulings)}）还没有确定，不能出等级。请市教育督导办确定后登记。"
            )
        elif not term.is_implemented:
            sentences.append(
                f"“{term.title}”已定为“{term.value}”，本系统还不能按这一读法计算，不能出等级。请人工计算或改回。"
            )
        elif term.taken is not None and term.taken.needs and not _has_value(by_id.get(term.taken.needs), settings):
            needed = by_id.get(term.taken.needs)
            title = term.taken.needs if needed is None else needed.title
            sentences.append(
                f"“{term.title}”已定为“{term.words}”，还要“{title}”，不能出等级。请市教育督导办确定后登记。"
            )
    return tuple(sentences)


def _has_value(term: OpenTerm | None, settings: Mapping[str, str | None]) -> bool:
    if term is None:
        return False
    return (settings.get(term.parameter) if term.kind == "number" else term.value) is not None


def unsigned(overrides: Mapping[str, str], acts: Iterable[Act]) -> tuple[str, ...]:
    """Values a case file puts in place of the shipped ones without an act: good for trying out, not for a decision."""
    signed = {act.target for act in acts}
    return tuple(
        f"案卷把“{name}”改写为 {value}，没有市教育督导办登记的决定，只能试算。请登记决定（acts）或删去改写。"
        for name, value in sorted(overrides.items())
        if name not in signed
    )


def printed_terms(terms: Sequence[OpenTerm], settings: Mapping[str, str | None]) -> dict[str, Any]:
    """Every term by id, as it is printed on a ledger. Read only: ledgers with the same terms and settings share it."""
    numbers = tuple(sorted((name, value) for name, value in settings.items() if value is not None))
    return _printed_terms(Same(terms), numbers)


@lru_cache(maxsize=64)
def _printed_terms(same: Same, numbers: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    settings = dict(numbers)
    return {term.id: term.to_json(settings.get(term.parameter)) for term in same.value}
