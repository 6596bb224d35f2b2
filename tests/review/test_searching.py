"""Search as a person does it: every filter reaches the index, near copies are one hit with all their places."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from retrieval.index import EvidenceIndex
from review.errors import UnknownItemError
from review.searching import search
from review.workspace import Settings, Workspace
from tests.retrieval.conftest import TokenEmbedder
from tests.retrieval.record import add_document


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = Workspace(Settings(tmp_path))
    made.__dict__["index"] = EvidenceIndex(made.store, tmp_path, TokenEmbedder())
    with made.store.session() as session:
        for file, type_code, year in (("总结.docx", "R", 2018), ("统计.xlsx", "T", 2018), ("旧.docx", "R", 2017)):
            text = "校车安全检查台账" if file != "旧.docx" else "校车安全检查记录"
            document = add_document(session, file, [text, "食堂安全"])
            document.type_code, document.data_year = type_code, year
    made.index.index_pending()
    return made


def test_各项过滤都传到检索(workspace: Workspace) -> None:
    def files(**filters: object) -> set[str]:
        return {hit["file"] for hit in search(workspace, "校车安全", district="云山区", **filters)}  # type: ignore[arg-type]

    assert files(type_code="t") == {"统计.xlsx"}
    assert files(year=2017) == {"旧.docx"}
    assert files(type_code="R", year=2018) == {"总结.docx"}
    assert files(document="旧.docx") == {"旧.docx"}


def test_内容相同的合为一条且可写成_json(workspace: Workspace) -> None:
    hits = search(workspace, "校车安全检查台账", district="云山区", around=True)
    first = hits[0]
    assert (first["text"], first["after"]) == ("校车安全检查台账", "食堂安全")
    assert {first["file"], *(copy["file"] for copy in first["copies"])} == {"总结.docx", "统计.xlsx"}
    assert [hit["text"] for hit in hits].count("食堂安全") == 1
    json.dumps(hits, ensure_ascii=False)
    assert search(workspace, "校车安全检查台账", district="云山区")[0]["after"] == ""


def test_没有的要点说明原因(workspace: Workspace) -> None:
    with pytest.raises(UnknownItemError, match="请"):
        search(workspace, "校车", item="B99-9")
