"""The papers as pages: converted by LibreOffice to PDF, then title, levels, fonts, watermark, tables and totals looked up on them.

The fonts an official paper asks for are rarely on a server; corpus/templates/fonts.conf names those that stand in for them.
"""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.resources import files
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from review.papers.annual import annual_values
from review.papers.kinds import KINDS, kind_of, paper_of
from review.papers.letter import letter_values
from review.papers.record import DistrictRecord
from review.papers.render import render
from review.papers.year_record import YearRecord
from tests.review.papers.test_papers import long_name, nothing, three_hundred

pytestmark = pytest.mark.skipif(
    shutil.which("soffice") is None,
    reason="没有 LibreOffice，跳过换页检查；可用 apt-get install libreoffice-writer 安装",
)
TITLE, BODY, TABLE = 22.0, 16.0, 10.5
# Points; a word nearer to the edge of the sheet than this has left the type area.
EDGE = 42.0
POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Word:
    """A run of text on a page: its font, size in points, left and right edge."""

    text: str
    font: str
    size: float
    left: float
    right: float


@dataclass(frozen=True)
class Sheet:
    """A page: size in points, text, the runs, whether something is drawn behind the words (the watermark)."""

    width: float
    height: float
    text: str
    words: tuple[Word, ...]
    is_marked: bool


def sheets(pdf: Path) -> list[Sheet]:
    """The pages of a file."""
    document = pypdfium2.PdfDocument(pdf)
    found = []
    for page in document:
        text = page.get_textpage()
        words = []
        for one in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            left, _, right, _ = one.get_bounds()
            words.append(Word(_string(one, text), _font(one), _size(one), left, right))
        marked = any(True for _ in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_FORM]))
        width, height = page.get_size()
        found.append(Sheet(width, height, text.get_text_range().replace("\r\n", "\n"), tuple(words), marked))
    document.close()
    return found


def _string(one: pypdfium2.PdfObject, text: pypdfium2.PdfTextPage) -> str:
    length = pdfium.FPDFTextObj_GetText(one.raw, text.raw, None, 0)
    buffer = ctypes.create_string_buffer(length)
    pdfium.FPDFTextObj_GetText(one.raw, text.raw, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), length)
    return buffer.raw.decode("utf-16-le").rstrip("\x00")


def _font(one: pypdfium2.PdfObject) -> str:
    buffer = ctypes.create_string_buffer(200)
    pdfium.FPDFFont_GetBaseFontName(pdfium.FPDFTextObj_GetFont(one.raw), buffer, 200)
    return buffer.value.decode()


def _size(one: pypdfium2.PdfObject) -> float:
    size = ctypes.c_float()
    pdfium.FPDFTextObj_GetFontSize(one.raw, size)
    return round(size.value, 1)


def _longer(told: YearRecord) -> YearRecord:
    names = {name: f"{'虚构' * 28}第{number:02d}区" for number, name in enumerate(told.districts)}
    scores = {names[name]: replace(score, district=names[name]) for name, score in told.scores.items()}
    records = {names[name]: replace(record, district=names[name]) for name, record in told.records.items()}
    return replace(told, districts=tuple(names.values()), scores=scores, records=records, before={})


@pytest.fixture(scope="module")
def pages(
    record: DistrictRecord, year_record: YearRecord, tmp_path_factory: pytest.TempPathFactory
) -> Mapping[str, list[Sheet]]:
    """The pages of every paper as it is, and of the odd ones, by name; converted in one go."""
    folder = tmp_path_factory.mktemp("pages")
    made: dict[str, Callable[[], bytes]] = {kind.id: partial(paper_of, record, kind) for kind in KINDS}
    made["annual"] = lambda: render("annual", annual_values(year_record))
    made["annual_empty"] = lambda: render(
        "annual", annual_values(replace(year_record, records={}, scores={}, before={}))
    )
    made["annual_long"] = lambda: render("annual", annual_values(_longer(year_record)))
    for label, change in (("nothing", nothing), ("many", three_hundred), ("long", long_name)):
        for name in ("feedback", "rectification"):
            made[f"{name}_{label}"] = partial(paper_of, change(record), kind_of(name))
    made["feedback_issued"] = lambda: render("feedback", letter_values(record, is_draft=False, with_charts=False))
    for name, make in made.items():
        (folder / f"{name}.docx").write_bytes(make())
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
    own_fonts = {**os.environ, "FONTCONFIG_FILE": str(files("corpus") / "templates" / "fonts.conf")}
    subprocess.run(
        [*command, "--outdir", str(folder), *(str(folder / f"{name}.docx") for name in made)],
        check=True, capture_output=True, timeout=400, env=own_fonts,
    )  # fmt: skip
    return {name: sheets(folder / f"{name}.pdf") for name in made}


PAPERS = [kind.id for kind in KINDS] + ["annual"]
ODD = [
    "annual_empty", "annual_long", "feedback_nothing", "feedback_many", "feedback_long", "rectification_nothing",
    "rectification_many", "rectification_long", "feedback_issued",
]  # fmt: skip


def everything(found: list[Sheet]) -> str:
    return "\n".join(sheet.text for sheet in found)


def flat(found: list[Sheet]) -> str:
    return re.sub(r"\s", "", everything(found))


