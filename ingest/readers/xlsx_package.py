"""The parts of an XLSX package beside the values: sheets, styles, comments, pictures, and what else an expert must know of."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from openpyxl.styles.numbers import builtin_format_code

from ingest.pages import Finding
from ingest.readers.opc import Relation, read_part, relation_id, relations
from ingest.readers.xlsx_scan import column_letters
from ingest.readers.xml import local, parse_xml


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A tab of the workbook. state : visible, hidden or veryHidden. kind : worksheet, chartsheet …"""

    name: str
    part: str
    state: str
    kind: str


@dataclass(frozen=True, slots=True)
class Styles:
    """formats : style index → number format. white : styles with white letters on no colour, which nobody sees."""

    formats: dict[int, str] = field(default_factory=dict)
    white: frozenset[int] = frozenset()

    @property
    def special(self) -> set[int]:
        """The styles that change what is shown."""
        return {index for index, code in self.formats.items() if code != "General"} | self.white


def workbook_part(package: zipfile.ZipFile) -> str:
    """The name of the main part. Raises KeyError when the package has none."""
    for relation in relations(package, ""):
        if relation.kind == "officeDocument":
            return relation.target
    raise KeyError("officeDocument")


def sheets(package: zipfile.ZipFile, workbook: str) -> list[SheetPart]:
    """The tabs in their order."""
    targets = {relation.id: relation for relation in relations(package, workbook)}
    found = []
    for element in parse_xml(read_part(package, workbook, 20)).iter():
        if local(element) == "sheet":
            target = targets.get(relation_id(element), Relation("", "", "", False))
            found.append(
                SheetPart(element.get("name", ""), target.target, element.get("state", "visible"), target.kind)
            )
    return found


def styles(package: zipfile.ZipFile, workbook: str) -> Styles:
    """Number formats and white letters of the cell styles; empty when the workbook has no styles."""
    part = next((item.target for item in relations(package, workbook) if item.kind == "styles"), "")
    if part not in package.NameToInfo:
        return Styles()
    root = {local(element): element for element in parse_xml(read_part(package, part, 50))}
    codes = {
        int(element.get("numFmtId", "0")): element.get("formatCode", "General") for element in root.get("numFmts", ())
    }
    white_fonts = {index for index, font in enumerate(root.get("fonts", ())) if _is_white(font)}
    bare_fills = {index for index, fill in enumerate(root.get("fills", ())) if _is_bare(fill)}
    formats, white = {}, set()
    for index, element in enumerate(root.get("cellXfs", ())):
        number = int(element.get("numFmtId", "0"))
        formats[index] = codes.get(number) or builtin_format_code(number) or "General"
        if int(element.get("fontId", "0")) in white_fonts and int(element.get("fillId", "0")) in bare_fills:
            white.add(index)
    return Styles(formats, frozenset(white))


def _is_white(font: Any) -> bool:
    for element in font:
        if local(element) == "color":
            # Theme colour 0 is the page's background, whatever its number says.
            return element.get("rgb", "").upper() in ("FFFFFFFF", "00FFFFFF") or (
                element.get("theme") == "0" and not element.get("tint")
            )
    return False


def _is_bare(fill: Any) -> bool:
    """Whether a fill leaves the cell white."""
    for pattern in fill:
        if local(pattern) == "patternFill":
            colours = [element for element in pattern if local(element) == "fgColor"]
            if pattern.get("patternType", "none") == "none":
                return True
            return any(colour.get("rgb", "").upper() in ("FFFFFFFF", "00FFFFFF") for colour in colours)
        return False
    return True


def comments(package: zipfile.ZipFile, sheet: SheetPart, file: str) -> Iterator[Finding]:
    """The notes and discussions fastened to cells: they are not printed and are no evidence."""
    targets = {relation.kind: relation.target for relation in relations(package, sheet.part) if not relation.external}
    threaded = targets.get("threadedComment", "")
    # A discussion is repeated in the notes, for older programs, with a sentence that says so.
    part = threaded if threaded in package.NameToInfo else targets.get("comments", "")
    if part not in package.NameToInfo:
        return
    for element in parse_xml(read_part(package, part, 20)).iter():
        if local(element) in ("comment", "threadedComment"):
            words = "".join(child.text or "" for child in element.iter() if local(child) in ("t", "text")).strip()
            if words:
                where = f"“{sheet.name}”{element.get('ref', '')}"
                sentence = f"《{file}》{where} 有批注，打印时看不见，没有作为佐证使用，请核对。"
                yield Finding("批注", sentence, words[:500])


def pictures(package: zipfile.ZipFile, sheet: SheetPart) -> Iterator[tuple[str, str]]:
    """(part, place) of the pictures on a sheet, in reading order."""
    for drawing in relations(package, sheet.part):
        if drawing.kind != "drawing" or drawing.target not in package.NameToInfo:
            continue
        images = {item.id: item.target for item in relations(package, drawing.target) if item.kind == "image"}
        found = []
        for anchor in parse_xml(read_part(package, drawing.target, 50)):
            row, column = _corner(anchor)
            for element in anchor.iter():
                if local(element) == "blip" and (target := images.get(relation_id(element))):
                    found.append((row, column, target))
        for row, column, target in sorted(found):
            yield target, f"{sheet.name} {column_letters(column)}{row + 1}"


def _corner(anchor: Any) -> tuple[int, int]:
    for element in anchor:
        if local(element) == "from":
            values = {local(child): int(child.text or 0) for child in element if local(child) in ("row", "col")}
            return values.get("row", 0), values.get("col", 0)
    return 0, 0


_MANY = 5


def package_findings(package: zipfile.ZipFile, file: str) -> Iterator[Finding]:
    """What the package carries beside its sheets: files inside, links to other files, text boxes nobody reads."""
    names = package.namelist()
    inside = [name for name in names if re.match(r"xl/embeddings/.", name)]
    if inside:
        sentence = f"《{file}》内嵌 {len(inside)} 个文件或对象，没有读取，请单独导出后上传。"
        yield Finding("附件", sentence, "、".join(name.rpartition("/")[2] for name in inside[:_MANY]))
    links = [name for name in names if re.fullmatch(r"xl/externalLinks/externalLink\d+\.xml", name)]
    if links:
        targets = [item.target for name in links for item in relations(package, name) if item.external]
        sentence = f"《{file}》有 {len(links)} 处数值引自其他文件，读到的是上次保存的结果，请核对来源。"
        yield Finding("外部引用", sentence, "、".join(targets[:_MANY]))
