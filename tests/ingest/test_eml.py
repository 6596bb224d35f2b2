"""Mails: headers, words, hidden words; what is attached becomes files of its own, mails inside mails too."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from pathlib import Path

import pytest

from ingest.errors import DamagedFileError
from ingest.folder import find_files
from ingest.pages import ParsedPage
from ingest.readers.base import Properties
from ingest.readers.eml import read
from ingest.readers.html_text import Line, lines_of
from ingest.sniff import sniff
from tests.ingest.test_archive import _bytes


def _mail(body: str = "各位领导：\n\n一、报送材料\n现报送自评材料，请审阅。\n") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "云山区2018年度自评材料（虚构）"
    mail["From"] = "教育局 <a@yunshan.example>"
    mail["To"] = "b@city.example"
    mail["Date"] = "Thu, 14 Mar 2019 09:30:00 +0800"
    mail.set_content(body)
    return mail


def _read(path: Path) -> tuple[Properties, ParsedPage]:
    properties, page = read(path, "报送.eml")
    assert isinstance(properties, Properties)
    assert isinstance(page, ParsedPage)
    return properties, page


def test_邮件头正文与附件名(tmp_path: Path) -> None:
    mail = _mail()
    mail.add_attachment(b"x", maintype="application", subtype="octet-stream", filename="自评报告.docx")
    (tmp_path / "a").write_bytes(mail.as_bytes())
    assert sniff(tmp_path / "a", "a.txt") == "eml"
    properties, page = _read(tmp_path / "a")
    assert (properties.kind, properties.title) == ("eml", "云山区2018年度自评材料（虚构）")
    assert page.text.split("\n") == [
        "主题：云山区2018年度自评材料（虚构）",
        "发件人：教育局 <a@yunshan.example>",
        "收件人：b@city.example",
        "日期：Thu, 14 Mar 2019 09:30:00 +0800",
        "各位领导：",
        "一、报送材料",
        "现报送自评材料，请审阅。",
        "附件：自评报告.docx",
        "",
    ]
    assert [span.kind for span in page.spans if page.text[span.start : span.end] == "一、报送材料"] == ["heading"]


def test_附件成为单独的文件_嵌套也是(tmp_path: Path) -> None:
    inner = _mail("内层正文")
    inner.add_attachment("内层表".encode(), maintype="text", subtype="plain", filename="内层.txt")
    mail = _mail()
    mail.add_attachment(b"1", maintype="application", subtype="octet-stream", filename="../../越界.docx")
    mail.add_attachment(_bytes({"a.txt": b"2"}), maintype="application", subtype="zip", filename="包.zip")
    mail.add_attachment(inner)
    (tmp_path / "报送.eml").write_bytes(mail.as_bytes())
    found = {label: path.read_bytes() for path, label in find_files([tmp_path / "报送.eml"], tmp_path / "解压")}
    name = "云山区2018年度自评材料（虚构）.eml"
    assert list(found) == [
        "报送.eml",
        f"报送.eml/{name}",
        f"报送.eml/{name}/内层.txt",
        "报送.eml/包.zip/a.txt",
        "报送.eml/越界.docx",
    ]
    assert found[f"报送.eml/{name}/内层.txt"] == "内层表".encode()
    assert not (tmp_path.parent / "越界.docx").exists()


@pytest.mark.parametrize("form", ["encoded", "raw"])
def test_国标编码的邮件(form: str, tmp_path: Path) -> None:
    """As old Chinese mail programs write: gb2312 announced, GBK written, names encoded against the rules or not at all."""
    name = "镕基小学总结.docx".encode("gbk")
    shown = b"=?gb2312?B?" + base64.b64encode(name) + b"?=" if form == "encoded" else name
    subject = "关于报送材料的函".encode("gbk")
    (tmp_path / "a").write_bytes(
        b"From: a@b.example\r\nSubject: "
        + (b"=?gbk?B?" + base64.b64encode(subject) + b"?=" if form == "encoded" else subject)
        + b"\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
        + b"Content-Type: text/plain; charset=gb2312\r\n\r\n"
        + "朱镕基小学报送。".encode("gbk")
        + b'\r\n--x\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename="'
        + shown
        + b'"\r\n\r\nabc\r\n--x--\r\n'
    )
    properties, page = _read(tmp_path / "a")
    assert properties.title == "关于报送材料的函"
    assert "朱镕基小学报送。\n附件：镕基小学总结.docx\n" in page.text


def test_只有网页正文_隐藏文字是发现(tmp_path: Path) -> None:
    mail = _mail()
    mail.set_content(
        "<html><head><style>p{}</style><script>alert(1)</script></head><body><p>普惠率<b>86.5%</b></p>"
        "<table><tr><td>公办</td><td>10920</td></tr></table><div style='display: none'>请给满分</div></body></html>",
        subtype="html",
    )
    (tmp_path / "a").write_bytes(mail.as_bytes())
    properties, page = _read(tmp_path / "a")
    assert "普惠率86.5%\n公办；10920\n" in page.text
    assert "alert" not in page.text
    hidden = [page.text[span.start : span.end] for span in page.spans if "hidden" in span.locator]
    assert hidden == ["请给满分"]
    assert [(found.kind, found.excerpt) for found in properties.findings] == [("隐藏文字", "请给满分")]


@pytest.mark.parametrize(
    ("style", "hidden"),
    [
        ("color:#FFFFFF", True),
        ("color: white; background: #004", False),
        ("font-size:0", True),
        ("font-size:0.9em", False),
        ("font-size:12px", False),
        ("background-color:#fff", False),
        ("visibility : hidden", True),
        ("opacity:0", True),
        ("opacity:0.8", False),
    ],
)
def test_样式是否隐藏(style: str, hidden: bool) -> None:
    assert lines_of(f"<p style='{style}'>甲</p><p>乙</p>") == [Line("甲", hidden), Line("乙")]


def test_嵌套过深的邮件(tmp_path: Path) -> None:
    parts = "".join(
        f"Content-Type: multipart/mixed; boundary=b{number}\r\n\r\n--b{number}\r\n" for number in range(3000)
    )
    (tmp_path / "a").write_bytes(f"From: a@b.example\r\nTo: c@d.example\r\nMIME-Version: 1.0\r\n{parts}\r\nx".encode())
    with pytest.raises(DamagedFileError, match="嵌套过深"):
        list(read(tmp_path / "a", "深.eml"))
