"""Old and foreign formats, written by LibreOffice and read back: the words are the same, nothing runs, nothing is fetched."""

from __future__ import annotations

import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.shared import Cm
from PIL import Image

from ingest import office
from ingest.errors import ConversionError, NoOfficeError
from ingest.pages import ParsedPage
from ingest.readers import docx as docx_reader
from ingest.readers import legacy, variant
from ingest.readers.base import Properties
from ingest.readers.pictures import picture_bytes
from ingest.sniff import sniff
from tests.ingest.make_files import report_docx
from tests.ingest.office import convert


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return report_docx(tmp_path_factory.mktemp("docx") / "自评报告.docx")


def _read(path: Path, module: object = legacy) -> tuple[Properties, list[ParsedPage]]:
    properties, *pages = module.read(path, path.name)  # type: ignore[attr-defined]
    assert isinstance(properties, Properties)
    return properties, [page for page in pages if isinstance(page, ParsedPage)]


@pytest.mark.parametrize(("suffix", "kind"), [("doc", "doc"), ("rtf", "rtf"), ("odt", "odt")])
def test_文字与表格一字不差(suffix: str, kind: str, soffice: str, report: Path, tmp_path: Path) -> None:
    path = convert(soffice, report, suffix, tmp_path).rename(tmp_path / "original-without-suffix")
    assert sniff(path, "自评报告.pdf") == kind
    properties, [page] = _read(path)
    assert (properties.kind, properties.pages) == (kind, 1)
    _, [truth] = _read(report, docx_reader)
    assert page.text == truth.text


def test_Word2003的XML(soffice: str, report: Path, tmp_path: Path) -> None:
    path = convert(soffice, report, "xml", tmp_path, "MS Word 2003 XML")
    if not path.exists():
        pytest.skip("这个 LibreOffice 写不出 Word 2003 XML")
    assert sniff(path, "a.xml") == "wordxml"
    _, [page] = _read(path)
    assert page.text.startswith("云山区人民政府2018年度履行教育职责自评报告\n")


def test_ODS按显示格式(soffice: str, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["镇街", "普惠率"])
    workbook.active.append(["北河镇", 0.865])
    workbook.active["B2"].number_format = "0.0%"
    workbook.save(tmp_path / "表.xlsx")
    properties, [page] = _read(convert(soffice, tmp_path / "表.xlsx", "ods", tmp_path))
    assert properties.kind == "ods"
    assert "镇街：北河镇；普惠率：86.5%" in page.text


