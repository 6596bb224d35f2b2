"""Which metric a number is of, where no rule of the reader knows the way it is written: by the words around it, weighed by a small model.

The rules read what they know for certain and first. What they leave is most of what a stranger writes: other word orders, names that
are no alias. The weights are fitted to the open sets of `eval_sets/facts` (`python -m eval_sets.facts.train`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import log
from typing import Final

import numpy as np
import yaml
from numpy.typing import NDArray

from retrieval.fact_parts import unit_fits
from retrieval.metrics import YEAR_UNIT, Metric, Metrics
from retrieval.numbers import Number

Floats = NDArray[np.float64]

SIGNALS: Final = (
    "in_clause", "in_two_clauses", "in_sentence", "around", "explained", "explained_weight", "other_stages", "own_stages", "own_stages_around",
    "own_stages_nowhere", "not_near", "needs_near", "number_before", "leads_in_two_clauses", "leads_in_sentence", "leads_around",
    "leads_explained", "clause_length", "share_of", "aim", "limit_behind", "choice", "deed", "aim_before",
)  # fmt: skip
_CLAUSE = re.compile(r"[，。；;,：:（）()]")
_NO_WORD = re.compile(r"[^\u4e00-\u9fffA-Za-z]")
_STAGES = ("小学", "初中", "高中", "中职", "职业", "幼儿园", "学前", "特殊教育", "特教", "公办", "民办")
_AIM = re.compile(r"目标|要求|规定|标准|应|不低于|以上|以内|省定|市定|国定")
_LIMIT_BEHIND = re.compile(r"[^，。]{0,3}(?:以上|以内|左右|目标|要求|标准)")
_DEED = re.compile(r"新增|净增|取缔|关停|消除|化解|清退|辞退|压减|撤并|防止|预防|杜绝|查处|应配|应有|拟|另")
_TAIL = 12  # characters behind a number that may still name it: 41所学校达标


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a number. text : the sentence. near : the sentence before. context : title and headings."""

    text: str
    near: str
    context: str


