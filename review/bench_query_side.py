"""One side of the comparison of searches, in a process of its own: `python -m review.bench_query_side SIDE FOLDER [MODEL]`.

Questions come on standard input, one a line. Measured are the first answer from nothing (imports, model and index included), then every
question some times over, filtered to one district. The last line of the output is one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

STARTED = time.perf_counter()
REPEATS = 3
K = 10
REFERENCE_COLLECTION = "bench"
Search = Callable[[str], list[str]]


def ours(folder: Path, district: str) -> tuple[Search, Search]:
    """(search, search by meaning alone) of this program; both give passage texts."""
    from ingest.store import open_store
    from retrieval.embedder import load_embedder
    from retrieval.index import EvidenceIndex

    index = EvidenceIndex(open_store(folder), folder, load_embedder())

    def hybrid(text: str) -> list[str]:
        return [hit.text for hit in index.search(text, district=district, cycle=2019, k=K)]

    def meaning(text: str) -> list[str]:
        return [hit.text for hit in index.search(text, district=district, cycle=2019, k=K, system="dense")]

    return hybrid, meaning


def reference(folder: Path, district: str, model: Path) -> tuple[Search, Search]:
    """The retriever of LangChain over Chroma, filtered by metadata; it has no search by words."""
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    from retrieval.embedder import QUERY_PREFIX

    embeddings = HuggingFaceEmbeddings(
        model_name=str(model), model_kwargs={"device": "cpu"}, query_encode_kwargs={"prompt": QUERY_PREFIX, "normalize_embeddings": True}
    )  # fmt: skip
    store = Chroma(REFERENCE_COLLECTION, embedding_function=embeddings, persist_directory=str(folder))
    retriever = store.as_retriever(search_kwargs={"k": K, "filter": {"district": district}})

    def search(text: str) -> list[str]:
        return [document.page_content for document in retriever.invoke(text)]

    return search, search


def measure(search: Search, meaning: Search, questions: list[str], cold_from: float) -> dict[str, Any]:
    """Milliseconds of the first answer and of every later one, by the clock and of the processor, the answers by meaning, and the
    most memory used."""
    search(questions[0])
    cold = time.perf_counter() - cold_from
    for question in questions[1:4]:
        search(question)
    times, spent = [], []
    for _ in range(REPEATS):
        for question in questions:
            begun, cpu = time.perf_counter(), time.process_time()
            search(question)
            spent.append((time.process_time() - cpu) * 1000)
            times.append((time.perf_counter() - begun) * 1000)
    return {
        "cold_milliseconds": cold * 1000,
        "milliseconds": times,
        "cpu_milliseconds": spent,
        "megabytes": peak_megabytes(),
        "answers": [search(question) for question in questions],
        "by_meaning": [meaning(question) for question in questions],
    }


def peak_megabytes() -> float | None:
    """The most memory this process had at once; None where the system does not say."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return None
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main() -> None:
    """Opens one side, asks, prints."""
    side, folder, district, *model = sys.argv[1:]
    questions = [line for line in sys.stdin.read().splitlines() if line]
    opened = ours(Path(folder), district) if side == "ours" else reference(Path(folder), district, Path(model[0]))
    print(json.dumps(measure(*opened, questions, STARTED)))


if __name__ == "__main__":
    main()
