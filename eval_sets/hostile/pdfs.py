"""Hostile PDFs: bombs, circles, endless page trees, scripts, locks, fonts that say something else than they draw."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from PIL import Image

_MB = 1024 * 1024
SHOWN = "Enrolment of kindergartens in 2018 was 21000 children."


def _page(document: Pdf, content: bytes, resources: Dictionary | None = None, **entries: Any) -> Any:
    font = document.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    whole = Dictionary(Font=Dictionary(F=font))
    for name, value in (resources or Dictionary()).items():
        whole[name] = value
    page = Dictionary(
        Type=Name.Page, MediaBox=[0, 0, 595, 842], Resources=whole, Contents=document.make_stream(content)
    )
    for name, value in entries.items():
        page[f"/{name}"] = value
    document.pages.append(pikepdf.Page(document.make_indirect(page)))
    return document.pages[-1].obj


def _text(words: str = SHOWN, place: str = "72 700") -> bytes:
    return f"BT /F 12 Tf {place} Td ({words}) Tj ET".encode()


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(b" " * _MB) for _ in range(megabytes)) + packer.flush()


def flate_bomb(path: Path) -> None:
    """A drawing of 1 GB, packed twice to a few KB."""
    with pikepdf.new() as document:
        page = _page(document, b"")
        page.Contents = pikepdf.Stream(document, zlib.compress(_bomb(1024)))
        page.Contents.Filter = Array([Name.FlateDecode, Name.FlateDecode])
        _page(document, _text())
        document.save(path, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def picture_bomb(path: Path) -> None:
    """A picture of 40,000 × 40,000 points on a page."""
    with pikepdf.new() as document:
        picture = pikepdf.Stream(document, _bomb(1))
        picture.Filter = Name.FlateDecode
        for name, value in {
            "Type": Name.XObject, "Subtype": Name.Image, "Width": 40_000, "Height": 40_000, "ColorSpace": Name.DeviceRGB,
            "BitsPerComponent": 8,
        }.items():  # fmt: skip
            picture[f"/{name}"] = value
        _page(document, b"q 500 0 0 500 40 40 cm /Im Do Q " + _text(), Dictionary(XObject=Dictionary(Im=picture)))
        document.save(path, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def tree_of_itself(path: Path) -> None:
    """A page tree that is its own child."""
    with pikepdf.new() as document:
        _page(document, _text())
        root = document.Root.Pages
        root.Kids = Array([root, *root.Kids])
        root.Count = 1000
        document.save(path)


def endless_pages(path: Path) -> None:
    """One page that the tree names ten thousand times over: 10,000 pages in 80 KB."""
    with pikepdf.new() as document:
        page = _page(document, _text())
        root = document.Root.Pages
        root.Kids = Array([page] * 10_000)
        root.Count = 10_000
        document.save(path)


def lying_count(path: Path) -> None:
    """One page, and a tree that speaks of two billion."""
    with pikepdf.new() as document:
        _page(document, _text())
        document.Root.Pages.Count = 2_000_000_000
        document.save(path, fix_metadata_version=False)


def many_pages(path: Path) -> None:
    """10,000 pages with a line each."""
    with pikepdf.new() as document:
        for number in range(10_000):
            _page(document, _text(f"Page {number + 1}: {SHOWN}"))
        document.save(path)


def form_of_itself(path: Path) -> None:
    """A drawing that draws itself."""
    with pikepdf.new() as document:
        form = document.make_stream(
            b"/Me Do " + _text(place="72 600"), Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 595, 842]
        )
        form.Resources = Dictionary(XObject=Dictionary(Me=form))
        _page(document, _text() + b" /Me Do", Dictionary(XObject=Dictionary(Me=form)))
        document.save(path)


def doubling_forms(path: Path) -> None:
    """Thirty drawings, each of which draws the next one twice: a billion in all."""
    with pikepdf.new() as document:
        inner: Any = None
        for _ in range(30):
            form = document.make_stream(
                b"/X Do /X Do" if inner is not None else _text(place="72 600"),
                Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 595, 842],
            )  # fmt: skip
            if inner is not None:
                form.Resources = Dictionary(XObject=Dictionary(X=inner))
            inner = form
        _page(document, _text() + b" /X Do", Dictionary(XObject=Dictionary(X=inner)))
        document.save(path)


def deep_objects(path: Path) -> None:
    """An array in an array, a hundred thousand times, where the file's catalogue should be."""
    body = b"%PDF-1.7\n1 0 obj\n" + b"[" * 100_000 + b"]" * 100_000 + b"\nendobj\n"
    path.write_bytes(body + b"trailer <</Root 1 0 R /Size 2>>\nstartxref\n0\n%%EOF")