class LikelyMetrics:
    """Tells the likeliest metric of a number."""

    def __init__(self, metrics: Iterable[Metric], weights: Floats, offset: float) -> None:
        """weights : of SIGNALS."""
        self._metrics = [metric for metric in metrics if metric.unit != YEAR_UNIT]
        self._weights, self._offset = weights, offset
        names = {m.id: _names(m) for m in self._metrics}
        self._words = {m.id: frozenset().union(*names[m.id], *map(_pairs, m.subject)) for m in self._metrics}
        known = Counter(pair for words in self._words.values() for pair in words)
        self._rarity = {pair: log((len(self._metrics) + 1) / (count + 0.5)) for pair, count in known.items()}
        self._unknown = log((len(self._metrics) + 1) / 0.5)
        self._names = {id_: [(name, self._sum(name)) for name in some] for id_, some in names.items()}
        self._by_unit: dict[tuple[str, bool], list[Metric]] = {}
        self._all_names = {m.id: m.name + "".join(m.aliases) + "".join(m.subject) for m in self._metrics}

    def best(self, number: Number, before: Sequence[Number], around: Surroundings) -> tuple[Metric, float] | None:
        """The likeliest metric with its probability; None when none shares a word with what stands around the number."""
        candidates, signals = self.signals(number, before, around)
        if not candidates:
            return None
        odds = 1 / (1 + np.exp(-np.clip(signals @ self._weights + self._offset, -50, 50)))
        at = int(odds.argmax())
        return candidates[at], float(odds[at])

    def signals(self, number: Number, before: Sequence[Number], around: Surroundings) -> tuple[list[Metric], Floats]:
        """The metrics the number could be of by its unit and size, and their signals, shape (n, len(SIGNALS)).

        before : the numbers of the sentence that stand before it.
        """
        ahead, behind = around.text[: number.start], around.text[number.end :]
        *earlier, clause = _CLAUSE.split(ahead)
        own = _pairs(clause) | _pairs(_CLAUSE.split(behind)[0][:_TAIL])
        two = own | _pairs(earlier[-1] if earlier else "")
        sentence = two | _pairs(ahead)
        widest = sentence | _pairs(around.context) | _pairs(around.near)
        everything = around.text + around.near + around.context
        candidates = [
            metric
            for metric in self._of_unit(number.unit, number.value == 0)
            if metric.low <= number.value <= metric.high and not self._words[metric.id].isdisjoint(sentence)
        ]
        if not candidates:
            return [], np.zeros((0, len(SIGNALS)))
        total = self._sum(own) or 1.0
        clause_start = len(ahead) - len(clause)
        rows = []
        for metric in candidates:
            words = self._words[metric.id]
            explained = self._sum(own & words)
            stages = [stage for stage in _STAGES if stage in metric.name]
            all_names = self._all_names[metric.id]
            present = sum(stage in everything for stage in stages)
            rows.append(
                [
                    *self._covered(metric, (own, two, sentence, widest)), explained / total, explained,
                    sum(stage in clause and stage not in all_names for stage in _STAGES), sum(stage in clause for stage in stages),
                    present, len(stages) - present, any(word in everything for word in metric.not_near),
                    bool(metric.needs_near) and not any(word in everything for word in metric.needs_near),
                    any(other.start >= clause_start for other in before),
                ]
            )  # fmt: skip
        values = np.array(rows, dtype=np.float64)
        leads = [values[:, column] - _best_other(values[:, column]) for column in (1, 2, 3, 4)]
        topic = re.split(r"[；;。]", ahead)[-1][: -len(clause) or None]
        same = [
            len(clause) / 20, "占" in clause[-4:], bool(_AIM.search(clause)), bool(_LIMIT_BEHIND.match(behind)), len(candidates) / 20,
            bool(_DEED.search(clause)), bool(_AIM.search(topic)),
        ]  # fmt: skip
        return candidates, np.column_stack([values, *leads, np.tile(np.array(same, dtype=np.float64), (len(rows), 1))])

    def _sum(self, pairs: frozenset[str]) -> float:
        return sum(self._rarity.get(pair, self._unknown) for pair in pairs)

    def _covered(self, metric: Metric, widening: Sequence[frozenset[str]]) -> list[float]:
        """For each of the sets of pairs, every one part of the next, the largest share of one of the metric's names that stands in it."""
        best = [0.0] * len(widening)
        for name, whole in self._names[metric.id]:
            common = name & widening[-1]
            for place, pairs in enumerate(widening) if common else ():
                best[place] = max(best[place], self._sum(common & pairs) / whole)
        return best

    def _of_unit(self, unit: str, nothing: bool) -> list[Metric]:
        """The metrics that accept the unit. nothing : the number is 0, which a rate accepts without its unit."""
        if (unit, nothing) not in self._by_unit:
            self._by_unit[unit, nothing] = [
                m for m in self._metrics if unit_fits(unit, m) or (nothing and not unit and m.unit == "%")
            ]
        return self._by_unit[unit, nothing]


@cache
def likely_metrics(metrics: Metrics) -> LikelyMetrics:
    """With the shipped weights (`corpus/figures/likely.yaml`)."""
    model = yaml.safe_load(files("corpus").joinpath("figures", "likely.yaml").read_text(encoding="utf-8"))
    weights = np.array([model["weights"][name] for name in SIGNALS])
    return LikelyMetrics(metrics.by_id.values(), weights, model["offset"])


def _names(metric: Metric) -> list[frozenset[str]]:
    words = [[part for part in word.split("…") if part] for word in (metric.name, *metric.aliases)]
    # 执行率 alone names no metric: what it is the rate of belongs to the name.
    words += [[subject, short] for short in metric.short for subject in metric.subject]
    return [pairs for parts in words if (pairs := frozenset().union(*map(_pairs, parts)))]


def _pairs(text: str) -> frozenset[str]:
    """Every two characters that follow each other, punctuation and digits left out."""
    plain = _NO_WORD.sub("", text)
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def _best_other(values: Floats) -> Floats:
    """For each value the largest of the others; 0 when there is none."""
    if len(values) < 2:
        return np.zeros(len(values))
    first, second = np.sort(values)[::-1][:2]
    return np.where(values == first, second if np.count_nonzero(values == first) < 2 else first, first)
