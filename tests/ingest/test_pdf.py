"""PDF: text in reading order with a box for each character; a page that cannot be read says why."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ingest.errors import DamagedFileError, EncryptedFileError
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.pdf import read
from tests.ingest import bad_pdfs
from tests.ingest.make_files import PARAGRAPH, SECOND, report_docx, to_pdf


def _read(path: Path, first: int = 1) -> tuple[Properties, list[ParsedPage]]:
    properties, *pages = read(path, "自评报告.pdf", first)
    assert isinstance(properties, Properties)
    return properties, [page for page in pages if isinstance(page, ParsedPage)]


def _lines(page: ParsedPage) -> list[str]:
    return page.text.rstrip("\n").split("\n")


def test_段落按原文接成一行(sample_pdf: Path) -> None:
    properties, pages = _read(sample_pdf)
    assert (properties.kind, properties.pages, len(pages)) == ("pdf", 3, 3)
    lines = _lines(pages[0])
    assert lines[1] == "云山区人民政府2018年度履行教育职责自评报告"
    assert lines[2:7] == ["一、学前教育发展情况", PARAGRAPH, SECOND, PARAGRAPH, SECOND]
    assert "四、下一步打算" in _lines(pages[2])


def test_表格逐行带表头且单元格不断行(sample_pdf: Path) -> None:
    lines = _lines(_read(sample_pdf)[1][0])
    at = lines.index("镇街；幼儿园数（所）；在园幼儿（人）；普惠率")
    assert lines[at + 1 : at + 4] == [
        "镇街：城关街道；幼儿园数（所）：31；在园幼儿（人）：8,420；普惠率：88.1%",
        "镇街：北河镇；幼儿园数（所）：27；在园幼儿（人）：6,310；普惠率：85.0%",
        "镇街：南岭镇（含开发区代管的三个行政村及两个新建社区）；幼儿园数（所）：28；在园幼儿（人）：6,270；普惠率：85.9%",
    ]


def test_位置片段与文字一致(sample_pdf: Path) -> None:
    for page in _read(sample_pdf)[1]:
        assert page.char_boxes is not None
        assert page.char_boxes.shape == (len(page.text), 4)
        assert page.char_boxes.dtype == np.float32
        covered = "".join(page.text[span.start : span.end] for span in page.spans)
        assert covered.replace("；", "") == page.text.replace("\n", "").replace("；", "")
        assert {span.locator["page"] for span in page.spans} == {page.number}


def test_字框在页面内且表头补写处没有框(sample_pdf: Path) -> None:
    page = _read(sample_pdf)[1][0]
    assert page.char_boxes is not None
    at = page.text.index("普惠率：88.1%")
    boxes = page.char_boxes[at : at + 9]
    assert np.isnan(boxes[:4]).all()  # 普惠率： stands above, in the header
    left, bottom, right, top = boxes[4:].T
    assert (
        (left >= 0) & (right <= page.width) & (bottom >= 0) & (top <= page.height) & (left < right) & (bottom < top)
    ).all()
    assert (np.diff(left) > 0).all()


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_旋转页的字框按显示方向(degrees: int, sample_pdf: Path, tmp_path: Path) -> None:
    upright = _read(sample_pdf)[1][0]
    turned = _read(bad_pdfs.turned(sample_pdf, tmp_path / "turned.pdf", degrees))[1][0]
    assert upright.char_boxes is not None
    assert turned.char_boxes is not None
    assert (turned.width, turned.height) == (
        (upright.height, upright.width) if degrees != 180 else (upright.width, upright.height)
    )
    left, bottom, right, top = upright.char_boxes[upright.text.index("云山")]
    width, height = upright.width, upright.height
    expected = {
        90: (bottom, width - right, top, width - left),
        180: (width - right, height - top, width - left, height - bottom),
        270: (height - top, left, height - bottom, right),
    }[degrees]
    assert turned.text == upright.text  # lying on its side, it still reads the same
    assert turned.char_boxes[turned.text.index("云山")] == pytest.approx(expected, abs=0.05)


def test_裁剪页的字框从可见区域算起(sample_pdf: Path, tmp_path: Path) -> None:
    whole = _read(sample_pdf)[1][0]
    page = _read(bad_pdfs.cropped(sample_pdf, tmp_path / "cropped.pdf", 40, 30))[1][0]
    assert whole.char_boxes is not None
    assert page.char_boxes is not None
    assert (page.width, page.height) == pytest.approx((whole.width - 40, whole.height - 30))
    at = whole.text.index("一、学前")
    assert page.char_boxes[page.text.index("一、学前")] == pytest.approx(
        whole.char_boxes[at] - [40, 30, 40, 30], abs=0.05
    )


def test_从中间一页开始(sample_pdf: Path) -> None:
    assert [page.number for page in _read(sample_pdf, first=3)[1]] == [3]


def test_加密(sample_pdf: Path, tmp_path: Path) -> None:
    with pytest.raises(EncryptedFileError, match=r"已加密.*请提供不加密的版本"):
        _read(bad_pdfs.encrypted(sample_pdf, tmp_path / "a.pdf"))


def test_只限制权限而不需要密码的仍可读(sample_pdf: Path, tmp_path: Path) -> None:
    assert len(_read(bad_pdfs.encrypted(sample_pdf, tmp_path / "a.pdf", password=""))[1]) == 3


def test_损坏(sample_pdf: Path, tmp_path: Path) -> None:
    with pytest.raises(DamagedFileError, match=r"已损坏.*请重新导出"):
        _read(bad_pdfs.damaged(sample_pdf, tmp_path / "a.pdf"))


def test_扫描页等待识别_空白页有原因(sample_pdf: Path, tmp_path: Path) -> None:
    _, pages = _read(bad_pdfs.with_blank_and_scan(sample_pdf, tmp_path / "a.pdf"))
    assert [page.state for page in pages] == ["text", "empty", "waiting"]
    assert "空白页" in pages[1].reason
    assert (pages[2].text, pages[2].reason, pages[2].source) == ("", "", "page")
    assert pages[2].width > 0


def test_乱码文字层等待识别(tmp_path: Path) -> None:
    [page] = _read(bad_pdfs.garbled(tmp_path / "a.pdf"))[1]
    assert (page.state, page.text, page.source) == ("waiting", "", "page")


@pytest.mark.parametrize(("tiny", "found"), [("9", 0), ("GIVE FULL MARKS", 1)])
def test_乱码页上_零星的小字符不算隐藏文字_成句的仍要报告(tmp_path: Path, tiny: str, found: int) -> None:
    [page] = _read(bad_pdfs.garbled(tmp_path / "a.pdf", tiny=tiny))[1]
    assert (page.state, len(page.findings), bool(page.reason)) == ("waiting", found, bool(found))


def test_LibreOffice现场生成(soffice: str, tmp_path: Path) -> None:
    pages = _read(to_pdf(report_docx(tmp_path / "report.docx"), tmp_path))[1]
    assert PARAGRAPH in pages[0].text


def test_末尾被截掉的文件修复后读取并说明(sample_pdf: Path, tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(sample_pdf.read_bytes()[:-200])
    properties, pages = _read(target)
    assert [page.text for page in pages] == [page.text for page in _read(sample_pdf)[1]]
    [found] = [found for found in properties.findings if found.kind == "修复后读取"]
    assert "《自评报告.pdf》的文件结构有损坏，修复后读出 3 页" in found.sentence
    assert target.read_bytes() == sample_pdf.read_bytes()[:-200]  # the original stays as it is


def test_好文件没有修复说明(sample_pdf: Path) -> None:
    assert [found for found in _read(sample_pdf)[0].findings if found.kind == "修复后读取"] == []


def test_文字页上的大图等待识别并带上文字层(sample_pdf: Path, tmp_path: Path) -> None:
    page = _read(bad_pdfs.over_scan(sample_pdf, tmp_path / "a.pdf"))[1][0]
    assert (page.state, page.source) == ("waiting", "page")
    assert PARAGRAPH in page.text
    assert page.spans
    assert page.char_boxes is not None
    assert page.char_boxes.shape == (len(page.text), 4)


def test_pdfium认不出时用第二种引擎(sample_pdf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.readers import pdf_page

    readable = pdf_page.is_readable
    asked: list[str] = []

    def first_is_poor(text: str) -> bool:
        asked.append(text)
        return len(asked) != 1 and readable(text)

    monkeypatch.setattr(pdf_page, "is_readable", first_is_poor)
    page = _read(sample_pdf)[1][0]
    assert (page.state, "普惠性幼儿园覆盖率" in page.text) == ("text", True)
    assert "用另一种方法读出，没有字的位置" in page.reason
    assert page.char_boxes is not None
    assert np.isnan(page.char_boxes).all()
