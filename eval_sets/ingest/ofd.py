"""Writes a document as OFD (GB/T 33190): text objects with a position for every character, ruled tables as paths."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape

from eval_sets.ingest.truth import Table, Text, Truth

_NS = 'xmlns:ofd="http://www.ofdspec.org/2016"'
_WIDTH, _HEIGHT, _MARGIN = 210.0, 297.0, 26.0  # millimetres
_BODY, _TITLE, _SMALL = 4.23, 6.35, 3.7  # 12, 18, 10.5 points
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'


@dataclass(slots=True)
class _Layout:
    """Sets text top to bottom and begins a page when one is full. pages : the objects of each page as XML."""

    pages: list[list[str]] = field(default_factory=lambda: [[]])
    y: float = _MARGIN
    ids: int = 100

    def text(self, words: str, size: float, *, indent: float = 0.0, centred: bool = False) -> None:
        room = _WIDTH - 2 * _MARGIN
        lines = list(_wrapped(words, room, size, indent))
        for number, line in enumerate(lines):
            self.room(size * 1.7)
            wide = _wide(line, size)
            x = _MARGIN + ((room - wide) / 2 if centred else indent if number == 0 else 0.0)
            self.put(line, x, self.y, size)
            self.y += size * 1.7
        self.y += size * 0.4

    def room(self, height: float) -> None:
        if self.y + height > _HEIGHT - _MARGIN:
            self.pages.append([])
            self.y = _MARGIN

    def put(self, line: str, x: float, y: float, size: float) -> None:
        steps = " ".join(f"{_step(char, size):.3f}" for char in line[:-1])
        delta = f' DeltaX="{steps}"' if steps else ""
        self.ids += 1
        self.pages[-1].append(
            f'<ofd:TextObject ID="{self.ids}" Boundary="{x:.3f} {y:.3f} {_wide(line, size) + 0.5:.3f} {size * 1.3:.3f}" Font="2" Size="{size}">'
            f'<ofd:TextCode X="0" Y="{size:.3f}"{delta}>{escape(line)}</ofd:TextCode></ofd:TextObject>'
        )

    def rule(self, x: float, y: float, width: float, height: float) -> None:
        self.ids += 1
        self.pages[-1].append(
            f'<ofd:PathObject ID="{self.ids}" Boundary="{x:.3f} {y:.3f} {max(width, 0.2):.3f} {max(height, 0.2):.3f}" LineWidth="0.2">'
            f"<ofd:AbbreviatedData>M 0 0 L {width:.3f} {height:.3f}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def table(self, table: Table) -> None:
        """Rows of equal height; the first column is twice as wide as the others."""
        unit = (_WIDTH - 2 * _MARGIN) / (table.width + 1)
        xs = [_MARGIN, *(_MARGIN + unit * (column + 2) for column in range(table.width))]
        lines = {
            (cell.row, cell.column): list(
                _wrapped(cell.text, xs[cell.column + cell.columns] - xs[cell.column] - 2, _SMALL)
            )
            for cell in table.cells()
        }
        tall = max(len(found) for found in lines.values()) * _SMALL * 1.4 + 2
        self.room(tall * len(table.grid))
        top = self.y
        for cell in table.cells():
            x, y = xs[cell.column], top + cell.row * tall
            wide, high = xs[cell.column + cell.columns] - x, cell.rows * tall
            for rule in ((x, y, wide, 0.0), (x, y, 0.0, high), (x, y + high, wide, 0.0), (x + wide, y, 0.0, high)):
                self.rule(*rule)
            for number, line in enumerate(lines[cell.row, cell.column]):
                self.put(line, x + 1, y + 1 + number * _SMALL * 1.4, _SMALL)
        self.y = top + tall * len(table.grid) + _BODY


def _step(char: str, size: float) -> float:
    return size if ord(char) > 0x2E7F or char in "“”—…·〔〕《》" else size * 0.55


def _wide(line: str, size: float) -> float:
    return sum(_step(char, size) for char in line)


def _wrapped(words: str, room: float, size: float, indent: float = 0.0) -> Iterator[str]:
    line, left = "", room - indent
    for char in words:
        if line and _step(char, size) > left:
            yield line
            line, left = "", room
        line += char
        left -= _step(char, size)
    if line:
        yield line


def write_ofd(truth: Truth, path: Path) -> Path:
    """The document as an OFD file without seals."""
    layout = _Layout()
    layout.text(truth.title, _TITLE, centred=True)
    for block in truth.blocks:
        if isinstance(block, Text):
            layout.text(block.text, _BODY, indent=0.0 if block.level else _BODY * 2)
        else:
            layout.text(block.caption, _BODY, centred=True)
            layout.table(block)
    box = f"<ofd:PhysicalBox>0 0 {_WIDTH} {_HEIGHT}</ofd:PhysicalBox>"
    listed = "".join(
        f'<ofd:Page ID="{10 + number}" BaseLoc="Pages/Page_{number}/Content.xml"/>'
        for number in range(len(layout.pages))
    )
    files = {
        "OFD.xml": f'<ofd:OFD {_NS} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{"0" * 32}</ofd:DocID>'
        f"<ofd:Title>{escape(truth.title)}</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {_NS}><ofd:CommonData><ofd:MaxUnitID>{layout.ids}</ofd:MaxUnitID><ofd:PageArea>{box}</ofd:PageArea>"
        f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/PublicRes.xml": f'<ofd:Res {_NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="2" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>',
    }
    for number, objects in enumerate(layout.pages):
        files[f"Doc_0/Pages/Page_{number}/Content.xml"] = (
            f"<ofd:Page {_NS}><ofd:Area>{box}</ofd:Area><ofd:Content>"
            f'<ofd:Layer ID="{50 + number}" Type="Body">{"".join(objects)}</ofd:Layer></ofd:Content></ofd:Page>'
        )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2019, 1, 14, 9, 30, 0)), _HEAD + text, zipfile.ZIP_DEFLATED)
    return path
