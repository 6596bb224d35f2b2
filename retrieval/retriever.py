"""The index as LangChain sees it: an embedding model and a retriever, for chains and tools built on top.

Our own question path does not go through here, so that it need not import LangChain.
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from retrieval.embedder import Embedder
from retrieval.index import EvidenceIndex
from retrieval.search import Hit


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

    district, cycle, item : as in EvidenceIndex.search. A retriever made for one district cannot be asked about another.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: EvidenceIndex
    district: str | None = None
    cycle: int | None = None
    item: str | None = None
    k: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun, **_options: Any
    ) -> list[Document]:
        hits = self.index.search(query, district=self.district, cycle=self.cycle, item=self.item, k=self.k)
        return [_document(hit) for hit in hits]


def _document(hit: Hit) -> Document:
    metadata = {
        "rank": hit.rank, "score": hit.score, "cosine": hit.cosine, "passage": hit.key, "file": hit.file, "district": hit.district,
        "cycle": hit.cycle, "page": hit.page, "items": [list(pair) for pair in hit.items], "citation": hit.citation.to_json(),
    }  # fmt: skip
    return Document(page_content=hit.text, metadata=metadata, id=hit.key)
