"""Material handed in more than once: the same file, the same words in another file, or nearly the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.similarity import alike, common_facts, groups
from ingest.tables import Document, EvidenceLink, Passage
from review.rights import allowed, require
from review.workspace import Workspace

LEAST = 0.85  # share of common runs of five characters; last year's report with a few new figures reaches about 0.9
_ITEMS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class CopiedDocument:
    """One of the copies. items : what its passages are proposed for, most passages first."""

    id: int
    district: str
    cycle: int
    file: str
    sha256: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CopyGroup:
    """Documents that hang together. share : the lowest estimated share of common words between linked documents, 1 = all."""

    kind: str
    share: float
    documents: tuple[CopiedDocument, ...]

    @property
    def sentence(self) -> str:
        """What was found and what to check."""
        several = [
            word
            for word, values in (
                ("不同区县", {d.district for d in self.documents}),
                ("不同年度", {d.cycle for d in self.documents}),
                ("不同评价要点", {d.items[:1] for d in self.documents if d.items}),
            )
            if len(values) > 1
        ]
        names = "、".join(f"《{d.file}》" for d in self.documents[:6]) + ("等" if len(self.documents) > 6 else "")
        where = f"，用于{'、'.join(several)}" if several else ""
        share = "" if self.share == 1 else f"（约 {self.share:.0%} 的文字相同）"
        return f"{len(self.documents)} 份材料{self.kind}{share}{where}：{names}，请核对是否重复使用或只改了年份、标题。"

    def to_json(self) -> dict[str, Any]:
        """One entry of `findings --json`."""
        return {
            "kind": self.kind,
            "share": round(self.share, 2),
            "sentence": self.sentence,
            "documents": [
                {"district": d.district, "cycle": d.cycle, "file": d.file, "sha256": d.sha256, "items": list(d.items)}
                for d in self.documents
            ],
        }


@allowed("read_evidence")
def find_copies(workspace: Workspace, district: str | None = None, *, least: float = LEAST) -> list[CopyGroup]:
    """Groups of copies within one district, all its years together; without a district among all districts (for the office only)."""
    if district is None:
        require(workspace.actor, "compare_districts")
    query = select(Document.id, Document.sha256, Document.facts).where(Document.state != "failed").order_by(Document.id)
    query = query.where(Document.superseded_by.is_(None))  # a corrected file is no copy of the one it corrects
    if district is not None:
        query = query.where(Document.district == district)
    with workspace.store.session() as session:
        rows = list(session.execute(query))
        same_file: dict[str, list[int]] = defaultdict(list)
        words: dict[int, Mapping[str, str]] = {}
        for id_, sha256, facts in rows:
            same_file[sha256].append(id_)
            if (kept := common_facts(facts)) is not None and len(same_file[sha256]) == 1:
                words[id_] = kept
        pairs = [(one, other, 1.0) for ids in same_file.values() for one, other in pairwise(ids)]
        pairs += alike({id_: kept["minhash"] for id_, kept in words.items()}, least)
        return list(_groups(session, pairs, words))


def _groups(
    session: Session, pairs: list[tuple[int, int, float]], words: Mapping[int, Mapping[str, str]]
) -> Iterable[CopyGroup]:
    found = groups(pairs)
    documents = _documents(session, {id_ for group in found for id_ in group})
    for group in found:
        members = set(group)
        copies = tuple(documents[id_] for id_ in group)
        share = min(share for one, _, share in pairs if one in members)
        if len({copy.sha256 for copy in copies}) == 1:
            yield CopyGroup("内容完全相同", 1.0, copies)
        elif len({words[id_]["sha256"] for id_ in group if id_ in words}) == 1:
            yield CopyGroup("文字完全相同（文件不同）", 1.0, copies)
        else:
            yield CopyGroup("文字相近", share, copies)


def _documents(session: Session, ids: Iterable[int]) -> dict[int, CopiedDocument]:
    wanted = set(ids)
    counted = (
        select(Passage.document_id, EvidenceLink.item, func.count())
        .join(Passage.links)
        .where(Passage.document_id.in_(wanted), EvidenceLink.rank == 1, EvidenceLink.state != "rejected")
        .group_by(Passage.document_id, EvidenceLink.item)
        .order_by(func.count().desc(), EvidenceLink.item)
    )
    items: dict[int, list[str]] = defaultdict(list)
    for document_id, item, _ in session.execute(counted):
        items[document_id].append(item)
    rows = select(
        Document.id, Document.district, Document.cycle, Document.file, Document.sha256, Document.duplicate_of
    ).where(Document.id.in_(wanted))
    return {
        id_: CopiedDocument(id_, district, cycle, file, sha256, tuple(items[origin or id_][:_ITEMS_SHOWN]))
        for id_, district, cycle, file, sha256, origin in session.execute(rows)
    }
