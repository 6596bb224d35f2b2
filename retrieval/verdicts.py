"""What a passage is for an item - supports, contradicts, only mentions, is of another year - with the reasons, as a proposal.

From the passage and its document alone. What other documents say (figures in conflict) and what the limits of the scheme say is
asked when the record is read (`review.objections`), because a new file or a new limit changes it without any passage changing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from retrieval.clauses import read_clauses
from retrieval.facts import Fact
from retrieval.periods import Dated, Period, date_clauses
from retrieval.verdict_words import VerdictWords, load_verdict_words

Verdict = Literal["supports", "contradicts", "mentions", "out_of_period"]

_QUOTED = 60
_AHEAD = re.compile("计划|安排|预算|规划|任务|目标|研究")
SELF_POINTS = re.compile(r"自评得分|自评分")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a verdict is what it is. rule : its name; sentence : Chinese, for people.

    start, end : the words it rests on, in the text the passage's offsets count in; 0, 0 for none.
    """

    rule: str
    sentence: str
    start: int = 0
    end: int = 0

    def stored(self) -> list[object]:
        """As the record keeps it."""
        return [self.rule, self.sentence, self.start, self.end]


CLAIM = Reason("claim", "自评材料的说法，须由佐证材料证明。")


@dataclass(frozen=True, slots=True)
class Judged:
    """The proposed verdict and its reasons, the deciding one first."""

    verdict: Verdict
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ItemNamesFound:
    """Names by which texts call the items: finds them in running text. names : by item id."""

    owners: Mapping[str, frozenset[str]]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, names: Mapping[str, Iterable[str]]) -> ItemNamesFound:
        """Built from the names of each item; a name may belong to several."""
        owners: dict[str, set[str]] = {}
        for item, words in names.items():
            for word in words:
                owners.setdefault(word, set()).add(item)
        longest_first = sorted(owners, key=len, reverse=True)
        pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")
        return cls({word: frozenset(items) for word, items in owners.items()}, pattern)

    def found(self, clause: str) -> dict[str, str]:
        """Items named in a clause, each with the longest of its names there."""
        named: dict[str, str] = {}
        for match in self.pattern.finditer(re.sub(r"\s", "", clause)):
            for item in self.owners[match.group()]:
                if len(match.group()) > len(named.get(item, "")):
                    named[item] = match.group()
        return named


