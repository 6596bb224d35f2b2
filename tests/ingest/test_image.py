"""图片文件：每一帧是一页，等待识别；方向、透明底、过大和损坏都有着落。"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ingest.errors import DamagedFileError
from ingest.ocr import picture
from ingest.ocr.errors import UnreadablePictureError
from ingest.ocr.picture import load
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.image import read


def tiff(path: Path, count: int) -> Path:
    frames = [Image.new("RGB", (100 + number, 200), "white") for number in range(count)]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    return path


def test_多页TIFF每帧一页_可从中间读起(tmp_path: Path) -> None:
    first, *pages = read(tiff(tmp_path / "多页.tif", 3), "多页.tif", 2)
    assert first == Properties("image", 3)
    assert [(page.number, page.state, page.source, page.width) for page in pages if isinstance(page, ParsedPage)] == [
        (2, "waiting", "frame", 101.0),
        (3, "waiting", "frame", 102.0),
    ]


def test_取的正是那一帧(tmp_path: Path) -> None:
    tiff(tmp_path / "多页.tif", 3)
    assert load(tmp_path / "多页.tif", "多页.tif", "image", 3, "frame").width == 102


def test_断掉的图片(tmp_path: Path) -> None:
    (tmp_path / "断.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    with pytest.raises(DamagedFileError, match=r"断\.png"):
        list(read(tmp_path / "断.png", "断.png"))


def test_按EXIF方向摆正(tmp_path: Path) -> None:
    image = Image.new("RGB", (60, 40), "white")
    image.paste((0, 0, 0), (0, 0, 60, 10))  # black along the top, which EXIF 6 puts to the right
    exif = Image.Exif()
    exif[0x0112] = 6
    image.save(tmp_path / "照片.jpg", exif=exif, quality=95)
    found = load(tmp_path / "照片.jpg", "照片.jpg", "image", 1, "frame")
    assert (found.width, found.height) == (40, 60)
    assert found.pixels[:, -3].mean() < 60 < 200 < found.pixels[:, 3].mean()


def test_透明的地方是纸(tmp_path: Path) -> None:
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(tmp_path / "透明.png")
    assert load(tmp_path / "透明.png", "透明.png", "image", 1, "frame").pixels.min() == 255


@pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "I;16"])
def test_各种颜色模式都成为RGB(mode: str, tmp_path: Path) -> None:
    image = Image.fromarray(np.full((20, 30), 40000, dtype=np.uint16)) if mode == "I;16" else Image.new(mode, (30, 20))
    image.save(tmp_path / "图.tif")
    assert load(tmp_path / "图.tif", "图.tif", "image", 1, "frame").pixels.shape == (20, 30, 3)


def test_大图缩小来读而尺寸照原图(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MAX_WORKED_ON", 5000)
    Image.new("RGB", (200, 100), "white").save(tmp_path / "大.png")
    found = load(tmp_path / "大.png", "大.png", "image", 1, "frame")
    assert found.pixels.shape == (50, 100, 3)
    assert (found.width, found.height, found.unit) == (200, 100, 2.0)


def test_过大的图不展开(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MAX_DECODED", 10_000)
    Image.new("1", (200, 100)).save(tmp_path / "巨.png")
    with pytest.raises(UnreadablePictureError, match="200×100 像素"):
        load(tmp_path / "巨.png", "巨.png", "image", 1, "frame")


def test_包里没有的图片(tmp_path: Path) -> None:
    import zipfile

    with zipfile.ZipFile(tmp_path / "文.docx", "w") as package:
        package.writestr("word/media/image1.emf", b"not a picture")
    for name in ("word/media/image1.emf", "word/media/image2.png"):
        with pytest.raises(UnreadablePictureError, match=r"《文.docx》第 4 页.*请"):
            load(tmp_path / "文.docx", "文.docx", "docx", 4, f"part:{name}")
