"""What a PDF carries besides its pages: embedded files, scripts, actions, comments, form fields, words in its properties.

Read with pikepdf, which only parses: nothing is run, followed, fetched or unpacked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf

from ingest.hidden import excerpt, order_findings, orders_in
from ingest.pages import Finding

_NAMES_SHOWN = 5
_MAX_NODES = (
    20_000  # of a name tree, of form fields, of annotations: hostile files can name themselves as their own child
)
_MAX_PAGES = 20_000
_LONG = 60  # characters of a property that is meant to be a few words
_BROKEN = (
    pikepdf.PdfError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RuntimeError,
    RecursionError,
    OSError,
)
# Properties that name programs and days, which nobody reads as words of the file.
_TECHNICAL = {"/Producer", "/Creator", "/CreationDate", "/ModDate", "/Trapped", "/Title", "/SourceModified"}
_MEDIA = {"/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"}
_QUIET = {"/URI", "/GoTo", "/GoToR", "/Named", "/GoToDp"}  # a link that a person follows
_ACTIONS = {
    "/Launch": "启动外部程序",
    "/SubmitForm": "提交表单到外部地址",
    "/ImportData": "导入外部数据",
    "/GoToE": "打开内嵌文件",
    "/Hide": "隐藏或显示内容",
    "/SetOCGState": "切换图层",
    "/Rendition": "播放媒体",
    "/Movie": "播放媒体",
    "/Sound": "播放媒体",
    "/GoTo3DView": "播放媒体",
}


@dataclass(frozen=True, slots=True)
class Structure:
    """defects : Chinese sentences on what could not be read. findings : what an expert must see.

    layers : whether the file may have optional content (layers that can be switched off).
    """

    defects: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    layers: bool = True


@dataclass(slots=True)
class _Seen:
    """What was met on the way, each kind in the order of the file."""

    embedded: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    actions: dict[str, int] = field(default_factory=dict)
    comments: list[tuple[int, str]] = field(default_factory=list)
    filled: list[tuple[str, str]] = field(default_factory=list)
    media: int = 0
    words: list[tuple[str, str]] = field(default_factory=list)
    xfa: bool = False
    portfolio: bool = False


def structure_of(path: Path, file: str) -> Structure:
    """What the file holds besides pages. A structure that cannot be followed to its end gives a defect, not silence."""
    seen = _Seen()
    incomplete, layers = False, True
    try:
        with pikepdf.open(path, suppress_warnings=True, attempt_recovery=True) as pdf:
            layers = "/OCProperties" in pdf.Root
            for look in (_catalog, _pages, _properties):
                try:
                    look(pdf, seen)
                except _BROKEN:
                    incomplete = True
    except pikepdf.PasswordError:
        return Structure()  # pdfium refuses such a file itself, with its own sentence
    except _BROKEN:
        incomplete = True
    return Structure(tuple(_defects(seen, file, incomplete)), tuple(_findings(seen, file)), layers)


def _defects(seen: _Seen, file: str, incomplete: bool) -> Iterator[str]:
    if incomplete:
        yield f"《{file}》的内部结构检查没有完成，不能确定有没有内嵌附件，请核对原件。"
    if seen.embedded:
        listed = _listed(seen.embedded)
        yield f"《{file}》内嵌 {len(seen.embedded)} 个附件（{listed}），没有读取，请另存后单独上传。"
    if seen.portfolio:
        yield f"《{file}》是 PDF 文件包，封面以外的文件没有读取，请把其中的文件另存后分别上传。"
    if seen.xfa:
        yield f"《{file}》含 XFA 动态表单，页面上显示的内容可能读不到，请打印为普通 PDF 后上传。"
    if seen.filled:
        yield f"《{file}》有 {len(seen.filled)} 个表单填写项，页面文字可能不含填写内容，请导出为普通 PDF 后核对。"


def _findings(seen: _Seen, file: str) -> Iterator[Finding]:
    where = f"《{file}》"
    if seen.embedded:
        sentence = f"{where}内嵌 {len(seen.embedded)} 个附件，没有打开，请核对是否应作为材料另行上传。"
        yield Finding("附件", sentence, excerpt("、".join(seen.embedded)))
    if seen.scripts:
        sentence = f"{where}含 {len(seen.scripts)} 段脚本（JavaScript），没有运行，请核实来源。"
        yield Finding("脚本", sentence, excerpt(" ".join(seen.scripts)))
    for name, count in seen.actions.items():
        yield Finding("动作", f"{where}有 {count} 处会自动或点击后{name}的动作，没有执行，请核实来源。")
    if seen.media:
        yield Finding("多媒体", f"{where}含 {seen.media} 处音视频或三维内容，没有读取，请核对原件。")
    if seen.comments:
        pages = "、".join(str(number) for number in dict.fromkeys(number for number, _ in seen.comments))
        words = " ".join(text for _, text in seen.comments)
        sentence = f"{where}有 {len(seen.comments)} 条批注（第 {pages} 页），没有作为佐证使用，请核对原件。"
        yield Finding("批注", sentence, excerpt(words))
        yield from order_findings(f"{where}的批注", words, hidden=True)
    if seen.filled:
        words = "；".join(f"{name}：{value}" for name, value in seen.filled)
        sentence = f"{where}有 {len(seen.filled)} 个表单填写项，没有作为佐证使用，请核对原件。"
        yield Finding("表单", sentence, excerpt(words))
        yield from order_findings(f"{where}的表单", words, hidden=True)
    if seen.words:
        names = "、".join(name for name, _ in seen.words)
        words = " ".join(value for _, value in seen.words)
        yield Finding("属性文字", f"{where}的文件属性（{names}）里写有文字，没有作为佐证使用，请核对。", excerpt(words))
        yield from order_findings(f"{where}的文件属性", words, hidden=True)


def _listed(names: list[str]) -> str:
    more = "等" if len(names) > _NAMES_SHOWN else ""
    return "、".join(f"“{name}”" for name in names[:_NAMES_SHOWN]) + more


def _catalog(pdf: pikepdf.Pdf, seen: _Seen) -> None:
    root: Any = pdf.Root
    seen.portfolio = "/Collection" in root
    _action(root.get("/OpenAction"), seen)
    _additional(root.get("/AA"), seen)
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary):
        seen.embedded.extend(name for name, _ in _name_tree(names.get("/EmbeddedFiles")))
        for _, action in _name_tree(names.get("/JavaScript")):
            _action(action, seen)
    form = root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        seen.xfa = "/XFA" in form
        for field_ in _walk(form.get("/Fields"), "/Kids"):
            value = _text(field_.get("/V"))
            if value and value not in ("/Off", "Off"):
                seen.filled.append((_text(field_.get("/T")), value))
            _additional(field_.get("/AA"), seen)


def _pages(pdf: pikepdf.Pdf, seen: _Seen) -> None:
    for number, page in enumerate(pdf.pages, 1):
        if number > _MAX_PAGES:
            return
        _additional(page.obj.get("/AA"), seen)
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, pikepdf.Array):
            continue
        for index in range(min(len(annotations), _MAX_NODES)):
            if isinstance(annotations[index], pikepdf.Dictionary):
                _annotation(annotations[index], number, seen)


def _annotation(note: Any, number: int, seen: _Seen) -> None:
    kind = str(note.get("/Subtype", ""))
    if kind == "/FileAttachment":
        seen.embedded.append(_file_name(note.get("/FS")) or f"第 {number} 页的附件")
    elif kind in _MEDIA:
        seen.media += 1
    words = _text(note.get("/Contents"))
    if words and kind not in ("/Link", "/Widget", "/FileAttachment"):
        seen.comments.append((number, words))
    _action(note.get("/A"), seen)
    _additional(note.get("/AA"), seen)


def _properties(pdf: pikepdf.Pdf, seen: _Seen) -> None:
    """Words in properties that a person has no reason to write there: long ones, and orders to the assessor."""
    info: Any = pdf.trailer.get("/Info")
    if isinstance(info, pikepdf.Dictionary):
        for name in info.keys():  # noqa: SIM118 - iterating a pikepdf dictionary itself gives no plain strings
            value = _text(info[name])
            if (len(value) > _LONG and name not in _TECHNICAL) or orders_in(value, hidden=True):
                seen.words.append((str(name).lstrip("/"), value))
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False, strict=False) as metadata:
        for name, value in metadata.items():
            words = " ".join(map(str, value)) if isinstance(value, list | set) else str(value)
            short = name.rpartition("}")[2]
            known = any(words == other for _, other in seen.words)
            if not known and orders_in(words, hidden=True):
                seen.words.append((short, words))


def _action(action: Any, seen: _Seen) -> None:
    """Notes a chain of actions; a destination (a plain list) is none."""
    for node in _walk(pikepdf.Array([action]) if isinstance(action, pikepdf.Dictionary) else None, "/Next"):
        kind = str(node.get("/S", ""))
        if kind == "/JavaScript":
            script = node.get("/JS")
            code = "" if isinstance(script, pikepdf.Stream) else _text(script)
            seen.scripts.append(code or "（脚本在数据流中）")
        elif kind and kind not in _QUIET:
            name = _ACTIONS.get(kind, "执行其他操作")
            seen.actions[name] = seen.actions.get(name, 0) + 1


def _additional(actions: Any, seen: _Seen) -> None:
    """Actions tied to events: opening, closing, printing, typing."""
    if isinstance(actions, pikepdf.Dictionary):
        for event in actions.keys():  # noqa: SIM118
            _action(actions[event], seen)


def _name_tree(root: Any) -> Iterator[tuple[str, Any]]:
    """Names and values of a name tree."""
    if not isinstance(root, pikepdf.Dictionary):
        return
    for node in _walk(pikepdf.Array([root]), "/Kids"):
        names = node.get("/Names")
        if isinstance(names, pikepdf.Array):
            for index in range(0, min(len(names) - 1, _MAX_NODES), 2):
                yield _text(names[index]), names[index + 1]


def _walk(roots: Any, below: str) -> Iterator[Any]:
    """The dictionaries in an array and, through `below` (an array or one dictionary), all under them, each once."""
    waiting = list(_members(roots))[::-1]
    met: set[tuple[int, int]] = set()
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop()
        if node.is_indirect:
            if node.objgen in met:
                continue
            met.add(node.objgen)
        yield node
        waiting.extend(list(_members(node.get(below)))[::-1])


def _members(value: Any) -> Iterator[Any]:
    if isinstance(value, pikepdf.Dictionary):
        yield value
    elif isinstance(value, pikepdf.Array):
        for index in range(min(len(value), _MAX_NODES)):
            if isinstance(value[index], pikepdf.Dictionary):
                yield value[index]


def _file_name(specification: Any) -> str:
    if isinstance(specification, pikepdf.Dictionary):
        return _text(specification.get("/UF")) or _text(specification.get("/F"))
    return _text(specification)


def _text(value: Any) -> str:
    """A string or name as text, "" for anything else."""
    return " ".join(str(value).split()) if isinstance(value, str | pikepdf.String | pikepdf.Name) else ""
