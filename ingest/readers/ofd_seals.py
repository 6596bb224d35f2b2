"""The electronic seals and the annotations of an OFD file, as findings. Signatures are told, not verified."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping

from ingest.pages import Finding
from ingest.readers.ofd_objects import Drawn
from ingest.readers.ofd_package import OfdDocument, descendants, locate, root_of, words
from ingest.readers.opc import read_part

_UTF8_STRING = 0x0C  # tag of a text in the seal's own structure (GM/T 0031, GB/T 38540)
_BROKEN = (KeyError, ValueError, SyntaxError, zipfile.BadZipFile, OSError)


def seals(package: zipfile.ZipFile, signatures: str, pages: Mapping[str, int], file: str) -> Iterator[Finding]:
    """A finding for each seal: on which page, of whom, from when. pages : id of a page → its number."""
    if not signatures:
        return
    for item in descendants(root_of(package, signatures), "Signature"):
        part = locate(package, signatures, item.get("BaseLoc", ""))
        try:
            root = root_of(package, part)
        except _BROKEN:
            yield Finding("印章", f"《{file}》有一处电子签章的数据损坏，读不出签章人，请核对原件。")
            continue
        provider = next((one.get("ProviderName", "") for one in descendants(root, "Provider")), "")
        date = words(root, "SignatureDateTime")
        owner = _owner(package, locate(package, part, words(root, "BaseLoc")))
        numbers = sorted({pages.get(one.get("PageRef", ""), 0) for one in descendants(root, "StampAnnot")} - {0})
        where = f"第 {'、'.join(map(str, numbers))} 页" if numbers else "文件"
        told = [
            f"“{owner}”" if owner else "",
            f"签章时间 {date}" if date else "",
            f"签章软件 {provider}" if provider else "",
        ]
        detail = "，".join(filter(None, told))
        sentence = f"《{file}》{where}有电子印章{f'（{detail}）' if detail else ''}，本程序不验证签名，请用 OFD 阅读器核对是否有效。"
        yield Finding("印章", sentence, owner)


def _owner(package: zipfile.ZipFile, part: str) -> str:
    """The name in a seal: the longest Chinese text in its structure, "" when it holds none."""
    if not part:
        return ""
    try:
        content = read_part(package, part, 10)
    except _BROKEN:
        return ""
    found = ""
    for at, tag in enumerate(content[:-2]):
        length = content[at + 1]
        if tag == _UTF8_STRING and 6 <= length < 0x80 and at + 2 + length <= len(content):
            try:
                text = content[at + 2 : at + 2 + length].decode("utf-8")
            except UnicodeDecodeError:
                continue
            if all("\u4e00" <= char <= "\u9fff" or char in "（）()〇·" for char in text) and len(text) > len(found):
                found = text
    return found


def notes(package: zipfile.ZipFile, document: OfdDocument, pages: Mapping[str, int], file: str) -> Iterator[Finding]:
    """The words of notes and watermarks laid over pages: they are no part of the document itself."""
    if not document.annotations:
        return
    for page in descendants(root_of(package, document.annotations), "Page"):
        part = locate(package, document.annotations, words(page, "FileLoc"))
        if not part:
            continue
        number = pages.get(page.get("PageID", ""), 0)
        for note in descendants(root_of(package, part), "Annot"):
            drawn = Drawn()
            drawn.add(note, document.composites)
            text = "".join(glyph.text for run in drawn.runs for glyph in run).strip()
            text = text or words(note, "Remark")
            if text:
                kind = "水印" if note.get("Type") == "Watermark" else "批注"
                sentence = f"《{file}》第 {number} 页有{kind}，不是正文，没有作为佐证使用，请核对。"
                yield Finding("批注", sentence, text[:500])
