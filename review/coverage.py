"""How much of what a district handed in has been read and examined: the statement under every list that says "no evidence"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document, Examination

Examined = Literal["examined", "outdated", "waiting", "unreadable"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """unreadable : (file, reason) of what could not be read, wholly or in part. read : documents of which something was read.

    examined : documents every passage of which was held against every item, with the rules, words and model of today.
    outdated : files examined with earlier ones; waiting : files read and not examined to their end, or still being read.
    """

    documents: int
    read: int
    unreadable: tuple[tuple[str, str], ...]
    examined: int
    outdated: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everything that could be read was examined."""
        return not self.outdated and not self.waiting

    @property
    def sentence(self) -> str:
        """The coverage statement, e.g. 32 份材料已查 30 份，2 份不能读取或没有读全。"""
        parts = [f"{self.documents} 份材料已查 {self.examined} 份"]
        if self.unreadable:
            parts.append(f"{len(self.unreadable)} 份不能读取或没有读全")
        if self.waiting:
            parts.append(f"{len(self.waiting)} 份尚未查完")
        if self.outdated:
            parts.append(f"{len(self.outdated)} 份是按以前的规则查的")
        if len(parts) == 1:
            parts.append("全部可读")
        tail = "" if self.is_complete else "请运行 edureview review 查完。"
        return f"{'，'.join(parts)}。{tail}"

    def to_json(self) -> dict[str, Any]:
        """The object `coverage` of the commands that print one."""
        return {
            "documents": self.documents,
            "read": self.read,
            "examined": self.examined,
            "unreadable": len(self.unreadable),
            "files_unreadable": [{"file": file, "reason": reason} for file, reason in self.unreadable],
            "files_outdated": list(self.outdated),
            "files_waiting": list(self.waiting),
            "sentence": self.sentence,
        }


def states_of(session: Session, documents: Sequence[Document], fingerprint: str) -> Mapping[int, Examined]:
    """For each document (by id) whether it has been examined with what has this fingerprint; a copy counts as its original."""
    ids = {document.duplicate_of or document.id for document in documents}
    query = select(Examination.document_id, Examination.fingerprint).where(Examination.document_id.in_(ids))
    prints = {row.document_id: row.fingerprint for row in session.execute(query)}

    def state(document: Document) -> Examined:
        if document.state == "failed":
            return "unreadable"
        held = prints.get(document.duplicate_of or document.id)
        if held is None or document.state == "reading":
            return "waiting"
        return "examined" if held == fingerprint else "outdated"

    return {document.id: state(document) for document in documents}


def coverage_of(session: Session, documents: Sequence[Document], fingerprint: str) -> Coverage:
    """The coverage of these documents."""
    states = states_of(session, documents, fingerprint)
    return Coverage(
        len(documents),
        sum(document.state in ("indexed", "partly") for document in documents),
        tuple((document.file, document.reason) for document in documents if document.state in ("failed", "partly")),
        sum(state == "examined" for state in states.values()),
        tuple(document.file for document in documents if states[document.id] == "outdated"),
        tuple(document.file for document in documents if states[document.id] == "waiting"),
    )
