"""Every number of a finished paper, walked back to the record it was made of.

Taken out first, each checked on its own: ids of the scheme, numbering of lines and rows, evidence marks, hashes. What is left
has to be a number of the record: as stated, or as the ledger's exact number reads once it is rounded for print.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

import docx
from docx.oxml.ns import qn

from review.papers.record import DistrictRecord
from scoring_rules.rounding import half_up
from scoring_rules.scheme import Scheme
from scoring_rules.score_result import ScoreResult

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_EXACT = re.compile(r"-?\d+(?:/\d+|\.\d+)?")
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_MARK = re.compile(r"〔\d+〕")
_ID = re.compile(r"[AB]\d+(?:-\d+)?")
# A cell of a sheet, as a citation names it: 综合!A18:D18.
_CELL = re.compile(r"![A-Z]{1,3}\d+(?::[A-Z]{1,3}\d+)?")
_NUMBERING = re.compile(r"^\d+\. ")
_ANNEX = re.compile(r"(?:附件：?|附表|图)\s?\d+(?:\. )?")


@dataclass(frozen=True, slots=True)
class Untraced:
    """A number that stands in no record, and the words around it."""

    number: str
    words: str


def words_of(paper: bytes) -> Iterator[str]:
    """The paragraphs and cells of the body in their order; a numbering column (序号, from 1 up) is left out."""
    body = docx.Document(io.BytesIO(paper)).element.body
    for block in body:
        if block.tag == qn("w:tbl"):
            rows = [
                ["".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
                for row in block.iter(qn("w:tr"))
            ]
            numbered = rows[0][0] == "序号" and [row[0] for row in rows[1:]] == [str(n) for n in range(1, len(rows))]
            for row in rows:
                yield from row[1:] if numbered else row
        else:
            yield "".join(t.text or "" for t in block.iter(qn("w:t")))


def untraced(paper: bytes, known: Iterable[Decimal], scheme: Scheme) -> list[Untraced]:
    """The numbers of the paper that are not among the known ones; ids that the scheme does not have count too."""
    pool = set(known)
    ids = {i.id for i in scheme.indicators} | {c.id for c in scheme.criteria} | {i.id for i in scheme.items}
    found = []
    for words in words_of(paper):
        text = _ANNEX.sub(" ", _NUMBERING.sub("", _MARK.sub(" ", _HASH.sub(" ", _CELL.sub(" ", words)))))
        found += [Untraced(name, words) for name in _ID.findall(text) if name not in ids]
        found += [Untraced(n, words) for n in _NUMBER.findall(_ID.sub(" ", text)) if Decimal(n) not in pool]
    return found


def stated(value: Any) -> set[Decimal]:
    """Every number that stands in JSON data or in text."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return {Decimal(number) for number in _NUMBER.findall(text)}


def printed(value: Any) -> set[Decimal]:
    """The exact numbers of JSON data as they read in print: with two and with four decimals."""
    if isinstance(value, Mapping):
        return set().union(*(printed(member) for member in value.values()), set())
    if isinstance(value, (list, tuple)):
        return set().union(*(printed(member) for member in value), set())
    if isinstance(value, str) and _EXACT.fullmatch(value):
        return rounded(Fraction(value))
    return set()


def rounded(value: Fraction) -> set[Decimal]:
    """A number as papers print it, without its sign."""
    return {_decimal(half_up(abs(value), decimals)) for decimals in (2, 4)}


def of_score(score: ScoreResult, scheme: Scheme) -> set[Decimal]:
    """The numbers of a ledger: stated, printed, and the differences and sums that papers take from it."""
    data = score.to_json()
    found = stated(data) | printed(data)
    lines = {line.id: line.points for line in score.lines}
    for criterion in scheme.criteria:
        points = lines.get(criterion.id)
        if points is not None:
            found |= rounded(criterion.points - points)
    known = [
        half_up(points) for name, points in lines.items() if points is not None and name not in ("cap", "rounding")
    ]
    if score.total_points is not None:
        found |= rounded(score.total_points - sum(known, Fraction(0)))
    for step in score.ledger.steps:
        if step.rule == "sample":
            for side in ("self", "verified"):
                values = [one[side] for one in step.inputs if one[side] is not None]
                found |= rounded(sum((Fraction(text) for text in values), Fraction(0)))
    parts = []
    for indicator in scheme.indicators:
        own = [lines.get(c.id) for c in indicator.criteria if not c.is_bonus]
        if own and None not in own:
            parts.append(sum((points for points in own if points is not None), Fraction(0)))
            found |= rounded(parts[-1])
    return found | rounded(sum((half_up(part) for part in parts), Fraction(0)))


def of_record(record: DistrictRecord, counts: Sequence[int]) -> set[Decimal]:
    """The numbers of a district's record. counts : how many of what the paper may say, counted by who checks."""
    scheme = record.feedback.scheme
    drafted = record.feedback.draft
    found = stated(drafted.to_json()) | printed(drafted.to_json()) | stated(drafted.completeness.to_json())
    found |= stated([finding.figures for criterion in drafted.result.criteria for finding in criterion.items])
    found |= stated([citation.to_json() for citation in record.feedback.references])
    found |= stated([[c.to_json() for c in cited] for cited in drafted.citations.values()])
    found |= stated([entry.evidence_files for entry in drafted.completeness.items])
    found |= stated(record.sample) | stated(list(record.replacements)) | stated([p.to_json() for p in record.panels])
    found |= printed([p.to_json() for p in record.panels])
    found |= stated([problem.to_json() for problem in record.problems]) | stated(record.year.to_json())
    found |= of_scheme(scheme) | {Decimal(record.cycle), Decimal(record.cycle - 1)} | {Decimal(n) for n in counts}
    found |= stated(record.district)
    if record.score is not None:
        found |= of_score(record.score, scheme)
    if record.decision is not None:
        found.add(Decimal(record.decision.number))
    return found


def of_scheme(scheme: Scheme) -> set[Decimal]:
    """The numbers of the official text, and the points it gives."""
    texts = [
        scheme.title,
        scheme.document_number,
        *(i.text for i in scheme.items),
        *(c.text for c in scheme.conditions),
    ]
    texts += [*(c.name for c in scheme.criteria), *(step.text for step in scheme.procedure)]
    found = stated(texts) | {_decimal(scheme.full_points)} | {_decimal(c.points) for c in scheme.criteria}
    return found | {Decimal(c.id) for c in scheme.conditions if c.id.isdigit()}


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)
