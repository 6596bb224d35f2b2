"""印章：圆章认得出来、章上的字读得出来；红头不是章，也不会和章一起抹掉。"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from eval_sets.ingest.scans import stamped
from ingest.ocr.recognise import recognise
from ingest.ocr.seal import seals_in
from ingest.ocr.stamp import red_mask, without_red
from tests.ingest.ocr.sheets import sheet, write

RED = (215, 25, 30)


def seals(page: Image.Image) -> list[str]:
    pixels = np.asarray(page)
    return [seal.name for seal in seals_in(pixels, red_mask(pixels))]


def test_圆章和章上的字() -> None:
    page = stamped(stamped(sheet(), "虚构区教育局专用章", (800, 1300)), "演示区人民政府", (350, 900), turn=9)
    assert seals(page) == ["演示区人民政府", "虚构区教育局专用章"]


def test_红线红字和方框不是圆章() -> None:
    page = sheet()
    write(page, ["虚构区教育局文件"], left=200, top=700, size=90, colour=RED)
    pen = ImageDraw.Draw(page)
    pen.line((140, 850, 1100, 850), fill=RED, width=5)
    pen.rectangle((300, 1000, 560, 1260), outline=RED, width=7)
    assert seals(page) == []


def test_红头照样读出_章成为提示(tmp_path: Path) -> None:
    page = sheet(top=520)
    write(page, ["虚构区教育局文件"], left=250, top=200, size=90, colour=RED)
    page = stamped(page, "虚构区教育局专用章", (800, 1100))
    page.save(tmp_path / "红头.png")
    read = recognise(tmp_path / "红头.png", "红头.png", "image", 1, "frame")
    assert read.text.startswith("虚构区教育局文件\n一、基本情况（演示数据）\n")
    [found] = read.findings
    assert (found.kind, found.excerpt) == ("印章", "虚构区教育局专用章")
    assert "请核对" in found.sentence


def test_章变成纸色而黑字不变() -> None:
    clean = np.asarray(sheet())
    page = np.asarray(stamped(sheet(), "虚构区教育局专用章", (400, 330)))
    cleaned = without_red(page, red_mask(page))
    print_below = clean.max(axis=2) < 60
    assert cleaned[print_below].max() < 130
    bare = red_mask(page) & (clean.min(axis=2) > 240)
    assert np.median(cleaned[bare]) > 235


def test_没有红色就原样返回() -> None:
    page = np.asarray(sheet())
    assert without_red(page, red_mask(page)) is page
    assert seals_in(page, red_mask(page)) == []
