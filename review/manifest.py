"""What a submission locks: every document by its SHA-256, the self points, and the scheme and parameters it was checked against."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ingest.store import Store
from ingest.tables import Document, Page, Passage
from review.acts import OfficeRules
from review.cycle_state import year_of
from review.self_points import Sheet, bonus_id, newest_sheet
from scoring_rules.decision import sha256_of
from scoring_rules.plain_data import to_data
from scoring_rules.rounding import exact_text

FORMAT = "edureview-submission-1"
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Change:
    """A difference between what was handed in and what is there now. sentence : Chinese."""

    kind: str
    subject: str
    sentence: str

    def to_json(self) -> dict[str, str]:
        """The difference as JSON data."""
        return {"kind": self.kind, "subject": self.subject, "sentence": self.sentence}


def build(
    session: Session, rules: OfficeRules, district: str, cycle: int, warnings: Sequence[str], coverage: str
) -> dict[str, Any]:
    """The manifest of what the record holds in this session, as JSON data."""
    documents = documents_now(session, district, cycle)
    until = year_of(session, cycle).deadline("self", district)
    replaced = select(Document.file, Document.sha256).where(
        Document.district == district, Document.cycle == cycle, Document.superseded_by.is_not(None)
    )
    return {
        "format": FORMAT,
        "district": district,
        "cycle": cycle,
        "data_year": cycle - 1,
        "deadline": None if until is None else until.isoformat(),
        "late": until is not None and datetime.now(UTC).date() > until,
        "documents": documents,
        "replaced": sorted(({"file": file, "sha256": sha} for file, sha in session.execute(replaced)), key=_place),
        "pages": sum(one["pages"] for one in documents),
        "passages": sum(one["passages"] for one in documents),
        "coverage": coverage,
        "self_points": _points(newest_sheet(session, district, cycle), rules),
        "warnings": list(warnings),
        **basis(rules),
    }


def basis(rules: OfficeRules) -> dict[str, Any]:
    """The scheme and the parameters in force, with what the office has decided about them, as hashes."""
    values = {name: to_data(parameter) for name, parameter in sorted(rules.parameters.items())}
    return {
        "scheme": {"id": rules.scheme.id, "sha256": sha256_of(to_data(rules.scheme))},
        "parameters": {"sha256": sha256_of(values)},
    }


def documents_now(session: Session, district: str, cycle: int) -> list[dict[str, Any]]:
    """The documents that count, by file name, with their hash and how much was read of them."""
    query = select(Document).where(
        Document.district == district, Document.cycle == cycle, Document.superseded_by.is_(None)
    )
    pages = _counts(session, Page.document_id, district, cycle)
    passages = _counts(session, Passage.document_id, district, cycle)
    rows = [
        {
            "file": one.file, "sha256": one.sha256, "size": one.size, "state": one.state,
            "pages": pages.get(one.id, 0), "passages": passages.get(one.id, 0),
        }
        for one in session.scalars(query)
    ]  # fmt: skip
    return sorted(rows, key=_place)


def _counts(session: Session, owner: Any, district: str, cycle: int) -> Mapping[int, int]:
    query = (
        select(owner, func.count())
        .join(Document, Document.id == owner)
        .where(Document.district == district, Document.cycle == cycle)
        .group_by(owner)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _place(one: Mapping[str, Any]) -> tuple[str, str]:
    return one["file"], one["sha256"]


def _points(sheet: Sheet, rules: OfficeRules) -> dict[str, Any]:
    entries = {key: one.to_json() for key, one in sheet.entries.items()}
    bonus = sheet.entries.get(bonus_id(rules.scheme))
    return {
        "version": sheet.version,
        "entries": entries,
        "total": exact_text(sheet.total(rules.scheme)),
        "bonus_claimed": None if bonus is None or bonus.points is None else exact_text(bonus.points),
        "sha256": sha256_of(entries),
    }


def changes(manifest: Mapping[str, Any], session: Session, store: Store, rules: OfficeRules) -> list[Change]:
    """Where the record, the kept originals, or the rules are no longer what was handed in; empty when all is the same.

    Reads every original from the disk and computes its SHA-256 anew.
    """
    district, cycle = manifest["district"], manifest["cycle"]
    handed_in = {_place(one): one for one in manifest["documents"]}
    now = {_place(one): one for one in documents_now(session, district, cycle)}
    found = [
        Change("missing", file, f"《{file}》在提交清单里，现在没有或换了内容")
        for file, _ in handed_in.keys() - now.keys()
    ]
    found += [Change("added", file, f"《{file}》不在提交清单里") for file, _ in now.keys() - handed_in.keys()]
    for key, one in handed_in.items():
        if key in now and (now[key]["pages"], now[key]["passages"]) != (one["pages"], one["passages"]):
            found.append(
                Change(
                    "recut", key[0],
                    f"《{key[0]}》提交时 {one['pages']} 页 {one['passages']} 段，现在 {now[key]['pages']} 页 {now[key]['passages']} 段",
                )
            )  # fmt: skip
    for file, sha256 in handed_in:
        path = store.original(sha256)
        if not path.is_file():
            found.append(Change("original", file, f"《{file}》的原件不在数据文件夹里"))
        elif _sha256(path) != sha256:
            found.append(Change("original", file, f"《{file}》的原件与提交时不同"))
    points = _points(newest_sheet(session, district, cycle), rules)
    if points["sha256"] != manifest["self_points"]["sha256"]:
        found.append(Change("self_points", "自评得分", "自评得分与提交时不同"))
    for name, words in (("scheme", "方案或约定"), ("parameters", "参数")):
        if basis(rules)[name] != manifest[name]:
            found.append(Change("basis", words, f"{words}在提交之后有变化"))
    return sorted(found, key=lambda one: (one.kind, one.subject))


def _sha256(path: Any) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
