"""The shapes of a slide as blocks of text and tables, in the order a person reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER

from ingest.readers.xlsx_values import shown
from ingest.readers.xml import parse_xml

_FURNITURE = {
    PP_PLACEHOLDER.SLIDE_NUMBER: "页码",
    PP_PLACEHOLDER.FOOTER: "页脚",
    PP_PLACEHOLDER.HEADER: "页眉",
    PP_PLACEHOLDER.DATE: "日期",
}
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE)
_LINE = 180_000  # EMU, half a centimetre: shapes whose tops differ by less stand side by side
_TINY = 300  # hundredths of a point
_MAX_DEPTH = 20
_DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True, slots=True)
class Look:
    """hidden : why nobody sees it. furniture : 页码, 页脚 … when it is not part of the content."""

    hidden: str = ""
    furniture: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """lines : paragraphs. cells : (row, column, text, rows, columns) of a table or of a chart's figures."""

    kind: Literal["title", "text", "table"]
    lines: tuple[str, ...] = ()
    cells: tuple[tuple[int, int, str, int, int], ...] = ()
    look: Look = field(default_factory=Look)
    chart: bool = False


def blocks_of(shapes: Iterable[Any], bounds: tuple[int, int]) -> list[Block]:
    """The blocks of a slide: its title first, then from top to bottom and left to right, groups kept together.

    bounds : width and height of the slide in EMU.
    """
    found = list(_in_order(shapes, bounds, Look(), 0))
    return sorted(found, key=lambda block: block.kind != "title")  # stable: only titles move


def _in_order(shapes: Iterable[Any], bounds: tuple[int, int], around: Look, depth: int) -> Iterator[Block]:
    for shape in sorted(shapes, key=_position):
        look = around if around.hidden else _look(shape, bounds, depth)
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            if depth < _MAX_DEPTH:
                yield from _in_order(shape.shapes, bounds, look, depth + 1)
        elif getattr(shape, "has_table", False) and shape.has_table:
            yield Block("table", cells=tuple(_table(shape.table)), look=look)
        elif getattr(shape, "has_chart", False) and shape.has_chart:
            yield from _chart(shape.chart, look)
        elif _is_diagram(shape):
            if lines := tuple(_diagram(shape)):
                yield Block("text", lines, look=look)
        elif shape.has_text_frame:
            yield from _text(shape, look)


def _position(shape: Any) -> tuple[int, int]:
    return ((shape.top or 0) // _LINE, shape.left or 0)


def _look(shape: Any, bounds: tuple[int, int], depth: int) -> Look:
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    furniture = "" if kind is None else _FURNITURE.get(kind, "")
    properties = shape._element.xpath(".//p:cNvPr")
    if properties and properties[0].get("hidden") in ("1", "true"):
        return Look("隐藏对象", furniture)
    # The places of shapes in a group are in units of the group, not of the slide.
    if not depth and all(bounds) and None not in (shape.left, shape.top, shape.width, shape.height):
        outside = (
            shape.left >= bounds[0]
            or shape.top >= bounds[1]
            or shape.left + shape.width <= 0
            or shape.top + shape.height <= 0
        )
        if outside:
            return Look("在页面以外", furniture)
    return Look("", furniture)


def _text(shape: Any, look: Look) -> Iterator[Block]:
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    seen: list[str] = []
    tiny: list[str] = []
    for paragraph in shape.text_frame.paragraphs:
        text = " ".join(paragraph.text.split())
        if text:
            (tiny if _is_tiny(paragraph) else seen).append(text)
    if seen:
        yield Block("title" if kind in _TITLES else "text", tuple(seen), look=look)
    if tiny:
        yield Block("text", tuple(tiny), look=Look(look.hidden or "极小文字", look.furniture))


def _is_tiny(paragraph: Any) -> bool:
    sizes = [
        int(properties.get("sz"))
        for properties in paragraph._p.iter(f"{_A}rPr")
        if str(properties.get("sz", "")).isdigit()
    ]
    return bool(sizes) and max(sizes) <= _TINY


def _table(table: Any) -> Iterator[tuple[int, int, str, int, int]]:
    for row in range(len(table.rows)):
        for column in range(len(table.columns)):
            cell = table.cell(row, column)
            if cell.is_spanned:
                continue
            tall, wide = (cell.span_height, cell.span_width) if cell.is_merge_origin else (1, 1)
            yield row, column, " ".join(cell.text_frame.text.split()), tall, wide


def _chart(chart: Any, look: Look) -> Iterator[Block]:
    """The figures a chart is drawn from, as a table: categories down, series across."""
    title = ""
    if chart.has_title and chart.chart_title.has_text_frame:
        title = " ".join(chart.chart_title.text_frame.text.split())
    for plot in chart.plots:
        categories = [str(category).strip() for category in plot.categories]
        series = list(plot.series)
        cells = [(0, 0, "类别", 1, 1)]
        cells += [(0, column, one.name or f"系列{column}", 1, 1) for column, one in enumerate(series, 1)]
        height = max([len(categories), *(len(one.values) for one in series)], default=0)
        for row in range(height):
            cells.append((row + 1, 0, categories[row] if row < len(categories) else str(row + 1), 1, 1))
            for column, one in enumerate(series, 1):
                value = one.values[row] if row < len(one.values) else None
                cells.append((row + 1, column, shown(value, _format(one)), 1, 1))
        yield Block("table", (title,) if title else (), tuple(cells), look, chart=True)
        title = ""


def _format(series: Any) -> str:
    """The number format of the figures, as stored with them."""
    for element in series._element.iter():
        if isinstance(element.tag, str) and element.tag.endswith("}formatCode"):
            return element.text or "General"
    return "General"


def _is_diagram(shape: Any) -> bool:
    return any(data.get("uri") == _DIAGRAM for data in shape._element.iter(f"{_A}graphicData"))


def _diagram(shape: Any) -> Iterator[str]:
    """The words of a SmartArt drawing, which stand in a part of their own."""
    for relation in shape.part.rels.values():
        if relation.is_external or not relation.reltype.endswith("/diagramData"):
            continue
        ids = [value for element in shape._element.iter() for value in element.attrib.values()]
        if relation.rId in ids:
            for paragraph in parse_xml(relation.target_part.blob).iter(f"{_A}p"):
                if text := " ".join("".join(run.text or "" for run in paragraph.iter(f"{_A}t")).split()):
                    yield text
