"""What reading noticed about the material and a person has to look at: hidden words, totals that do not add up, wrong year …"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ingest.tables import Document, Page
from review.copies import CopyGroup, find_copies
from review.rights import allowed
from review.workspace import Workspace

WRONG_YEAR = "年度不符"


@dataclass(frozen=True, slots=True)
class MaterialFinding:
    """page : None when it is about the file as a whole. kind : see ingest.pages.Finding."""

    district: str
    cycle: int
    file: str
    page: int | None
    kind: str
    sentence: str
    excerpt: str

    @property
    def place(self) -> str:
        """第 3 页, or 整份."""
        return "整份" if self.page is None else f"第 {self.page} 页"

    def to_json(self) -> dict[str, Any]:
        """One entry of `findings --json`."""
        return {
            "district": self.district, "cycle": self.cycle, "file": self.file, "page": self.page, "kind": self.kind,
            "sentence": self.sentence, "excerpt": self.excerpt,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class MaterialReport:
    """findings : of one district and cycle. copies : within the district, all its cycles together."""

    findings: tuple[MaterialFinding, ...]
    copies: tuple[CopyGroup, ...]


@allowed("read_evidence")
def material_report(workspace: Workspace, district: str, cycle: int) -> MaterialReport:
    """Everything that a person has to look at in the material of a district and cycle."""
    return MaterialReport(tuple(material_findings(workspace, district, cycle)), tuple(find_copies(workspace, district)))


@allowed("read_evidence")
def material_findings(workspace: Workspace, district: str, cycle: int) -> list[MaterialFinding]:
    """Findings of every document of a district and cycle: by file, of the whole file first, then by page."""
    mine = (
        Document.district == district, Document.cycle == cycle, Document.duplicate_of.is_(None),
        Document.superseded_by.is_(None),
    )  # fmt: skip
    columns = (Document.id, Document.file, Document.data_year, Document.facts, Document.findings)
    found: list[tuple[str, int, MaterialFinding]] = []
    with workspace.store.session() as session:
        files = {}
        for id_, file, year, facts, kept in session.execute(select(*columns).where(*mine)):
            files[id_] = file
            if year is not None and year != cycle - 1:
                how = facts.get("year", {})
                sentence = (
                    f"《{file}》说的是 {year} 年（{how.get('by', '')}：{how.get('word', '')}），本年度评价看 {cycle - 1} 年，"
                    "请补充数据年度的材料，或附上仍然有效的说明。"
                )
                found.append((file, 0, MaterialFinding(district, cycle, file, None, WRONG_YEAR, sentence, "")))
            found += [
                (file, 0, MaterialFinding(district, cycle, file, None, kind, sentence, excerpt))
                for kind, sentence, excerpt in kept
            ]
        pages = select(Page.document_id, Page.number, Page.findings).join(Page.document).where(*mine)
        for document_id, number, kept in session.execute(pages.order_by(Page.document_id, Page.number)):
            file = files[document_id]
            found += [
                (file, number, MaterialFinding(district, cycle, file, number, kind, sentence, excerpt))
                for kind, sentence, excerpt in kept
            ]
    return [finding for _, _, finding in sorted(found, key=lambda row: row[:2])]
