"""The whole of `eval dev` and `eval topics` on a few labelled passages, with an embedding that counts characters."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from review.cli import main
from review.evaluation_labelled import measure_labelled, ranked
from review.evaluation_runs import OURS
from scoring_rules.catalogue import load_catalogue
from scoring_rules.scheme_loader import load_scheme

PASSAGES = [
    ("d1", "全区普惠性幼儿园覆盖率86.5%，学前三年毛入园率97.2%。", "B5", "B5-5"),
    ("d2", "教师培训经费按公用经费预算总额的5%安排，教师全员培训。", "B17", "B17-3"),
    ("d3", "今日多云转晴，气温二十度。", None, None),
]


class CharacterEmbedder:
    """Pairs of characters counted in 256 places; unit rows."""

    dim = 256
    name = "characters"

    def warm_up(self) -> None:
        """Nothing to load."""

    def embed_passages(self, texts: Sequence[str]) -> np.ndarray:
        vectors = np.full((len(texts), self.dim), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for at in range(len(text) - 1):
                vectors[row, zlib.crc32(text[at : at + 2].encode()) % self.dim] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    def embed_queries(self, texts: Sequence[str]) -> np.ndarray:
        return self.embed_passages(texts)

    def embed_query(self, text: str) -> list[float]:
        return list(self.embed_passages([text])[0].tolist())

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return list(self.embed_passages(texts).tolist())


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    rows = [{"id": i, "text": t, "primary": p, "sub": s, "also": []} for i, t, p, s in PASSAGES]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_两个方向都测_每个系统都在表里(labelled: Path) -> None:
    systems = ["bm25_bigrams", "dense", OURS]
    found = measure_labelled(labelled, load_scheme(), load_catalogue(), CharacterEmbedder(), systems=systems)
    assert [one.system for one in found.search.systems] == systems
    assert (found.search.n, found.search.texts) == (4, 3)  # two items and two criteria have a passage
    assert set(found.systems) == set(systems)
    assert (found.mapping["n"], found.mapping["n_none"]) == (2, 1)
    shown = found.to_json()
    assert shown["mapping_systems"]["bm25_bigrams"]["criterion_top1"] == 1.0
    assert shown["search"]["systems"][0]["ndcg10"] == 1.0
    text = "\n".join(found.lines())
    assert "2 段" in text
    assert all(system in text for system in systems)


def test_同分按编号() -> None:
    assert ranked({"B2": 1.0, "B1": 1.0, "B3": 2.0}) == ["B3", "B1", "B2"]


def test_对照表的题目要和判断对得上(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "p.jsonl").write_text('{"id": "a", "text": "教师培训"}\n', encoding="utf-8")
    (tmp_path / "t.jsonl").write_text('{"id": "q", "text": "培训"}\n', encoding="utf-8")
    (tmp_path / "q.trec").write_text("other 0 a 1\n", encoding="utf-8")
    files = ["--passages", str(tmp_path / "p.jsonl"), "--topics", str(tmp_path / "t.jsonl")]
    assert main(["eval", "topics", *files, "--qrels", str(tmp_path / "q.trec")]) == 2
    assert "没有一道题" in capsys.readouterr().err
    assert main(["eval", "topics", *files]) == 2
    assert "--qrels" in capsys.readouterr().err