@pytest.mark.parametrize("name", PAPERS)
def test_标题二号字在第一页_正文三号字(name: str, pages: Mapping[str, list[Sheet]]) -> None:
    first = pages[name][0]
    assert (round(first.width / POINTS_PER_MM), round(first.height / POINTS_PER_MM)) == (210, 297)
    title = "".join(word.text for word in first.words if word.size == TITLE)
    assert len(title) >= 8
    middle = [word for word in first.words if word.size == TITLE]
    # Centred within the type area (28 mm left, 26 mm right).
    left, right = min(word.left for word in middle), max(word.right for word in middle)
    assert abs((left - 28 * POINTS_PER_MM) - (first.width - 26 * POINTS_PER_MM - right)) < TITLE
    assert {word.size for sheet in pages[name] for word in sheet.words} <= {TITLE, BODY, 14.0, TABLE}
    assert any(word.size == BODY for word in first.words)


@pytest.mark.parametrize("name", ["feedback", "annual", "rectification", "completeness"])
def test_一级标题用黑体_正文用仿宋的替代(name: str, pages: Mapping[str, list[Sheet]]) -> None:
    words = [word for sheet in pages[name] for word in sheet.words if word.size == BODY]
    headings = [word for word in words if re.match("[一二三四五]、", word.text)]
    assert headings
    assert all("Sans" in word.font for word in headings), [word for word in headings if "Sans" not in word.font]
    body = {word.font for word in words if word.text.startswith(("根据", "依据"))}
    assert body
    assert all("Serif" in font for font in body)


@pytest.mark.parametrize("name", [*PAPERS, *ODD])
def test_每页有页码_没有字出版心_没有空条目(name: str, pages: Mapping[str, list[Sheet]]) -> None:
    for number, sheet in enumerate(pages[name], 1):
        assert re.search(rf"—\s*{number}\s*—", sheet.text), f"第 {number} 页没有页码"
        outside = [w for w in sheet.words if w.left < EDGE or w.right > sheet.width - EDGE]
        assert not outside, f"第 {number} 页：{outside[:3]}"
        # A page with nothing but its header and number looks like a mistake.
        rest = [w for w in sheet.words if w.size == BODY or w.size == TABLE]
        assert len(rest) > 1 or len(sheet.text) > 40, f"第 {number} 页是空的"
    text = everything(pages[name])
    assert not re.search(r"None|nan|\{\{|\{%|�", text)
    assert not re.search(r"^\s*(?:\d+\.|（[一二三四五六七八九十]+）|[·•●])\s*$", text, re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "drawn"),
    [("feedback", True), ("rectification", True), ("basis", True), ("annual", True), ("feedback_many", True), ("annual_long", True), ("expert_sheet", False), ("field_sample", False), ("completeness", False), ("feedback_issued", False)],
)  # fmt: skip
def test_水印在拟定稿的每一页(name: str, drawn: bool, pages: Mapping[str, list[Sheet]]) -> None:
    assert {sheet.is_marked for sheet in pages[name]} == {drawn}
    assert ("拟定稿" in pages[name][0].text) is drawn


@pytest.mark.parametrize("name", ["feedback", "expert_sheet", "basis"])
def test_二十个二级指标都印在页上(name: str, pages: Mapping[str, list[Sheet]], record: DistrictRecord) -> None:
    text = everything(pages[name])
    for criterion in record.feedback.scheme.criteria:
        assert re.search(rf"\b{criterion.id}\b(?!-)", text), criterion.id


@pytest.mark.parametrize("name", ["feedback", "basis"])
def test_页上的合计等于台账(name: str, pages: Mapping[str, list[Sheet]], record: DistrictRecord) -> None:
    assert record.score is not None
    data, text = record.score.to_json(), flat(pages[name])
    assert f"自评总得分{data['self_points']}分" in text
    assert f"最终得分{data['total_points']}分" in text
    if name == "feedback":
        assert re.search(rf"合计最终得分—{data['self_points']}—{data['total_points']}", text)


def test_排名表印出每个区县的总分(pages: Mapping[str, list[Sheet]], year_record: YearRecord) -> None:
    text = flat(pages["annual"])
    for row in year_record.ranking:
        score = year_record.scores[row.district].to_json()
        assert str(score["total_points"]) in text
        assert row.district in text


def test_表格换页时表头重复(pages: Mapping[str, list[Sheet]]) -> None:
    lists = [sheet for sheet in pages["feedback_many"] if re.search(r"整改要求\s+佐证", sheet.text)]
    rows = [int(n) for sheet in lists for n in re.findall(r"^(\d+) B\d+(?:-\d+)? ", sheet.text, re.MULTILINE)]
    assert len(lists) > 10
    assert rows == list(range(1, 301))


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("feedback_nothing", "没有列入清单的问题。"),
        ("feedback_nothing", "请继续落实履行教育职责的各项要求"),
        ("rectification_nothing", "没有登记需要整改的问题。"),
        ("annual_empty", "尚无区县录入案卷，没有得分与等级。"),
    ],
)
def test_什么都没有时是一句话_不是空表(name: str, told: str, pages: Mapping[str, list[Sheet]]) -> None:
    text = flat(pages[name])
    assert told in text
    assert "整改要求佐证" not in text
    assert "完成时限整改材料" not in text


def test_六十字的区县名全文印出(pages: Mapping[str, list[Sheet]], record: DistrictRecord) -> None:
    name = long_name(record).district
    assert len(name) == 60
    for paper in ("feedback_long", "rectification_long"):
        assert name in flat(pages[paper])
