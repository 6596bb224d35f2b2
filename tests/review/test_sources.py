"""The cited page and the original: only of the person's own district, whatever number or hash is named."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from ingest.tables import Document
from review.acts import set_term
from review.errors import UnknownDocumentError
from review.record_state import record_state
from review.sources import cited_page, original_file
from review.workspace import Workspace
from tests.review.submissions import CYCLE, DISTRICT, put_document

WHERE = (DISTRICT, CYCLE)


@pytest.fixture
def stored(workspace: Workspace) -> tuple[int, str, int, str]:
    """(number, hash) of a document of the district, then of one of another district."""
    put_document(workspace, "甲.txt", "虚构：甲。")
    put_document(workspace, "乙.txt", "虚构：乙。")
    with workspace.store.session() as session:
        one, two = session.scalars(select(Document).order_by(Document.id)).all()
        two.district = "山水区"
        return one.id, one.sha256, two.id, two.sha256


def test_打开自己的一页和原件(workspace: Workspace, stored: tuple[int, str, int, str]) -> None:
    opened = cited_page(workspace, *WHERE, stored[0], 1)
    assert (opened.text, opened.pages, opened.kind) == ("虚构：甲。", 1, "txt")
    assert original_file(workspace, *WHERE, stored[1]).read_text(encoding="utf-8") == "虚构：甲。"


def test_别的区县的编号和散列_与不存在的一样(workspace: Workspace, stored: tuple[int, str, int, str]) -> None:
    for number, page in ((stored[2], 1), (999, 1), (stored[0], 2)):
        with pytest.raises(UnknownDocumentError) as refused:
            cited_page(workspace, *WHERE, number, page)
        assert "乙" not in str(refused.value)
    for sha256 in (stored[3], "0" * 64):
        with pytest.raises(UnknownDocumentError):
            original_file(workspace, *WHERE, sha256)


def test_重复的材料打开的是先来的那一份的页(workspace: Workspace, stored: tuple[int, str, int, str]) -> None:
    with workspace.store.session() as session:
        copy = session.get_one(Document, stored[2])
        copy.district, copy.duplicate_of = DISTRICT, stored[0]
    assert cited_page(workspace, *WHERE, stored[2], 1).text == "虚构：甲。"


def test_有新材料_状态就变_别的区县的不算(workspace: Workspace, stored: tuple[int, str, int, str]) -> None:
    before = record_state(workspace, *WHERE)
    with workspace.store.session() as session:
        session.get_one(Document, stored[2]).state = "partly"
    assert record_state(workspace, *WHERE) == before
    put_document(workspace, "丙.txt", "虚构：丙。")
    assert record_state(workspace, *WHERE) != before


def test_约定有了决定_已显示的要重新做(workspace: Workspace, stored: tuple[int, str, int, str]) -> None:
    before = record_state(workspace, *WHERE)
    set_term(workspace, "bonus_credibility", "multiplied", "虚构主任", "2019-03-04", "虚构会议纪要")
    assert record_state(workspace, *WHERE) != before
