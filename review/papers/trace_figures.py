"""What may stand in a sentence on an item: the figures of exactly the places it cites, what follows from them, their limits."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import permutations

from retrieval.cite import Citation
from review.completeness import ItemCompleteness
from review.feedback import REGISTERED
from review.figures import Figure
from review.papers.numbers import day_text
from review.papers.record import DistrictRecord
from review.papers.trace import Source, exact, numbers_in
from scoring_rules.errors import ScoringError
from scoring_rules.item_rules import Check
from scoring_rules.rounding import half_up


class SentenceSources:
    """cited : the citation of each evidence number of the paper; entries : of the completeness list by item."""

    def __init__(
        self, record: DistrictRecord, cited: Mapping[int, Citation | None], entries: Mapping[str, ItemCompleteness]
    ) -> None:
        self.record, self.scheme, self.cited, self.entries = record, record.feedback.scheme, cited, entries
        self.by_place: dict[tuple[str, int, int, int], list[Figure]] = {}
        for figure in record.feedback.draft.figures.values():
            self.by_place.setdefault(_key(figure.citation), []).append(figure)
        told = record.feedback
        self.registered = [problem for problem in told.problems if problem.kind == REGISTERED]
        # The passages the office itself has named: whatever number stands in them may be told. A registration proves no number.
        named = (told.references[number - 1] for problem in self.registered for number in problem.evidence)
        self.named = {_key(citation) for citation in named if citation.document}

    def of(self, items: Sequence[str], numbers: Sequence[int]) -> list[Source]:
        """The figures of exactly the places the sentence cites, what follows from them, the limit they are held against."""
        citations = [citation for n in numbers if (citation := self.cited.get(n)) is not None]
        figures = [figure for citation in citations for figure in self.by_place.get(_key(citation), ())]
        entries = [self.entries[item] for item in items if item in self.entries]
        names = {f"《{citation.file}》" for citation in citations} | {figure.name for figure in figures}
        names |= {name for item in items for check in self._checks(item) for name in check.names}
        names |= {entry.title for entry in entries} | {n for entry in entries for n in entry.missing}
        names |= {n.partition("：")[2] for entry in entries for n in entry.notes if n.startswith("无法读取")}
        conflicts = [c for entry in entries for c in entry.conflicts if _keys(c.citations) <= _keys(citations)]
        computed = {exact(Decimal(str(c.to_json()["computed"]))) for c in conflicts if c.computed is not None}
        values = {figure.fact.value for figure in figures}
        stated = frozenset({exact(value) for value in values} | {exact(f.fact.year) for f in figures if f.fact.year})
        return [
            Source("材料名称与指标名称", tuple(names)),
            Source("所引佐证中的数据", (), stated),
            Source("方案或参数的界线", (), frozenset(n for item in items for n in self._limits(item))),
            Source("所引的原文", (), frozenset(n for c in citations if _key(c) in self.named for n in numbers_in(c.quote))),
            Source("登记的整改期限", tuple(day_text(p.due_on) for p in self.registered if p.item in items)),
            Source("由所引数据算出", (), frozenset(_derived(values)) | computed | self._worked_out(items, figures)),
        ]  # fmt: skip

    def _checks(self, item: str) -> Sequence[Check]:
        rule = self.scheme.rule(item)
        return () if rule is None else rule.checks

    def _limits(self, item: str) -> Iterable[Decimal]:
        year = self.record.cycle - 1
        for check in self._checks(item):
            if check.parameter in self.record.parameters:
                try:
                    value = self.record.parameters[check.parameter].number(date(year, 12, 31))
                except ScoringError:  # not in force yet: there is no limit to print
                    value = None
                if value is not None:
                    yield exact(value)

    def _worked_out(self, items: Sequence[str], figures: Sequence[Figure]) -> frozenset[Decimal]:
        """What a rule works out from the figures the sentence cites: a rate from its parts, the years since a year."""
        values = {figure.fact.metric: Fraction(figure.fact.value) for figure in figures}
        found: set[Decimal] = set()
        for item in items:
            for check in self._checks(item):
                if check.operator == "years_since_at_most" and check.metrics[0] in values:
                    year = Decimal(self.record.cycle - 1)
                    found |= {year, year - exact(values[check.metrics[0]])}
                if check.parts and {*check.parts.above, check.parts.below} <= set(values) and values[check.parts.below]:
                    rate = sum(values[name] for name in check.parts.above) / values[check.parts.below] * 100
                    found |= {exact(half_up(rate, places)) for places in range(5)}
        return frozenset(found)


def _key(citation: Citation) -> tuple[str, int, int, int]:
    return citation.document, citation.page, citation.start, citation.end


def _keys(citations: Iterable[Citation]) -> set[tuple[str, int, int, int]]:
    return {_key(citation) for citation in citations}


def _derived(values: Iterable[Decimal]) -> Iterable[Decimal]:
    """What a sentence may say of two figures it cites: by how much they differ, and the share of one in the other in percent."""
    for first, second in permutations([Fraction(value) for value in values], 2):
        if first > second:
            yield exact(first - second)
        if second:
            share = first / second * 100
            yield from (exact(half_up(share, places)) for places in (0, 1, 2)) if share >= 0 else ()
