"""What a Word file carries besides its body: comments, deletions, embedded files, macros, links outside, words in its properties."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from ingest.hidden import excerpt, order_findings, orders_in
from ingest.pages import Finding
from ingest.readers.docx_text import in_fallback, paragraph_text
from ingest.readers.xml import local, parse_xml

_LONG = 60  # characters of a property or of a picture's description that is meant to be a few words
_SHOWN = 5
_DESCRIPTIONS = (
    "subject",
    "keywords",
    "category",
    "description",
    "contentStatus",
    "Manager",
    "Company",
    "HyperlinkBase",
)
_OUTSIDE = {
    "attachedTemplate": "模板",
    "image": "图片",
    "oleObject": "链接的对象",
    "frame": "框架",
    "subDocument": "子文档",
    "mailMergeSource": "邮件合并数据源",
    "aFChunk": "外部片段",
}


class Parts:
    """Looks through the parts of a package. document : python-docx's. file : the label for sentences."""

    def __init__(self, document: Any, file: str) -> None:
        self._file = file
        self._main = document.part
        self._body = document.element
        self._parts = list(document.part.package.iter_parts())

    def defects(self) -> Iterator[str]:
        """What of the file is not in its text although Word would show it."""
        chunks = self._named("afchunk") or [part for part in self._parts if self._is_chunk(part)]
        chunks_used = len(list(self._body.iter(qn("w:altChunk"))))
        if chunks_used:
            yield f"《{self._file}》有 {max(chunks_used, len(chunks))} 处插入的外部片段（altChunk），没有读取，请用 Word 打开另存后重新上传。"
        charts = len(self._named("charts/chart"))
        if charts:
            yield f"《{self._file}》含 {charts} 个图表，图表里的数据没有读取，请附上数据表。"
        embedded = self._embedded()
        if embedded:
            yield f"《{self._file}》内嵌 {len(embedded)} 个文件（{_listed(embedded)}），没有读取，请另存后单独上传。"

    def findings(self) -> Iterator[Finding]:
        """What an expert must see."""
        where = f"《{self._file}》"
        yield from self._comments(where)
        yield from self._revisions(where)
        embedded = self._embedded()
        if embedded:
            sentence = f"{where}内嵌 {len(embedded)} 个文件，没有打开，请核对是否应作为材料另行上传。"
            yield Finding("附件", sentence, excerpt("、".join(embedded)))
        if self._named("vbaProject") or self._named("vbaData"):
            yield Finding("宏", f"{where}含宏程序，没有运行，请核实来源。")
        controls = len(self._named("activeX/activeX"))
        if controls:
            yield Finding("控件", f"{where}含 {controls} 个 ActiveX 控件，没有运行，请核实来源。")
        yield from self._links(where)
        yield from self._pictures_described(where)
        yield from self._properties(where)

    def _named(self, words: str) -> list[Any]:
        return [part for part in self._parts if words.lower() in str(part.partname).lower()]

    def _is_chunk(self, part: Any) -> bool:
        return any(
            not link.is_external and link.target_part is part and link.reltype.endswith("/aFChunk")
            for link in self._main.rels.values()
        )

    def _embedded(self) -> list[str]:
        return [str(part.partname).rpartition("/")[2] for part in self._named("/embeddings/")]

    def _comments(self, where: str) -> Iterator[Finding]:
        words = []
        for part in self._named("/comments"):
            if not str(part.partname).lower().endswith(("comments.xml", "comments1.xml")):
                continue  # commentsExtended and the like hold no words
            for comment in _root(part).iter(qn("w:comment")):
                text = " ".join(filter(None, (paragraph_text(paragraph) for paragraph in comment.iter(qn("w:p")))))
                author = comment.get(qn("w:author"), "")
                if text:
                    words.append(f"{author}：{text}" if author else text)
        if words:
            yield Finding(
                "批注", f"{where}有 {len(words)} 条批注，没有作为佐证使用，请核对原件。", excerpt(" ".join(words))
            )
            yield from order_findings(f"{where}的批注", "\n".join(words), hidden=True)

    def _revisions(self, where: str) -> Iterator[Finding]:
        """Deleted words are no evidence; inserted ones are, as Word shows them, but nobody has accepted them yet."""
        deleted = [text for change in self._body.iter(qn("w:del"), qn("w:moveFrom")) if (text := _deleted(change))]
        inserted = [text for change in self._body.iter(qn("w:ins"), qn("w:moveTo")) if (text := _inserted(change))]
        if deleted:
            sentence = f"{where}有 {len(deleted)} 处修订删除的文字，没有作为佐证使用，请核对原件。"
            yield Finding("修订", sentence, excerpt(" ".join(deleted)))
            yield from order_findings(f"{where}的修订删除", "\n".join(deleted), hidden=True)
        if inserted:
            sentence = f"{where}有 {len(inserted)} 处尚未接受的修订插入，已按插入后的文字读取，请核对定稿。"
            yield Finding("修订", sentence, excerpt(" ".join(inserted)))

    def _links(self, where: str) -> Iterator[Finding]:
        found: dict[str, list[str]] = {}
        for part in self._parts:
            for link in part.rels.values():
                kind = link.reltype.rpartition("/")[2]
                if link.is_external and kind in _OUTSIDE:
                    found.setdefault(_OUTSIDE[kind], []).append(str(link.target_ref))
        for kind, targets in found.items():
            sentence = f"{where}引用 {len(targets)} 处外部{kind}，没有访问，其内容不在文件里，请核对。"
            yield Finding("外部链接", sentence, excerpt(" ".join(targets)))

    def _pictures_described(self, where: str) -> Iterator[Finding]:
        words = []
        for element in self._body.iter():
            if isinstance(element.tag, str) and local(element) in ("docPr", "cNvPr") and not in_fallback(element):
                for name in ("descr", "title"):
                    text = element.get(name, "")
                    if len(text) > _LONG or orders_in(text, hidden=True):
                        words.append(text)
        if words:
            words = list(dict.fromkeys(words))
            sentence = f"{where}的图片说明（替代文字）里写有文字，页面上看不到，没有作为佐证使用，请核对。"
            yield Finding("替代文字", sentence, excerpt(" ".join(words)))
            yield from order_findings(f"{where}的图片说明", "\n".join(words), hidden=True)

    def _properties(self, where: str) -> Iterator[Finding]:
        found: dict[str, str] = {}
        for part in self._named("docProps/"):
            if not str(part.partname).endswith(".xml"):
                continue
            for element in _root(part).iter():
                name = element.get("name") or local(element)
                text = " ".join((element.text or "").split())
                described = name in _DESCRIPTIONS or "custom" in str(part.partname).lower()
                if (len(text) > _LONG and described) or orders_in(text, hidden=True):
                    found[_property_name(element, name)] = text
        if found:
            names, words = "、".join(found), " ".join(found.values())
            sentence = f"{where}的文件属性（{names}）里写有文字，没有作为佐证使用，请核对。"
            yield Finding("属性文字", sentence, excerpt(words))
            yield from order_findings(f"{where}的文件属性", words, hidden=True)


def _property_name(element: Any, name: str) -> str:
    """A custom property is called by the name of the element around its value."""
    parent = element.getparent()
    return str(parent.get("name") or name) if parent is not None else name


def _root(part: Any) -> Any:
    """The root element of a part; parts that are not XML after all have nothing to say."""
    try:
        return parse_xml(part.blob)
    except SyntaxError:
        return etree.Element("nothing")


def _deleted(change: Any) -> str:
    return "".join(text.text or "" for text in change.iter(qn("w:delText"), qn("w:t"))).strip()


def _inserted(change: Any) -> str:
    if any(above.tag in (qn("w:del"), qn("w:moveFrom")) for above in change.iterancestors()):
        return ""
    return "".join(text.text or "" for text in change.iter(qn("w:t"))).strip()


def _listed(names: list[str]) -> str:
    more = "等" if len(names) > _SHOWN else ""
    return "、".join(f"“{name}”" for name in names[:_SHOWN]) + more
