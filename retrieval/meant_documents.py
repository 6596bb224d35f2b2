"""Which documents people mean by 会议纪要, 台账 or 统计报表: by the kind of evidence, or by words of the file's name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from ingest.tables import Document
from retrieval.searched import within
from scoring_rules.catalogue import Catalogue

_FORMATS = {
    "pdf": (".pdf",),
    "word": (".docx", ".doc", ".wps"),
    "excel": (".xlsx", ".xls", ".et"),
    "表格": (".xlsx", ".xls", ".et"),
}
_FILLING = re.compile(r"^(?:那|这|区|县|上报|提交|本区|我区|全部|所有)+|(?:材料|文件|文档|资料|里面?|中)$")
_LEAST = 2


def documents_meant(
    session: Session, catalogue: Catalogue, words: Sequence[str], district: str | None, cycle: int | None
) -> frozenset[int]:
    """Ids of the documents of district and cycle (None = all) that any of the words means; empty when none does."""
    documents = session.execute(within(select(Document.id, Document.file, Document.type_code), district, cycle)).all()
    found: set[int] = set()
    for word in words:
        wanted = _FILLING.sub("", word.lower()) or word.lower()
        codes = {code for code, kind in catalogue.types.items() if _alike(wanted, kind.name)}
        endings = next((ends for name, ends in _FORMATS.items() if name in wanted), ())
        by_name = {id_ for id_, file, _ in documents if len(wanted) >= _LEAST and wanted in file.lower()}
        by_kind = {id_ for id_, _, code in documents if code in codes}
        by_format = {id_ for id_, file, _ in documents if endings and file.lower().endswith(endings)}
        # The words of a name are surer than what kind of paper a program took it for.
        found |= by_name or by_kind or by_format
    return frozenset(found)


def _alike(wanted: str, kind: str) -> bool:
    """纪要 and 会议纪要, 台账 and 台账名册清单; 情况 alone says nothing."""
    return len(wanted) >= _LEAST and (wanted in kind or kind in wanted) and wanted not in ("情况", "报告", "说明")
