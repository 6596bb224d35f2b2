"""Everything an import leaves behind, without row numbers and times: two imports of the same files must give equal snapshots."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import undefer

from ingest.tables import Document, EvidenceLink, Examination, FactRow, Job, Page, Passage
from retrieval.collections import Partition
from retrieval.vectors import vector_id
from review.workspace import Settings, Workspace

Snapshot = dict[str, dict[Any, Any]]


def snapshot(home: Path) -> Snapshot:
    """Documents, pages, passages, vectors, full text, links, facts, examinations, originals and what is left over, each under its own key."""
    workspace = Workspace(Settings(home))
    try:
        found = _record(workspace)
        found["originals"] = _originals(home)
        return found
    finally:
        workspace.store.engine.dispose()


def differences(one: Snapshot, other: Snapshot) -> list[str]:
    """Where two snapshots differ, as lines for people; empty when they are equal."""
    lines = []
    for part in sorted(one.keys() | other.keys()):
        left, right = one.get(part, {}), other.get(part, {})
        lines += [f"{part}: 少了 {key}" for key in left if key not in right]
        lines += [f"{part}: 多了 {key}" for key in right if key not in left]
        lines += [
            f"{part}: 不同 {key}: {left[key]} / {right[key]}"
            for key in left
            if key in right and left[key] != right[key]
        ]
    return lines


def _record(workspace: Workspace) -> Snapshot:
    found: Snapshot = {
        name: {}
        for name in ("documents", "pages", "passages", "vectors", "text", "links", "facts", "examinations", "left")
    }
    with workspace.store.session() as session:
        files = {document.id: document.file for document in session.scalars(select(Document))}
        for document in session.scalars(select(Document)):
            row = (document.sha256, document.size, document.kind, document.state, document.reason, document.title,
                   document.type_code, document.data_year, document.facts, document.findings,
                   files.get(document.duplicate_of or 0), document.indexed_at is not None)  # fmt: skip
            _once(found["documents"], (document.district, document.cycle, document.file, document.sha256), row)
        for page in session.scalars(select(Page).options(undefer(Page.char_boxes))):
            row = (page.label, page.state, page.reason, page.text, page.spans, page.width, page.height,
                   hashlib.sha256(page.char_boxes or b"").hexdigest(), page.source, page.findings)  # fmt: skip
            _once(found["pages"], (files[page.document_id], page.number), row)
        passages = session.scalars(select(Passage).order_by(Passage.document_id, Passage.page_id, Passage.start)).all()
        names = {passage.id: (files[passage.document_id], passage.key) for passage in passages}
        orders: dict[str, int] = {}
        for passage in passages:
            file = files[passage.document_id]
            orders[file] = orders.get(file, 0) + 1
            row = (orders[file], passage.start, passage.end, passage.text, passage.context, passage.indexed)
            _once(found["passages"], names[passage.id], row)
        for link in session.scalars(select(EvidenceLink)):
            row = (link.rank, link.confidence, link.verdict, link.state, link.method, link.reasons)
            _once(found["links"], (*names[link.passage_id], link.item), row)
        for fact in session.scalars(select(FactRow)):
            key = (*names[fact.passage_id], fact.metric, fact.start, fact.end, fact.value, fact.scope, fact.year)
            _once(found["facts"], key, (fact.unit, fact.state))
        for held in session.scalars(select(Examination)):
            _once(found["examinations"], files[held.document_id], (held.fingerprint, held.passages, held.nearest))
        found["left"] = {job.document_id: job.stage for job in session.scalars(select(Job))}
        places = session.execute(select(Document.district, Document.cycle).distinct()).all()
        for district, cycle in places:
            partition = Partition(district, cycle)
            ids = {vector_id(passage.id, passage.key): names[passage.id] for passage in passages}
            stored = sorted(workspace.index.vectors.stored(partition))
            kept, vectors = workspace.index.vectors.get(partition, stored)
            for id_, vector in zip(kept, vectors, strict=True):
                _once(found["vectors"], ids.get(id_, id_), vector.tobytes().hex())
            for id_, size in session.execute(text(f"SELECT id, sz FROM {partition.table}_docsize")):
                _once(found["text"], names.get(id_, id_), bytes(size).hex())
        check = session.execute(text("PRAGMA integrity_check")).scalar_one()
        if check != "ok":
            found["left"]["integrity_check"] = check
    return found


def _originals(home: Path) -> dict[Any, Any]:
    """Names of the kept files, and whether the bytes are those of the name."""
    return {
        path.relative_to(home).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() == path.name
        for path in (home / "originals").rglob("*")
        if path.is_file()
    }


def _once(table: dict[Any, Any], key: Any, row: Any) -> None:
    """A row that is there twice is a difference of its own."""
    table[key if key not in table else (key, "又一次")] = row
