"""文字识别：图里写的什么、读出来就是什么；位置、置信度、方向、印章、表格都有着落。"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from eval_sets.ingest.scans import save_pdf, stamped
from ingest.ocr.recognise import recognise
from ingest.pages import ParsedPage
from tests.ingest.ocr.sheets import LINES, ruled, sheet, write


def plain(text: str) -> str:
    return "".join(text.split())


def read(page: Image.Image, tmp_path: Path, name: str = "扫描.png") -> ParsedPage:
    page.save(tmp_path / name)
    return recognise(tmp_path / name, name, "image", 1, "frame")


@pytest.fixture(scope="module")
def upright(tmp_path_factory: pytest.TempPathFactory) -> ParsedPage:
    return read(sheet(), tmp_path_factory.mktemp("upright"))


def test_一页文字逐字读出(upright: ParsedPage) -> None:
    assert upright.state == "ocr"
    assert plain(upright.text) == plain("".join(LINES))
    assert upright.spans[0].kind == "heading"


def test_每行都有置信度和页码(upright: ParsedPage) -> None:
    assert [upright.text[span.start : span.end] for span in upright.spans] == list(LINES)
    assert all(span.locator["page"] == 1 and 90 <= int(span.locator["confidence"]) <= 100 for span in upright.spans)


def test_每个字的框盖住那个字(upright: ParsedPage) -> None:
    boxes = upright.char_boxes
    assert boxes is not None
    assert (upright.width, upright.height) == (1240, 1754)
    drawn = np.asarray(sheet().convert("L"))
    at = upright.text.index("88.6%")
    left, bottom, right, top = boxes[at : at + 5, 0].min(), boxes[at, 1], boxes[at : at + 5, 2].max(), boxes[at, 3]
    # Drawn at x=140 with 36 pixels a Chinese character, after 10 of them; figures are narrower.
    assert left == pytest.approx(140 + 10 * 36, abs=12)
    assert right - left == pytest.approx(100, abs=25)
    inside = drawn[int(1754 - top) : int(1754 - bottom), int(left) : int(right)]
    assert (inside < 100).any()


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_横放倒放的页读得一样而框在显示的地方(turn: int, tmp_path: Path, upright: ParsedPage) -> None:
    page = read(sheet().rotate(turn, expand=True), tmp_path)
    assert plain(page.text) == plain(upright.text)
    assert page.char_boxes is not None
    assert upright.char_boxes is not None
    at, before = page.text.index("126"), upright.text.index("126")
    x, y = (page.char_boxes[at, :2] + page.char_boxes[at, 2:]) / 2
    u, v = (upright.char_boxes[before, :2] + upright.char_boxes[before, 2:]) / 2
    # Turned counterclockwise, origin at the lower left.
    wanted = {90: (1754 - v, u), 180: (1240 - u, 1754 - v), 270: (v, 1240 - u)}[turn]
    assert (x, y) == pytest.approx(wanted, abs=6)


def test_歪斜的页行序不乱(tmp_path: Path) -> None:
    skewed = sheet().rotate(2.0, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255))
    assert plain(read(skewed, tmp_path).text) == plain("".join(LINES))


def test_红章下的字照样读出(tmp_path: Path) -> None:
    page = sheet()
    for place in ((400, 330), (700, 430)):
        page = stamped(page, "虚构区教育局专用章", place)
    assert plain(read(page, tmp_path).text) == plain("".join(LINES))


def test_两栏先左后右(tmp_path: Path) -> None:
    left = [f"左栏第{n}行写的是教育经费情况说明" for n in "一二三四五六"]
    right = [f"右栏第{n}行写的是教师队伍建设情况" for n in "一二三四五六"]
    page = sheet(left, left=80, size=32, step=60)
    write(page, right, left=660, top=240, size=32, step=60)
    assert plain(read(page, tmp_path).text) == "".join(left + right)


def test_有线表格按行列读出并带表头(tmp_path: Path) -> None:
    page = sheet(["幼儿园情况统计表"])
    xs, ys = [140, 440, 640, 840, 1100], [340, 400, 460, 520, 580, 640]
    ruled(page, xs, ys, without=[("-", 1, 0), ("|", 2, 0), ("-", 1, 3)])
    cells = {
        (0, 0): "学校", (0, 1): "在园幼儿数", (0, 3): "教职工", (1, 1): "公办", (1, 2): "民办",
        (2, 0): "云山第一幼儿园", (2, 1): "215", (2, 2): "—", (2, 3): "38",
        (3, 0): "东风路幼儿园", (3, 1): "1,087", (3, 2): "0", (3, 3): "7",
        (4, 0): "合计", (4, 1): "1,302", (4, 2): "0", (4, 3): "45",
    }  # fmt: skip
    for (row, column), text in cells.items():
        write(page, [text], left=xs[column] + 20, top=ys[row] + 8, size=30)
    text = read(page, tmp_path).text
    assert text.splitlines()[-3:] == [
        "学校：云山第一幼儿园；在园幼儿数 / 公办：215；在园幼儿数 / 民办：—；教职工：38",
        "学校：东风路幼儿园；在园幼儿数 / 公办：1,087；在园幼儿数 / 民办：0；教职工：7",
        "学校：合计；在园幼儿数 / 公办：1,302；在园幼儿数 / 民办：0；教职工：45",
    ]


def test_表格的单元格标明是识别来的(tmp_path: Path) -> None:
    page = sheet([])
    ruled(page, [140, 440, 840], [340, 400, 460, 520])
    for row, (name, value) in enumerate([("指标", "数值"), ("学位", "3240"), ("教师", "216")]):
        write(page, [name], left=160, top=348 + 60 * row, size=30)
        write(page, [value], left=460, top=348 + 60 * row, size=30)
    spans = [span for span in read(page, tmp_path).spans if span.kind == "cell"]
    assert len(spans) == 6
    assert all("confidence" in span.locator for span in spans)


def test_空白页说明没有认出文字(tmp_path: Path) -> None:
    page = read(sheet([]), tmp_path)
    assert (page.state, page.text) == ("empty", "")
    assert "请" in page.reason


def test_看不清的行成为提示(tmp_path: Path) -> None:
    faint = sheet().reduce(6).resize((1240, 1754))
    page = read(faint, tmp_path)
    doubts = [found for found in page.findings if found.kind == "识别存疑"]
    assert len(doubts) == 1
    assert "请核对原件" in doubts[0].sentence


def test_PDF页的框以点计(tmp_path: Path) -> None:
    path = save_pdf([sheet().resize((1654, 2339))], tmp_path / "扫描.pdf")
    page = recognise(path, "扫描.pdf", "pdf", 1, "page")
    assert plain(page.text) == plain("".join(LINES))
    assert (page.width, page.height) == pytest.approx((595.4, 842.0), abs=1)
    assert page.char_boxes is not None
    assert page.char_boxes[0][0] == pytest.approx(140 / 1240 * 595, abs=4)
    assert np.nanmax(page.char_boxes) < 842


def test_识别两次结果完全相同(tmp_path: Path, upright: ParsedPage) -> None:
    again = read(sheet(), tmp_path)
    assert (again.text, again.spans) == (upright.text, upright.spans)
    assert np.array_equal(again.char_boxes, upright.char_boxes, equal_nan=True)  # type: ignore[arg-type]


def test_损坏的图片说明原因(tmp_path: Path) -> None:
    sheet().save(tmp_path / "断.png")
    whole = (tmp_path / "断.png").read_bytes()
    (tmp_path / "断.png").write_bytes(whole[: len(whole) // 2])
    page = recognise(tmp_path / "断.png", "断.png", "image", 1, "frame")
    assert page.state == "failed"
    assert "《断.png》第 1 页" in page.reason
    assert "请" in page.reason
