"""What a district still has to hand in, item by item: expected evidence found, missing, out of period or unreadable."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.orm import Session

from ingest.tables import Document
from retrieval.cite import Citation
from retrieval.claims import is_claim
from review.acts import OfficeRules, office_rules
from review.coverage import Coverage as Coverage
from review.coverage import coverage_of
from review.evidence import BEARING, DocumentEvidence, documents_of, evidence_by_item
from review.examination import current_fingerprint
from review.expectations import YearItem, year_catalogue, year_items
from review.figure_checks import (
    RequiredFigure,
    Stated,
    ZeroReport,
    required_figures,
    stated_figures,
    zero_reports,
    zero_sentence,
)
from review.figures import Contradiction, contradictions, read_figures
from review.objections import objections
from review.rights import allowed
from review.workspace import Workspace
from scoring_rules.catalogue import Expectation

ExpectedState = Literal["found", "missing", "out_of_period", "unreadable"]
ItemState = Literal["found", "partly", "missing", "out_of_period", "unreadable"]

STATE_WORDS = {
    "found": "齐全",
    "partly": "不齐",
    "missing": "缺材料",
    "out_of_period": "年度不符",
    "unreadable": "无法读取",
}
# How many documents are cited for one expected type: enough to look at, not a list of everything.
CITED_DOCUMENTS = 3


@dataclass(frozen=True, slots=True)
class Expected:
    """One expected type of evidence (domain code, e.g. "M" 会议纪要) and whether it is there."""

    type: str
    name: str
    required: bool
    state: ExpectedState
    citations: tuple[Citation, ...]
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemCompleteness:
    """One item. missing : names of required types without evidence of the data year. notes : Chinese sentences.

    evidence : the best passage of each of the best documents, of whatever type. out_of_period : that of each document of another year.
    expectation : who provides the material, and whether the office has changed what is expected. figures : those the rules look at.
    zeros : what must be none.
    """

    item: str
    title: str
    state: ItemState
    expected: tuple[Expected, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    conflicts: tuple[Contradiction, ...]
    evidence_files: tuple[str, ...]
    evidence: tuple[Citation, ...]
    out_of_period: tuple[Citation, ...]
    expectation: YearItem
    figures: tuple[RequiredFigure, ...] = ()
    zeros: tuple[ZeroReport, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """One entry of `items` of `completeness --json`."""
        return {
            "item": self.item,
            "title": self.title,
            "state": self.state,
            "lead": self.expectation.responsible.lead,
            "others": list(self.expectation.responsible.others),
            "expected": [
                {
                    "type": expected.type,
                    "name": expected.name,
                    "required": expected.required,
                    "state": expected.state,
                    "citations": [citation.to_json() for citation in expected.citations],
                }
                for expected in self.expected
            ],
            "missing": list(self.missing),
            "figures": [figure.to_json() for figure in self.figures],
            "zero_reports": [zero.to_json() for zero in self.zeros],
            "notes": list(self.notes),
            "conflicts": [conflict.to_json() for conflict in self.conflicts],
        }


@dataclass(frozen=True, slots=True)
class Completeness:
    """The whole list for one district and cycle. unused : readable files linked to no item. out_of_period : (file, year)."""

    district: str
    cycle: int
    coverage: Coverage
    items: tuple[ItemCompleteness, ...]
    unused: tuple[str, ...]
    out_of_period: tuple[tuple[str, int], ...]

    def to_json(self) -> dict[str, Any]:
        """The document of `completeness --json`."""
        return {
            "district": self.district,
            "cycle": self.cycle,
            "coverage": self.coverage.to_json(),
            "items": [entry.to_json() for entry in self.items],
            "unused": list(self.unused),
            "out_of_period": [{"file": file, "year": year} for file, year in self.out_of_period],
        }


@allowed("read_evidence")
def completeness(
    workspace: Workspace, district: str, cycle: int, *, conflicts: Sequence[Contradiction] | None = None,
    items: Collection[str] | None = None,
) -> Completeness:  # fmt: skip
    """Every item of the scheme against every document of the district.

    conflicts : those of the district's figures, when they have been read already. items : only these are looked at, which is
    quicker; what is used by none of them is then not known, and `unused` empty. None = all.
    """
    data_year = cycle - 1
    catalogue, wanted = year_catalogue(workspace, cycle), year_items(workspace, cycle)
    rules, fingerprint = office_rules(workspace, cycle), current_fingerprint(workspace)
    with workspace.store.session() as session:
        documents = documents_of(session, district, cycle)
        against = objections(session, district, cycle, rules)
        evidence = evidence_by_item(session, district, cycle, against, items)
        if conflicts is None:
            conflicts = contradictions(read_figures(session, district, cycle))
        unread = [document for document in documents if document.state in ("failed", "partly")]
        stated = stated_figures(session, district, cycle)
        entries = tuple(
            _item(
                session,
                catalogue.expectations[item.id],
                catalogue.types,
                evidence.get(item.id, []),
                unread,
                conflicts,
                data_year,
                wanted[item.id],
                (rules, stated),
            )
            for item in workspace.scheme.items
            if items is None or item.id in items
        )
        linked = {found.document.id for group in evidence.values() for found in group if found.bears}
        return Completeness(
            district,
            cycle,
            coverage_of(session, documents, fingerprint),
            entries,
            tuple(
                d.file
                for d in documents
                if items is None
                and d.state != "failed"
                and d.duplicate_of is None
                and d.id not in linked
                and not is_claim(d.file)
            ),
            tuple((d.file, d.data_year) for d in documents if d.data_year is not None and d.data_year != data_year),
        )


def _item(
    session: Session,
    expectation: Expectation,
    types: Any,
    evidence: Sequence[DocumentEvidence],
    unread: Sequence[Document],
    conflicts: Sequence[Contradiction],
    data_year: int,
    wanted: YearItem,
    known: tuple[OfficeRules, Stated],
) -> ItemCompleteness:
    rules, stated = known
    bearing = [found for found in evidence if found.bears]
    blocked = [document for document in unread if _names(document, expectation)]
    expected = tuple(
        _expected(session, code, types[code].name, required, bearing, blocked)
        for required, codes in ((True, expectation.required), (False, expectation.optional))
        for code in codes
    )
    required_states = [entry.state for entry in expected if entry.required]
    own = tuple(conflict for conflict in conflicts if conflict.item == expectation.item_id)
    notes = []
    late = [found for found in bearing if not found.in_period]
    if late:
        listed = "、".join(f"《{found.document.file}》（{found.document.data_year} 年）" for found in late)
        notes.append(f"年度不符：{listed}不是 {data_year} 年的材料；若仍有效，请附有效性说明。")
    claims = [
        found.document.file for found in evidence if found.is_claim and any(p.stated in BEARING for p in found.passages)
    ]
    if claims and not bearing:
        notes.append(f"只有自评材料提到（{_titles(claims)}），尚无佐证材料。")
    passing = [found.document.file for found in evidence if not found.is_claim and not found.bears]
    if passing and not bearing:
        notes.append(f"仅有材料顺带提到（{_titles(passing[:CITED_DOCUMENTS])}），是否可作佐证请专家查看。")
    notes += [f"无法读取：《{document.file}》——{document.reason}" for document in blocked]
    notes += [f"口径冲突：{conflict.sentence}" for conflict in own]
    zeros = zero_reports(rules, expectation.item_id, stated, bearing, data_year)
    if lacking := zero_sentence(zeros):
        notes.append(lacking)
    return ItemCompleteness(
        expectation.item_id,
        expectation.title,
        _item_state(required_states, any(found.in_period for found in bearing)),
        expected,
        tuple(entry.name for entry in expected if entry.required and entry.state != "found"),
        tuple(notes),
        own,
        tuple(found.document.file for found in bearing),
        tuple(found.citation(session) for found in bearing[:CITED_DOCUMENTS]),
        tuple(found.citation(session) for found in late),
        wanted,
        required_figures(rules, expectation.item_id, stated, data_year),
        zeros,
    )


def _expected(
    session: Session,
    code: str,
    name: str,
    required: bool,
    bearing: Sequence[DocumentEvidence],
    blocked: Sequence[Document],
) -> Expected:
    of_type = [found for found in bearing if code in found.types]
    in_period = [found for found in of_type if found.in_period]
    state: ExpectedState
    if in_period:
        state, cited = "found", in_period
    elif of_type:
        state, cited = "out_of_period", of_type
    elif any(document.type_code == code for document in blocked):
        state, cited = "unreadable", []
    else:
        state, cited = "missing", []
    cited = cited[:CITED_DOCUMENTS]
    return Expected(
        code,
        name,
        required,
        state,
        tuple(found.citation(session) for found in cited),
        tuple(found.document.file for found in cited),
    )


def _titles(files: Sequence[str]) -> str:
    return "、".join(f"《{file}》" for file in files)


def _item_state(required: Sequence[ExpectedState], has_evidence: bool) -> ItemState:
    """Found when every required type is; partly when there is evidence of the data year, of whatever type; else why there is none."""
    kinds = set(required)
    if kinds == {"found"}:
        return "found"
    if "found" in kinds or has_evidence:
        return "partly"
    for state in ("out_of_period", "unreadable"):
        if state in kinds:
            return state
    return "missing"


def _names(document: Document, expectation: Expectation) -> bool:
    """Whether an unreadable document's name speaks of the item: its id, its short title or one of its aliases."""
    name = document.file.upper()
    if expectation.item_id in name:
        return not name[name.index(expectation.item_id) + len(expectation.item_id) :][:1].isdigit()
    return any(word and word.upper() in name for word in (expectation.title, *expectation.aliases))
