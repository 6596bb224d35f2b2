"""The reading corpus in small: files are built, read and compared with their truth, and the comparison itself can fail."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eval_sets.ingest import build as corpus_build
from eval_sets.ingest import measure, office, scans
from eval_sets.ingest.build import Case
from eval_sets.ingest.scores import CellCount, count_cells, edits, in_order, reading_of
from eval_sets.ingest.truth import Table, Text, Truth, joined, truths
from ingest.pages import ParsedPage
from ingest.readers.builder import PageBuilder

GOALS = measure.load_goals()
SMALL = Table(
    "表1　校舍",
    2,
    (
        ("类别", "学校", "面积", "<"),
        ("^", "^", "校舍", "操场"),
        ("小学", "一小", "10", "20"),
        ("^", "二小", "30", "40"),
    ),
)
needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="没有 LibreOffice")


def _page(prose: list[str], rows: list[list[str]]) -> list[ParsedPage]:
    builder = PageBuilder()
    for text in prose:
        builder.line(text, "paragraph", {"path": "第1段"})
    for row in rows:
        builder.row([(cell, {"path": "表1"}, None) for cell in row])
    return [builder.page(1, "正文", "text")]


def test_原文的合计行逐列相符() -> None:
    checked = 0
    for truth in truths().values():
        for table in truth.tables:
            *rows, last = table.rows()
            if "合计" not in last.values():
                continue
            for column, total in last.items():
                if total != "合计":
                    figures = [row[column].replace(",", "") for row in rows if row.get(column, "—") != "—"]
                    assert sum(map(int, figures)) == int(total.replace(",", "")), (truth.name, table.headers()[column])
                    checked += 1
    assert checked == 8


def test_合并单元格的表头与重复的行名() -> None:
    assert SMALL.headers() == ("类别", "学校", "面积 / 校舍", "面积 / 操场")
    assert SMALL.rows() == [{0: "小学", 1: "一小", 2: "10", 3: "20"}, {0: "小学", 1: "二小", 2: "30", 3: "40"}]
    assert [(cell.text, cell.rows, cell.columns) for cell in SMALL.cells() if cell.rows * cell.columns > 1] == [
        ("类别", 2, 1), ("学校", 2, 1), ("面积", 1, 2), ("小学", 2, 1),
    ]  # fmt: skip


ROWS = [
    ["类别：小学", "学校：一小", "面积/校舍：10", "面积/操场：20"],
    ["类别：小学", "学校：二小", "面积/校舍：30", "面积/操场：40"],
]


@pytest.mark.parametrize(
    ("change", "placed", "exact"),
    [
        (lambda rows: rows, 8, 8),
        (lambda rows: rows[::-1], 4, 4),  # the rows changed places: only one of them counts
        (lambda rows: rows[:1], 4, 4),
        (lambda rows: [rows[0], rows[1][:2], rows[1][2:]], 6, 6),  # a row torn in two
        (lambda rows: [rows[0], [*rows[1][:2], "面积/校舍：40", "面积/操场：30"]], 6, 6),  # columns mixed up
        (lambda rows: [rows[0], [*rows[1][:3], "面积/操场：4O"]], 7, 7),  # half of a short value misread
        (lambda rows: [rows[0], [*rows[1][:3], "面积/操物：40"]], 8, 7),  # a heading misread
        (lambda rows: [rows[0], [*rows[1][:3], "40"]], 7, 7),  # no heading
        (lambda rows: [["序号：1"], *rows, ["说明：无"]], 8, 8),  # more rows do no harm
        (lambda rows: [], 0, 0),
    ],
)
def test_单元格只在同一行同一列才算对(change, placed: int, exact: int) -> None:  # type: ignore[no-untyped-def]
    assert count_cells([SMALL], change(ROWS)) == CellCount(8, placed, exact)


def test_字符错误与次序() -> None:
    assert edits("区县教育", "区县教青局") == 2
    texts = ["一、组织领导情况", "二、经费保障情况", "三、教师队伍建设"]
    assert in_order(texts, "".join(texts)) == 1
    assert in_order(texts, texts[1] + texts[0] + texts[2]) == pytest.approx(2 / 3)
    assert in_order(texts, texts[0] + texts[2]) == pytest.approx(2 / 3)
    assert in_order(texts, "一、组织领寻情况" + texts[1] + texts[2]) == 1
    assert in_order(texts, "别的内容别的内容别的内容") == 0


def test_比较的是进入段落的文字_表格行另计() -> None:
    reading = reading_of(_page(["第一段 文字。", "第二段。"], [["甲：1", "乙：2"]]))
    assert reading.prose == "第一段文字。第二段。"
    assert reading.rows == (("甲：1", "乙：2"),)


def test_很长的表格行不因切开而计两次() -> None:
    row = [f"列{n}：{'值' * 60}" for n in range(12)]
    assert reading_of(_page([], [row])).rows == (tuple(row),)


def test_读不出来的文件记为未达到_附原因(tmp_path: Path) -> None:
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.4\n garbage")
    result = measure.measured(Case("坏.pdf", "digital", "坏文件", ("标题",)), tmp_path)
    assert (result.cer, result.order, "坏.pdf" in result.reason) == (1, 0, True)
    assert result.misses(GOALS["digital"]) == ["cer", "order", "refused"]


def test_目标一项不到就报出来() -> None:
    def result(wrong: int, order: float, exact: int) -> measure.Result:
        case = Case("a.pdf", "digital", "", ("字",), (SMALL,))
        return measure.Result(case, 1000, wrong, order, CellCount(100, 100, exact), 1, {}, 0.0)

    assert result(1, 1.0, 98).misses(GOALS["digital"]) == []
    assert result(2, 1.0, 98).misses(GOALS["digital"]) == ["cer"]
    assert result(1, 0.99, 98).misses(GOALS["digital"]) == ["order"]
    assert result(1, 1.0, 97).misses(GOALS["digital"]) == ["cells"]


@pytest.mark.parametrize("recipe", ["text", "word", "sheet", "slides", "ofd", "containers"])
def test_文字格式与原文一致(recipe: str, tmp_path: Path) -> None:
    corpus = corpus_build.build(tmp_path, [recipe])
    assert corpus.cases
    for case in corpus.cases:
        result = measure.measured(case, tmp_path)
        assert not result.misses(GOALS[case.kind]), result.to_json()


@needs_office
def test_有文字层的PDF与原文一致(tmp_path: Path) -> None:
    corpus = corpus_build.build(tmp_path, ["pdf"])
    assert len(corpus.cases) == 6
    for case in corpus.cases:
        result = measure.measured(case, tmp_path)
        assert not result.misses(GOALS["digital"]), result.to_json()


@needs_office
@pytest.mark.skipif(not any(Path(name).exists() for name in scans._FONTS), reason="没有中文字体")
def test_盖章倾斜有噪点的扫描_仍认得出文字与表格(tmp_path: Path) -> None:
    truth = Truth("小", "临江区校舍情况", "", (Text(truths()["minutes"].blocks[0].text), truths()["report"].tables[0]))  # type: ignore[union-attr]
    source = office.write_docx(truth, tmp_path / "小.docx")
    (pdf,) = office.convert([source], "pdf", tmp_path)
    scans.save_pdf(scans.soiled(scans.draw(pdf)), tmp_path / "污损.pdf", quality=60)
    case = Case("污损.pdf", "noisy", "", tuple(truth.texts), tuple(truth.tables))
    result = measure.measured(case, tmp_path)
    assert result.characters == len(joined(truth.texts))
    assert result.states == {"ocr": 1}
    assert not result.misses(GOALS["noisy"]), result.to_json()


@needs_office
def test_已生成的文件不再生成_原文变了才重做(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = corpus_build.build(tmp_path, ["sheet"])
    written = {case.file: (tmp_path / case.file).stat().st_mtime_ns for case in first.cases}
    assert corpus_build.build(tmp_path, ["sheet"]).cases == first.cases
    assert {file: (tmp_path / file).stat().st_mtime_ns for file in written} == written
    monkeypatch.setattr(corpus_build, "_digest", lambda: "other")
    corpus_build.build(tmp_path, ["sheet"])
    assert all((tmp_path / file).stat().st_mtime_ns != stamp for file, stamp in written.items())


def test_缺少办公软件时说明并跳过(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    corpus = corpus_build.build(tmp_path / "c", ["legacy", "browser", "sheet"])
    assert [reason.partition("：")[0] for reason in corpus.left_out] == ["legacy", "browser"]
    assert all("请安装" in reason for reason in corpus.left_out)
    assert [case.format for case in corpus.cases] == ["xlsx", "xlsx"]
