"""What every paper of a district shares: header, closing lines, evidence marks, the grouping by criterion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from retrieval.cite import Citation
from review.coverage import Coverage
from review.papers.numbers import ABSENT, points_text, with_amounts
from review.papers.record import DistrictRecord
from review.places import place
from scoring_rules.findings import Finding
from scoring_rules.scheme import Criterion, Scheme
from scoring_rules.score_result import Line, ScoreResult

DRAFT_HEADER = "拟定稿（由系统依据已导入材料生成，须经市教育督导办核定签发）"
OFFICE = "市政府教育督导委员会办公室"
# The longest quote printed in an evidence index; the whole passage stays in the record.
QUOTE_LENGTH = 120
UNCONFIRMED = "（待确认）"


Span = tuple[str, int, int, int, int]


@dataclass(slots=True)
class Index:
    """The evidence index of a paper: what the paper cites, numbered as it is read.

    told : the citations as the feedback numbers them. The statement of coverage may be cited too: what is missing rests on it.
    """

    coverage: str
    told: Sequence[Citation] = ()
    _numbers: dict[Span | None, int] = field(default_factory=dict)
    _cited: list[Citation | None] = field(default_factory=list)

    def of(self, numbers: Sequence[int]) -> str:
        """Marks for numbers of the feedback: 〔3〕〔8〕; that of the coverage statement where there are none."""
        return self.add(self.told[number - 1] for number in numbers) or self.coverage_mark

    @property
    def coverage_mark(self) -> str:
        """The mark of the coverage statement, which takes the next number when it is first cited."""
        return f"〔{self._number(None)}〕"

    def add(self, citations: Iterable[Citation]) -> str:
        """Marks for citations; one that is new takes the next number."""
        return "".join(f"〔{number}〕" for number in dict.fromkeys(self._number(citation) for citation in citations))

    def _number(self, citation: Citation | None) -> int:
        span = None
        if citation is not None:
            span = (citation.document, citation.document_id, citation.page, citation.start, citation.end)
        if span not in self._numbers:
            self._cited.append(citation)
            self._numbers[span] = len(self._cited)
        return self._numbers[span]

    def rows(self) -> list[dict[str, str]]:
        """The rows of the index, by number."""
        return [self._row(number, citation) for number, citation in enumerate(self._cited, 1)]

    def _row(self, number: int, citation: Citation | None) -> dict[str, str]:
        if citation is None:
            told = {"file": "材料完整性检查", "place": "覆盖情况", "quote": self.coverage}
        else:
            told = {"file": citation.file, "place": place(citation), "quote": shortened(citation.quote)}
        return {"number": f"〔{number}〕", **told}


def shortened(text: str, length: int = QUOTE_LENGTH) -> str:
    """One line, cut with …… where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= length else line[:length] + "……"


def reasons_text(finding: Finding) -> str:
    """The reasons of a draft in one line."""
    return with_amounts("；".join(reason.rstrip("。") for reason in finding.reasons))


def closing(cycle: int, on: date | None = None) -> dict[str, Any]:
    """Signature and 版记. on : the day of issue; None leaves it to be filled in by hand."""
    day = f"{cycle}年　　月　　日" if on is None else f"{on.year}年{on.month}月{on.day}日"
    return {"signer": OFFICE, "day": day, "issuer": OFFICE, "issued": f"{day}印发"}


def basis_sentence(scheme: Scheme) -> str:
    """《…》（济政办发〔2019〕5号)."""
    return f"《{scheme.title}》（{scheme.document_number}）"


def criteria_with(scheme: Scheme, items: Iterable[str]) -> list[Criterion]:
    """The criteria some of these items belong to, in the scheme's order."""
    owners = {item.id: item.criterion_id for item in scheme.items}
    wanted = {owners[item] for item in items}
    return [criterion for criterion in scheme.criteria if criterion.id in wanted]


def lines_by_id(score: ScoreResult | None) -> dict[str, Line]:
    """The lines of the sheet by criterion; empty without a sheet."""
    return {} if score is None else {line.id: line for line in score.lines}


def checked_text(line: Line | None) -> str:
    """Verified points, with what was sampled where that is not the whole criterion."""
    if line is None or not line.sampled:
        return ABSENT
    part = "" if line.sampled == (line.id,) else f"（{'、'.join(line.sampled)}）"
    return f"{'待核查' if line.verified is None else points_text(line.verified)}{part}"


def shown_sum(score: ScoreResult) -> Fraction | None:
    """The points of the criteria as they are printed, added up; None while one is open."""
    shown = [points_text(line.points) for line in score.lines if line.id not in ("cap", "rounding")]
    return None if ABSENT in shown else sum((Fraction(text) for text in shown), Fraction(0))


def coverage_text(coverage: Coverage) -> str:
    """The coverage statement as a paper says it: without the hint which command goes on with the examination."""
    return coverage.sentence.partition("请运行")[0]


# Words after which a long title may be broken, so that no line begins in the middle of one.
_TITLE_BREAKS = ("人民政府", "年度", "反馈问题", "职责评价", "履行教育职责")
TITLE_LINE = 20


def balanced(title: str) -> str:
    """The title, broken into lines after a whole word where it is longer than a line of 20 characters."""
    lines, rest = [], title
    while len(rest) > TITLE_LINE:
        wanted = min(TITLE_LINE, (len(rest) + 1) // 2 + 2)
        ends = [rest.find(word) + len(word) for word in _TITLE_BREAKS if word in rest]
        ends = [end for end in ends if 6 <= end <= TITLE_LINE and len(rest) - end >= 4]
        end = min(ends, key=lambda end: abs(end - wanted)) if ends else TITLE_LINE
        lines.append(rest[:end])
        rest = rest[end:]
    return "\n".join([*lines, rest])


def draft_header(record: DistrictRecord, *, is_draft: bool) -> str:
    """The words at the top of every page."""
    return DRAFT_HEADER if is_draft else f"{record.district}{record.cycle}年度履行教育职责评价"
