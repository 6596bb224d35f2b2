"""Which figures decide which item, and the official words they come from: the shapes of ``rules.yaml``.

Only a number written in the scheme decides; one from another document shows a reference until the office confirms it.
Every item also asks for things no figure shows: `Excerpt` quotes them, and they stay with the expert.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Operator = Literal[
    "at_least",
    "at_most",
    "none",
    "in_budget",
    "years_since_at_most",
    "first_at_least_second",
    "all_done",
    "task_done",
    "deducted",
]
OPERATORS: tuple[str, ...] = get_args(Operator)
# How many figures each operator takes; those not listed take one.
FIGURES = {"first_at_least_second": 2, "all_done": 2, "task_done": 2, "deducted": 2}
# Operators that compare with a number, which is a parameter.
WITH_LIMIT = ("at_least", "at_most", "years_since_at_most")
PERCENT = ("%", "％")


@dataclass(frozen=True, slots=True)
class Parts:
    """How a rate is made up: Σ `above` ÷ `below` (× 100 for a percentage); metric ids and, for reasons, the Chinese words."""

    above: tuple[str, ...]
    below: str
    words: str


@dataclass(frozen=True, slots=True)
class Check:
    """One condition on one figure and a parameter, or on two figures of one unit.

    metrics, names : ids of corpus/metrics with their Chinese names for reasons; (done, due) and (open, due) in that order.
    word : the law's own word for the operator (以上, 所有, 完成 …), part of `quote`.
    quote : the official words, found in the text of the item. parameter : id of the limit, "" where there is none.
    scope : for whom the figure must speak; "" is the whole district.
    parts : what the figure can be recomputed from. shows_only : the figure is listed and never decides.
    average : the figure is an average, so that a count may have a fraction. term, term_value : the check may decide only while that open term has that value; "" always.
    """

    operator: Operator
    word: str
    quote: str
    metrics: tuple[str, ...]
    names: tuple[str, ...]
    units: tuple[str, ...]
    parameter: str = ""
    scope: str = ""
    parts: Parts | None = None
    shows_only: bool = False
    term: str = ""
    term_value: str = ""
    average: bool = False

    @property
    def all_metrics(self) -> tuple[str, ...]:
        """Every metric the check looks at, its parts included."""
        return self.metrics if self.parts is None else (*self.metrics, *self.parts.above, self.parts.below)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Official words that only a reviewer can judge. reason : why no code can, in Chinese."""

    quote: str
    reason: str


@dataclass(frozen=True, slots=True)
class ItemRule:
    """All that is said about one item: conditions on figures, and what they leave to the expert (never empty)."""

    item_id: str
    checks: tuple[Check, ...]
    expert: tuple[Excerpt, ...]
