"""The list of schools to sample from: CSV, XLSX or YAML with one school a row, read strictly, every fault listed at once."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median

import yaml

from review.errors import SchoolListError
from scoring_rules.sampling import School

# Headings as lists have them; the first word of each is the one we print.
HEADINGS = {
    "name": ("学校名称", "学校", "名称", "单位名称", "name"),
    "stage": ("学段", "学校类别", "办学类型", "类别", "stage"),
    "area": ("城乡", "城乡类型", "城乡分类", "所在地城乡类型", "area"),
    "size": ("规模", "学生数", "在校生数", "在园幼儿数", "size", "pupils"),
    "ownership": ("办学性质", "性质", "公办民办", "办别", "ownership"),
}
REQUIRED = ("name", "stage")
LARGE, SMALL = "大", "小"


def read_schools(path: Path) -> list[School]:
    """The schools of the list. A size given as number of pupils becomes 大 or 小: above or not above the stage's median.

    Raises SchoolListError with every fault.
    """
    try:
        rows = _rows(path)
    except (OSError, ValueError, KeyError, yaml.YAMLError, csv.Error) as exc:
        raise SchoolListError(path.name, ["读不出内容，应为 CSV、XLSX 或 YAML，第一行是表头"]) from exc
    faults: list[str] = []
    found = [_fields(number, row, faults) for number, row in rows]
    if not found:
        faults.append("一所学校也没有")
    for name, count in Counter(fields["name"] for fields in found if fields["name"]).items():
        if count > 1:
            faults.append(f"“{name}”出现 {count} 次")
    if faults:
        raise SchoolListError(path.name, faults)
    pupils = defaultdict(list)
    for fields in found:
        if fields["size"].isdigit():
            pupils[fields["stage"]].append(int(fields["size"]))
    return [School(**{**fields, "size": _size(fields, pupils)}) for fields in found]


def _size(fields: Mapping[str, str], pupils: Mapping[str, list[int]]) -> str:
    size = fields["size"]
    if not size.isdigit():
        return size
    return LARGE if int(size) > median(pupils[fields["stage"]]) else SMALL


def _fields(number: int, row: Mapping[str, str], faults: list[str]) -> dict[str, str]:
    fields = {}
    for field, headings in HEADINGS.items():
        fields[field] = next((row[heading] for heading in headings if row.get(heading)), "")
        if field in REQUIRED and not fields[field]:
            faults.append(f"第 {number} 行没有“{headings[0]}”")
    return fields


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """(line number, cells by heading) of each school; empty lines left out."""
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return _by_heading(_xlsx(path))
    text = _decoded(path.read_bytes())
    if suffix in (".yaml", ".yml"):
        listed = yaml.safe_load(text)
        if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
            raise ValueError("not a list of mappings")
        return [(n, {str(k): _cell(v) for k, v in entry.items()}) for n, entry in enumerate(listed, 1)]
    return _by_heading(csv.reader(io.StringIO(text)))


def _xlsx(path: Path) -> list[list[object]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
        finally:
            book.close()
    except BadZipFile as exc:
        raise ValueError("not a workbook") from exc


def _by_heading(table: Iterable[Iterable[object]]) -> list[tuple[int, dict[str, str]]]:
    rows = [(number, [_cell(cell) for cell in row]) for number, row in enumerate(table, 1)]
    rows = [(number, row) for number, row in rows if any(row)]
    if not rows:
        return []
    heading = rows[0][1]
    return [(number, dict(zip(heading, row, strict=False))) for number, row in rows[1:]]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")
