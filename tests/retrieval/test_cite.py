"""A citation is made only of words that stand on the page, and says where they stand in the original."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.store import Store
from ingest.tables import Document
from retrieval.cite import cite, cite_quote, find_quote, verify
from retrieval.errors import QuoteNotFoundError
from tests.retrieval.record import add_document

TEXT = ["一、普惠 情况", "全区普惠性幼儿园覆盖率\n达到 86.5％。", "覆盖率达到86.5%，入园率97.2%。"]


def test_引文是页面原文的一段(store: Store) -> None:
    with store.session() as session:
        document = add_document(session, "总结.txt", TEXT, page_number=4)
        passage = document.passages[1]
        citation = cite(session, passage, passage.start, passage.start + 8)
        assert citation.quote == "全区普惠性幼儿园"
        assert (citation.document, citation.document_id, citation.file) == (document.sha256, document.id, "总结.txt")
        assert (citation.district, citation.cycle, citation.page) == ("云山区", 2019, 4)
        assert citation.locator == {"page": 4}
        assert citation.boxes is None
        assert citation.to_json() == {
            "document": document.sha256, "file": "总结.txt", "locator": {"page": 4}, "page": 4, "start": citation.start,
            "end": citation.end, "quote": "全区普惠性幼儿园",
        }  # fmt: skip


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 3), (-2, 4), (0, 10_000), (7, 8)])
def test_范围不在页面上或是空白时拒绝(store: Store, start: int, end: int) -> None:
    with store.session() as session:
        document = add_document(session, "总结.txt", ["一、普惠情况", "\n", "全区"])
        with pytest.raises(QuoteNotFoundError, match=r"总结\.txt.*第 1 页"):
            cite(session, document.passages[0], start, end)


def test_按引文找到原文并以原文为准(store: Store) -> None:
    with store.session() as session:
        passage = add_document(session, "总结.txt", TEXT).passages[1]
        citation = cite_quote(session, passage, "幼儿园覆盖率达到86.5%")
        assert citation.quote == "幼儿园覆盖率\n达到 86.5％"
        assert verify(session, citation)


def test_同一句话出现两次时取本段的一处(store: Store) -> None:
    with store.session() as session:
        document = add_document(session, "总结.txt", TEXT)
        first, second = (cite_quote(session, document.passages[n], "覆盖率达到86.5%") for n in (1, 2))
        assert document.passages[1].start <= first.start < first.end <= document.passages[1].end
        assert document.passages[2].start <= second.start < second.end <= document.passages[2].end


def test_页面没有说的话不能引用(store: Store) -> None:
    with store.session() as session:
        passage = add_document(session, "总结.txt", TEXT).passages[1]
        with pytest.raises(QuoteNotFoundError, match=r"覆盖率达到88\.5%.*请核对"):
            cite_quote(session, passage, "覆盖率达到88.5%")


@pytest.mark.parametrize(
    "change",
    [
        {"quote": "全区普惠性幼儿圆"},
        {"start": 1},
        {"end": 9_999},
        {"page": 2},
        {"document": "0" * 64},
        {"document_id": 77},
        {"quote": ""},
    ],
)
def test_改动任何一处都核对不过(store: Store, change: dict[str, Any]) -> None:
    with store.session() as session:
        passage = add_document(session, "总结.txt", TEXT).passages[1]
        citation = cite(session, passage, passage.start, passage.start + 8)
        assert verify(session, citation)
        assert not verify(session, dataclasses.replace(citation, **change))


def test_重复文件的引文核对到先存的那份(store: Store) -> None:
    with store.session() as session:
        first = add_document(session, "a.txt", TEXT)
        citation = cite(session, first.passages[0], 0, 4)
        copy = Document(
            district="云山区", cycle=2019, file="b.txt", sha256=first.sha256, size=1, state="indexed", ingested_at=first.ingested_at,
            duplicate_of=first.id,
        )  # fmt: skip
        session.add(copy)
        session.flush()
        assert verify(session, dataclasses.replace(citation, document_id=copy.id, file="b.txt"))


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("普惠性幼儿园", "普惠性\n幼 儿园"),
        ("86.5%", "８６．５％"),
        ("人民教育", "⼈⺠教育"),
        ("“两个只增不减”", '"两个只增不减"'),
        ("没有这句", None),
        (" \n", None),
    ],
)
def test_找引文不计空白全半角与部首(quote: str, found: str | None) -> None:
    text = '前文⼈⺠教育，普惠性\n幼 儿园８６．５％，"两个只增不减"。'
    place = find_quote(text, quote)
    assert (None if place is None else text[slice(*place)]) == found


@given(st.text(max_size=40), st.text(min_size=1, max_size=40), st.text(max_size=40))
def test_页面上有的总能找到(before: str, quote: str, after: str) -> None:
    text = before + quote + after
    place = find_quote(text, quote)
    if quote.strip() and find_quote(quote, quote) is not None:
        assert place is not None
        assert find_quote(text[slice(*place)], quote) is not None


SHEET = [
    [0, 10, "cell", 1, {"sheet": "普惠率", "cell": "A7", "header": "统计项目"}],
    [11, 20, "cell", 1, {"sheet": "普惠率", "cell": "C7", "header": "2018年"}],
    [21, 30, "cell", 2, {"sheet": "普惠率", "cell": "AB12", "header": "2018年"}],
]


@pytest.mark.parametrize(
    ("start", "end", "locator"),
    [
        (12, 15, {"sheet": "普惠率", "cell": "C7", "header": "2018年"}),
        (0, 20, {"sheet": "普惠率", "cell": "A7:C7"}),
        (0, 30, {"sheet": "普惠率", "cell": "A7:AB12"}),
        (10, 11, {"page": 1}),
    ],
)
def test_表格引文给出单元格(store: Store, start: int, end: int, locator: dict[str, str]) -> None:
    with store.session() as session:
        passage = add_document(
            session, "表.xlsx", ["统计项目：幼儿园数；2018年：86；其他：1234567890"], spans=SHEET
        ).passages[0]
        assert cite(session, passage, start, end).locator == locator


def test_文档引文给出最先碰到的段(store: Store) -> None:
    spans = [[0, 4, "heading", 1, {"path": "一、经费"}], [5, 12, "paragraph", 2, {"path": "一、经费 > 第1段"}]]
    with store.session() as session:
        passage = add_document(session, "文.docx", ["一、经费", "区财政足额安排"], spans=spans).passages[1]
        assert cite(session, passage, 5, 9).locator == {"path": "一、经费 > 第1段"}
        assert cite(session, passage, 0, 9).locator == {"path": "一、经费"}


def test_版式文件的引文带有每行的方框(store: Store) -> None:
    boxes = np.array(
        [[10 * i, 700, 10 * i + 10, 712] for i in range(4)] + [[10 * i, 680, 10 * i + 10, 692] for i in range(4)],
        dtype=np.float32,
    )
    with store.session() as session:
        document = add_document(
            session, "文.pdf", ["普惠性幼儿园覆盖"], spans=[[0, 8, "paragraph", 1, {"page": 1}]], boxes=boxes
        )
        citation = cite(session, document.passages[0], 2, 6)
        assert citation.boxes == ((20.0, 700.0, 40.0, 712.0), (0.0, 680.0, 20.0, 692.0))
        assert citation.to_json()["boxes"] == [[20.0, 700.0, 40.0, 712.0], [0.0, 680.0, 20.0, 692.0]]
