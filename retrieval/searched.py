"""What a question was asked of: the filter by district and cycle, and the sentence that says how much was searched."""

from __future__ import annotations

from typing import TypeVarTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from ingest.tables import Document, Page
from retrieval.question import Question

Columns = TypeVarTuple("Columns")


def searched(session: Session, question: Question, district: str | None, cycle: int | None) -> str:
    """The statement that goes with every answer, found or not: how many documents and pages, how many could not be read,
    how many are still being read."""
    documents = within(select(func.count(Document.id)), district, cycle)
    total = session.scalar(documents) or 0
    unread = session.scalar(documents.where(Document.state == "failed")) or 0
    coming = session.scalar(documents.where(Document.state == "reading")) or 0
    of_documents = select(func.count(Page.id)).join(Document, Page.document_id == Document.id)
    pages = session.scalar(within(of_documents, district, cycle).where(Page.state != "waiting")) or 0
    where = f"{district or '全部区县'}{f' {cycle} 年度' if cycle else ''}"
    words = question.subject or "、".join([*question.items, *question.criteria])
    rest = f"，另有 {unread} 份不可读，没有查到" if unread else ""
    rest += f"，{coming} 份正在读取，只查到已读的页" if coming else ""
    return f"在{where}已读入的 {total - unread - coming} 份材料、{pages} 页中，按词语和语义查找了“{words}”{rest}。"


def within(query: Select[*Columns], district: str | None, cycle: int | None) -> Select[*Columns]:
    """The query on documents of this district and cycle only; None = all. Of several versions of a document the one in force."""
    query = query.where(Document.superseded_by.is_(None))
    if district is not None:
        query = query.where(Document.district == district)
    if cycle is not None:
        query = query.where(Document.cycle == cycle)
    return query
