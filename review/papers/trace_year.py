"""What may stand where in the annual report: a district's row its own ledger, a sentence on a district that district's record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from review.cycle_state import stage_of
from review.papers.annual import sample_sums
from review.papers.common import basis_sentence
from review.papers.numbers import day_text
from review.papers.shares import indicator_points
from review.papers.trace import Place, Source, decimals, exact
from review.papers.year_record import YearRecord
from scoring_rules.rounding import half_up


class YearSources:
    """Called with a place of the report."""

    def __init__(self, told: YearRecord, *, on: date | None = None, document: str = "") -> None:
        self.told, self.scheme = told, told.scheme
        self.rows = {row.district: row for row in told.ranking}
        years = [f"{told.cycle}年度县级", f"{told.cycle - 1}年度履行教育职责情况"]
        day = f"{told.cycle}年　　月　　日" if on is None else f"{on.year}年{on.month}月{on.day}日"
        years += [f"{told.cycle - 1} 与 {told.cycle} 两个年度", day, document]
        self.always = (
            Source("方案", (basis_sentence(told.scheme), told.scheme.document_number)),
            Source("评价年度", tuple(years)),
            Source("区县名称", told.districts),
        )

    def __call__(self, place: Place) -> Sequence[Source]:
        if place.row:
            return (*self.always, self._cell(place.row.get("区县", ""), place.column))
        return (*self.always, self._work(), *self._problems(place.text), self._downgrades(), self._titles())

    def _cell(self, district: str, column: str) -> Source:
        row, score = self.rows.get(district), self.told.scores.get(district)
        if row is None or score is None:
            return Source("没有这个区县")
        own, verified = sample_sums(score)
        interval = score.total_interval
        total = decimals(score.total_points) or decimals(interval.low) | decimals(interval.high)
        numbers = {
            "名次": frozenset() if row.rank is None else frozenset({Decimal(row.rank)}),
            "自评": decimals(score.self_points), "抽样自评小计": decimals(own), "核查小计": decimals(verified),
            "可信度": decimals(score.credibility), "基础分": decimals(score.base_points), "加分": decimals(score.bonus_points),
            "最终得分": total, "降级情形": frozenset(Decimal(one) for one in score.annex1.triggered),
        }  # fmt: skip
        parts = indicator_points(self.scheme, score)
        numbers |= {name: decimals(points) for name, points in parts.items()}
        if None not in parts.values():
            shown = sum((half_up(points) for points in parts.values() if points is not None), Fraction(0))
            numbers["合计"] = frozenset({exact(shown)})
        return Source(f"{district}的台账", (row.note,) if column == "备注" else (), numbers.get(column, frozenset()))

    def _work(self) -> Source:
        told = self.told
        covered = [record.feedback.coverage for record in told.records.values()]
        sampled = sum(record.sample is not None for record in told.records.values())
        words = [
            f"对 {len(told.districts)} 个区县", f"{len(told.districts)} 个区县中", f"{len(told.records)} 个报送了佐证材料",
            f"共 {sum(one.documents for one in covered)} 份", f"其中 {sum(len(one.unreadable) for one in covered)} 份不能读取",
            f"录入案卷的区县 {len(told.scores)} 个", f"登记实地督导抽样的区县 {sampled} 个",
            *(f"{day_text(act.at)}进入{stage_of(act.subject).words}阶段" for act in told.year.acts if act.kind == "stage"),
        ]  # fmt: skip
        if told.approval is not None:
            words += [told.approval[1], day_text(told.approval[0])]
        return Source("年度记录", tuple(words))

    def _problems(self, text: str) -> list[Source]:
        """The problems of the district the sentence begins with, of the item it names; counts of what is told in one line."""
        found = []
        for name, record in self.told.records.items():
            own = record.feedback.problems
            items = {problem.item for problem in own if f"（{problem.item}）" in text[:12]}
            if items and f"{name}：" in text:
                changed = self.told.wordings.get(name, {})
                said = [text for p in own if p.item in items for text in (p.sentence, changed.get(p.sentence, ""))]
                found.append(Source(f"{name}的问题", tuple(text.rstrip("。") for text in said if text)))
            elif not items:
                partly = {
                    one.item for one in own
                    if one.kind == "材料不齐" and (self.told.approval is None or record.problem_is_confirmed(one))
                }  # fmt: skip
                found.append(Source(f"{name}的问题", (f"{name} {len(partly)} 个评价要点",)))
        return found

    def _downgrades(self) -> Source:
        words = [f"第{one.id}条“{one.text.rstrip('。；')}”" for one in self.scheme.conditions]
        # Of a condition that is open the number alone is told, with its district.
        for name, score in self.told.scores.items():
            words.append(f"{name}附件 1 第{'、'.join(score.annex1.unknown)}条待核实")
        return Source("附件 1", tuple(words))

    def _titles(self) -> Source:
        titles = [e.title for record in self.told.records.values() for e in record.feedback.draft.completeness.items]
        names = [f"{one.id} {one.name}" for one in self.scheme.indicators]
        return Source("评价要点名称", (*dict.fromkeys(titles), *names))