def test_原件只转换一次_图片从转换结果里取(soffice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Below HOME/originals the conversion is kept in HOME/converted, so that a page may be asked for again."""
    document = docx.Document()
    document.add_paragraph("附图如下。")
    stream = io.BytesIO()
    Image.new("RGB", (320, 240), "white").save(stream, "PNG")
    document.add_picture(stream, Cm(8))
    document.save(str(tmp_path / "图.docx"))
    original = tmp_path / "home" / "originals" / "ab" / ("ab" * 32)
    original.parent.mkdir(parents=True)
    convert(soffice, tmp_path / "图.docx", "doc", tmp_path).rename(original)
    _, pages = _read(original)
    monkeypatch.setattr(office, "find_office", lambda: None)
    _, again = _read(original)
    assert [page.text for page in again] == [page.text for page in pages]
    assert [path.name for path in (tmp_path / "home" / "converted").iterdir()] == [f"{'ab' * 32}.docx"]
    with legacy.readable(original, "图.doc") as new:
        [media] = [name for name in zipfile.ZipFile(new).namelist() if name.startswith("word/media/")]
        assert Image.open(io.BytesIO(picture_bytes(new, "图.doc", f"part:{media}"))).size == (320, 240)


def test_没有安装LibreOffice时说清楚(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "find_office", lambda: None)
    (tmp_path / "旧.rtf").write_bytes(b"{\\rtf1 hello}")
    with pytest.raises(NoOfficeError, match=r"没有安装 LibreOffice.*请安装 LibreOffice，或另存为"):
        list(legacy.read(tmp_path / "旧.rtf", "旧.rtf"))


def test_损坏的旧文件(soffice: str, report: Path, tmp_path: Path) -> None:
    path = convert(soffice, report, "doc", tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[:512] + b"\0" * (len(content) - 1024) + "WordDocument".encode("utf-16-le") + b"\0" * 488)
    with pytest.raises(ConversionError, match="请另存为"):
        list(legacy.read(path, "坏.doc"))


def test_转换超时就结束(soffice: str, report: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = convert(soffice, report, "rtf", tmp_path)
    monkeypatch.setattr(office, "SECONDS", 0.05)
    monkeypatch.setattr(office, "_confine", lambda: None)
    with pytest.raises(ConversionError, match=r"转换超过 0\.05 秒"):
        list(legacy.read(path, "慢.rtf"))


@pytest.fixture
def asked() -> Iterator[tuple[int, list[str]]]:
    """A web server of our own; what it was asked for."""
    requests: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(self.path)
            self.send_error(404)

        do_HEAD = do_PROPFIND = do_OPTIONS = do_GET

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1], requests
    server.shutdown()
    server.server_close()


def test_转换不连网络(soffice: str, report: Path, asked: tuple[int, list[str]], tmp_path: Path) -> None:
    """A picture that lies elsewhere: LibreOffice with its usual settings fetches it, ours does not."""
    port, requests = asked
    frame = (
        '<text:p><draw:frame draw:name="x" text:anchor-type="as-char" svg:width="5cm" svg:height="5cm">'
        f'<draw:image xlink:href="http://127.0.0.1:{port}/picture.png" xlink:type="simple" xlink:actuate="onLoad"/>'
        "</draw:frame></text:p></office:text>"
    )
    with (
        zipfile.ZipFile(convert(soffice, report, "odt", tmp_path)) as good,
        zipfile.ZipFile(tmp_path / "外链.odt", "w") as bad,
    ):
        for name in good.namelist():
            bad.writestr(name, good.read(name).replace(b"</office:text>", frame.encode()))
    _, pages = _read(tmp_path / "外链.odt")
    assert pages[0].text.startswith("云山区人民政府")
    assert requests == []
    convert(soffice, tmp_path / "外链.odt", "docx", tmp_path)
    assert "/picture.png" in requests


def _with_macro(source: Path, target: Path, plain: str, macro: str, part: str) -> Path:
    """The package as Word or Excel save it with macros: another content type, and the part of the macros."""
    with zipfile.ZipFile(source) as good, zipfile.ZipFile(target, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name == "[Content_Types].xml":
                assert plain.encode() in content
                content = content.replace(plain.encode(), macro.encode())
            bad.writestr(name, content)
        bad.writestr(part, b"\xd0\xcf\x11\xe0Attribute VB_Name")
    return target


def test_带宏的Word照读_宏是发现(report: Path, tmp_path: Path) -> None:
    path = _with_macro(
        report,
        tmp_path / "宏.docm",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "word/vbaProject.bin",
    )
    assert sniff(path, "宏.docx") == "docm"
    properties, [page] = _read(path, variant)
    _, [truth] = _read(report, docx_reader)
    assert page.text == truth.text
    assert [(found.kind, "没有运行" in found.sentence) for found in properties.findings if found.kind == "宏"] == [
        ("宏", True)
    ]


def test_带宏的Excel照读_宏是发现(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["项目", "数量"])
    workbook.active.append(["幼儿园", 86])
    workbook.save(tmp_path / "好.xlsx")
    path = _with_macro(
        tmp_path / "好.xlsx",
        tmp_path / "宏.xlsm",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "xl/vbaProject.bin",
    )
    assert sniff(path, "宏.xlsx") == "xlsm"
    properties, [page] = _read(path, variant)
    assert properties.kind == "xlsx"
    assert "项目：幼儿园；数量：86" in page.text
    assert [found.kind for found in properties.findings] == ["宏"]


def test_模板没有宏的发现(report: Path, tmp_path: Path) -> None:
    path = _with_macro(
        report,
        tmp_path / "模板.dotx",
        "wordprocessingml.document.main+xml",
        "wordprocessingml.template.main+xml",
        "docProps/其他.txt",
    )
    assert sniff(path, "模板.dotx") == "docm"
    properties, [page] = _read(path, variant)
    assert "宏" not in {found.kind for found in properties.findings}
    assert page.text.startswith("云山区人民政府")
