"""演示问题：每个答案都能在所写的文件、页、标题或单元格里找到；没有答案的问题确实没有。"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from corpus.demo.sources import DISTRICT, FOLDER, load_sources
from scoring_rules.scheme_loader import load_scheme
from tests.demo.reading import pdf_pages, squeeze, whole_text, xlsx_cells

ROOT = Path(__file__).parents[2]
RAW = yaml.safe_load((ROOT / "eval_sets" / "demo" / "questions.yaml").read_text(encoding="utf-8"))
QUESTIONS: list[dict[str, Any]] = RAW["questions"]
SOURCES = {source.file: source for source in load_sources()}
PLACES = [(question["id"], place) for question in QUESTIONS for place in question.get("places", [])]


def test_问题够多_三类人都有_编号不重() -> None:
    assert sum(question["found"] for question in QUESTIONS) >= 20
    assert sum(not question["found"] for question in QUESTIONS) >= 5
    assert {question["asked_by"] for question in QUESTIONS} == {"专家", "区县", "督导办"}
    assert max(Counter(question["id"] for question in QUESTIONS).values()) == 1


def test_评价要点编号都在方案里() -> None:
    known = {item.id for criterion in load_scheme().criteria for item in criterion.items}
    assert {item for question in QUESTIONS for item in question["items"]} <= known


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question["id"])
def test_有答案的写出处_没有答案的写原因(question: dict[str, Any]) -> None:
    if question["found"]:
        assert question["places"]
        assert question["figure"]
    else:
        assert question["why"]
        assert "places" not in question


@pytest.mark.parametrize(
    ("number", "place"), PLACES, ids=lambda value: value if isinstance(value, str) else value["file"]
)
def test_引文就在所写的地方(number: str, place: dict[str, Any]) -> None:
    source = SOURCES[place["file"]]
    path, quote = FOLDER / DISTRICT / source.file, squeeze(place["quote"])
    if source.suffix == ".pdf":
        assert quote in squeeze(pdf_pages(path)[place["page"] - 1])
    elif source.suffix == ".xlsx":
        assert quote in squeeze(xlsx_cells(path)[(place["sheet"], place["cell"])])
    elif source.suffix == ".txt":
        assert quote in squeeze(path.read_bytes().decode(source.encoding).splitlines()[place["line"] - 1])
    else:
        lines = whole_text(path).split("\n")
        heading = squeeze(place["path"])
        at = next(index for index, line in enumerate(lines) if quote in line)
        headings = {squeeze(block.text) for block in source.sheets[0].blocks if block.kind == "heading"}
        above = [line for line in lines[: at + 1] if line in headings]
        assert (above[-1] if above else "正文") == heading


@pytest.mark.parametrize("question", [q for q in QUESTIONS if not q["found"]], ids=lambda question: question["id"])
def test_没有答案的问题_材料里没有那种说法(question: dict[str, Any]) -> None:
    assert question["absent"]
    for source in SOURCES.values():
        text = whole_text(FOLDER / DISTRICT / source.file, source.encoding)
        for word in question["absent"]:
            assert word not in text, f"《{source.file}》出现“{word}”"


def test_没有材料的四个要点各有一问() -> None:
    asked = {item for question in QUESTIONS if not question["found"] for item in question["items"]}
    assert {"B4-2", "B7-2", "B16-5", "B19-2", "B15-1"} <= asked
