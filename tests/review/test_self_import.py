"""Self points out of XLSX and DOCX: found by the header, everything else listed, earlier entries kept."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from docx import Document as Docx

from review.errors import MissingPathError, RefusedRecordError, SubmittedError
from review.self_import import Imported, import_points
from review.self_points import Entry, save_points, sheet, versions
from review.self_template import GUIDE, HEADER, SHEET, write_template
from review.submission import submit
from review.workspace import Workspace
from tests.review.submissions import CYCLE, DISTRICT, WHO, full_marks, put_document


@pytest.fixture
def template(workspace: Workspace, tmp_path: Path) -> Path:
    path = tmp_path / "自评得分表.xlsx"
    write_template(workspace, DISTRICT, CYCLE, path)
    return path


def _fill(path: Path, **values: object) -> Path:
    """B1="58" fills the points of B1, B1_why="…" its reason."""
    book = openpyxl.load_workbook(path)
    page = book[SHEET]
    rows = {page.cell(row, 1).value: row for row in range(6, page.max_row + 1)}
    for name, value in values.items():
        key, _, why = name.partition("_why")
        page.cell(rows[key.replace("_", "-")], 7 if name.endswith("_why") else 6).value = value
        assert why == ""
    book.save(path)
    return path


def _import(workspace: Workspace, path: Path, **more: bool) -> Imported:
    return import_points(workspace, DISTRICT, CYCLE, path, WHO, **more)


def _words(workspace: Workspace) -> dict[str, str]:
    return {key: one.words for key, one in sheet(workspace, DISTRICT, CYCLE).entries.items()}


def _docx(path: Path, rows: Sequence[Sequence[str]], *paragraphs: str, merge: Sequence[tuple[int, int, int]] = ()) -> Path:  # fmt: skip
    """merge : (column, first row, last row) of the first table."""
    paper = Docx()
    for text in paragraphs:
        paper.add_paragraph(text)
    table = paper.add_table(rows=len(rows), cols=len(rows[0]))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                table.cell(number, column).text = text
    for column, first, last in merge:
        table.cell(first, column).merge(table.cell(last, column))
    paper.save(str(path))
    return path


# The template


def test_模板有全部编号_只有两列可填(template: Path, workspace: Workspace) -> None:
    book = openpyxl.load_workbook(template)
    page = book[SHEET]
    ids = [page.cell(row, 1).value for row in range(6, page.max_row + 1)]
    assert ids == list(
        dict.fromkeys(key for c in workspace.scheme.criteria for key in (c.id, *(i.id for i in c.items)))
    )
    assert tuple(cell.value for cell in page[5]) == HEADER
    assert page.protection.sheet
    for row in page.iter_rows(min_row=6, max_row=page.max_row):
        assert [cell.protection.locked for cell in row] == [True] * 5 + [False] * 2
        assert {cell.number_format for cell in row} == {"@"}
    assert all(cell.protection.locked for row in page.iter_rows(max_row=5) for cell in row)
    assert page["E6"].value == "60"
    assert book[GUIDE].protection.sheet
    assert "不会猜" in "".join(str(cell.value) for cell in book[GUIDE]["A"])


def test_空模板什么也不写(template: Path, workspace: Workspace) -> None:
    done = _import(workspace, template)
    assert (done.taken, done.unread, done.conflicts) == ((), (), ())
    assert versions(workspace, DISTRICT, CYCLE) == []


def test_填好的模板原样读回(template: Path, workspace: Workspace) -> None:
    _fill(template, B1="58.25", B1_why="虚构：党建：扎实", B2_1="12", B2_2="20", B21="12", B14_4="不适用", B14_4_why="虚构：没有")  # fmt: skip
    done = _import(workspace, template)
    assert done.unread == ()
    assert _words(workspace) == {"B1": "58.25", "B2-1": "12", "B2-2": "20", "B14-4": "不适用", "B21": "12"}
    now = sheet(workspace, DISTRICT, CYCLE)
    assert now.entries["B1"].reason == "虚构：党建：扎实"
    assert now.source == "自评得分表.xlsx"


def test_导出再导入不变(template: Path, workspace: Workspace, tmp_path: Path) -> None:
    full_marks(workspace, B1="58.25", B21="12")
    again = tmp_path / "再导出.xlsx"
    write_template(workspace, DISTRICT, CYCLE, again)
    done = _import(workspace, again)
    assert (done.taken, done.conflicts, done.unread, len(done.same)) == ((), (), (), 21)
    assert len(versions(workspace, DISTRICT, CYCLE)) == 1


def test_看不懂的逐一列出_看得懂的照收(template: Path, workspace: Workspace) -> None:
    done = _import(
        workspace,
        _fill(template, B1="五十八", B2="41", B3="10", B5_1="3", B5="40", B14_4="不适用", B6_why="有说明没有分"),
    )
    assert _words(workspace) == {"B3": "10"}
    told = {one.text: one.why for one in done.unread}
    assert "不是数" in told["五十八"]
    assert "B2 的自评分应为 0 至 40" in told["41"]
    assert "既有总分，又有要点分" in told["40"]
    assert "要写明理由" in told["不适用"]
    assert "B6 有说明而没有分数" in told["有说明没有分"]
    assert done.unread[0].place.startswith(f"{SHEET}!")
    assert not done.is_whole


def test_数字格式与全角数字也认(template: Path, workspace: Workspace) -> None:
    done = _import(workspace, _fill(template, B1=58.5, B2="３９．５", B3="9分"))
    assert done.unread == ()
    assert _words(workspace) == {"B1": "58.5", "B2": "39.5", "B3": "9"}


@pytest.mark.parametrize(
    ("cell", "value", "told"), [("B2", "2024", "评价方案是“2024”"), ("B3", "2020", "评价年度是“2020”"), ("B4", "鹤汀区", "区县是“鹤汀区”")]
)  # fmt: skip
def test_别的区县或年度的模板不收(template: Path, workspace: Workspace, cell: str, value: str, told: str) -> None:
    _fill(template, B1="58")
    book = openpyxl.load_workbook(template)
    book[SHEET][cell] = value
    book.save(template)
    with pytest.raises(RefusedRecordError, match=told):
        _import(workspace, template)
    assert versions(workspace, DISTRICT, CYCLE) == []


# Conflicts


def test_与已有的不同_列出而保留_要代替才代替(template: Path, workspace: Workspace) -> None:
    save_points(workspace, DISTRICT, CYCLE, {"B1": _entry("50"), "B2": _entry("40")}, base=0, by="虚构的甲")
    _fill(template, B1="58", B2="40", B3="9", B3_why="虚构")
    done = _import(workspace, template)
    assert (done.taken, [one.criterion for one in done.conflicts]) == (("B3",), ["B1"])
    assert "已有（B1 50），文件里是（B1 58）" in done.conflicts[0].sentence
    assert _words(workspace) == {"B1": "50", "B2": "40", "B3": "9"}
    assert not done.is_whole
    done = _import(workspace, template, replace=True)
    assert done.is_whole
    assert _words(workspace)["B1"] == "58"
    assert [one.entries["B1"].words for one in versions(workspace, DISTRICT, CYCLE)] == ["50", "50", "58"]


def _entry(points: str) -> Entry:
    return Entry(Fraction(points), "虚构的理由")


def test_总分与要点之间的不同也是不同(template: Path, workspace: Workspace) -> None:
    save_points(workspace, DISTRICT, CYCLE, {"B1": _entry("50")}, base=0, by="虚构的甲")
    _fill(template, B1_1="28", B1_2="30")
    assert [one.criterion for one in _import(workspace, template).conflicts] == ["B1"]
    _import(workspace, template, replace=True)
    assert _words(workspace) == {"B1-1": "28", "B1-2": "30"}


def test_说明不同也列出_补上空白的说明不算(template: Path, workspace: Workspace) -> None:
    changes = {"B1": _entry("50"), "B2": Entry(Fraction(40))}
    save_points(workspace, DISTRICT, CYCLE, changes, base=0, by="虚构的甲")
    done = _import(workspace, _fill(template, B1="50", B1_why="另一种说法", B2="40", B2_why="补上的说明"))
    assert [one.criterion for one in done.conflicts] == ["B1"]
    assert "虚构的理由" in done.conflicts[0].sentence
    assert sheet(workspace, DISTRICT, CYCLE).entries["B2"].reason == "补上的说明"


def test_试导入什么也不存(template: Path, workspace: Workspace) -> None:
    assert _import(workspace, _fill(template, B1="58"), dry=True).taken == ("B1",)
    assert versions(workspace, DISTRICT, CYCLE) == []


def test_提交之后不能导入(template: Path, workspace: Workspace) -> None:
    put_document(workspace, "总结.txt")
    full_marks(workspace)
    submit(workspace, DISTRICT, CYCLE, WHO)
    with pytest.raises(SubmittedError):
        _import(workspace, _fill(template, B1="58", B21="3"))


# Reports and sheets of other makes


def test_自评报告里的表和加分(workspace: Workspace, tmp_path: Path) -> None:
    rows = [
        ["一级指标", "二级指标", "满分", "自评得分", "得失分说明"],
        ["A1", "B1 贯彻执行党的教育方针", "60", "58", "虚构：扎实"],
        ["A1", "B2 全面落实教育优先发展战略", "40", "39.5", "虚构：经费"],
        ["合计", "", "100", "97.5", ""],
    ]
    report = _docx(tmp_path / "自评报告.docx", rows, "经自评，自评总得分 97.5 分，申请加分 12 分。")
    done = _import(workspace, report)
    assert (done.unread, done.notes) == ((), ())
    assert _words(workspace) == {"B1": "58", "B2": "39.5", "B21": "12"}
    assert sheet(workspace, DISTRICT, CYCLE).entries["B1"].reason == "虚构：扎实"


def test_没有编号按正式名称认(workspace: Workspace, tmp_path: Path) -> None:
    names = {criterion.id: criterion.name for criterion in workspace.scheme.criteria}
    item = workspace.scheme.item("B5-5").text
    rows = [
        ["指标", "自评打分", "失分说明"],
        [names["B2"], "39", ""],
        [item, "6", "虚构"],
        ["我区特色工作", "5", ""],
    ]
    done = _import(workspace, _docx(tmp_path / "表.docx", rows))
    assert _words(workspace) == {"B2": "39", "B5-5": "6"}
    assert [(one.text, "认不出是哪个指标" in one.why) for one in done.unread] == [("5", True)]


def test_合计不符要提醒(workspace: Workspace, tmp_path: Path) -> None:
    rows = [["编号", "自评得分"], ["B1", "58"], ["B2", "39"], ["合计", "98"]]
    done = _import(workspace, _docx(tmp_path / "表.docx", rows))
    assert "总分是 98，读到的各项相加是 97" in done.notes[0]


def test_合并单元格的分不归到第一行(workspace: Workspace, tmp_path: Path) -> None:
    rows = [
        ["二级指标", "评价要点", "自评得分"],
        ["B1", "B1-1 要点", "28"],
        ["", "B1-2 要点", ""],
        ["B2", "B2-1 要点", "12"],
        ["", "B2-2 要点", "20"],
    ]
    done = _import(workspace, _docx(tmp_path / "表.docx", rows, merge=[(0, 1, 2), (2, 1, 2), (0, 3, 4)]))
    assert _words(workspace) == {"B2-1": "12", "B2-2": "20"}
    assert "可能是合并的单元格" in done.unread[0].why


def test_小计与要点之和相同时按要点(workspace: Workspace, tmp_path: Path) -> None:
    rows = [["编号", "自评得分"], ["B1", "58"], ["B1-1", "28"], ["B1-2", "30"]]
    done = _import(workspace, _docx(tmp_path / "表.docx", rows))
    assert _words(workspace) == {"B1-1": "28", "B1-2": "30"}
    assert "按各要点采用" in done.notes[0]


@pytest.mark.parametrize("second", ["30", "28"])
def test_同一指标有两行分_一行也不采用(workspace: Workspace, tmp_path: Path, second: str) -> None:
    rows = [["二级指标", "观测点", "自评得分"], ["B1", "其一", "30"], ["B1", "其二", second], ["B2", "其一", "20"]]
    done = _import(workspace, _docx(tmp_path / "表.docx", rows))
    assert _words(workspace) == {"B2": "20"}
    assert len([one for one in done.unread if "几行分数" in one.why]) == 2


def test_两列都像自评得分_不猜(workspace: Workspace, tmp_path: Path) -> None:
    rows = [["编号", "自评得分", "区县自评分"], ["B1", "58", "57"]]
    with pytest.raises(RefusedRecordError, match="有几列都像自评得分"):
        _import(workspace, _docx(tmp_path / "表.docx", rows))


def test_核查分扣分的列不是自评分(workspace: Workspace, tmp_path: Path) -> None:
    rows = [["编号", "自评扣分", "核查得分", "市评分"], ["B1", "2", "58", "57"]]
    with pytest.raises(RefusedRecordError, match="没有找到带“自评得分”一列的表"):
        _import(workspace, _docx(tmp_path / "表.docx", rows))


def test_加分说法不一_不采用(workspace: Workspace, tmp_path: Path) -> None:
    rows = [["编号", "自评得分"], ["B1", "58"], ["B21", "10"]]
    done = _import(workspace, _docx(tmp_path / "报告.docx", rows, "本次申请加分 12 分。"))
    assert _words(workspace) == {"B1": "58"}
    assert "申请加分说法不一" in done.unread[0].why


def test_编号与名称不是一回事_不猜(workspace: Workspace, tmp_path: Path) -> None:
    rows = [["二级指标", "评价要点", "自评得分"], ["B1", "B2-1 要点", "12"]]
    done = _import(workspace, _docx(tmp_path / "表.docx", rows))
    assert _words(workspace) == {}
    assert "认不出" in done.unread[0].why


def test_没有表的文件_没有的文件(workspace: Workspace, tmp_path: Path) -> None:
    paper = Docx()
    paper.add_paragraph("虚构：本区自评工作情况。")
    paper.save(str(tmp_path / "空.docx"))
    with pytest.raises(RefusedRecordError, match="template self-points"):
        _import(workspace, tmp_path / "空.docx")
    with pytest.raises(MissingPathError):
        _import(workspace, tmp_path / "没有.xlsx")