def deep_drawing(path: Path) -> None:
    """Half a million saved states in one drawing, and none given back."""
    with pikepdf.new() as document:
        _page(document, _text() + b" q" * 500_000)
        document.save(path)


def circling_xref(path: Path) -> None:
    """A table of contents whose predecessor is itself."""
    with pikepdf.new() as document:
        _page(document, _text())
        document.save(path, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    content = path.read_bytes()
    start = content.rindex(b"startxref")
    offset = int(content[start + 9 : -6])
    content = content.replace(b"trailer <<", b"trailer << /Prev %d" % offset, 1)
    path.write_bytes(content)


def huge_page(path: Path) -> None:
    """A page of ten million points each way."""
    with pikepdf.new() as document:
        _page(
            document,
            b"1 1 1 rg " + _text("WHITE ON WHITE") + b" 0 0 0 rg " + _text(place="72 600"),
            MediaBox=Array([0, 0, 10_000_000, 10_000_000]),
        )
        document.save(path)


def no_page(path: Path) -> None:
    """A page without extent."""
    with pikepdf.new() as document:
        _page(document, _text(), MediaBox=Array([0, 0, 0, 0]))
        document.save(path)


def scripts(path: Path) -> None:
    """A script on opening, a program to start, a file inside, a form to send."""
    with pikepdf.new() as document:
        page = _page(document, _text())
        document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.launchURL('https://example.invalid/')")
        document.attachments["setup.exe"] = b"MZ not a program"
        actions = [
            Dictionary(S=Name.Launch, F="/bin/sh"),
            Dictionary(S=Name.SubmitForm, F="https://example.invalid/"),
        ]
        page.Annots = Array([
            document.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)) for action in actions
        ])  # fmt: skip
        document.save(path)


def locked(path: Path) -> None:
    """A password is needed to open it."""
    _protected(path, pikepdf.Encryption(owner="o", user="geheim", R=6))


def locked_with_nothing(path: Path) -> None:
    """Encrypted, and the password is empty: it opens everywhere, and printing is forbidden."""
    _protected(path, pikepdf.Encryption(owner="o", user="", R=6, allow=pikepdf.Permissions(extract=False)))


def _protected(path: Path, encryption: pikepdf.Encryption) -> None:
    with pikepdf.new() as document:
        _page(document, _text())
        document.save(path, encryption=encryption)


def lying_font(path: Path) -> None:
    """The drawn letters are one sentence, the text layer says another: every letter is said to be the one after it."""
    mapping = (
        b"/CIDInit /ProcSet findresource begin begincmap /CMapName /X def /CMapType 2 def 1 begincodespacerange <00> <FF> "
        b"endcodespacerange 1 beginbfrange <20> <7D> <0021> endbfrange endcmap end"
    )
    with pikepdf.new() as document:
        page = _page(document, b" ".join(_text(place=f"72 {700 - 20 * line}") for line in range(20)))
        page.Resources.Font.F.ToUnicode = document.make_stream(mapping)
        document.save(path)


def web_page_inside(path: Path) -> None:
    """A file that is a web page with a script and a PDF at once."""
    with pikepdf.new() as document:
        _page(document, _text())
        document.save(path)
    path.write_bytes(b"<html><script>location='https://example.invalid/'</script>\n" + path.read_bytes())


def half(path: Path) -> None:
    """The second half is missing."""
    many = io.BytesIO()
    with pikepdf.new() as document:
        for number in range(20):
            _page(document, _text(f"Page {number}"))
        document.save(many)
    path.write_bytes(many.getvalue()[: len(many.getvalue()) // 2])


def program(path: Path) -> None:
    """A program with the name of a PDF."""
    path.write_bytes(b"MZ" + bytes(4000))


def picture(path: Path) -> None:
    """A picture with the name of a PDF: read as what it is."""
    Image.new("RGB", (300, 200), "white").save(path, "PNG")


CASES: dict[str, Any] = {
    "数据流炸弹.pdf": flate_bomb,
    "巨幅图片.pdf": picture_bomb,
    "页面树自环.pdf": tree_of_itself,
    "同一页一万次.pdf": endless_pages,
    "谎报页数.pdf": lying_count,
    "一万页.pdf": many_pages,
    "自我绘制.pdf": form_of_itself,
    "倍增绘制.pdf": doubling_forms,
    "深层数组.pdf": deep_objects,
    "深层图形状态.pdf": deep_drawing,
    "目录自环.pdf": circling_xref,
    "巨大页面.pdf": huge_page,
    "零大小页面.pdf": no_page,
    "脚本与附件.pdf": scripts,
    "需要密码.pdf": locked,
    "空密码.pdf": locked_with_nothing,
    "字体说谎.pdf": lying_font,
    "网页与PDF合体.pdf": web_page_inside,
    "只有一半.pdf": half,
    "程序改名.pdf": program,
    "图片改名.pdf": picture,
}
