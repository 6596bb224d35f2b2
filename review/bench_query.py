"""What a search costs, cold and warm, with few and with many passages, filtered to one district of twelve; beside LangChain over Chroma."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
from sqlalchemy import insert

from ingest.store import Store, open_store
from ingest.tables import Document, Page, Passage
from retrieval import lexical
from retrieval.collections import Partition
from retrieval.embedder import QUERY_PREFIX, load_embedder
from retrieval.vectors import VectorStore, vector_id
from review.bench_passages import CYCLE, DISTINCT, DISTRICTS, by_district, questions, wordings
from review.bench_query_side import REFERENCE_COLLECTION, K
from review.bench_reference import build_reference_model, check_packages

SIZES: Final = (10_000, 100_000)
REFERENCE_UP_TO: Final = 100_000  # a million takes the reference more than an hour to take in
QUESTIONS: Final = 40
GOAL_P95: Final = 50.0
GOAL_RATIO: Final = 5.0
GOAL_GROWTH: Final = 4.0
_PASSAGES_ON_PAGE = 8
_PAGES_OF_DOCUMENT = 100
_AT_ONCE = 5000
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Side:
    """cold : milliseconds from the start of a process to its first answer. p50, p95 : of warm searches. cpu : milliseconds of
    processor time of a warm search (median), which other programs on the machine do not lengthen. megabytes : most memory.

    recall : share of the truly nearest ten by meaning that its search by meaning found.
    """

    cold: float
    p50: float
    p95: float
    cpu: float
    megabytes: float | None
    recall: float

    def to_json(self) -> dict[str, Any]:
        """The row as JSON data."""
        return {
            "cold_milliseconds": round(self.cold),
            "p50_milliseconds": round(self.p50, 1),
            "p95_milliseconds": round(self.p95, 1),
            "cpu_milliseconds": round(self.cpu, 1),
            "peak_megabytes": None if self.megabytes is None else round(self.megabytes),
            "recall_of_nearest": round(self.recall, 4),
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One size. ours, reference : the two sides; reference is None where it was not built."""

    passages: int
    questions: int
    ours: Side
    reference: Side | None

    def to_json(self) -> dict[str, Any]:
        """The row as JSON data."""
        shown: dict[str, Any] = {
            "passages": self.passages,
            "districts": len(DISTRICTS),
            "questions": self.questions,
            "ours": self.ours.to_json(),
        }
        if self.reference is not None:
            shown["reference"] = self.reference.to_json()
            shown["ratio_p50"] = round(self.reference.p50 / self.ours.p50, 2)
            shown["ratio_cpu"] = round(self.reference.cpu / self.ours.cpu, 2)
            shown["ratio_p95"] = round(self.reference.p95 / self.ours.p95, 2)
        return shown


def bench_query(
    sizes: Sequence[int] = SIZES, *, against: bool = False, distinct: int = DISTINCT, say: Say = lambda line: None
) -> dict[str, Any]:
    """The document of `bench --stage query`: a row a size, smallest first. Raises BenchToolError without the reference's packages.

    distinct : how many wordings the passages are made of.
    """
    if against:
        check_packages()
    model = build_reference_model(say=say) if against else None
    rows = []
    for size in sorted(sizes):
        with tempfile.TemporaryDirectory(prefix="edureview-bench-") as scratch:
            rows.append(_row(size, Path(scratch), model if size <= REFERENCE_UP_TO else None, distinct, say))
        say(f"{size} 段：{json.dumps(rows[-1].to_json(), ensure_ascii=False)}")  # a large size may be given up later
    return to_json(rows)


def to_json(rows: Sequence[Row]) -> dict[str, Any]:
    """The rows with the goals they are held against."""
    growth = rows[-1].ours.p50 / rows[0].ours.p50 if len(rows) > 1 else None
    compared = [row for row in rows if row.reference is not None]
    return {
        "query": {
            "rows": [row.to_json() for row in rows],
            "growth_p50": None if growth is None else round(growth, 2),
            "goal_p95_milliseconds": GOAL_P95,
            "goal_p95_met": all(row.ours.p95 <= GOAL_P95 for row in rows if row.passages <= 100_000),
            "goal_ratio": GOAL_RATIO,
            "goal_ratio_met": _ratio_met(compared[-1]) if compared else None,
            "goal_growth": GOAL_GROWTH,
            "goal_growth_met": None if growth is None else growth < GOAL_GROWTH,
        }
    }


def _ratio_met(row: Row) -> bool:
    assert row.reference is not None
    return row.reference.p50 >= GOAL_RATIO * row.ours.p50 and row.ours.recall >= row.reference.recall


