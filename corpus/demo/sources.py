"""The demo documents as written by hand: one YAML file each under `evidence/`, read into plain frozen records.

A document is a list of blocks. `heading`, `paragraph`, `table` and `kv` are the only kinds; a workbook has several sheets
of blocks, everything else has one body. In a table "<" continues the cell to its left and "^" the cell above, so that
merged cells are written down as a person sees them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

FOLDER = Path(__file__).parent
EVIDENCE = FOLDER / "evidence"
DISTRICT = "云山区"
MARK = "演示数据（虚构）"
NOTICE = f"{MARK}：区县、单位、学校、人员和数字均为虚构，仅供软件演示。"

BlockKind = Literal["heading", "paragraph", "table", "kv"]
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """header and rows hold text cells of equal width; `caption` stands above the table."""

    caption: str
    header: tuple[Row, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a document: `text` for heading and paragraph, `table` for table, `pairs` for kv."""

    kind: BlockKind
    text: str = ""
    table: Table | None = None
    pairs: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A body of blocks; `name` is the sheet's name in a workbook and "" elsewhere."""

    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """One document of the demo district.

    file : path below the district's folder; its suffix says what is built.
    items : evaluation items the document was written for (for people and tests; nothing else reads it).
    signed, dated : who signs below the text and when; "" where a paper of this kind bears neither.
    """

    origin: str
    file: str
    title: str
    number: str
    items: tuple[str, ...]
    encoding: str
    signed: str
    dated: str
    sheets: tuple[Sheet, ...]

    @property
    def suffix(self) -> str:
        return Path(self.file).suffix.lower()


def load_source(path: Path) -> Source:
    """The document written in `path`. Raises ValueError naming the file and the key that does not fit."""
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = {"file", "title", "number", "items", "encoding", "signed", "dated", "blocks", "sheets"}
    if unknown := set(raw) - known:
        raise ValueError(f"{path.name}：不认识的键 {sorted(unknown)}，请改正。")
    bodies = raw.get("sheets") or [{"name": "", "blocks": raw["blocks"]}]
    return Source(
        origin=path.name,
        file=raw["file"],
        title=raw["title"],
        number=raw.get("number", ""),
        items=tuple(raw["items"]),
        encoding=raw.get("encoding", "utf-8"),
        signed=raw.get("signed", ""),
        dated=raw.get("dated", ""),
        sheets=tuple(
            Sheet(body["name"], tuple(_block(path.name, entry) for entry in body["blocks"])) for body in bodies
        ),
    )


def load_sources(folder: Path = EVIDENCE) -> list[Source]:
    """Every document of the demo, in the order of its path in the hand-in."""
    return sorted((load_source(path) for path in sorted(folder.glob("*.yaml"))), key=lambda source: source.file)


def cells(source: Source) -> Iterator[str]:
    """Every text of a document as written: headings, paragraphs, keys, values and cells."""
    yield source.title
    for sheet in source.sheets:
        for block in sheet.blocks:
            if block.table is not None:
                yield block.table.caption
                for row in (*block.table.header, *block.table.rows):
                    yield from (cell for cell in row if cell not in {"<", "^"})
            for pair in block.pairs:
                yield from pair
            if block.text:
                yield block.text


def _block(origin: str, entry: dict[str, Any]) -> Block:
    if len(entry) != 1:
        raise ValueError(f"{origin}：一块只能有一个键，得到 {sorted(entry)}，请改正。")
    ((kind, value),) = entry.items()
    if kind == "heading":
        return Block("heading", text=str(value).strip())
    if kind == "paragraph":
        return Block("paragraph", text=str(value).strip())
    if kind == "kv":
        return Block("kv", pairs=tuple((str(key), str(text)) for key, text in value.items()))
    if kind == "table":
        return Block("table", table=_table(origin, value))
    raise ValueError(f"{origin}：不认识的块 {kind}，请用 heading、paragraph、table 或 kv。")


def _table(origin: str, value: dict[str, Any]) -> Table:
    header = value["header"]
    header_rows = header if isinstance(header[0], list) else [header]
    table = Table(
        caption=value.get("caption", ""),
        header=tuple(tuple(map(str, row)) for row in header_rows),
        rows=tuple(tuple(map(str, row)) for row in value["rows"]),
    )
    width = len(table.header[0])
    for row in (*table.header, *table.rows):
        if len(row) != width:
            raise ValueError(f"{origin}：表“{table.caption}”应有 {width} 列，这一行有 {len(row)} 列：{row}，请改正。")
    return table
