"""The index as LangChain sees it."""

from __future__ import annotations

import importlib
import json

import langsmith.utils
import pytest

import retrieval.retriever
from ingest.store import Store
from retrieval.index import EvidenceIndex
from retrieval.retriever import E5Embeddings, EvidenceRetriever
from tests.retrieval.conftest import TokenEmbedder
from tests.retrieval.record import add_document


@pytest.fixture
def filled(index: EvidenceIndex, store: Store) -> EvidenceIndex:
    with store.session() as session:
        add_document(session, "普惠.txt", ["全区普惠性幼儿园覆盖率达到86.5%", "校车安全检查"])
        add_document(session, "清河.txt", ["清河区普惠性幼儿园"], district="清河区")
    index.index_pending()
    return index


def test_得到带引文的文档(filled: EvidenceIndex) -> None:
    documents = EvidenceRetriever(index=filled, district="云山区", k=1).invoke("普惠性幼儿园覆盖率")
    assert [d.page_content for d in documents] == ["全区普惠性幼儿园覆盖率达到86.5%"]
    metadata = documents[0].metadata
    assert metadata["citation"]["quote"] == documents[0].page_content
    assert (metadata["file"], metadata["rank"]) == ("普惠.txt", 1)
    json.dumps(metadata)


def test_限定区县的检索器问不到别的区县(filled: EvidenceIndex) -> None:
    for question in ("清河区普惠性幼儿园", "清河.txt", "district=清河区"):
        found = EvidenceRetriever(index=filled, district="云山区").invoke(question, district="清河区")
        assert {d.metadata["district"] for d in found} == {"云山区"}


def test_嵌入模型的适配() -> None:
    embedder = TokenEmbedder()
    adapted = E5Embeddings(embedder)
    assert adapted.embed_query("幼儿园") == embedder.embed_query("幼儿园")
    assert adapted.embed_documents(["幼儿园", "教育"]) == embedder.embed_documents(["幼儿园", "教育"])


def test_材料不会因机器上的设置被送往外部服务(monkeypatch: pytest.MonkeyPatch) -> None:
    for switch in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(switch, "true")
    importlib.reload(retrieval.retriever)
    assert not langsmith.utils.tracing_is_enabled()


def test_过滤与折叠传到检索(filled: EvidenceIndex, store: Store) -> None:
    with store.session() as session:
        copy = add_document(session, "再报.txt", ["校车安全检查"])
        copy.type_code, copy.data_year = "R", 2018
    filled.index_pending()
    only = EvidenceRetriever(index=filled, type_code="R", year=2018, document="再报.txt").invoke("校车安全检查")
    assert [d.metadata["file"] for d in only] == ["再报.txt"]
    assert EvidenceRetriever(index=filled, year=2011).invoke("校车安全检查") == []
    found = EvidenceRetriever(index=filled, district="云山区", fold=True, around=True, k=1).invoke("校车安全检查")[0]
    assert [copy["file"] for copy in found.metadata["copies"]] == ["再报.txt"]
    assert found.metadata["before"] == "全区普惠性幼儿园覆盖率达到86.5%"
    json.dumps(found.metadata)
