"""What is wrong with a finished paper before it may leave the house: untraced numbers, evidence numbers that lead nowhere,
sentences that tell of a problem without evidence, sentences nobody has confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from retrieval.cite import Citation, verify
from review.papers.common import UNCONFIRMED, coverage_text
from review.papers.record import DistrictRecord
from review.papers.trace import Fault, Place, marks, places, trace
from review.papers.trace_sources import COVERAGE_FILE, DistrictSources, cited_in
from review.papers.trace_year import YearSources
from review.papers.wording import WHOLE_YEAR, altered
from review.papers.year_record import YearRecord
from scoring_rules.scheme import Scheme

_BEGINS_WITH_ITEM = re.compile(r"^(?:\d+\. )?(?:（(B\d+(?:-\d+)?)）|B\d+(?:-\d+)?[^。]*必备材料不齐)")


def ids_of(scheme: Scheme) -> tuple[str, ...]:
    """Every id of the scheme a paper may name."""
    indicators, criteria = [one.id for one in scheme.indicators], [one.id for one in scheme.criteria]
    return (*indicators, *criteria, *(item.id for item in scheme.items))


def district_faults(
    record: DistrictRecord,
    paper: bytes,
    *,
    on: date | None = None,
    document: str = "",
    wording: Mapping[str, str] | None = None,
) -> tuple[Fault, ...]:
    """What is wrong with a paper of the district. on, document : day and number it is issued under. wording : of the office."""
    sources = DistrictSources(record, paper, on=on, document=document)
    found = trace(paper, sources, ids_of(record.feedback.scheme)).faults
    return (*found, *evidence_faults(record, paper), *confirmation_faults(record, paper, wording or {}))


def year_faults(told: YearRecord, report: bytes, *, on: date | None = None, document: str = "") -> tuple[Fault, ...]:
    """What is wrong with the annual report. on, document : day and number it is issued under."""
    own = told.wordings.get(WHOLE_YEAR, {})
    back = {after: before for before, after in own.items() if not altered(before, after)}
    return trace(report, YearSources(told, on=on, document=document), ids_of(told.scheme), read_as=back).faults


def evidence_faults(record: DistrictRecord, paper: bytes) -> tuple[Fault, ...]:
    """Evidence numbers that stand for nothing in the record, and sentences on an item that have none."""
    cited, found, coverage = cited_in(paper, record), list[Fault](), set[int]()
    for place in places(paper):
        if place.row.get("材料") == COVERAGE_FILE and place.column == "编号":
            if place.row["原文"] != coverage_text(record.feedback.coverage):
                found.append(Fault("覆盖情况与记录不同", place))
            coverage |= set(marks(place.text))
    for place in places(paper):
        found += [Fault(f"〔{number}〕不在佐证索引中", place) for number in marks(place.text) if number not in cited]
        if place.column == "编号" and "原文" in place.row:
            wrong = [n for n in marks(place.text) if cited.get(n) is None and n not in coverage]
            found += [Fault(f"〔{number}〕在记录中没有这一处", place) for number in wrong]
    return (*found, *(Fault("没有佐证编号", place) for place, _, numbers in _sentences(paper) if not numbers))


def confirmation_faults(record: DistrictRecord, paper: bytes, wording: Mapping[str, str]) -> tuple[Fault, ...]:
    """Sentences that do not say 待确认 although what they rest on is neither confirmed nor registered."""
    cited, found = cited_in(paper, record), []
    for place, item, numbers in _sentences(paper):
        citations = [citation for n in numbers if (citation := cited.get(n)) is not None]
        if UNCONFIRMED in place.text or not item or _is_registered(record, item, place.text, wording):
            continue
        if not citations or not all(record.is_confirmed(item, citation) for citation in citations):
            found.append(Fault("未经人确认，也没有注明待确认", place))
    return tuple(found)


def broken_citations(session: Session, record: DistrictRecord, paper: bytes) -> list[Citation]:
    """Those citations of the paper's evidence index whose words no longer stand at their place in the stored page.

    A registration stands in no page: the index tells it as the record does, or `evidence_faults` finds it.
    """
    return [c for c in cited_in(paper, record).values() if c is not None and c.document and not verify(session, c)]


def _sentences(paper: bytes) -> Iterator[tuple[Place, str, tuple[int, ...]]]:
    """(place, item, evidence numbers) of every sentence on an item: in the letter's paragraphs and in the list of problems."""
    for place in places(paper):
        if place.column == "问题" and "佐证" in place.row:
            yield place, place.row["要点"], marks(place.row["佐证"])
        elif not place.row and (found := _BEGINS_WITH_ITEM.match(place.text)):
            yield place, found.group(1) or "", marks(place.text)


def _is_registered(record: DistrictRecord, item: str, text: str, wording: Mapping[str, str]) -> bool:
    """Whether the sentence is that of a problem the office has registered, in the draft's words or its own."""
    own = [
        problem for problem in record.feedback.problems if problem.item == item and record.problem_is_confirmed(problem)
    ]
    return any(
        sentence in text
        for problem in own
        for sentence in (problem.sentence, wording.get(problem.sentence, problem.sentence))
    )


def sentences_of(faults: Sequence[Fault]) -> list[str]:
    """For people, each once."""
    return list(dict.fromkeys(fault.sentence for fault in faults))
