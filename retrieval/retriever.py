"""The index as LangChain sees it: an embedding model and a retriever. Questions and searches go through here.

Imported only when something is searched: a question about the scheme needs neither LangChain nor the index.
"""

from __future__ import annotations

import os
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from retrieval.embedder import Embedder
from retrieval.index import EvidenceIndex
from retrieval.search import Hit

# LangChain sends every call to its makers' service when these are set somewhere on the machine; evidence must not leave it.
for _switch in ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"):
    os.environ[_switch] = "false"


class E5Embeddings(Embeddings):
    """An embedding model as LangChain's Embeddings; by default the converted multilingual-e5-small."""

    def __init__(self, embedder: Embedder) -> None:
        self.embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors of passages."""
        return self.embedder.embed_documents(texts)

    def embed_query(self, text: str) -> list[float]:
        """The unit vector of a question."""
        return self.embedder.embed_query(text)


class EvidenceRetriever(BaseRetriever):
    """Passages for a question as LangChain documents; `metadata["citation"]` says where each stands.

    district, cycle, item, type_code, year, document : as in retrieval.filters.Filters. A retriever made for one district cannot be
    asked about another. fold : near copies once, `metadata["copies"]` cites the others. around : `metadata` has the passages
    `before` and `after`.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: EvidenceIndex
    district: str | None = None
    cycle: int | None = None
    item: str | None = None
    type_code: str | None = None
    year: int | None = None
    document: str | None = None
    k: int = 10
    fold: bool = False
    around: bool = False

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **_options: Any
    ) -> list[Document]:
        hits = self.index.search(
            query, district=self.district, cycle=self.cycle, item=self.item, type_code=self.type_code, year=self.year,
            document=self.document, k=self.k, fold=self.fold, around=self.around,
        )  # fmt: skip
        return [_document(hit) for hit in hits]


def _document(hit: Hit) -> Document:
    metadata = {
        "rank": hit.rank, "score": hit.score, "cosine": hit.cosine, "passage": hit.key, "passage_id": hit.passage_id, "file": hit.file, "district": hit.district,
        "cycle": hit.cycle, "page": hit.page, "items": [list(pair) for pair in hit.items], "citation": hit.citation.to_json(),
        "copies": [copy.to_json() for copy in hit.copies], "before": hit.before, "after": hit.after,
    }  # fmt: skip
    return Document(page_content=hit.text, metadata=metadata, id=hit.key)
