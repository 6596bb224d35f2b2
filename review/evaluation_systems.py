"""The systems ours is compared with, on any collection of texts and topics: BM25 twice, vectors alone, both plain, and LangChain's default."""

from __future__ import annotations

import importlib.util
import logging
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from retrieval.collection_run import DEPTH, rank_collection
from retrieval.embedder import PASSAGE_PREFIX, QUERY_PREFIX, Embedder
from retrieval.tokens import normalise, tokens
from review.errors import BenchToolError
from review.evaluation_runs import OURS

Texts = Mapping[str, str]
Scores = dict[str, dict[str, float]]
RRF = 60
SYSTEMS = ("bm25_jieba", "bm25_bigrams", "dense", "hybrid_plain", "langchain", OURS)
NAMES = {
    "bm25_jieba": "BM25，jieba 分词（bm25s，k1=1.5，b=0.75）",
    "bm25_bigrams": "BM25，本程序的二字词",
    "dense": "只用向量（同一模型 int8，逐一比较）",
    "hybrid_plain": "BM25 二字词与向量按名次相加（RRF，k=60），别无其他",
    "langchain": "LangChain 默认流程：RecursiveCharacterTextSplitter(1000, 200) → HuggingFaceEmbeddings（同一权重 fp32）→ Chroma",
    OURS: "本程序（与应用同一条检索流程）",
}


def jieba_words(text: str) -> list[str]:
    """Words as jieba cuts them for search, without white space and punctuation."""
    import jieba

    jieba.setLogLevel(logging.WARNING)
    return [word for word in jieba.lcut_for_search(normalise(text)) if any(c.isalnum() for c in word)]


def bm25(passages: Texts, topics: Texts, cut: Callable[[str], list[str]], depth: int = DEPTH) -> Scores:
    """BM25 (Lucene's form) over the words that `cut` gives; texts that share no word are not ranked."""
    _needs("bm25s")
    import bm25s

    logging.getLogger("bm25s").setLevel(logging.WARNING)
    ids = list(passages)
    engine = bm25s.BM25(k1=1.5, b=0.75)
    engine.index([cut(text) or ["\0"] for text in passages.values()], show_progress=False)
    found: Scores = {}
    for topic, text in topics.items():
        words = [word for word in cut(text) if word in engine.vocab_dict]
        scores = engine.get_scores(words) if words else np.zeros(len(ids))
        found[topic] = _best(ids, scores, depth, least=0.0)
    return found


def dense(passages: Texts, topics: Texts, embedder: Embedder, depth: int = DEPTH) -> Scores:
    """Cosine of whole texts, every one compared."""
    ids = list(passages)
    vectors = embedder.embed_passages(list(passages.values()))
    asked = embedder.embed_queries(list(topics.values()))
    return {topic: _best(ids, vectors @ question, depth) for topic, question in zip(topics, asked, strict=True)}


def reciprocal(runs: Sequence[Scores], depth: int = DEPTH) -> Scores:
    """Reciprocal rank fusion of runs over the same topics."""
    fused: Scores = {}
    for topic in runs[0]:
        total: dict[str, float] = {}
        for run in runs:
            ranked = sorted(run[topic].items(), key=lambda pair: (-pair[1], pair[0]))
            for rank, (text, _) in enumerate(ranked, 1):
                total[text] = total.get(text, 0.0) + 1 / (RRF + rank)
        fused[topic] = dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))[:depth])
    return fused


def langchain_default(passages: Texts, topics: Texts, depth: int = DEPTH) -> Scores:
    """The tutorial's pipeline with the same weights in full precision and the model's own prefixes; a text counts by its best chunk."""
    from review.bench_reference import build_reference_model, check_packages

    check_packages()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from langchain_chroma import Chroma
        from langchain_core.documents import Document
        from langchain_huggingface import HuggingFaceEmbeddings
        from langchain_text_splitters import RecursiveCharacterTextSplitter
    unit = {"normalize_embeddings": True}
    embeddings = HuggingFaceEmbeddings(
        model_name=str(build_reference_model()), model_kwargs={"device": "cpu"},
        encode_kwargs={"prompt": PASSAGE_PREFIX} | unit, query_encode_kwargs={"prompt": QUERY_PREFIX} | unit,
    )  # fmt: skip
    documents = [Document(page_content=text, metadata={"id": id_}) for id_, text in passages.items()]
    chunks = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)
    found: Scores = {}
    # Windows keeps the store's files open until the process ends.
    with tempfile.TemporaryDirectory(prefix="edureview-eval-", ignore_cleanup_errors=True) as folder:
        store = Chroma("eval", embedding_function=embeddings, persist_directory=folder)
        store.add_documents(chunks)
        for topic, text in topics.items():
            best: dict[str, float] = {}
            wanted = min(2 * depth, len(chunks))
            for document, distance in store.similarity_search_with_score(text, k=wanted):
                best.setdefault(document.metadata["id"], -distance)
            found[topic] = dict(sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:depth])
    return found


def ours(passages: Texts, topics: Texts, embedder: Embedder, depth: int = DEPTH) -> Scores:
    """The application's own search over the collection."""
    found: Scores = {topic: {} for topic in topics}
    for line in rank_collection(passages, topics, embedder, depth=depth):
        found[line.topic][line.text_id] = line.score
    return found


def all_runs(
    passages: Texts, topics: Texts, embedder: Embedder, *, systems: Sequence[str] = SYSTEMS,
    say: Callable[[str], object] = lambda line: None,
) -> tuple[dict[str, Scores], list[str]]:  # fmt: skip
    """The runs of the systems in their order, and a note for each whose packages are not installed."""
    makers: dict[str, Callable[[], Scores]] = {
        "bm25_jieba": lambda: bm25(passages, topics, _jieba()),
        "bm25_bigrams": lambda: bm25(passages, topics, tokens),
        "dense": lambda: dense(passages, topics, embedder),
        "hybrid_plain": lambda: reciprocal([again("bm25_bigrams"), again("dense")]),
        "langchain": lambda: langchain_default(passages, topics),
        OURS: lambda: ours(passages, topics, embedder),
    }
    runs: dict[str, Scores] = {}
    notes: list[str] = []

    def again(system: str) -> Scores:
        return runs[system] if system in runs else makers[system]()

    for system in systems:
        say(f"{system}：{NAMES[system]}")
        try:
            runs[system] = makers[system]()
        except BenchToolError as exc:
            notes.append(f"没有测 {system}：{exc}")
    return runs, notes


def _jieba() -> Callable[[str], list[str]]:
    _needs("jieba")
    return jieba_words


def _needs(package: str) -> None:
    if importlib.util.find_spec(package) is None:
        raise BenchToolError(package, "请运行 pip install 'edureview[bench]'")


def _best(ids: Sequence[str], scores: Any, depth: int, least: float | None = None) -> dict[str, float]:
    pairs = sorted(zip(ids, map(float, scores), strict=True), key=lambda pair: (-pair[1], pair[0]))[:depth]
    return {id_: score for id_, score in pairs if least is None or score > least}