class PassageReading:
    """One passage read for verdicts on any item; reading it once serves all of them."""

    def __init__(
        self,
        text: str,
        *,
        data_year: int,
        document_year: int | None,
        heading: str = "",
        is_claim: bool = False,
        facts: Sequence[Fact] = (),
        items_of_facts: Sequence[str] = (),
        names: ItemNamesFound,
        offset: int = 0,
        higher_is_bad: Collection[str] = (),
        headings: Sequence[tuple[int, int]] = (),
        breaks: Collection[int] | None = None,
        words: VerdictWords | None = None,
    ) -> None:
        """data_year : the year that is judged. heading : title and section path. is_claim : the district speaks of its own points.

        facts : of the passage, `start` and `end` counted as `offset` + place in `text`; items_of_facts : the item of each.
        higher_is_bad : items whose figures are the better the smaller they are. headings : (start, end) of headings, counted like facts.
        """
        self.text, self.data_year, self.document_year = text, data_year, document_year
        self._heading, self._is_claim, self._offset = heading, is_claim, offset
        self._facts = [(fact, item) for fact, item in zip(facts, items_of_facts, strict=True)]
        self._names, self._higher_is_bad, self._breaks = names, higher_is_bad, breaks
        self._headings = [(start - offset, end - offset) for start, end in headings]
        self._words = words or load_verdict_words()

    @cached_property
    def _topics(self) -> list[tuple[dict[str, str], bool]]:
        """For each clause the items it is about, with the name, and whether its own sentence says so.

        A clause without names goes on about what the clause before named, the first clauses of a sentence belong to the first that
        names something, and a sentence without names goes on about what the sentence before named.
        """
        own = [self._named_in(dated) for dated in self._plain]
        found: list[tuple[dict[str, str], bool]] = []
        last: dict[str, str] = {}
        for number, dated in enumerate(self._plain):
            if dated.clause.first:
                sentence = [
                    o for o, d in zip(own, self._plain, strict=True) if d.clause.sentence == dated.clause.sentence
                ]
                opening = next((named for named in sentence if named), None)
                last, said = opening or last, opening is not None
            last = own[number] or last
            if dated.clause.row:  # a figure tells what its own cell is about, not what the whole row is
                cell = self._figures_in(dated)
                found.append(({**cell, **last}, said or bool(cell)))
            else:
                found.append((last, said))
        return found

    def _named_in(self, dated: Dated) -> dict[str, str]:
        clause = dated.clause
        named = self._names.found(self.text[clause.start : clause.end])
        return named if clause.row else {**self._figures_in(dated), **named}

    def _figures_in(self, dated: Dated) -> dict[str, str]:
        """Items of which a clause states a figure, without a name."""
        clause = dated.clause
        return {item: "" for fact, item in self._facts if clause.start <= fact.start - self._offset < clause.end}

    @cached_property
    def _plain(self) -> list[Dated]:
        return self._dated(higher_is_bad=False)

    @cached_property
    def _strict(self) -> list[Dated]:
        return self._dated(higher_is_bad=True)

    def _dated(self, *, higher_is_bad: bool) -> list[Dated]:
        clauses = read_clauses(
            self.text,
            self._words,
            heading=self._heading,
            headings=self._headings,
            higher_is_bad=higher_is_bad,
            breaks=self._breaks,
        )
        return date_clauses(self.text, clauses, data_year=self.data_year, document_year=self.document_year)

    def judge(self, item: str, *, is_strong: bool = True) -> Judged:
        """The verdict for an item the passage was mapped to.

        is_strong : it speaks of the item rather than naming it in passing; a weak link without a figure is at most a mention, unless
        the very sentence that names the item says that something is lacking.
        """
        if self._is_claim:
            return Judged("mentions", (CLAIM,))
        everything = self._strict if item in self._higher_is_bad else self._plain
        about = [
            dated
            for dated, (topics, said) in zip(everything, self._topics, strict=True)
            if (item in topics and (said or is_strong)) or (is_strong and not topics)
        ]
        if is_strong and not any(item in topics for topics, _ in self._topics):
            about = everything  # it is nowhere named, so no clause can be told to be about something else
        own_facts = [fact for fact, owner in self._facts if owner == item]
        lacking = [d for d in about if d.clause.kind == "lacking" and d.period in ("in", "unknown")]
        if lacking:
            return Judged("contradicts", tuple(self._said("lacking", "写明没有做到或有欠缺", d) for d in lacking[:2]))
        if not is_strong and not own_facts:
            return Judged("mentions", (Reason("named_only", "只提到有关名称，没有展开说明。"),))
        states = [d for d in about if d.clause.kind == "states" and not self._is_ahead(d)]
        if own_facts:
            if judged := self._by_facts(own_facts):
                return judged
        elif any(d.period in ("in", "unknown") for d in states):
            return self._supported(item, next(d for d in states if d.period in ("in", "unknown")))
        coloured = [
            d
            for d in about
            if d.clause.kind in ("planned", "demanded") and d.period != "earlier" and not self._is_ahead(d)
        ]
        if coloured and not own_facts:
            planned = [d for d in coloured if d.clause.kind == "planned"]
            if planned:
                return Judged("mentions", (self._said("planned", "说的是计划或目标，不是已经做到的事", planned[0]),))
            return Judged("mentions", (self._said("demanded", "说的是要求，不是已经做到的事", coloured[0]),))
        if own_facts:
            return self._outside_facts(own_facts)
        return self._outside(about)

    def _is_ahead(self, dated: Dated) -> bool:
        """Whether a clause speaks of what its document, being of an earlier year, could only plan (列入2018年用地计划)."""
        if dated.year is None or self.document_year is None or not self.document_year < min(dated.year, self.data_year):
            return False
        return _AHEAD.search(self.text[dated.clause.sentence[0] : dated.clause.end]) is not None

    def _by_facts(self, facts: Sequence[Fact]) -> Judged | None:
        """Supported by a figure of the data year; None when all figures are of other years."""
        for fact in facts:
            year = fact.year if fact.year is not None else self.document_year
            if year is None or year == self.data_year:
                when = f"{year} 年" if year is not None else "年度未写明"
                said = self._words_at(fact.start - self._offset, fact.end - self._offset)
                return Judged("supports", (Reason("fact", f"写有数据“{said}”（{when}）。", fact.start, fact.end),))
        return None

    def _outside_facts(self, facts: Sequence[Fact]) -> Judged:
        years = "、".join(str(year) for year in sorted({f.year or self.document_year or 0 for f in facts}))
        first = facts[0]
        sentence = f"数据是 {years} 年的，不是 {self.data_year} 年的；若仍有效，请附有效性说明。"
        return Judged("out_of_period", (Reason("period_of_fact", sentence, first.start, first.end),))

    def _supported(self, item: str, dated: Dated) -> Judged:
        named = next((topics[item] for topics, _ in self._topics if topics.get(item)), "")
        what = f"说到“{named}”" if named else "内容与本要点对应"
        reasons = [self._said("states", what, dated)]
        if dated.period == "unknown":
            reasons.append(Reason("year_unknown", "材料没有写明年度，暂按本年度看待，请核对。"))
        return Judged("supports", tuple(reasons))

    def _outside(self, about: Sequence[Dated]) -> Judged:
        periods: set[Period] = {dated.period for dated in about}
        ahead = [dated for dated in about if self._is_ahead(dated)]
        own = sorted({dated.year for dated in about if dated.year is not None and dated not in ahead})
        if ahead and not own:
            sentence = (
                f"材料是 {self.document_year} 年的，说的是当时对 {ahead[0].year} 年的安排；若仍有效，请附有效性说明。"
            )
            return Judged("out_of_period", (self._at("period_of_document", sentence, ahead[0]),))
        if periods <= {"in", "unknown"}:
            return Judged("mentions", (Reason("nothing_stated", "没有说到做了什么，请专家查看。"),))
        if own:
            first = next(dated for dated in about if dated.year is not None)
            years = "、".join(map(str, own))
            sentence = f"说的是 {years} 年，不是 {self.data_year} 年；若仍有效，请附有效性说明。"
            return Judged("out_of_period", (self._at("period_of_sentence", sentence, first),))
        sentence = f"材料是 {self.document_year} 年的，不是 {self.data_year} 年的；若仍有效，请附有效性说明。"
        return Judged("out_of_period", (Reason("period_of_document", sentence),))

    def _said(self, rule: str, what: str, dated: Dated) -> Reason:
        clause = dated.clause
        return self._at(rule, f"{what}：“{self._words_at(clause.start, clause.end)}”。", dated)

    def _at(self, rule: str, sentence: str, dated: Dated) -> Reason:
        clause = dated.clause
        return Reason(rule, sentence, clause.start + self._offset, clause.end + self._offset)

    def _words_at(self, start: int, end: int) -> str:
        said = re.sub(r"\s+", "", self.text[start:end])
        return said if len(said) <= _QUOTED else f"{said[:_QUOTED]}……"
