"""What may stand where in a district's paper: each row of points its line of the ledger, each sentence the figures it cites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from retrieval.cite import Citation
from review.completeness import STATE_WORDS
from review.cycles import stage_of
from review.papers.basis import told
from review.papers.common import basis_sentence, coverage_text, reasons_text, shortened, shown_sum
from review.papers.letter import INCOMPLETE
from review.papers.numbers import credibility_text, day_text, points_text, with_amounts
from review.papers.record import DistrictRecord
from review.papers.trace import Place, Source, decimals, marks, numbers_in, places
from review.papers.trace_figures import SentenceSources
from review.places import place as place_words

# Headings of columns that hold points of the row's criterion or item.
POINTS = ("分值", "自评", "核查", "得分", "失分", "初评区间", "专家打分")
TEXTS = ("二级指标", "二级指标／评价要点", "方案原文", "名称")
COVERAGE_FILE = "材料完整性检查"


def cited_in(paper: bytes, record: DistrictRecord) -> dict[int, Citation | None]:
    """The citation each number of the paper's evidence index stands for; None where the record has none that reads so."""
    known: dict[tuple[str, str, str], Citation] = {}
    for citation in _citations(record):
        known.setdefault((citation.file, place_words(citation), shortened(citation.quote)), citation)
    found: dict[int, Citation | None] = {}
    for place in places(paper):
        if "原文" in place.row and place.column == "编号":
            row = place.row
            for number in marks(row["编号"]):
                found[number] = known.get((row["材料"], row["位置"], row["原文"]))
    return found


def _citations(record: DistrictRecord) -> Iterable[Citation]:
    yield from record.feedback.references
    for cited in record.feedback.draft.citations.values():
        yield from cited


