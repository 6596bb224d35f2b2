"""How fast passages become vectors, beside sentence-transformers with the same weights in full precision, and how near the vectors are."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from retrieval.embedder import PASSAGE_PREFIX, QUERY_PREFIX, load_embedder
from review.bench_passages import questions, texts_of_mixed_length
from review.bench_reference import build_reference_model, check_packages

PASSAGES: Final = 120
QUESTIONS: Final = 40
ROUNDS: Final = 3
K: Final = 10
GOAL_RATIO: Final = 3.0
Embed = Callable[[Sequence[str]], np.ndarray]
Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class EmbeddingBench:
    """Seconds of all rounds together, of the wall clock and of the processor; how the vectors compare.

    least_cosine : between both vectors of a passage. same_nearest : share of the reference's ten nearest passages of a question that
    are also ours.
    """

    passages: int
    characters: int
    ours_wall: float
    ours_cpu: float
    reference_wall: float
    reference_cpu: float
    least_cosine: float
    same_nearest: float

    def to_json(self) -> dict[str, Any]:
        """The document of `bench --stage embedding --json`."""
        count = self.passages * ROUNDS
        return {
            "embedding": {
                "passages": self.passages,
                "rounds": ROUNDS,
                "characters_per_passage": round(self.characters / self.passages, 1),
                "ours_passages_per_second": round(count / self.ours_wall, 1),
                "reference_passages_per_second": round(count / self.reference_wall, 1),
                "ratio_wall": round(self.reference_wall / self.ours_wall, 2),
                "ratio_cpu": round(self.reference_cpu / self.ours_cpu, 2),
                "least_cosine": round(self.least_cosine, 4),
                "same_nearest_ten": round(self.same_nearest, 4),
                "goal_ratio": GOAL_RATIO,
                "goal_met": self.reference_wall >= GOAL_RATIO * self.ours_wall,
            }
        }


def bench_embedding(count: int = PASSAGES, say: Say = lambda line: None) -> EmbeddingBench:
    """Both in this process, round by round in turn. Raises BenchToolError without the packages of the reference."""
    check_packages(("sentence_transformers",))
    model = build_reference_model(say=say)
    say("载入两个模型……")
    ours, (reference, reference_query) = load_embedder(), _reference(str(model))
    texts, asked = texts_of_mixed_length(count), questions(QUESTIONS)
    for embed in (ours.embed_passages, reference):
        embed(texts[:8])
    spent = {"ours": [0.0, 0.0], "reference": [0.0, 0.0]}
    made: dict[str, np.ndarray] = {}
    for number in range(ROUNDS):
        say(f"第 {number + 1} 轮（{count} 段）……")
        for side, embed in (("ours", ours.embed_passages), ("reference", reference)):
            wall, cpu = time.perf_counter(), time.process_time()
            made[side] = embed(texts)
            spent[side][0] += time.perf_counter() - wall
            spent[side][1] += time.process_time() - cpu
    cosines = (made["ours"] * made["reference"]).sum(axis=1)
    near = _nearest(made["ours"], ours.embed_queries(asked)), _nearest(made["reference"], reference_query(asked))
    same = float(np.mean([len(one & other) / K for one, other in zip(*near, strict=True)]))
    characters = sum(map(len, texts))
    (ours_wall, ours_cpu), (wall, cpu) = spent["ours"], spent["reference"]
    return EmbeddingBench(count, characters, ours_wall, ours_cpu, wall, cpu, float(cosines.min()), same)


def _reference(model: str) -> tuple[Embed, Embed]:
    """Passages and questions embedded by sentence-transformers with its own defaults: batches of 32, sorted by length."""
    from sentence_transformers import SentenceTransformer

    loaded = SentenceTransformer(model, device="cpu")

    def embed(prompt: str) -> Embed:
        return lambda texts: np.asarray(
            loaded.encode(list(texts), prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
        )

    return embed(PASSAGE_PREFIX), embed(QUERY_PREFIX)


def _nearest(vectors: np.ndarray, asked: np.ndarray) -> list[set[int]]:
    return [set(np.argsort(-(vectors @ question))[:K].tolist()) for question in asked]