def _row(size: int, scratch: Path, model: Path | None, distinct: int, say: Say) -> Row:
    say(f"生成 {size} 段虚构材料，分在 {len(DISTRICTS)} 个区县……")
    embedder = load_embedder()
    made, asked = wordings(embedder, distinct), questions(QUESTIONS)
    ours, reference = scratch / "本程序", scratch / "对照"
    measured, texts, vectors = DISTRICTS[len(DISTRICTS) // 2], [""], np.zeros((0, 0), dtype=np.float32)
    taken = MadeRecord(ours, embedder.name), _Reference(reference) if model else None
    for district, some, near in by_district(made, size):
        if district == measured:
            texts, vectors = some, near
        for side in taken:
            if side is not None:
                side.add(district, some, near)
    taken[0].close()
    nearest = _nearest(texts, vectors, embedder.embed_queries(asked))
    say("本程序：检索……")
    mine = _side(_ask("ours", ours, measured, asked), nearest)
    other = None
    if model is not None:
        say("对照流程：检索……")
        # Its own vectors of the questions are in full precision, and its nearest are judged by them.
        exact = _nearest(texts, vectors, _reference_questions(model, asked))
        other = _side(_ask("reference", reference, measured, asked, model), exact)
    return Row(size, len(asked), mine, other)


def _nearest(texts: Sequence[str], vectors: np.ndarray, asked: np.ndarray) -> list[set[str]]:
    """The ten texts truly nearest to each question."""
    return [{texts[at] for at in np.argsort(-(vectors @ question))[:K]} for question in asked]


def _reference_questions(model: Path, asked: Sequence[str]) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(str(model), device="cpu")
    return np.asarray(loaded.encode(list(asked), prompt=QUERY_PREFIX, normalize_embeddings=True), dtype=np.float32)


def _side(found: dict[str, Any], nearest: Sequence[set[str]]) -> Side:
    times = found["milliseconds"]
    recall = [len(best & set(got)) / len(best) for best, got in zip(nearest, found["by_meaning"], strict=True)]
    p50, p95 = np.percentile(times, [50, 95])
    cpu = float(np.median(found["cpu_milliseconds"]))
    return Side(found["cold_milliseconds"], float(p50), float(p95), cpu, found["megabytes"], float(np.mean(recall)))


def _ask(side: str, folder: Path, district: str, asked: Sequence[str], model: Path | None = None) -> dict[str, Any]:
    """What a fresh process measured. Raises subprocess.CalledProcessError."""
    command = [sys.executable, "-W", "ignore", "-m", "review.bench_query_side", side, str(folder), district]
    root = str(Path(__file__).parents[1])
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))}
    done = subprocess.run(
        [*command, *([str(model)] if model else [])], input="\n".join(asked), capture_output=True, text=True, encoding="utf-8", env=environment
    )  # fmt: skip
    if done.returncode != 0:
        sys.stderr.write(done.stderr[-4000:])
        done.check_returncode()
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


class MadeRecord:
    """The passages as this program keeps them, their vectors given; `folder` is a data folder of their own."""

    def __init__(self, folder: Path, model: str) -> None:
        """model : name of the embedding model the vectors are of."""
        folder.mkdir(parents=True)
        self._store: Store = open_store(folder)
        self._vectors = VectorStore(folder, model)
        self._pages = self._documents = self._passages = 0

    def add(self, district: str, texts: Sequence[str], vectors: np.ndarray) -> None:
        """One district."""
        partition = Partition(district, CYCLE)
        for at in range(0, len(texts), _AT_ONCE):
            part = texts[at : at + _AT_ONCE]
            first = self._passages + 1
            with self._store.session() as session:
                documents, pages, rows = self._rows(district, part)
                for table, values in ((Document, documents), (Page, pages), (Passage, rows)):
                    session.execute(insert(table), values)
                lexical.add(session, partition, ((row["id"], row["text"]) for row in rows))
            ids = [vector_id(first + n, f"k{first + n}") for n in range(len(part))]
            self._vectors.upsert(partition, ids, vectors[at : at + _AT_ONCE])

    def _rows(
        self, district: str, texts: Sequence[str]
    ) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
        documents: list[dict[str, Any]] = []
        pages: list[dict[str, Any]] = []
        rows: list[dict[str, Any]] = []
        now = datetime(2019, 3, 1)
        for at in range(0, len(texts), _PASSAGES_ON_PAGE):
            if len(pages) % _PAGES_OF_DOCUMENT == 0:
                self._documents += 1
                documents.append(
                    {
                        "id": self._documents, "district": district, "cycle": CYCLE, "file": f"报告{self._documents}.docx", "sha256": f"{self._documents:064d}",
                        "size": 1, "kind": "docx", "state": "indexed", "data_year": CYCLE - 1, "facts": {}, "ingested_at": now, "indexed_at": now,
                    }
                )  # fmt: skip
            self._pages += 1
            on_page = texts[at : at + _PASSAGES_ON_PAGE]
            start = 0
            spans: list[list[Any]] = []
            for text in on_page:
                self._passages += 1
                spans.append([start, start + len(text), "paragraph", len(spans), {"path": f"第{len(spans) + 1}段"}])
                rows.append(
                    {
                        "id": self._passages, "key": f"k{self._passages}", "document_id": self._documents, "page_id": self._pages, "start": start,
                        "end": start + len(text), "text": text, "context": "", "indexed": True,
                    }
                )  # fmt: skip
                start += len(text) + 1
            number = len(pages) % _PAGES_OF_DOCUMENT + 1
            pages.append(
                {"id": self._pages, "document_id": self._documents, "number": number, "label": str(number), "state": "text", "text": "\n".join(on_page), "spans": spans}
            )  # fmt: skip
        return documents, pages, rows

    def close(self) -> None:
        """Everything is on disk."""
        self._store.engine.dispose()


class _Reference:
    """The same passages in one collection of LangChain's Chroma, the district in the metadata."""

    def __init__(self, folder: Path) -> None:
        import chromadb
        from chromadb.config import Settings

        client = chromadb.PersistentClient(str(folder), settings=Settings(anonymized_telemetry=False))
        self._collection = client.create_collection(
            REFERENCE_COLLECTION, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def add(self, district: str, texts: Sequence[str], vectors: np.ndarray) -> None:
        """One district."""
        for at in range(0, len(texts), _AT_ONCE):
            part = list(texts[at : at + _AT_ONCE])
            self._collection.add(
                ids=[f"{district}{at + n}" for n in range(len(part))], embeddings=vectors[at : at + _AT_ONCE], documents=part,
                metadatas=[{"district": district} for _ in part],
            )  # fmt: skip