class DistrictSources:
    """Called with a place of the paper of one district. on : the day of issue, document : its number, where it has them."""

    def __init__(self, record: DistrictRecord, paper: bytes, *, on: date | None = None, document: str = "") -> None:
        self.record, self.scheme = record, record.feedback.scheme
        self.cited = cited_in(paper, record)
        self.entries = {entry.item: entry for entry in record.feedback.draft.completeness.items}
        self.findings = {f.item_id: f for c in record.feedback.draft.result.criteria for f in c.items}
        self.lines = {} if record.score is None else {line.id: line for line in record.score.lines}
        self.sentence = SentenceSources(record, self.cited, self.entries)
        data_year = record.cycle - 1
        years = [f"{record.cycle}年度履行教育职责", f"你区{data_year}年度", f"不属于{data_year}年度"]
        years += [f"不是 {data_year} 年度的材料", f"补充 {data_year} 年度材料"]
        day = f"{record.cycle}年　　月　　日" if on is None else f"{on.year}年{on.month}月{on.day}日"
        self.always = (
            Source("方案", (basis_sentence(self.scheme), self.scheme.document_number)),
            Source("评价年度", (*years, day, document)),
            Source("材料覆盖情况", (coverage_text(record.feedback.coverage),)),
            Source("区县名称", (record.district,)),
        )

    def __call__(self, place: Place) -> Sequence[Source]:
        return (*self.always, *(self._cell(place) if place.row else self._paragraph(place)))

    def _cell(self, place: Place) -> list[Source]:
        row, column = place.row, place.column
        name = row.get("编号", row.get("要点", "")).partition(" ")[0]
        if "原文" in row and "材料" in row:
            return self._reference(row["编号"], column)
        if column in POINTS:
            return [self._points(name, column)]
        if column in TEXTS:
            return [self._official(name)]
        if "步骤" in row:
            return self._step(int(row["#"]))
        if column in ("依据与输入", "理由与佐证"):
            return self._reasons(name)
        if "复查结论" in row:
            return self._tracked(int(row["#"]))
        if "尚缺材料" in row:
            return [self._completeness(name)]
        if column in ("问题", "整改要求"):
            return self.sentence.of([name], marks(row.get("佐证", "")))
        return [self._sample()] if "替补次序" in row else []

    def _paragraph(self, place: Place) -> list[Source]:
        items = [item for item in self.entries if f"（{item}）" in place.text[: len(item) + 8]]
        if items:
            return self.sentence.of(items, marks(place.text))
        return [self._counts(), self._totals(), self._sample(), self._dates(), self._procedure()]

    # What the sources are

    def _reference(self, number: str, column: str) -> list[Source]:
        citation = next((self.cited.get(n) for n in marks(number)), None)
        if citation is None:
            return []
        words = {"材料": citation.file, "位置": place_words(citation), "原文": shortened(citation.quote)}
        return [Source(f"佐证{number}", (words.get(column, ""),))]

    def _points(self, name: str, column: str) -> Source:
        line, score = self.lines.get(name), self.record.score
        if name in ("合计", "尾差") and score is not None and score.total_points is not None:
            shown = shown_sum(score)
            rest = None if shown is None else score.total_points - shown
            of = {"自评": score.self_points, "得分": score.total_points if name == "合计" else rest}
            return Source("台账合计", (), decimals(of.get(column)))
        if column == "初评区间":
            criterion = next((c for c in self.record.feedback.draft.result.criteria if c.id == name), None)
            points = self.findings[name].points if criterion is None else criterion.points
            return Source(f"{name} 的初评", (), decimals(points[0]) | decimals(points[1]))
        if column == "专家打分":
            panel = next((p for p in self.record.panels if p.criterion == name), None)
            given = () if panel is None else (*(one.points for one in panel.given), panel.settled)
            return Source(f"{name} 的专家打分", (), frozenset(n for one in given for n in decimals(one)))
        whole = next((c.points for c in self.scheme.criteria if c.id == name), None)
        if column == "分值":
            return Source(f"方案 {name} 的分值", (), decimals(whole))
        if line is None:
            return Source("没有这一行")
        lost = None if whole is None or line.points is None else whole - line.points
        of = {"自评": line.self_points, "核查": line.verified, "得分": line.points, "失分": lost}
        return Source(f"台账 {name} 行", (), decimals(of.get(column)))

    def _official(self, name: str) -> Source:
        texts = [c.name for c in self.scheme.criteria if c.id == name]
        texts += [i.text for i in self.scheme.items if i.id == name]
        texts += [self.entries[name].title] if name in self.entries else []
        return Source(f"方案 {name}", tuple(texts))

    def _step(self, number: int) -> list[Source]:
        score = self.record.score
        if score is None or number > len(score.ledger.steps):
            return []
        step = score.ledger.steps[number - 1]
        return [Source(f"台账第 {number} 步", (step.basis, told(step.inputs), told(step.result)))]

    def _reasons(self, name: str) -> list[Source]:
        """What the draft says of an item; how a criterion came to its points."""
        found = []
        finding = self.findings.get(name)
        if finding is not None:
            points = decimals(finding.points[0]) | decimals(finding.points[1])
            files = tuple(f"《{c.file}》" for c in self.record.feedback.draft.cited(finding))
            found.append(
                Source(f"{name} 的初评", (reasons_text(finding), *map(with_amounts, finding.reasons), *files), points)
            )
        line, score = self.lines.get(name), self.record.score
        if line is not None and score is not None:
            numbers = decimals(line.self_points) | decimals(line.verified)
            if score.credibility is not None:
                numbers |= numbers_in(str(score.credibility))
            found.append(Source(f"台账 {name} 行", (), numbers))
        return found

    def _tracked(self, number: int) -> list[Source]:
        """The registered problem of a row, or the problem of the feedback that stands in it while none is registered."""
        record = self.record
        if not record.problems:
            told_problems = record.feedback.problems
            sentence = told_problems[number - 1].sentence if number <= len(told_problems) else ""
            return [Source(f"反馈意见的第 {number} 个问题", (sentence,))]
        known = next((p for p in record.problems if p.number == number), None)
        if known is None:
            return []
        texts = [known.text, day_text(known.due_on)]
        for act in known.acts:
            texts += [str(value) for key, value in act.content.items() if key != "files"]
            texts += [day_text(str(act.content[key])) for key in ("until", "on") if key in act.content]
            texts += [f"《{file['file']}》" for file in act.content.get("files", ())]
        return [Source(f"登记的第 {number} 个问题", tuple(texts))]

    def _completeness(self, name: str) -> Source:
        entry = self.entries.get(name)
        if entry is None:
            return Source("没有这一条")
        texts = [entry.title, *entry.missing, *(note.rstrip("。") for note in entry.notes)]
        return Source(f"{name} 的材料情况", (*texts, *(f"《{file}》" for file in entry.evidence_files)))

    def _counts(self) -> Source:
        """How many there are of what, counted here: with the word that is counted, so that no count can stand for another."""
        record, listed = self.record, self.record.feedback.draft.completeness
        problems, achievements = record.feedback.problems, record.feedback.achievements
        experts = {name for panel in record.panels for name in panel.experts}
        sure = sum(record.problem_is_confirmed(problem) for problem in problems)
        sure += sum(record.achievement_is_confirmed(one.item, one.evidence) for one in achievements)
        words = [
            f"{len(experts)} 位专家", f"{len(record.panels)} 个二级指标打分", f"{len(listed.items)} 个评价要点中",
            f"问题共 {len(record.problems) or len(problems)} 个", f"另有 {len(problems) + len(achievements) - sure} 条",
            f"等 {len({problem.item for problem in problems if problem.kind == INCOMPLETE})} 个评价要点的必备材料不齐",
            *(f"{state} {count} 个" for state, count in self._by_state().items()),
            *(f"{state} {count} 个" for state, count in Counter(p.state_words for p in record.problems).items()),
            *(f"《{file}》（{year} 年）" for file, year in listed.out_of_period), *(f"《{file}》" for file in listed.unused),
            *(f"《{file}》：{reason}" for file, reason in listed.coverage.unreadable),
        ]  # fmt: skip
        return Source("记录中的个数与文件名", tuple(words))

    def _by_state(self) -> Mapping[str, int]:
        states = Counter[str](entry.state for entry in self.entries.values())
        return {words: states[state] for state, words in STATE_WORDS.items()}

    def _totals(self) -> Source:
        score, decision = self.record.score, self.record.decision
        words = [] if decision is None else [f"第 {decision.number} 号", decision.sha256]
        if score is not None:
            low, high = score.total_interval.published()
            words += [*score.open, score.ledger.sha256(), f"可信度为 {credibility_text(score.credibility)}"]
            words += [f"自评总得分 {points_text(score.self_points)} 分", f"基础分 {points_text(score.base_points)} 分"]
            words += [f"加分 {points_text(score.bonus_points)} 分", f"最终得分 {points_text(score.total_points)} 分"]
            words += [f"区间为 {low} 至 {high} 分"] if score.total_points is None else []
        return Source("台账合计", tuple(words))

    def _sample(self) -> Source:
        sample = self.record.sample
        if sample is None:
            return Source("没有抽样")
        criteria, schools = ([name for s in sample[part] for name in s["drawn"]] for part in ("criteria", "schools"))
        words = [f"随机种子 {sample['seed']}", f"二级指标 {len(criteria)} 个", f"学校 {len(schools)} 所", *schools]
        words += [sample["frame_sha256"], sample["basis"], sample["replacement"]]
        words += [name for part in ("criteria", "schools") for s in sample[part] for name in s["reserve"]]
        words += ["·".join(part for part in s["stratum"] if part) for s in sample["schools"]]
        words += [entry[key] for entry in self.record.replacements for key in ("out", "in", "reason", "approved_by")]
        return Source("抽样", tuple(words))

    def _dates(self) -> Source:
        acts = [act for act in self.record.year.acts if act.kind == "stage"]
        days = [day_text(act.at) for act in acts] + [stage_of(act.subject).words for act in acts]
        dues = [day_text(problem.due_on) for problem in self.record.problems]
        return Source("登记的日期与文书", (*days, *dues, *(problem.origin for problem in self.record.problems)))

    def _procedure(self) -> Source:
        names = [f"{c.id} {c.name}" for c in self.scheme.criteria]
        return Source("方案原文", (*(step.text for step in self.scheme.procedure), *names))
